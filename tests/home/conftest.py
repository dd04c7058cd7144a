"""The merchant: staff of a shop, inside the Shopify admin."""

from collections.abc import Callable, Iterator
from contextvars import Context
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from devstore import signing
from devstore.clock import Clock
from devstore.faults import Faults, SmtpFaults
from devstore.smtp import Mailbox, MailServer
from shopify_app import clock
from shopify_app.db import db, rest, transaction, upsert
from shopify_app.shopify.install import REFRESH_DAYS
from shopify_app.shopify.models import Shop
from shopify_app.shopify.staff import Member
from tests.buyers import tell as tell
from tests.conftest import KEY, SECRET


class Merchant:
    """What App Bridge and the admin's frame do. Each request stands alone, as in a server."""

    def __init__(self, client: FlaskClient, domain: str, locale: str = "en", user: int = 7) -> None:
        self._client, self.domain, self.locale, self.user = client, domain, locale, user

    @property
    def token(self) -> str:
        return signing.id_token(SECRET, KEY, self.domain, self.user, clock.now())

    @property
    def frame(self) -> dict[str, str]:
        """What a link inside the frame carries on."""
        host = signing.host(self.domain.removesuffix(".myshopify.com"))
        return {"embedded": "1", "shop": self.domain, "host": host, "locale": self.locale}

    def opens(self, path: str = "/", **query: str) -> TestResponse:
        """A document with a token of its own: the first load, or what a bounce came back with."""
        return self.visits(path, id_token=self.token, **query)

    def visits(self, path: str = "/", **query: str) -> TestResponse:
        """A document as a link in the frame asks for it."""
        return self.asks("GET", path, query_string=self.frame | query)

    def fetches(self, path: str) -> TestResponse:
        """What a script of the page asks for, signed by App Bridge."""
        signed = {"Authorization": f"Bearer {self.token}"}
        return self.asks("GET", path, query_string=self.frame, headers=signed)

    def sends(self, path: str, form: dict[str, str] | None = None, **options: Any) -> TestResponse:
        """A POST of the page's script, signed by App Bridge."""
        options = {"query_string": self.frame, "headers": {"Authorization": f"Bearer {self.token}"}} | options
        return self.asks("POST", path, data=form or {}, **options)

    def asks(self, method: str, path: str, **options: Any) -> TestResponse:
        rest()
        options = {"buffered": True} | options
        return Context().run(lambda: self._client.open(path, method=method, **options))


def settle(app: Flask, shop: Shop) -> None:
    """It has tokens that live, so that nobody needs to ask Shopify for them."""
    with transaction():
        shop.scopes, shop.refresh_expires_at = app.extensions["scopes"], clock.now() + REFRESH_DAYS
        db.session.add(shop)


def enlist(shop: Shop, **roles: str) -> None:
    """enlist(shop, agent="7"): these numbers have opened the app before, and are that."""
    now = clock.now()
    with transaction():
        for role, user in roles.items():
            row = {"shop_id": shop.id, "user": user, "role": role, "first_seen_at": now, "last_seen_at": now}
            upsert(Member, [row], ("shop_id", "user"))
    rest()


@pytest.fixture
def merchant(app: Flask, client: FlaskClient, shop: Shop) -> Merchant:
    settle(app, shop)
    return Merchant(client, shop.domain)


@pytest.fixture
def neighbour(app: Flask, client: FlaskClient, other_shop: Shop) -> Merchant:
    """Staff of another shop."""
    settle(app, other_shop)
    return Merchant(client, other_shop.domain)


@pytest.fixture
def post_office(configure: Callable[..., None]) -> Iterator[tuple[Mailbox, SmtpFaults]]:
    """A real mail server: what it has taken, and what goes wrong there."""
    kept, faults = Mailbox(Clock()), Faults()
    server = MailServer(kept, faults, 0)
    server.start()
    host, port = server.address
    configure(smtp_url=f"smtp://{host}:{port}")
    yield kept, faults.smtp
    server.stop()
