"""What came back is looked at: taken, or not and why. Only what is taken is refunded or exchanged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shopify_app.db import transaction
from shopify_app.photos import Print
from shopify_app.returns import photos
from shopify_app.returns.models import APPROVED, CLOSED, RECEIVED, REFUNDED, Item, Request
from shopify_app.returns.requests import effects, lookup
from shopify_app.shopify.models import Shop

CONDITIONS = ("restocked", "not_restocked", "processing_required")
"""Of a unit that is accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """On units of one item that came and that nobody has looked at so far."""

    accepted: int = 0
    rejected: int = 0
    condition: str = CONDITIONS[0]
    """Of those accepted."""
    why: str = ""
    """What is wrong with those rejected, in words for the buyer."""
    photos: Sequence[Print] = ()


def inspect(shop: Shop, request_id: int, user: str, verdicts: Mapping[int, Verdict]) -> bool:
    """Item's id → what is said of it. False when less waits than is judged here: somebody was faster.

    Raises ValueError for an item, a number or a condition that cannot be, and for a rejection without a word.
    """
    with transaction():
        request = lookup.get(shop, request_id, is_locked=True)
        if request is None or request.state != RECEIVED:
            return False
        items = {item.id: item for item in lookup.items(shop, [request_id])[request_id]}
        _check(items, verdicts)
        if any(one.accepted + one.rejected > items[number].uninspected for number, one in verdicts.items()):
            return False
        for number, verdict in verdicts.items():
            _judge(items[number], verdict)
            photos.attach(shop, request, piece(items[number]), verdict.photos, user)
        entry = effects.write(request, user, "inspected", items=[_told(*one) for one in verdicts.items()])
        if any(verdict.rejected for verdict in verdicts.values()):
            effects.order(request, "reject", user, str(entry.id))
            effects.tell(shop, request, "inspected", str(entry.id))
        _go_on(request, list(items.values()), user)
        return True


def piece(item: Item) -> int:
    """What its photos are of: a line of a parcel, or below zero of the order, where nothing was sent."""
    return item.fulfillment_line_id or -item.line_id


def _check(items: Mapping[int, Item], verdicts: Mapping[int, Verdict]) -> None:
    if not verdicts:
        raise ValueError("nothing is judged")
    for number, verdict in verdicts.items():
        item, counts = items.get(number), (verdict.accepted, verdict.rejected)
        if item is None or min(counts) < 0 or not 0 < sum(counts) <= item.quantity:
            raise ValueError("no such units")
        if verdict.condition not in CONDITIONS or (verdict.rejected and not verdict.why.strip()):
            raise ValueError("no such condition, or no word of why")


def _judge(item: Item, verdict: Verdict) -> None:
    item.accept(verdict.accepted, verdict.condition)
    item.rejected += verdict.rejected
    if verdict.rejected:
        said = [*(item.content.get("rejection") or "").splitlines(), *verdict.why.splitlines()]
        item.content = item.content | {"rejection": "\n".join(dict.fromkeys(said))}


def _told(number: int, verdict: Verdict) -> dict[str, Any]:
    told: dict[str, Any] = {"item": number, "accepted": verdict.accepted, "rejected": verdict.rejected}
    return told | ({"condition": verdict.condition} if verdict.accepted else {}) | _why(verdict)


def _why(verdict: Verdict) -> dict[str, Any]:
    return {"why": verdict.why, "photos": len(verdict.photos)} if verdict.rejected else {}


def _go_on(request: Request, items: Sequence[Item], user: str) -> None:
    """Where nothing is left to refund, the clock stops: it is over, or waits for what is still to come."""
    if any(item.uninspected or item.due for item in items):
        return
    if request.refunded_at is not None:
        effects.move(request, REFUNDED)
    elif all(item.is_rejected for item in items):
        effects.move(request, CLOSED)
        effects.write(request, user, "rejected")
    else:
        effects.move(request, APPROVED)
