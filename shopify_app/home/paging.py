"""A page of the list of orders, and the places where its neighbours begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from shopify_app.orders import read
from shopify_app.orders.models import Order
from shopify_app.orders.read import Place
from shopify_app.shopify.models import Shop


@dataclass(frozen=True, slots=True)
class Page:
    orders: Sequence[Order]
    older: str | None = None
    """Where the next page begins, as `place` reads it; None when there is none. So `newer`."""
    newer: str | None = None

    @classmethod
    def newest(cls, shop: Shop) -> Self:
        found = read.page(shop)
        shown = found[: read.PAGE]
        return cls(shown, older=_name(shown[-1]) if len(found) > read.PAGE else None)

    @classmethod
    def older_than(cls, shop: Shop, place: Place) -> Self:
        found = read.page(shop, older=place)
        shown = found[: read.PAGE]
        if not shown:
            return cls.newest(shop)
        return cls(shown, _name(shown[-1]) if len(found) > read.PAGE else None, _name(shown[0]))

    @classmethod
    def newer_than(cls, shop: Shop, place: Place) -> Self:
        """The first page is always a full one."""
        found = read.page(shop, newer=place)
        if len(found) <= read.PAGE:
            return cls.newest(shop)
        shown = found[1:]
        return cls(shown, _name(shown[-1]), _name(shown[0]))


def place(text: str) -> Place | None:
    """None for what is no place."""
    moment, _, order_id = text.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) < 18 for part in (moment, order_id)):
        return None
    return datetime.fromtimestamp(int(moment) / 1_000_000, UTC), int(order_id)


def _name(order: Order) -> str:
    return f"{round(order.placed_at.timestamp() * 1_000_000)}-{order.id}"
