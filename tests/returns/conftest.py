"""A buyer whose lamps have come, and what of them can go back."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from devstore import deeds, server
from devstore.records import Address, Order, Product
from shopify_app import clock as app_clock
from shopify_app.db import transaction
from shopify_app.orders import record
from shopify_app.returns import requests
from shopify_app.returns.basket import Basket, Piece, Reason, Wish
from shopify_app.returns.models import RETURN, Request
from shopify_app.returns.policy import decisions, money
from shopify_app.returns.policy.terms import Terms
from shopify_app.shopify.models import Shop
from tests import factories
from tests.conftest import LUMEN, Clock, Jobs
from tests.returns.store import Counter, sold

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


EMAIL, OWNER = "mira.sommer@example.com", "owner@example.com"
HOME = Address(
    first_name="Mira",
    last_name="Sommer",
    address1="Lindenweg 4",
    city="Leipzig",
    country="Germany",
    country_code="DE",
    zip="04109",
)


@pytest.fixture
def settle(shopify: server.Running, jobs: Jobs, clock: Clock) -> Callable[[], None]:
    """All that is on its way arrives, at Shopify and at the app."""

    def settle_() -> None:
        for _ in range(2):
            jobs.run()
            assert shopify.log.settle()
            clock.forward(seconds=4)
        jobs.run()

    return settle_


@pytest.fixture
def counter(installed: Shop, shopify: server.Running, settle: Callable[[], None]) -> Counter:
    """Lumen Goods, its first import over."""
    settle()
    return Counter(installed, shopify, settle)


@pytest.fixture
def lamp(shopify: server.Running, counter: Counter) -> Product:
    """In two finishes, one of them dearer."""
    kinds = [{"title": "Brass", "price": "89.90"}, {"title": "Steel", "price": "99.90"}]
    return deeds.add_product(shopify.state, LUMEN, "Reading lamp", kinds)


@pytest.fixture
def order(shopify: server.Running, counter: Counter, lamp: Product) -> Order:
    """Two lamps, delivered."""
    bought = sold(shopify, lamp.variants[0].id, 2, email=EMAIL, shipping_address=HOME, customer_locale="en")
    counter.settle()
    shopify.mailbox.clear()
    return bought


def parcel_line(order: Order) -> int:
    return order.fulfillments[0].lines[0].id


def subjects(shopify: server.Running, to: str = EMAIL) -> list[str]:
    """Of all mails, oldest first."""
    return [mail.subject for mail in shopify.mailbox.messages(to=to)][::-1]
