"""A real mail server that keeps what it is given, and goes wrong on request."""

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from devstore import deeds
from devstore.clock import Clock as StoreClock
from devstore.faults import Faults, SmtpFaults
from devstore.server import Running
from devstore.smtp import Mailbox, MailServer
from shopify_app import clock as app_clock
from shopify_app.db import db, rest
from shopify_app.mail.models import Message
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, Clock, Jobs, Sender, allow
from tests.factories import new_order
from tests.mail.journeys import World


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def smtp(faults: Faults) -> SmtpFaults:
    """What goes wrong at the mail server."""
    return faults.smtp


@pytest.fixture
def mailbox(configure: Callable[..., None], faults: Faults) -> Iterator[Mailbox]:
    kept = Mailbox(StoreClock())
    server = MailServer(kept, faults, 0)
    server.start()
    host, port = server.address
    configure(smtp_url=f"smtp://{host}:{port}")
    yield kept
    server.stop()


@pytest.fixture
def world(shopify: Running, installed: Shop, client: FlaskClient, clock: Clock, jobs: Jobs) -> World:
    """Lumen Goods at a real store, its first import over."""
    allow(shopify, "write_discounts")
    kinds = [{"title": title, "price": "89.90"} for title in ("Brass", "Steel")]
    lamp = deeds.add_product(shopify.state, LUMEN, "Reading lamp", kinds)
    found = World(installed, shopify, client, clock, jobs, lamp)
    found.settle()
    return found


Orders = Callable[..., None]


@pytest.fixture
def orders(sends: Sender, jobs: Jobs) -> Orders:
    """orders(name="#7"): Mira has just bought a lamp, and all that follows from it has happened."""

    def place(number: int = 1001, topic: str = "orders/create", **keys: object) -> None:
        assert sends(topic, new_order(app_clock.now(), number, **keys)).status_code == 200
        jobs.run()

    return place


def message() -> Message:
    """The only one."""
    rest()
    return db.session.query(Message).one()
