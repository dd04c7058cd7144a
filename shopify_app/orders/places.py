"""Where a page of orders begins or ends, as a word in an address."""

from datetime import UTC, datetime

from shopify_app.orders.models import Order

Place = tuple[datetime, int]
"""placed_at and id: no two orders stand at the same place."""


def name(order: Order) -> str:
    return f"{round(order.placed_at.timestamp() * 1_000_000)}-{order.id}"


def find(text: str) -> Place | None:
    """The place of this name; None for what is none."""
    moment, _, order_id = text.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) < 18 for part in (moment, order_id)):
        return None
    return datetime.fromtimestamp(int(moment) / 1_000_000, UTC), int(order_id)
