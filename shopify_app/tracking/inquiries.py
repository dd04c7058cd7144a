"""Which parcels a carrier is asked for: those under way whose carrier and number the source can do something with."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, select

from shopify_app import clock, secrets
from shopify_app.db import db, upsert
from shopify_app.orders import record
from shopify_app.orders.models import Shipment
from shopify_app.queue import ring
from shopify_app.shopify.models import Shop
from shopify_app.sources import source
from shopify_app.sources.answers import Source
from shopify_app.tracking.models import Inquiry
from shopify_app.tracking.state import Parcel, Progress

LONGEST = timedelta(days=60)
"""After its dispatch a parcel is asked for no longer: no carrier has news of it then, and numbers are used again."""


class Outage(NamedTuple):
    since: datetime
    error: str
    """Name of a SourceError."""


def follow(shop: Shop, order_id: int, found: Progress | None) -> None:
    """Begin and end the asking for an order's parcels, in the transaction at hand. None: nobody waits for it."""
    at = source()
    asked_for = [one for one in found.parcels if is_asked_for(at, found, one)] if at and found else []
    wanted = {parcel.shipment.id: index(shop, parcel.shipment) for parcel in asked_for}
    for inquiry in _of(shop, order_id):
        if wanted.get(inquiry.shipment_id) == inquiry.number_index:
            del wanted[inquiry.shipment_id]
            continue
        if at and inquiry.shipment_id in wanted:  # another number: what was said is about another parcel
            record.answered(shop.id, inquiry.shipment_id, at.name, [])
        db.session.execute(delete(Inquiry).where(Inquiry.id == inquiry.id))
    row = {"shop_id": shop.id, "order_id": order_id, "due_at": clock.now(), "tries": 0}
    rows = [row | {"shipment_id": number, "number_index": wanted[number]} for number in wanted]
    if upsert(Inquiry, rows, ("shop_id", "shipment_id"), keep=True):
        ring("sync")


def is_asked_for(at: Source, found: Progress, parcel: Parcel) -> bool:
    """Not one of several numbers: where one of them has arrived, the parcel has not."""
    shipment = parcel.shipment
    is_under_way = parcel.scan.state != "arrived" and shipment.created_at > found.now - LONGEST
    is_known = at.knows(shipment.carrier) and len(shipment.tracking) == 1 and bool(number(shipment))
    return is_under_way and is_known and not parcel.mistyped and not found.order.is_test


def number(shipment: Shipment) -> str:
    return str(shipment.tracking[0].get("number") or "").strip() if shipment.tracking else ""


def index(shop: Shop, shipment: Shipment) -> bytes:
    return secrets.index(shop.id, "tracking", shipment.carrier, number(shipment))


def answered(shop: Shop, order_id: int) -> Mapping[int, datetime]:
    """Shipment → when an answer about it last came."""
    return {one.shipment_id: one.answered_at for one in _of(shop, order_id) if one.answered_at}


def outage(shop: Shop) -> Outage | None:
    """Since when the source does not answer for this shop; None: it does, or nobody asks it."""
    failing = select(Inquiry).where(Inquiry.shop_id == shop.id, Inquiry.failing_since.is_not(None))
    first = db.session.scalars(failing.order_by(Inquiry.failing_since).limit(1)).first() if source() else None
    return Outage(first.failing_since, first.error or "") if first and first.failing_since else None


def _of(shop: Shop, order_id: int) -> Sequence[Inquiry]:
    return db.session.scalars(select(Inquiry).where(Inquiry.shop_id == shop.id, Inquiry.order_id == order_id)).all()
