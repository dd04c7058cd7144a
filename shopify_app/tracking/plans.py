"""Which news of parcels a person may get: from carriers, and from the calendar should no carrier say a word."""

from collections.abc import Iterator

from shopify_app import clock
from shopify_app.mail import coming
from shopify_app.mail.coming import Person, Plan
from shopify_app.orders import read
from shopify_app.shopify.models import Shop
from shopify_app.tracking import watches
from shopify_app.tracking.state import Parcel, Progress, progress

TO_COME = {"packing": ("shipped", "out", "delivered"), "moving": ("out", "delivered"), "problem": ("delivered",)}
"""How a parcel is doing → news that its carrier has yet to tell."""


@coming.tells
def plans(shop: Shop, person: Person) -> Iterator[Plan]:
    for order_id in person.order_ids:
        whole = read.whole(shop, order_id)
        found = progress(whole, shop, clock.now()) if whole else None
        if found is not None and not found.is_over:
            for parcel in found.parcels:
                yield from _of_parcel(shop, found, parcel)


def _of_parcel(shop: Shop, found: Progress, parcel: Parcel) -> Iterator[Plan]:
    is_on, order = shop.settings.get(watches.SWITCH, {}), found.order
    against = watches.why_not(shop, order)
    for kind in TO_COME.get(parcel.state, ()):
        if kind in is_on and not watches.is_told(shop, parcel, kind):
            why = against or f"parcel_{kind}"
            yield Plan(f"tracking/{kind}", why, is_coming=against is None, order_id=order.id)
    is_silent = parcel.deadline is not None and not parcel.is_troubled and not shop.came_after(order.placed_at)
    if "delayed" in is_on and is_silent and not watches.is_told(shop, parcel, "delayed"):
        why = against or "parcel_delayed"
        yield Plan("tracking/delayed", why, parcel.deadline, is_coming=against is None, order_id=order.id)
