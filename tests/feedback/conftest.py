"""A shop that asks its buyers, and Mira, who bought a lamp there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from shopify_app import clock as app_clock
from shopify_app.db import db, rest, transaction
from shopify_app.feedback import links, rules
from shopify_app.mail.models import Message
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront, Tell, configure, mailbox, storefront, tell
from tests.conftest import Clock, Jobs
from tests.factories import Body, event, fulfillment, new_order, written
from tests.home.conftest import merchant, neighbour

__all__ = ("configure", "mailbox", "merchant", "neighbour", "storefront", "tell")

LAMP = 9001
"""The product of tests.factories."""


@pytest.fixture(autouse=True)
def asks(shop: Shop) -> None:
    """Requests are on, at a shop in Germany with an address of its own; no order confirmations."""
    with transaction():
        shop.settings, shop.country, shop.email = {}, "DE", "owner@example.com"
        rules.switch(shop, is_on=True)


class Order:
    """One order of Mira's, as Shopify tells of it."""

    def __init__(self, tell: Tell, number: int = 1001, **keys: Any) -> None:
        self.tell, self.number = tell, number
        self.body = new_order(app_clock.now(), number, **keys)
        tell("orders/create", self.body)

    def changes(self, **keys: Any) -> None:
        self.body |= {"updated_at": written(app_clock.now())} | keys
        self.tell("orders/updated", self.body)

    def is_sent(self, number: int = 5001, **keys: Any) -> None:
        now = written(app_clock.now())
        self.tell("fulfillments/create", self.parcel(number, created_at=now, updated_at=now, **keys))

    def parcel(self, number: int = 5001, **keys: Any) -> Body:
        return fulfillment(number, self.number, **keys)

    def is_scanned(self, status: str, at: datetime | None = None, parcel: int = 5001, number: int = 6001) -> None:
        moment = written(at or app_clock.now())
        self.tell("fulfillment_events/create", self.scan(status, moment, parcel, number))

    def scan(self, status: str, moment: str, parcel: int = 5001, number: int = 6001) -> Body:
        return event(number, parcel, self.number, status=status, happened_at=moment, estimated_delivery_at=None)

    def arrives(self) -> datetime:
        """Sent and delivered at this moment, to the second."""
        moment = app_clock.now().replace(microsecond=0)
        self.is_sent()
        self.is_scanned("delivered", moment)
        return moment


Buys = Callable[..., Order]


@pytest.fixture
def buys(tell: Tell) -> Buys:
    """buys(): an order placed now."""
    return lambda number=1001, **keys: Order(tell, number, **keys)


@pytest.fixture
def at(clock: Clock, jobs: Jobs) -> Callable[[datetime], None]:
    """at(moment): what the workers do until then."""

    def travel(moment: datetime) -> None:
        clock.forward(seconds=(moment - app_clock.now()).total_seconds())
        jobs.run()

    return travel


def messages() -> list[str]:
    """What was written to buyers about feedback, by kind, oldest first."""
    rest()
    told = select(Message).where(Message.template.like("feedback/%")).order_by(Message.id)
    return [one.template.removeprefix("feedback/") for one in db.session.scalars(told)]


class Buyer:
    """Who follows the link of the mail."""

    def __init__(self, storefront: Storefront, shop: Shop, order: int, tapped: str = "") -> None:
        self._storefront = storefront
        self.token = links.token(shop, order, tapped)

    def visits(self, path: str = "", method: str = "GET", **options: Any) -> TestResponse:
        return self._storefront._send(method, f"/feedback/{self.token}{path}", **options)

    def sends(self, path: str = "", form: dict[str, Any] | None = None) -> TestResponse:
        return self._storefront.post(f"/feedback/{self.token}{path}", form)


@pytest.fixture
def mira(app: Flask, client: FlaskClient, storefront: Storefront, shop: Shop, buys: Buys) -> Buyer:
    """Her lamp has come."""
    buys().arrives()
    return Buyer(storefront, shop, 1001)


def in_ten_days(moment: datetime) -> datetime:
    return moment + timedelta(days=10)
