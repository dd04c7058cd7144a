"""Where a page of orders, or of what belongs to them, begins or ends, as a word in an address."""

from datetime import UTC, datetime

from shopify_app.orders.models import Order

Place = tuple[datetime, int]
"""A moment and an id, of an order its placed_at: no two stand at the same place."""


def name(order: Order) -> str:
    return written(order.placed_at, order.id)


def written(moment: datetime, number: int) -> str:
    return f"{round(moment.timestamp() * 1_000_000)}-{number}"


def find(text: str) -> Place | None:
    """The place of this name; None for what is none."""
    moment, _, order_id = text.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) < 18 for part in (moment, order_id)):
        return None
    return datetime.fromtimestamp(int(moment) / 1_000_000, UTC), int(order_id)
