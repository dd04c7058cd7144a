"""The ledger of what was promised: every day that was ever told of a parcel, in the order in which we heard it.

The shop's own rule (estimates.py) is no promise and is not written down: nobody gave that day for this parcel, and a
merchant who corrects the rule would seem to break a thousand promises at once.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import bindparam, select

from shopify_app import clock
from shopify_app.db import db
from shopify_app.shopify.models import Shop
from shopify_app.tracking.models import Promise
from shopify_app.tracking.state import Progress

_OF_ORDER = (
    select(Promise)
    .where(Promise.shop_id == bindparam("shop"), Promise.order_id == bindparam("order"))
    .order_by(Promise.told_at)
)


def keep(shop: Shop, progress: Progress) -> None:
    """Write down what is promised now, where it is not what was promised last. In a transaction."""
    told = {promise.shipment_id: promise.day for promise in of(shop, progress.order.id)}
    for parcel in progress.parcels:
        if parcel.expected_at is None:
            continue
        day = progress.day(parcel.expected_at)
        if told.get(parcel.shipment.id) != day:
            row = Promise(shop_id=shop.id, shipment_id=parcel.shipment.id, told_at=clock.now(), day=day)
            row.order_id = progress.order.id
            db.session.add(row)


def of(shop: Shop, order_id: int) -> Sequence[Promise]:
    """All of an order, oldest first."""
    return db.session.scalars(_OF_ORDER, {"shop": shop.id, "order": order_id}).all()


def first(shop: Shop, order_id: int) -> dict[int, date]:
    """Shipment → the day that was promised first."""
    days: dict[int, date] = {}
    for promise in of(shop, order_id):
        days.setdefault(promise.shipment_id, promise.day)
    return days
