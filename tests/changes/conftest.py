"""A buyer who has just ordered at a real store, its staff, and everybody's mailbox."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from devstore import deeds, server
from devstore.records import Address, Order
from shopify_app.changes.models import Change
from shopify_app.db import db, rest, transaction
from shopify_app.orders import links, proof
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront
from tests.conftest import LUMEN, Clock, Jobs
from tests.home.conftest import Merchant

EMAIL = "mira.sommer@example.com"
OWNER = "owner@example.com"
HOME = Address(
    first_name="Mira",
    last_name="Sommer",
    address1="Lindenweg 4",
    city="Leipzig",
    country="Germany",
    country_code="DE",
    zip="04109",
    phone="+49 341 2345678",
)
TYPED = {
    "first_name": "Mira",
    "last_name": "Sommer",
    "address1": "Ahornweg 9",
    "zip": "04103",
    "city": "Leipzig",
    "phone": "+49 341 2345678",
}
"""What Mira types as her new address."""

Buy = Callable[..., Order]
Settle = Callable[[], None]


@pytest.fixture
def settle(shopify: server.Running, jobs: Jobs, clock: Clock) -> Settle:
    """All that is on its way arrives, at Shopify and at the app."""

    def settle_() -> None:
        for _ in range(2):
            jobs.run()
            assert shopify.log.settle()
            clock.forward(seconds=4)
        jobs.run()

    return settle_


@pytest.fixture
def shop(installed: Shop, settle: Settle) -> Shop:
    """Lumen Goods, its first import over."""
    settle()
    return installed


@pytest.fixture
def buy(shopify: server.Running, shop: Shop, settle: Settle) -> Buy:
    """buy(): Mira has bought a lamp, and the app has heard of it."""
    lamp = deeds.add_product(shopify.state, LUMEN, "Reading lamp", [{"title": "Brass", "price": "89.90"}])

    def place(**how: object) -> Order:
        usual = {"email": EMAIL, "shipping_address": HOME, "customer_locale": "en"}
        order = deeds.place_order(shopify.state, LUMEN, [(lamp.variants[0].id, 1)], **(usual | how))  # type: ignore[arg-type]
        settle()
        shopify.mailbox.clear()
        return order

    return place


@pytest.fixture
def order(buy: Buy) -> Order:
    return buy()


class Buyer:
    """Who follows the link to an order's page and, as a rule, has typed the code that was mailed."""

    def __init__(self, storefront: Storefront, shop: Shop, order: Order) -> None:
        self._storefront, self._shop, self._order = storefront, shop, order.id
        self.token = links.token(shop, order.id)
        self.types_the_code()

    def types_the_code(self) -> None:
        """It counts for half an hour."""
        self.proof = proof.word(self._shop, self._order)

    def visits(self, path: str) -> TestResponse:
        return self._storefront.get(f"/orders/{self.token}/{path}", query={"proof": self.proof})

    def sends(self, path: str, form: dict[str, str] | None = None) -> TestResponse:
        return self._storefront.post(f"/orders/{self.token}/{path}", form, query={"proof": self.proof})


@pytest.fixture
def buyer(client: FlaskClient, shop: Shop, order: Order) -> Buyer:
    return Buyer(Storefront(client, shop.domain), shop, order)


@pytest.fixture
def staff(app: Flask, client: FlaskClient, shop: Shop) -> Merchant:
    return Merchant(client, shop.domain)


@pytest.fixture
def at_once(shop: Shop) -> None:
    """Its merchant leaves both to the rule, in the first hour."""
    with transaction():
        shop.settings = {"changes": {kind: {"how": "at once", "minutes": 60} for kind in ("cancel", "address")}}


def change() -> Change:
    """The only one."""
    rest()
    return db.session.query(Change).one()


def subjects(shopify: server.Running, to: str = EMAIL) -> list[str]:
    return [mail.subject for mail in shopify.mailbox.messages(to=to)]


def text(page: TestResponse) -> str:
    """What a person reads."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)).replace(" ,", ",")
