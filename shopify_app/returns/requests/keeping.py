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


def count(items: Sequence[Item]) -> None:
    """As come."""
    for item in kept(items):
        item.received, item.condition = item.quantity, item.condition or CONDITION
