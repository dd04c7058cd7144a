"""Pages of a list: cursors that name a place by value, so that they hold while records come and go."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from devstore.graphql.caller import Caller, refuse

LIMIT = 250
Place = list[Any]


def connect(
    items: Sequence[Any],
    caller: Caller,
    page: dict[str, Any],
    key: Callable[[Any], Any] = lambda item: item.id,
) -> dict[str, Any]:
    """One page of the items, sorted by key and id. page: the field's arguments.

    Refuses a page without first or last, or larger than 250, unless the caller runs a bulk operation.
    """
    places = sorted(((_place(key(item), item.id), item) for item in items), key=lambda each: each[0])
    if page.get("reverse"):
        places.reverse()
    chosen, before, after = _cut(places, page)
    edges = [{"cursor": _cursor(place), "node": item} for place, item in _size(chosen, caller, page)]
    skipped = len(chosen) - len(edges)
    from_end = page.get("last") is not None
    return {
        "edges": edges,
        "nodes": [edge["node"] for edge in edges],
        "pageInfo": {
            "hasNextPage": after > 0 or (skipped > 0 and not from_end),
            "hasPreviousPage": before > 0 or (skipped > 0 and from_end),
            "startCursor": edges[0]["cursor"] if edges else None,
            "endCursor": edges[-1]["cursor"] if edges else None,
        },
    }


def _size(chosen: list[tuple[Place, Any]], caller: Caller, page: dict[str, Any]) -> list[tuple[Place, Any]]:
    first, last = page.get("first"), page.get("last")
    if first is None and last is None:
        if caller.bulk:
            return chosen
        raise refuse("you must provide one of first or last", "BAD_REQUEST")
    wanted: int = first if first is not None else last or 0
    if not 0 <= wanted <= LIMIT:
        raise refuse(f"the page size must be between 0 and {LIMIT}", "BAD_REQUEST")
    return chosen[:wanted] if first is not None else chosen[len(chosen) - min(wanted, len(chosen)) :]


def _cut(places: list[tuple[Place, Any]], page: dict[str, Any]) -> tuple[list[tuple[Place, Any]], int, int]:
    """What lies between the cursors, and how much lies before and after it."""
    low, high = _read(page.get("after")), _read(page.get("before"))
    backwards = bool(page.get("reverse"))
    chosen = [
        each
        for each in places
        if (low is None or (each[0] < low if backwards else each[0] > low))
        and (high is None or (each[0] > high if backwards else each[0] < high))
    ]
    start = next((n for n, each in enumerate(places) if chosen and each is chosen[0]), 0)
    return chosen, start, len(places) - start - len(chosen)


def _place(value: Any, id: int) -> Place:
    return [value.timestamp() if isinstance(value, datetime) else value, id]


def _cursor(place: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _read(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor))
    except ValueError:
        raise refuse("Invalid cursor for current pagination sort.", "BAD_REQUEST") from None
    return place if isinstance(place, list) else None
