"""What news of parcels would have gone out: by what carriers told of each parcel, at the time they told it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from shopify_app.orders.models import Shipment
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop
from shopify_app.tracking import scans, watches


@dataclass(frozen=True, slots=True)
class News:
    kind: str
    """One of watches.KINDS."""
    at: datetime


def of(shop: Shop, whole: Whole) -> Iterator[News]:
    """Each kind once for a parcel, as the outbox has it. What only the calendar would have told (silence, a broken
    promise) is not among them: nobody knows any more what was promised when.
    """
    if watches.why_not(shop, whole.order) or whole.order.cancelled_at:
        return
    for shipment in whole.shipments:
        first: dict[str, datetime] = {}
        for situation, at in _told(whole, shipment):
            if kind := watches.STAGES.get(situation):
                first.setdefault(kind, at)
        yield from (News(kind, at) for kind, at in first.items())


def _told(whole: Whole, shipment: Shipment) -> Iterator[tuple[scans.Situation, datetime]]:
    """The oldest first. A parcel of which no carrier ever said a word was sent when its merchant said so."""
    events = [event for event in whole.events if event.shipment_id == shipment.id]
    if not events:
        yield scans.SENT.situation, shipment.created_at
    for event in events:
        if scan := scans.read(event):
            yield scan.situation, event.happened_at
