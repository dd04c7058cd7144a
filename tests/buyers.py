"""A buyer on the shop's storefront with a mailbox, and Shopify, which tells the app about orders: fixtures."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from devstore import signing
from devstore.clock import Clock
from devstore.faults import Faults
from devstore.smtp import Mailbox, MailServer
from shopify_app import clock, limits
from shopify_app.shopify.models import Shop
from tests.conftest import SECRET, Jobs, Sender

PATH = "/apps/aftercare"


class Storefront:
    """What Shopify's app proxy sends: signed, without cookies, from the visitor's address."""

    def __init__(self, client: FlaskClient, domain: str) -> None:
        self._client = client
        self._domain = domain

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._send("GET", path, **options)

    def post(
        self, path: str, form: dict[str, str] | None = None, raw: bytes | None = None, **options: Any
    ) -> TestResponse:
        return self._send("POST", path, data=form or {} if raw is None else raw, **options)

    def look_up(self, number: str, contact: str, **options: Any) -> TestResponse:
        return self.post("/lookup", {"number": number, "contact": contact}, **options)

    def _send(
        self, method: str, path: str, query: dict[str, str] | None = None, visitor: str = "203.0.113.7", **options: Any
    ) -> TestResponse:
        signed = sign(self._domain, query or {})
        headers = {"X-Forwarded-For": visitor} | options.pop("headers", {})
        path = path.removeprefix(PATH)
        return self._client.open(f"/proxy{path}?{signed}", method=method, headers=headers, **options)


def sign(domain: str, query: dict[str, str], path: str = PATH, customer: str = "") -> str:
    """`customer`: who is logged in with Shopify."""
    now = str(int(clock.now().timestamp()))
    about = {"shop": domain, "logged_in_customer_id": customer, "path_prefix": path, "timestamp": now}
    pairs = [*query.items(), *about.items()]
    return urlencode([*pairs, ("signature", signing.proxy(SECRET, pairs))])


@pytest.fixture
def storefront(app: Flask, client: FlaskClient, shop: Shop) -> Storefront:
    """Where nobody has tried anything yet."""
    limits.init_app(app, app.extensions["config"])
    return Storefront(client, shop.domain)


Tell = Callable[..., None]
Configure = Callable[..., None]


@pytest.fixture
def configure(app: Flask, configure: Configure) -> Configure:
    """As elsewhere; limits are made anew, and nobody has tried anything yet."""

    def set_(**values: Any) -> None:
        configure(**values)
        limits.init_app(app, app.extensions["config"])

    return set_


@pytest.fixture
def tell(sends: Sender, shop: Shop, jobs: Jobs) -> Tell:
    """Shopify tells the app news, as tell("orders/create", body, topic, body …), and the workers work it off."""

    def send(*news: Any, domain: str = shop.domain) -> None:
        for topic, body in zip(news[::2], news[1::2], strict=True):
            assert sends(topic, body, shop=domain).status_code == 200
        jobs.run()

    return send


@pytest.fixture
def mailbox(configure: Configure) -> Iterator[Mailbox]:
    """A real mail server that keeps what it is given."""
    kept = Mailbox(Clock())
    server = MailServer(kept, Faults(), 0)
    server.start()
    host, port = server.address
    configure(smtp_url=f"smtp://{host}:{port}")
    yield kept
    server.stop()
