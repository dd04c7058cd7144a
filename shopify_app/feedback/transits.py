"""How long a shop's parcels take from leaving it until they are there, measured from those that were scanned.

Domestic, abroad and pick-up apart. Where too few were scanned to measure, the usual figures below hold.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import select

from shopify_app.db import db
from shopify_app.orders import read
from shopify_app.orders.models import Order, ParcelEvent, Shipment
from shopify_app.shopify.models import Shop

DOMESTIC, ABROAD, PICKUP = "domestic", "abroad", "pickup"
USUAL: Mapping[str, timedelta] = {
    DOMESTIC: timedelta(days=3),
    ABROAD: timedelta(days=8),
    PICKUP: timedelta(days=2),
}
LEAST = 5
"""Parcels of a kind, to call it measured."""
RECENT = 500
"""Newest orders that are looked at."""
ARRIVED = ("delivered", "picked_up")
WAITING = ("ready_for_pickup", "ready_for_recipient_pickup")


def kind(shop: Shop, country: str | None, words: set[str]) -> str:
    """Of a parcel: `country`: where it goes; None: nowhere, so it is fetched. `words`: what was said of it."""
    if country is None or words & {"picked_up", *WAITING}:
        return PICKUP
    return ABROAD if shop.country and country != shop.country else DOMESTIC


def measured(shop: Shop) -> Mapping[str, timedelta]:
    """The median of each kind, of the newest orders' parcels."""
    newest = select(Order.id, Order.country).where(Order.shop_id == shop.id, Order.deleted_at.is_(None))
    recent = newest.order_by(Order.placed_at.desc()).limit(RECENT)
    countries = {row.id: row.country for row in db.session.execute(recent)}
    sent = select(Shipment.id, Shipment.order_id, Shipment.created_at).where(
        Shipment.shop_id == shop.id, Shipment.order_id.in_(countries), Shipment.status.not_in(read.FRUITLESS)
    )
    events = _events(shop, list(countries))
    spans: dict[str, list[timedelta]] = defaultdict(list)
    for parcel in db.session.execute(sent):
        told = events.get(parcel.id, {})
        arrived = [told[word] for word in ARRIVED if word in told]
        if arrived and min(arrived) > parcel.created_at:
            spans[kind(shop, countries[parcel.order_id], set(told))].append(min(arrived) - parcel.created_at)
    return {
        name: timedelta(seconds=median(span.total_seconds() for span in spans[name]))
        if len(spans[name]) >= LEAST
        else usual
        for name, usual in USUAL.items()
    }


def _events(shop: Shop, orders: list[int]) -> dict[int, dict[str, datetime]]:
    """Shipment → word of a scan → when it was first said."""
    scans = select(ParcelEvent.shipment_id, ParcelEvent.status, ParcelEvent.happened_at).where(
        ParcelEvent.shop_id == shop.id,
        ParcelEvent.order_id.in_(orders),
        ParcelEvent.status.in_((*ARRIVED, *WAITING)),
        ParcelEvent.deleted_at.is_(None),
    )
    told: dict[int, dict[str, datetime]] = defaultdict(dict)
    for scan in db.session.execute(scans.order_by(ParcelEvent.happened_at.desc())):
        told[scan.shipment_id][scan.status] = scan.happened_at
    return told
