"""What else a buyer can do with an order: ways from its page into the features, each offered by its own feature."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from shopify_app.language import Language
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop


class Door(NamedTuple):
    """A way into a feature, or how far the buyer came on it."""

    words: str
    """What is behind it, as on a button."""
    path: str | None
    """Below the address of the order's page, as in "cancellation"; None: there is nothing to do at this moment."""
    note: str | None = None
    """How things stand: "We have your request …"."""


Offer = Callable[[Shop, Whole, Language], Door | None]

_offers: list[Offer] = []


def offers(function: Offer) -> Offer:
    """Marks a function that offers a door at this moment of an order; None: there is nothing to be done."""
    _offers.append(function)
    return function


def of(shop: Shop, whole: Whole, language: Language) -> Sequence[Door]:
    """In the order in which the features were mounted."""
    return [door for offer in _offers if (door := offer(shop, whole, language))]
