"""What the messages about a parcel look like."""

from dataclasses import replace
from datetime import timedelta

from shopify_app import clock
from shopify_app.mail.outbox import Mail
from shopify_app.orders import sample
from shopify_app.orders.models import ParcelEvent, Shipment
from shopify_app.shopify.models import Shop
from shopify_app.tracking import letters
from shopify_app.tracking.state import progress

SCANS = {
    "shipped": "in_transit",
    "out": "out_for_delivery",
    "delivered": "delivered",
    "delayed": "delayed",
    "problem": "attempted_delivery",
}
"""The kind of message → the carrier's word that is worth it."""


def preview(shop: Shop, kind: str) -> Mail:
    """In the shop's own language. Its link leads to the look-up."""
    now, order = clock.now(), sample.whole(shop)
    promise = now + timedelta(days=2) if kind in ("shipped", "delayed") else None
    shipment = Shipment(
        id=1,
        status="success",
        shipment_status=None,
        created_at=now - timedelta(days=1),
        estimated_delivery_at=promise,
        carrier="DHL",
        tracking=[{"number": "00340434161094042557", "url": None}],
        lines=[{"id": line.id, "quantity": line.quantity} for line in order.lines],
        is_partial=False,
    )
    event = ParcelEvent(
        id=1,
        shipment_id=1,
        status=SCANS[kind],
        happened_at=now - timedelta(hours=2),
        estimated_delivery_at=None,
        place={"city": "Leipzig", "country": "DE"},
    )
    found = progress(replace(order, shipments=[shipment], events=[event]), shop, now)
    return letters.write(shop, kind, found, found.parcels[0], shop.storefront + shop.proxy_path)
