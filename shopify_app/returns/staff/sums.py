"""The sums of a return as the buyer was shown them, in the words of a merchant's page."""

from collections.abc import Mapping, Sequence

from shopify_app.returns.models import Item, Request
from shopify_app.returns.policy import money
from shopify_app.returns.policy.money import Preview


def shown(request: Request) -> Preview | None:
    """What is to come back as it is known now: without what was rejected. None: filed elsewhere, and not worked out."""
    kept = request.content.get("due")
    return money.unpacked(kept) if kept else asked(request)


def asked(request: Request) -> Preview | None:
    """Of all that was asked for, item by item."""
    kept = request.content.get("preview")
    return money.unpacked(kept) if kept else None


def fees(request: Request) -> int:
    """That are kept back."""
    preview = shown(request)
    return preview.fees if preview else 0


def of_items(request: Request, items: Sequence[Item]) -> Mapping[int, int | None]:
    """Item's id → what was paid for its units, with tax; None: not worked out. Items stand in the order of the sums."""
    preview = asked(request)
    parts = preview.parts if preview and len(preview.parts) == len(items) else ()
    if not parts:
        return {item.id: item.amount for item in items}
    return {item.id: part.with_tax for item, part in zip(items, parts, strict=True)}


def due(request: Request, items: Sequence[Item]) -> int:
    """What is still to go back for what was accepted, by what the buyer was shown; to a unit or two, by rounding."""
    preview = asked(request)
    if preview is None or len(preview.parts) != len(items):
        return max((request.expected or 0) - (request.refunded or 0), 0)
    pairs = zip(items, preview.parts, strict=True)
    taken = sum((part.with_tax + part.duties - part.fee) * item.accepted // item.quantity for item, part in pairs)
    worth = min(taken + preview.shipping_back - preview.shipping_fee, preview.total)
    return max(worth - (request.refunded or 0), 0)


def outside(request: Request, items: Sequence[Item]) -> int:
    """What would come back for items that the terms refuse."""
    amounts = of_items(request, items)
    refused = [item for item in items if item.decision and not item.decision["is_allowed"]]
    return sum(amounts[item.id] or 0 for item in refused)
