"""What a merchant reads of an order, and the list of parcels in trouble."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shopify_app import clock
from shopify_app.language import Language
from shopify_app.orders import read
from shopify_app.orders.models import Order
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop
from shopify_app.tracking import sentence, watches
from shopify_app.tracking.state import progress


@dataclass(frozen=True, slots=True)
class Trouble:
    order: Order
    since: datetime
    told: Sequence[str]
    """A sentence for each of its parcels in trouble."""
    is_for_the_buyer: bool
    """Whether there is something to tell the buyer."""


def headline(shop: Shop, whole: Whole, language: Language) -> str:
    """The sentence that the buyer reads at this moment."""
    return sentence.headline(progress(whole, shop, clock.now()), language)


def of(shop: Shop, language: Language) -> list[Trouble]:
    """As they are at this moment, the newest trouble first."""
    found = []
    for watch in watches.troubled(shop):
        whole = read.whole(shop, watch.order_id)
        now = progress(whole, shop, clock.now()) if whole else None
        if now is None or watch.troubled_at is None:
            continue
        told = sentence.of_trouble(now, language)
        is_problem = any(parcel.state == "problem" for parcel in now.parcels)
        can_be_told = is_problem and bool(now.order.person["email"]) and not now.order.is_test
        found.append(Trouble(now.order, watch.troubled_at, told, can_be_told))
    return found
