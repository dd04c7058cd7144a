"""A real mail server that keeps what it is given, and goes wrong on request."""

from collections.abc import Callable, Iterator

import pytest

from devstore.clock import Clock as StoreClock
from devstore.faults import Faults, SmtpFaults
from devstore.smtp import Mailbox, MailServer
from shopify_app import clock
from shopify_app.db import db, rest
from shopify_app.mail.models import Message
from tests.conftest import Jobs, Sender
from tests.factories import new_order


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


Orders = Callable[..., None]


@pytest.fixture
def orders(sends: Sender, jobs: Jobs) -> Orders:
    """orders(name="#7"): Mira has just bought a lamp, and all that follows from it has happened."""

    def place(number: int = 1001, topic: str = "orders/create", **keys: object) -> None:
        assert sends(topic, new_order(clock.now(), number, **keys)).status_code == 200
        jobs.run()

    return place


def message() -> Message:
    """The only one."""
    rest()
    return db.session.query(Message).one()
