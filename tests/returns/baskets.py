"""What a buyer in Leipzig may send back: values, as they are read from Shopify."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from shopify_app.returns.basket import Basket, Piece, Wish

BERLIN = ZoneInfo("Europe/Berlin")
BOUGHT = datetime(2026, 5, 30, 9, tzinfo=UTC)
SENT = datetime(2026, 6, 1, 14, tzinfo=UTC)
DELIVERED = datetime(2026, 6, 3, 12, tzinfo=UTC)


def piece(**differing: Any) -> Piece:
    """One lamp, which came on 3 June."""
    usual: dict[str, Any] = {
        "fulfillment_line_id": 11,
        "line_id": 1,
        "shipment_id": 31,
        "title": "Reading lamp",
        "variant_title": "Brass",
        "sku": None,
        "product_id": 5,
        "variant_id": 51,
        "product_type": "Lamps",
        "tags": (),
        "collections": (),
        "is_gift_card": False,
        "quantity": 1,
        "returnable": 1,
        "line_quantity": 1,
        "paid": 8990,
        "tax": 1435,
        "duties": 0,
        "shipped_at": SENT,
        "delivered_at": DELIVERED,
        "reasons": (),
    }
    return Piece(**(usual | differing))


def basket(*pieces: Piece, **differing: Any) -> Basket:
    """Bought from abroad, so that only the shop's own terms count; delivered in one parcel."""
    usual: dict[str, Any] = {
        "order_id": 4711,
        "name": "#1001",
        "currency": "EUR",
        "placed_at": BOUGHT,
        "country": "CH",
        "discount_codes": (),
        "customer_tags": (),
        "taxes_included": True,
        "shipping": 490,
        "refunded_shipping": 0,
        "paid": 1_000_000,
        "refunded": 0,
        "last_delivered_at": DELIVERED,
        "pieces": pieces or (piece(),),
        "read_at": DELIVERED,
    }
    return Basket(**(usual | differing))


def wish(of: Piece | None = None, **differing: Any) -> Wish:
    """One of these back, for money."""
    usual: dict[str, Any] = {"fulfillment_line_id": (of or piece()).fulfillment_line_id, "quantity": 1}
    return Wish(**(usual | differing))
