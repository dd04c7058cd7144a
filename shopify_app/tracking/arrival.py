"""When an order should come, for the pages and mails of others."""

from shopify_app import clock
from shopify_app.orders import arrivals
from shopify_app.orders.arrivals import Arrival
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop
from shopify_app.tracking.state import Progress, progress


@arrivals.knows
def of_order(shop: Shop, whole: Whole) -> Arrival | None:
    """Its last parcel's; None where one of them has no day."""
    found = progress(whole, shop, clock.now())
    standing = [found.standing(parcel) for parcel in found.parcels] or [found.ahead]
    expected = [one for one in standing if one is not None]
    if not expected or len(expected) < len(standing) or _is_split(found):
        return None
    last = max(expected)
    return Arrival(last.at, is_promised=last.by == "carrier")


def _is_split(found: Progress) -> bool:
    """Something is still to be sent after other parcels: its day nobody knows."""
    return bool(found.parcels and found.unsent)
