"""Orders that did not come on the day that was promised first."""

from collections.abc import Sequence

from sqlalchemy import exists, select

from shopify_app import clock
from shopify_app.db import db
from shopify_app.orders import read, troubles
from shopify_app.shopify.models import Shop
from shopify_app.tracking import promises
from shopify_app.tracking.models import Promise, Watch
from shopify_app.tracking.state import progress

NEWEST = 10
"""Orders that are looked at: what was long before is forgotten."""


@troubles.knows
def lateness(shop: Shop, order_ids: Sequence[int]) -> str | None:
    """order_ids: the newest first."""
    newest = order_ids[:NEWEST]
    waiting = exists().where(Watch.shop_id == shop.id, Watch.order_id.in_(newest), Watch.troubled_at.is_not(None))
    if db.session.scalar(select(waiting)):
        return "earlier_late"
    promised = select(Promise.order_id).where(Promise.shop_id == shop.id, Promise.order_id.in_(newest)).distinct()
    return "earlier_late" if any(_was_late(shop, one) for one in db.session.scalars(promised).all()) else None


def _was_late(shop: Shop, order_id: int) -> bool:
    whole, days = read.whole(shop, order_id), promises.first(shop, order_id)
    if whole is None:
        return False
    found = progress(whole, shop, clock.now())
    come = [(parcel.shipment.id, parcel.arrival.happened_at) for parcel in found.parcels if parcel.arrival]
    return any(number in days and found.day(at) > days[number] for number, at in come)
