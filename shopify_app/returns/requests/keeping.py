"""What its buyer may keep: it never comes, so it counts as come."""

from collections.abc import Sequence

from shopify_app.returns.models import Item

CONDITION = "not_restocked"


def kept(items: Sequence[Item]) -> Sequence[Item]:
    """Those that were sent and need not come back, as the buyer was told."""
    return [item for item in items if item.content.get("kept")]


def is_all(items: Sequence[Item]) -> bool:
    """Whether something was sent, and nothing of it has to come back."""
    sent = [item for item in items if item.fulfillment_line_id]
    return bool(sent) and len(kept(sent)) == len(sent)


def comes_back(items: Sequence[Item]) -> bool:
    """Whether anything has to be sent: not what may be kept, nor what was withdrawn from before it left."""
    return any(item.fulfillment_line_id and not item.content.get("kept") for item in items)


def count(items: Sequence[Item]) -> None:
    """As come, and as nothing that somebody has to look at."""
    for item in kept(items):
        item.accept(item.quantity - item.accepted, CONDITION)
        item.received = item.quantity
