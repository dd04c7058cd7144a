"""A buyer whose lamps have come, and what of them can go back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from shopify_app import clock as app_clock
from shopify_app.db import transaction
from shopify_app.orders import record
from shopify_app.returns import decisions, money, requests
from shopify_app.returns.basket import Basket, Piece, Reason, Wish
from shopify_app.returns.models import RETURN, Request
from shopify_app.returns.terms import Terms
from shopify_app.shopify.models import Shop
from tests import factories

ORDER, LINE = 1001, 10011
PARCEL_LINE = 7_000_001
TOO_LARGE = Reason(id="gid://shopify/ReturnReasonDefinition/1", handle="too-large", name="Too large")


def piece(number: int = PARCEL_LINE, line: int = LINE, quantity: int = 1, **facts: Any) -> Piece:
    """Lamps of 89.90 each that came in one parcel."""
    now = app_clock.now()
    usual: dict[str, Any] = {
        "fulfillment_line_id": number,
        "line_id": line,
        "shipment_id": 5001,
        "title": "Reading lamp",
        "variant_title": "Brass",
        "sku": "LAMP-B",
        "product_id": 9001,
        "variant_id": 9101,
        "product_type": "Lamp",
        "tags": (),
        "collections": (),
        "is_gift_card": False,
        "quantity": quantity,
        "returnable": quantity,
        "line_quantity": facts.get("line_quantity", quantity),
        "paid": 8990 * facts.get("line_quantity", quantity),
        "tax": 1435 * facts.get("line_quantity", quantity),
        "duties": 0,
        "shipped_at": now - timedelta(days=3),
        "delivered_at": now - timedelta(days=1),
        "reasons": (TOO_LARGE,),
    }
    return Piece(**(usual | facts))


def basket(*pieces: Piece, order: int = ORDER, **facts: Any) -> Basket:
    now = app_clock.now()
    paid = sum({one.line_id: one.paid for one in pieces}.values()) + 490
    usual: dict[str, Any] = {
        "order_id": order,
        "name": f"#{order}",
        "currency": "EUR",
        "placed_at": now - timedelta(days=5),
        "country": "DE",
        "discount_codes": (),
        "customer_tags": (),
        "taxes_included": True,
        "shipping": 490,
        "refunded_shipping": 0,
        "paid": paid,
        "refunded": 0,
        "last_delivered_at": now - timedelta(days=1),
        "pieces": pieces,
        "read_at": now,
    }
    return Basket(**(usual | facts))


def wish(quantity: int = 1, number: int = PARCEL_LINE, **how: Any) -> Wish:
    return Wish(fulfillment_line_id=number, quantity=quantity, **({"reason": "too-large"} | how))


def allowed(wishes: Sequence[Wish]) -> Sequence[decisions.Decision]:
    return [decisions.Decision(is_allowed=True, rule="in_time", facts={}) for _ in wishes]


def asks(shop: Shop, what: Basket, *wishes: Wish, kind: str = RETURN, **how: Any) -> Request:
    """A buyer asks at the order's page."""
    usual: dict[str, Any] = {"terms_version": 1, "decisions": allowed(wishes)}
    if "preview" not in how:
        usual["preview"] = money.preview(what, wishes, Terms(), {}, is_withdrawal=kind != RETURN)
    return requests.ask(shop, kind, "page", what, wishes, **(usual | how))


@pytest.fixture
def known_order(shop: Shop) -> int:
    """The mirror knows the order."""
    with transaction():
        record.order(shop.id, factories.new_order(app_clock.now(), ORDER), app_clock.now())
    return ORDER
