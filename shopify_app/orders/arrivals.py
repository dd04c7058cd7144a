"""When an order should come, as the feature that follows parcels knows it, so that all pages and mails say the same."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop


class Arrival(NamedTuple):
    at: datetime
    is_promised: bool
    """By the carrier; else it is the shop's own estimate."""


Look = Callable[[Shop, Whole], Arrival | None]

_looks: list[Look] = []


def knows(function: Look) -> Look:
    """Marks a function that knows when an order comes; None: nobody has said."""
    _looks.append(function)
    return function


def of(shop: Shop, whole: Whole) -> Arrival | None:
    """Of its last parcel."""
    found = [arrival for look in _looks if (arrival := look(shop, whole))]
    return max(found, default=None)
