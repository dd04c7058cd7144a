"""The persons and places of the tests: a shop with its buyers, a real store beside it, both databases.

A test that asks for `app` (or for anything that needs it) runs on SQLite and on PostgreSQL.
"""

import base64
import json
import os
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import settings
from sqlalchemy import Select, bindparam, exists, or_, select
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from devstore import config as devstore_config
from devstore import deeds, server, signing
from devstore.records import Address
from jobs import mail, sync, webhooks
from shopify_app import clock as app_clock
from shopify_app import config, create_app, limits, work
from shopify_app.db import db, rest, transaction
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from tests.setup import postgres as postgresql

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
"""How long one case takes says more about who else uses the machine than about the app."""

SECRET = "hush-hush-hush-hush-hush-hush-32"
KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
LUMEN, SECOND = "lumen-goods.myshopify.com", "second-shop.myshopify.com"


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an empty database."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        yield f"sqlite:///{folder}/app.db"
    elif given := os.environ.get("TEST_DATABASE_URL"):
        with postgresql.database_on(given) as url:
            yield url
    else:
        running = postgresql.start(folder / "data")
        yield running.url
        running.stop()


@pytest.fixture(scope="session")
def made_app(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    env = {
        "APP_URL": "https://aftercare.example.com",
        "SHOPIFY_API_KEY": KEY,
        "SHOPIFY_API_SECRET": SECRET,
        "DATABASE_URL": database,
        "ENCRYPTION_KEYS": base64.urlsafe_b64encode(b"e" * 32).decode(),
        "INDEX_KEY": base64.urlsafe_b64encode(b"i" * 32).decode(),
        "SMTP_URL": "smtp://127.0.0.1:9",
        "MAIL_FROM": "Lumen Goods <orders@lumen-goods.example>",
        "PHOTOS_URL": tmp_path_factory.mktemp("photos").as_uri(),
        "CLOCK_FILE": str(tmp_path_factory.mktemp("clock") / "offset"),
        "LOG_LEVEL": "WARNING",
    }
    app = create_app(config.read(env))
    app.testing = True
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        app.extensions["intake"].close()


@pytest.fixture
def app(made_app: Flask) -> Iterator[Flask]:
    """The app, inside its context, with empty tables, its own configuration and nobody counted."""
    settings = made_app.extensions["config"]
    with made_app.app_context():
        yield made_app
        db.session.rollback()
        with transaction():
            for table in reversed(db.metadata.sorted_tables):
                db.session.execute(table.delete())
        db.session.remove()
    made_app.extensions["config"] = settings
    limits.init_app(made_app, settings)
    Clock(settings.clock_file).reset()


@pytest.fixture
def configure(app: Flask) -> Callable[..., None]:
    """Set some of the configuration for one test."""

    def set_(**values: Any) -> None:
        app.extensions["config"] = replace(app.extensions["config"], **values)

    return set_


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


class Clock:
    """The app's time, which only goes forward."""

    def __init__(self, file: str) -> None:
        self._file = Path(file)
        self.others: list[Callable[[timedelta], None]] = []
        """Whoever else lives in this time."""

    def forward(self, **span: float) -> None:
        """As in forward(days=10): for the app, and for the store beside it."""
        before = float(self._file.read_text()) if self._file.exists() else 0
        self._file.write_text(str(before + timedelta(**span).total_seconds()))
        app_clock.configure(str(self._file))
        for other in self.others:
            other(timedelta(**span))

    def reset(self) -> None:
        self._file.unlink(missing_ok=True)
        app_clock.configure(str(self._file))


@pytest.fixture
def clock(app: Flask) -> Clock:
    return Clock(app.extensions["config"].clock_file)


class Jobs:
    """The workers."""

    def run(self) -> None:
        """Work until nothing is due on any queue. What the test has read before is read anew after it."""
        for _ in range(3):
            for job in (webhooks, mail, sync):
                job.drain()
            rest()
            if not db.session.scalar(_left(), {"now": app_clock.now()}):
                break
        rest()


@cache
def _left() -> Select[tuple[bool]]:
    """Whether one queue has left something to another."""
    due = (exists().where(kind.done_at.is_(None), kind.due_at <= bindparam("now")) for kind in work.kinds())
    return select(or_(*due))


@pytest.fixture
def jobs(app: Flask) -> Jobs:
    return Jobs()


def install(domain: str, **columns: Any) -> Shop:
    """A shop that installed the app a while ago, without asking the store."""
    shop = Shop(domain=domain, name=domain.partition(".")[0].replace("-", " ").title(), timezone="Europe/Berlin")
    shop.installed_at = shop.greeted_at = app_clock.now() - timedelta(days=1)
    shop.settings = {"confirmations": True}
    shop.storefront_url = f"https://{domain}"
    for name, value in columns.items():
        setattr(shop, name, value)
    with transaction():
        db.session.add(shop)
    return shop


class Sender:
    """Shopify, as far as it sends webhooks."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    def __call__(self, topic: str, body: object, **about: Any) -> TestResponse:
        """One delivery; what may be said about it stands at `signed_webhook`."""
        return self._client.post("/webhooks", **signed_webhook(topic, body, **about))


def signed_webhook(
    topic: str,
    body: object,
    *,
    shop: str = LUMEN,
    webhook_id: str | None = None,
    at: datetime | None = None,
    secret: str = SECRET,
    headers: Mapping[str, str | None] = MappingProxyType({}),
) -> dict[str, Any]:
    """Body and headers as Shopify writes them. `body` may be raw bytes; a header of None is left out."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    written = {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": signing.webhook(secret, raw),
        "X-Shopify-Shop-Domain": shop,
        "X-Shopify-API-Version": "2026-10",
        "X-Shopify-Webhook-Id": webhook_id or str(uuid.uuid4()),
        "X-Shopify-Event-Id": str(uuid.uuid4()),
        "X-Shopify-Triggered-At": (at or app_clock.now()).isoformat(),
    }
    return {
        "data": raw,
        "headers": {name: text for name, text in (written | dict(headers)).items() if text is not None},
    }


@pytest.fixture
def sends(client: FlaskClient) -> Sender:
    """sends("orders/create", body): Shopify tells the app something."""
    return Sender(client)


@pytest.fixture
def restarted(app: Flask) -> Iterator[Callable[..., Flask]]:
    """restarted(api_secret_old="…"): the app started anew on the same database with a changed configuration."""
    started: list[Flask] = []

    def start(**values: Any) -> Flask:
        made = create_app(replace(app.extensions["config"], **values))
        started.append(made)
        return made

    yield start
    for made in started:
        made.extensions["intake"].close()
        with made.app_context():
            db.engine.dispose()


@pytest.fixture
def shop(app: Flask) -> Shop:
    """Lumen Goods, installed, with confirmations switched on."""
    return install(LUMEN)


@pytest.fixture
def other_shop(app: Flask) -> Shop:
    """A neighbour who must never see anything of the first."""
    return install(SECOND)


@pytest.fixture
def is_stocked() -> bool:
    """Whether the store begins with products, buyers and orders; else its two shops are empty."""
    return False


@pytest.fixture
def shopify(app: Flask, configure: Callable[..., None], clock: Clock, is_stocked: bool) -> Iterator[server.Running]:
    """A store on this machine with two shops, nothing installed yet; the app answers it over real HTTP."""
    front = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=front.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{front.server_port}"
    store = server.start(
        devstore_config.Config(
            app_url=address,
            api_secret=SECRET,
            api_key=KEY,
            clock_file=Path(app.extensions["config"].clock_file),
            seeded=is_stocked,
            port=0,
            storefront_port=0,
            smtp_port=0,
        )
    )
    clock.others += [store.state.forward, lambda _: store.log.wake()]
    for domain, name in () if is_stocked else ((LUMEN, "Lumen Goods"), (SECOND, "Second Shop")):
        home = Address(city="Berlin", country="Germany", country_code="DE")
        deeds.add_shop(store.state, domain, name, email="owner@example.com", address=home)
        store.open_storefront(domain)
    host, port = store.smtp
    configure(
        app_url=address,
        shop_url=store.url + "/{shop}",
        admin_url=store.url,
        cdn_url=f"{store.url}/cdn",
        smtp_url=f"smtp://{host}:{port}",
    )
    yield store
    store.stop()
    front.shutdown()
    thread.join()
    front.server_close()


def allow(shopify: server.Running, *scopes: str) -> None:
    """The merchant gives permissions that are asked for later; the app hears of it with the next jobs."""
    install = shopify.state.install(LUMEN)
    assert install is not None
    deeds.grant(shopify.state, LUMEN, sorted({*install.scopes, *scopes}))


@pytest.fixture
def installed(shopify: server.Running, client: FlaskClient, jobs: Jobs) -> Shop:
    """Lumen Goods after its merchant has opened the app in the admin for the first time."""
    opened = shopify.open_app(LUMEN)
    assert client.get(opened.removeprefix(shopify.app_url)).status_code == 200
    return shops.named(LUMEN)
