"""What the page of an order says of its way back: told by whoever handles returns, shown by whoever shows orders."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from shopify_app.language import Language
from shopify_app.orders.doors import Door
from shopify_app.orders.proof import Level
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop


class Stop(NamedTuple):
    """Something that happened on the way, or will."""

    words: str
    time: str | None
    """When, or until when; None: nobody knows."""
    is_reached: bool


class Link(NamedTuple):
    words: str
    url: str


class Journey(NamedTuple):
    """One return."""

    return_id: int | None
    """Shopify's number, once it is there."""
    name: str
    status: str
    items: Sequence[str]
    stops: Sequence[Stop]
    told: Sequence[str]
    """What else is to be said or done now."""
    links: Sequence[Link]
    path: str | None
    """Of its own page, below the address of the order's; None: for the buyer only."""
    slip: str | None
    """Of what is to be put into the parcel, likewise; None: nothing is to be sent."""


class WayBack(NamedTuple):
    journeys: Sequence[Journey]
    """Oldest first."""
    doors: Sequence[Door]
    """Ways to ask for more."""


Teller = Callable[[Shop, Whole, Language, Level], WayBack]

_tellers: list[Teller] = []


def tells(function: Teller) -> Teller:
    """Marks the function that knows."""
    _tellers.append(function)
    return function


def of(shop: Shop, whole: Whole, language: Language, level: Level) -> WayBack:
    told = [tell(shop, whole, language, level) for tell in _tellers]
    return WayBack([one for some in told for one in some.journeys], [one for some in told for one in some.doors])
