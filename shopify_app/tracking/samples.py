"""What the messages about a parcel, and the page of an order, look like."""

from dataclasses import replace
from datetime import datetime, timedelta

from shopify_app import clock, statics
from shopify_app.addresses import web
from shopify_app.language import render
from shopify_app.mail.outbox import Mail
from shopify_app.mail.wording import Parts, Show, Template, declare
from shopify_app.orders import sample
from shopify_app.orders.models import ParcelEvent, Shipment
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop
from shopify_app.storefront import SHEET, link
from shopify_app.tracking import letters
from shopify_app.tracking import page as order_page
from shopify_app.tracking.page import NEWEST
from shopify_app.tracking.scans import State
from shopify_app.tracking.state import progress
from shopify_app.tracking.watches import KINDS

SCANS = {
    "shipped": "in_transit",
    "out": "out_for_delivery",
    "delivered": "delivered",
    "delayed": "delayed",
    "problem": "attempted_delivery",
}
"""The kind of message → the carrier's word that is worth it."""
STAGES: dict[State, str | None] = {
    "paid": None,
    "packing": "label_printed",
    "moving": "in_transit",
    "arrived": "delivered",
    "problem": "attempted_delivery",
}
"""The moment of an order → the same; None: no parcel yet."""


def preview(shop: Shop, kind: str) -> Mail:
    """In the shop's own language. Its link leads to the look-up."""
    now = clock.now()
    promise = now + timedelta(days=2) if kind in ("shipped", "delayed") else None
    found = progress(_sent(shop, SCANS[kind], now, promise), shop, now)
    return letters.write(shop, kind, found, found.parcels[0], shop.storefront + shop.proxy_path)


def _shows(kind: str) -> Show:
    """Of a real order its newest parcel, as if its news were of this kind; else of one that is made up."""

    def show(shop: Shop, order_id: int | None, voice: str, draft: Parts | None) -> Mail | None:
        now = clock.now()
        whole = sample.shown(shop, order_id)
        if whole is None:
            return None
        found = progress(_sent(shop, SCANS[kind], now, now + timedelta(days=2), whole), shop, now)
        there = shop.storefront + shop.proxy_path
        return letters.write(shop, kind, found, found.parcels[0], there, voice=voice, draft=draft)

    return show


for _kind in KINDS:
    declare(Template(f"tracking/{_kind}", letters.VARIABLES, letters.ours(_kind), _shows(_kind)))


def page(shop: Shop, stage: State, voice: str) -> str:
    """A document with the page at this moment, as the buyer sees it; its links lead nowhere."""
    now, word = clock.now(), STAGES[stage]
    promise = now + timedelta(days=2) if stage == "moving" else None
    whole = _sent(shop, word, now, promise) if word else sample.whole(shop)
    shown = order_page.of(shop, whole, voice, "verified")
    told = {"page": shown, "shop": shop, "web": web, "newest": NEWEST, "link": link, "token": "-", "proof": ""}
    return render("tracking/preview.html", voice, sheet=statics.content(SHEET).decode(), **told)


def _sent(shop: Shop, word: str, now: datetime, promise: datetime | None, whole: Whole | None = None) -> Whole:
    """The order with all of it in one parcel that is made up."""
    order = whole or sample.whole(shop)
    shipment = Shipment(
        id=1,
        status="success",
        shipment_status=None,
        created_at=now - timedelta(days=1),
        estimated_delivery_at=promise,
        carrier="DHL",
        tracking=[{"number": "00340434161094042557", "url": "https://example.com/"}],
        lines=[{"id": line.id, "quantity": line.quantity} for line in order.lines],
        is_partial=False,
    )
    event = ParcelEvent(
        id=1,
        shipment_id=1,
        status=word,
        happened_at=now - timedelta(hours=2),
        estimated_delivery_at=None,
        place={"city": "Leipzig", "country": "DE"},
    )
    return replace(order, shipments=[shipment], events=[event])
