"""Mira's lamps and shirts have come, and she looks at what she can send back: at a real store, on the order's page."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from devstore import deeds, server
from devstore.records import Address, Fulfillment, Order, Product
from shopify_app.db import db, rest
from shopify_app.orders import links, proof
from shopify_app.returns.models import Draft, Request
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront
from tests.conftest import LUMEN, Clock, Jobs

EMAIL = "mira.sommer@example.com"
HOME = Address(
    first_name="Mira",
    last_name="Sommer",
    address1="Lindenweg 4",
    city="Leipzig",
    country="Germany",
    country_code="DE",
    zip="04109",
)
Settle = Callable[[], None]
Buy = Callable[..., Order]


@pytest.fixture
def settle(shopify: server.Running, jobs: Jobs, clock: Clock) -> Settle:
    """All that is on its way arrives, at Shopify and at the app."""

    def settle_() -> None:
        for _ in range(3):
            jobs.run()
            assert shopify.log.settle()
            clock.forward(seconds=4)
        jobs.run()

    return settle_


@pytest.fixture
def shop(installed: Shop, settle: Settle) -> Shop:
    settle()
    return installed


@pytest.fixture
def shirt(shopify: server.Running) -> Product:
    """In three sizes; nobody has size L any more."""
    sizes = [{"title": size, "price": price, "inventory_quantity": count} for size, price, count in SIZES]
    return deeds.add_product(shopify.state, LUMEN, "Linen shirt", sizes, product_type="Clothing", option_name="Size")


SIZES = (("S", "49.90", 5), ("M", "54.90", 3), ("L", "49.90", 0))


@pytest.fixture
def lamp(shopify: server.Running) -> Product:
    brass = [{"title": "Brass", "price": "89.90", "inventory_quantity": 9}]
    return deeds.add_product(shopify.state, LUMEN, "Reading lamp", brass, product_type="Lighting")


@pytest.fixture
def buy(shopify: server.Running, shop: Shop, settle: Settle, shirt: Product, lamp: Product) -> Buy:
    """buy(): two shirts and a lamp were sent a moment ago and are there."""

    def place(is_sent: bool = True, **how: Any) -> Order:
        wanted = [(shirt.variants[0].id, 2), (lamp.variants[0].id, 1)]
        usual = {"email": EMAIL, "shipping_address": HOME, "customer_locale": "en"}
        order = deeds.place_order(shopify.state, LUMEN, wanted, **(usual | how))  # type: ignore[arg-type]
        if is_sent:
            arrive(shopify, deeds.fulfil(shopify.state, order))
        settle()
        shopify.mailbox.clear()
        return order

    return place


def arrive(shopify: server.Running, parcel: Fulfillment) -> None:
    deeds.scan(shopify.state, parcel, "delivered")


@pytest.fixture
def order(buy: Buy) -> Order:
    return buy()


class Buyer:
    """Who follows the link to an order's page and, as a rule, has typed the code that was mailed."""

    def __init__(self, client: FlaskClient, shop: Shop, order: Order) -> None:
        self._storefront, self._shop, self.order = Storefront(client, shop.domain), shop, order
        self.token = links.token(shop, order.id)
        self.customer = ""
        self.types_the_code()

    def types_the_code(self) -> None:
        """It counts for half an hour."""
        self.proof = proof.word(self._shop, self.order.id)

    def visits(self, path: str) -> TestResponse:
        page = f"/orders/{self.token}/{path}".rstrip("/")
        return self._storefront.get(page, query=self._query, customer=self.customer)

    def sends(self, path: str, form: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        page = f"/orders/{self.token}/{path}".rstrip("/")
        return self._storefront.post(page, form, query=self._query, customer=self.customer, **options)

    @property
    def _query(self) -> dict[str, str]:
        return {"proof": self.proof} if self.proof else {}

    # what she does, as a rule

    def chooses(self, **units: int) -> TestResponse:
        """chooses(shirt=1): by the first letters of the title."""
        return self.sends("return", {f"units-{self.piece(title)}": str(count) for title, count in units.items()})

    def explains(self, title: str, reason: str = "too-small", outcome: str = "refund", **more: str) -> TestResponse:
        piece = self.piece(title)
        form = {"reason": reason, "outcome": outcome} | more
        return self.sends("return/details", {f"{name}-{piece}": text for name, text in form.items()})

    def agrees(self) -> TestResponse:
        """To what the last page shows."""
        return self.sends("return/check", {"seen": self.seen()})

    def seen(self) -> str:
        found = re.search(r'name="seen" value="([0-9a-f]+)"', self.visits("return/check").text)
        assert found
        return found[1]

    def piece(self, title: str) -> int:
        """The number of a line of the first parcel, which the forms name."""
        lines = {line.id: line.title.casefold() for line in self.order.lines}
        parcel = self.order.fulfillments[0]
        return next(one.id for one in parcel.lines if title.casefold() in lines[one.line_id])

    def asks_for_a_shirt(self, **how: Any) -> Request:
        self.chooses(shirt=1)
        self.explains("shirt", **how)
        assert self.agrees().status_code == 200
        return asked()[-1]


@pytest.fixture
def buyer(app: Flask, client: FlaskClient, shop: Shop, order: Order) -> Buyer:
    return Buyer(client, shop, order)


def asked() -> list[Request]:
    """All requests, oldest first."""
    rest()
    return db.session.query(Request).order_by(Request.id).all()


def drafts() -> list[Draft]:
    rest()
    return db.session.query(Draft).all()


def text(page: TestResponse) -> str:
    """What a person reads."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)).replace(" ,", ",")


@pytest.fixture
def folder(app: Flask) -> Path:
    """Where photos lie."""
    return Path(urlsplit(app.extensions["config"].photos_url).path)


def photo(name: str = "JPEG", size: tuple[int, int] = (40, 30), **save: Any) -> bytes:
    """A picture as a telephone makes it."""
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, name, **save)
    return out.getvalue()


def days(count: float) -> timedelta:
    return timedelta(days=count)
