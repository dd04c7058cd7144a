"""Nora's order, sent and delivered: two lamps for €190.00 and a cord set for €20.00, and what she asks to send back."""

import itertools
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shopify_app import clock
from shopify_app.db import rest, transaction
from shopify_app.language import zone
from shopify_app.orders import record
from shopify_app.returns import requests
from shopify_app.returns.basket import Basket, Piece, Reason, Wish
from shopify_app.returns.models import RETURN, Request
from shopify_app.returns.policy import decisions, money
from shopify_app.returns.policy.terms import Terms
from shopify_app.shopify.models import Shop
from tests import orders
from tests.home.conftest import Merchant
from tests.home.conftest import settle as settle_in

LAMPS, CORD = 11, 12
"""Lines of the parcel."""
Ask = Callable[..., int]
"""ask(): Nora wants her lamps refunded; the number of the request."""
numbers = itertools.count(5001)


def basket(order_id: int, name: str, *, delivered_days_ago: float = 3, currency: str = "EUR") -> Basket:
    now = clock.now()
    sent, delivered = now - timedelta(days=delivered_days_ago + 2), now - timedelta(days=delivered_days_ago)
    common = {"sku": None, "product_type": "", "tags": (), "collections": (), "is_gift_card": False, "shipment_id": 1}
    common |= {"duties": 0, "shipped_at": sent, "delivered_at": delivered}
    reasons = (Reason(id="gid://shopify/ReturnReasonDefinition/1", handle="damaged", name="Damaged"),)
    lamps = Piece(
        fulfillment_line_id=LAMPS,
        line_id=order_id * 10 + 1,
        title="Desk lamp",
        variant_title="Brass",
        product_id=901,
        variant_id=951,
        quantity=2,
        returnable=2,
        line_quantity=2,
        paid=190_00,
        tax=30_34,
        reasons=reasons,
        **common,  # type: ignore[arg-type]
    )
    cord = Piece(
        fulfillment_line_id=CORD,
        line_id=order_id * 10 + 2,
        title="Cord set",
        variant_title=None,
        product_id=902,
        variant_id=952,
        quantity=1,
        returnable=1,
        line_quantity=1,
        paid=20_00,
        tax=3_19,
        reasons=reasons,
        **common,  # type: ignore[arg-type]
    )
    return Basket(
        order_id=order_id,
        name=name,
        currency=currency,
        placed_at=now - timedelta(days=delivered_days_ago + 3),
        country="US",
        discount_codes=(),
        customer_tags=(),
        taxes_included=True,
        shipping=4_90,
        refunded_shipping=0,
        paid=214_90,
        refunded=0,
        last_delivered_at=delivered,
        pieces=(lamps, cord),
        read_at=now,
    )


LAMP = Wish(fulfillment_line_id=LAMPS, quantity=1, reason="damaged", note="It <flickers>.")
BOTH_LAMPS = Wish(fulfillment_line_id=LAMPS, quantity=2, reason="damaged")
A_CORD = Wish(fulfillment_line_id=CORD, quantity=1, reason="damaged")


def place(shop: Shop, name: str | None = None, **fields: object) -> tuple[int, str]:
    """A new order of Nora's: its number and its name."""
    number = next(numbers)
    at = (clock.now() - timedelta(days=6)).isoformat()
    lines = [orders.line(number * 10 + 1, "Desk lamp", 2, "95.00", variant_title="Brass")]
    lines.append(orders.line(number * 10 + 2, "Cord set", 1, "20.00"))
    named = {"name": name or f"#{number}", "created_at": at, "processed_at": at, "updated_at": at, "line_items": lines}
    with transaction():
        record.order(shop.id, orders.order(number, **(named | fields)), clock.now())
    return number, str(named["name"])


def file(
    shop: Shop,
    *wishes: Wish,
    terms: Terms | None = None,
    delivered_days_ago: float = 3,
    kind: str = RETURN,
    currency: str = "EUR",
    flags: Sequence[str] = (),
    order: tuple[int, str] | None = None,
) -> int:
    """Nora asks, by these terms; the number of the request."""
    terms, wishes = terms or Terms(), wishes or (BOTH_LAMPS,)
    number, name = order or place(shop)
    all_ = basket(number, name, delivered_days_ago=delivered_days_ago, currency=currency)
    decided = [
        decisions.decide(terms, all_, piece, wish, clock.now(), zone(shop.timezone))
        for wish in wishes
        if (piece := all_.piece(wish.fulfillment_line_id))
    ]
    sums = money.preview(all_, wishes, terms, {})
    filed = requests.ask(
        shop, kind, "page", all_, wishes, terms_version=1, decisions=decided, preview=sums, flags=flags
    )
    rest()
    return filed.id


def found(shop: Shop, number: int) -> Request:
    """As it stands now."""
    rest()
    request = requests.get(shop, number)
    assert request is not None
    return request


def words(shop: Shop, number: int) -> list[tuple[str, str]]:
    """The log: who did what."""
    rest()
    return [(entry.by, entry.word) for entry in requests.entries(shop, number)]


@pytest.fixture
def staff(app: Flask, client: FlaskClient, shop: Shop) -> Merchant:
    """Number 7 of the shop's people."""
    settle_in(app, shop)
    with transaction():
        shop.currency = "EUR"
    return Merchant(client, shop.domain)


@pytest.fixture
def colleague(client: FlaskClient, shop: Shop, staff: Merchant) -> Merchant:
    """Number 8."""
    return Merchant(client, shop.domain, user=8)


@pytest.fixture
def stranger(app: Flask, client: FlaskClient, other_shop: Shop) -> Merchant:
    """Staff of another shop."""
    settle_in(app, other_shop)
    return Merchant(client, other_shop.domain)


@pytest.fixture
def ask(shop: Shop, staff: Merchant) -> Ask:
    return lambda *wishes, **how: file(shop, *wishes, **how)
