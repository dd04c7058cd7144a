"""A page of the list of orders, and the places where its neighbours begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from shopify_app.orders import places, read
from shopify_app.orders.models import Order
from shopify_app.orders.places import Place
from shopify_app.shopify.models import Shop


@dataclass(frozen=True, slots=True)
class Page:
    orders: Sequence[Order]
    older: str | None = None
    """Where the next page begins, as `places.find` reads it; None when there is none. So `newer`."""
    newer: str | None = None

    @classmethod
    def newest(cls, shop: Shop) -> Self:
        found = read.page(shop)
        shown = found[: read.PAGE]
        return cls(shown, older=places.name(shown[-1]) if len(found) > read.PAGE else None)

    @classmethod
    def older_than(cls, shop: Shop, place: Place) -> Self:
        found = read.page(shop, older=place)
        shown = found[: read.PAGE]
        if not shown:
            return cls.newest(shop)
        return cls(shown, places.name(shown[-1]) if len(found) > read.PAGE else None, places.name(shown[0]))

    @classmethod
    def newer_than(cls, shop: Shop, place: Place) -> Self:
        """The first page is always a full one."""
        found = read.page(shop, newer=place)
        if len(found) <= read.PAGE:
            return cls.newest(shop)
        shown = found[1:]
        return cls(shown, places.name(shown[-1]), places.name(shown[0]))
