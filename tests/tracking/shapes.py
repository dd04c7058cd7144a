"""Orders as the mirror holds them, made without a database."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from shopify_app.orders.models import Line, Order, ParcelEvent, Shipment
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop
from shopify_app.tracking import state
from shopify_app.tracking.state import Progress

MONDAY = datetime(2026, 6, 1, 8, tzinfo=UTC)
"""When the first scan was made, and the order placed."""
SHOP = Shop(country="FR", timezone="Europe/Paris")


def whole(*parcels: Sequence[str], lines: dict[int, int] | None = None, packed: Any = None, **order: Any) -> Whole:
    """An order with one parcel for each sequence of scans, an hour apart.

    packed: what is in each parcel, pieces by line (one of a line of its own by default).
    """
    ids = range(1, len(parcels) + 1)
    lines = lines or dict.fromkeys(ids or [1], 1)
    packed = packed or [{number: 1} for number in ids]
    shipments = [
        Shipment(
            id=number,
            status="success",
            shipment_status=None,
            created_at=MONDAY,
            estimated_delivery_at=None,
            is_partial=False,
            lines=[{"id": line, "quantity": pieces} for line, pieces in inside.items()],
        )
        for number, inside in zip(ids, packed, strict=True)
    ]
    counter = itertools.count(1)
    events = [
        event(next(counter), number, status, hours)
        for number, scans in zip(ids, parcels, strict=True)
        for hours, status in enumerate(scans)
    ]
    return Whole(
        Order(**{"financial_status": "paid", "cancelled_at": None, "country": "FR"} | order),
        [line(number, pieces) for number, pieces in lines.items()],
        shipments,
        events,
        refunds=[],
        returns=[],
        products={},
    )


def line(number: int, pieces: int, **fields: Any) -> Line:
    told = {"title": f"Thing {number}", "variant_title": None, "requires_shipping": True}
    return Line(**{"id": number, "quantity": pieces, "current_quantity": pieces} | told | fields)


def event(number: int, parcel: int, status: str, hours: float, **place: Any) -> ParcelEvent:
    return ParcelEvent(
        id=number,
        shipment_id=parcel,
        status=status,
        happened_at=MONDAY + timedelta(hours=hours),
        estimated_delivery_at=None,
        place=place,
    )


def answer(number: int, parcel: int, status: str, hours: float, **place: Any) -> ParcelEvent:
    """The same, said by the carrier when it was asked."""
    said = event(-number, parcel, status, hours, **place)
    said.asked_of = "karrio"
    return said


def progress(order: Whole, hours: float = 12, shop: Shop = SHOP) -> Progress:
    """How it stood so many hours after the first scan."""
    return state.progress(order, shop, MONDAY + timedelta(hours=hours))
