"""A shop that reminds of carts, its buyer Mira, and the hours that go by."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from devstore import deeds, server
from devstore.records import Checkout, Customer, Product
from devstore.smtp import Message as Received
from shopify_app import clock as app_clock
from shopify_app.carts import settings
from shopify_app.carts.models import Reminder
from shopify_app.carts.settings import Settings
from shopify_app.db import db, rest, transaction
from shopify_app.mail.models import Message
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, Clock, Jobs, allow
from tests.home.conftest import neighbour
from tests.mirror.conftest import buy, lamp, lumen, mira, rounds

__all__ = ("buy", "lamp", "lumen", "mira", "neighbour", "rounds")

EMAIL = "mira.sommer@example.com"


class Store:
    """Where carts are left, and what came of it."""

    def __init__(self, shopify: server.Running, jobs: Jobs, clock: Clock, lamp: Product, mira: Customer) -> None:
        self.shopify, self.jobs, self.clock = shopify, jobs, clock
        self.state, self.lamp, self.mira = shopify.state, lamp, mira

    def left(self, **how: Any) -> Checkout:
        """Somebody types an e-mail at the checkout and leaves; Mira, unless told otherwise."""
        usual: dict[str, Any] = {"locale": "en", "accepts_marketing": True}
        if not {"email", "phone", "customer"} & how.keys():
            usual["customer"] = self.mira
        wanted = how.pop("lines", [(self.lamp.variants[0].id, 1)])
        checkout = deeds.begin_checkout(self.state, LUMEN, wanted, **(usual | how))
        self.settle()
        return checkout

    def settle(self) -> None:
        assert self.shopify.log.settle()
        self.jobs.run()

    def later(self, **span: float) -> None:
        self.clock.forward(**span)
        self.settle()

    def until(self, hour: int) -> None:
        """Forward to the next time that it is this hour in UTC: at night nobody is written to."""
        now = app_clock.now()
        then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
        self.later(seconds=((then if then > now else then + timedelta(days=1)) - now).total_seconds())

    def mails(self, to: str = EMAIL) -> list[Received]:
        return self.shopify.mailbox.messages(to=to)

    def reasons(self) -> list[str | None]:
        """What the merchant reads of the messages about carts."""
        rest()
        about = db.session.query(Message).filter(Message.template == "carts/reminder").order_by(Message.id)
        return [message.result if message.result == "sent" else message.reason for message in about]

    def reminders(self) -> list[tuple[str | None, str | None]]:
        rest()
        return [(one.result, one.reason) for one in db.session.query(Reminder).order_by(Reminder.id)]


@pytest.fixture
def switch(lumen: Shop) -> Callable[..., None]:
    """switch(steps=2): reminders are on from now on, nobody is held out, and the rest is as told."""

    def set_(**chosen: Any) -> None:
        usual = {"since": app_clock.now(), "holdout": 0}
        with transaction():
            settings.keep(lumen, Settings(**(usual | chosen)))
            lumen.settings = lumen.settings | {"confirmations": False}

    return set_


@pytest.fixture
def store(
    shopify: server.Running,
    jobs: Jobs,
    clock: Clock,
    lamp: Product,
    mira: Customer,
    lumen: Shop,
    switch: Callable[..., None],
) -> Store:
    deeds.edit_consent(shopify.state, mira, "subscribed")
    allow(shopify, "write_discounts")
    found = Store(shopify, jobs, clock, lamp, mira)
    found.until(9)
    shopify.mailbox.clear()
    switch()
    return found
