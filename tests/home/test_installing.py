"""Installing on a shop with a past, with everything switched on at once, writes to nobody of that past."""

import re
from collections import Counter
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from devstore import deeds, payloads, server
from devstore.records import Checkout, Order, Product
from shopify_app import clock as app_clock
from shopify_app.carts.models import Cart
from shopify_app.confirmations.kinds import KINDS as CONFIRMATIONS
from shopify_app.db import db, rest
from shopify_app.mail.models import Message
from shopify_app.orders import models as mirror
from shopify_app.shopify.models import Shop, named
from shopify_app.tracking import KINDS
from tests.conftest import LUMEN, Clock, Jobs, Sender
from tests.home.conftest import Merchant
from tests.mirror.conftest import Rounds
from tests.mirror.conftest import lamp as lamp
from tests.mirror.conftest import rounds as rounds

SPAN = timedelta(days=60)
AFTER = 14
"""Days that go by after everything was switched on."""
TELLING = ("orders/create", "orders/updated", "orders/fulfilled")


class Past:
    """Sixty days of a shop that had never heard of us."""

    def __init__(self, shopify: server.Running, lamp: Product) -> None:
        self.state, self.lines = shopify.state, [(lamp.variants[0].id, 1)]
        self.view = shopify.view(LUMEN)
        self.now = app_clock.now()

    def checkouts(self, count: int) -> list[Checkout]:
        return [self.left(number, count) for number in range(count)]

    def left(self, number: int, count: int) -> Checkout:
        """Some a minute ago, some weeks."""
        at = self.now - timedelta(minutes=1) - SPAN * number / count
        email = f"left-{number}@example.com"
        return deeds.begin_checkout(self.state, LUMEN, self.lines, email=email, accepts_marketing=True, at=at)

    def orders(self, count: int) -> list[Order]:
        return [self.bought(number, count) for number in range(count)]

    def bought(self, number: int, count: int) -> Order:
        """A quarter each: not sent, under way, delivered ten days ago or less, delivered long ago."""
        at = self.now - timedelta(minutes=5) - SPAN * number / count
        order = deeds.place_order(
            self.state, LUMEN, self.lines, email=f"bought-{number}@example.com", buyer_accepts_marketing=True, at=at
        )
        if number % 4:
            parcel = deeds.fulfil(self.state, order, company="DHL", number=f"00340434161{number:09}", at=at)
            deeds.scan(self.state, parcel, "in_transit", happened_at=self.later(at, 1), at=self.later(at, 1))
            if number % 4 > 1:
                came = self.later(at, 3 if number % 4 == 2 else 50)
                deeds.scan(self.state, parcel, "delivered", happened_at=came, at=came)
        return order

    def later(self, at: datetime, days: int) -> datetime:
        return min(at + timedelta(days=days), self.now - timedelta(minutes=1))


def bring_in(rounds: Rounds, shop: Shop, jobs: Jobs, clock: Clock) -> None:
    """The first import, however long it takes."""
    jobs.run()
    while rounds.of(shop, "import").done_at is None:
        clock.forward(seconds=4)
        jobs.run()


def switch_everything_on(owner: Merchant) -> None:
    """As a merchant does: each dry run is looked at first."""
    owner.sends("/settings", {"confirmations": "on", "parcels": list(KINDS)})  # type: ignore[dict-item]
    owner.sends("/settings/confirmations", {"kinds": list(CONFIRMATIONS), "code": "TEN"})  # type: ignore[dict-item]
    proof = re.search(r'name="proof" value="([^"]+)"', owner.opens("/carts/rehearsal").text)
    seen = re.search(r"seen=([\w.\-]+)", owner.opens("/feedback/trial").text)
    assert proof
    assert seen
    assert owner.sends("/carts/switch", {"on": "yes", "proof": proof[1]}).status_code == 200
    there = {"query_string": owner.frame | {"to": "on", "seen": seen[1]}}
    assert owner.sends("/feedback/switch", **there).status_code == 200


def tell_it_all_again(sends: Sender, jobs: Jobs, past: Past, checkouts: list[Checkout], orders: list[Order]) -> None:
    """Fresh news of old things, as when Shopify or an app touches all of them."""
    for place, checkout in enumerate(checkouts):
        sends("checkouts/update", payloads.render(past.view, "checkouts/update", checkout))
        if place % 5_000 == 4_999:
            jobs.run()
    for order in orders:
        for topic in TELLING:
            sends(topic, payloads.render(past.view, topic, order))
    jobs.run()


def is_heard(shopify: server.Running, jobs: Jobs, clock: Clock, past: Past) -> set[str]:
    """Who is written to that comes now: everything is really on."""
    clock.forward(hours=(24 + 9 - app_clock.now().hour) % 24)
    deeds.place_order(past.state, LUMEN, past.lines, email="new-order@example.com")
    for number in range(8):  # one in ten is held out
        mine = f"new-cart{number or ''}@example.com"
        deeds.begin_checkout(past.state, LUMEN, past.lines, email=mine, accepts_marketing=True)
    assert shopify.log.settle()
    jobs.run()
    clock.forward(minutes=61)
    jobs.run()
    heard = {address for mail in shopify.mailbox.messages() for address in mail.rcpt_tos}
    return {re.sub(r"cart\d", "cart", one) for one in heard}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("checkouts", "orders"), [(200, 60), pytest.param(50_000, 3_000, marks=pytest.mark.whole)])
def test_installing_on_a_shop_with_a_past_and_switching_everything_on_sends_nothing(
    shopify: server.Running,
    client: FlaskClient,
    lamp: Product,
    rounds: Rounds,
    sends: Sender,
    jobs: Jobs,
    clock: Clock,
    checkouts: int,
    orders: int,
) -> None:
    past = Past(shopify, lamp)
    left, bought = past.checkouts(checkouts), past.orders(orders)
    assert client.get(shopify.open_app(LUMEN).removeprefix(shopify.app_url)).status_code == 200
    shop: Shop = named(LUMEN)
    bring_in(rounds, shop, jobs, clock)
    switch_everything_on(Merchant(client, LUMEN))
    tell_it_all_again(sends, jobs, past, left, bought)
    for _ in range(2 * AFTER):
        clock.forward(hours=12)
        jobs.run()
    rest()
    reasons = Counter((one.template, one.result, one.reason) for one in db.session.query(Message))
    assert shopify.mailbox.messages() == [], reasons
    assert {result for _, result, _ in reasons} <= {"skipped"}
    assert db.session.query(Cart).count() == checkouts
    assert db.session.query(mirror.Order).count() == orders
    assert is_heard(shopify, jobs, clock, past) == {"new-cart@example.com", "new-order@example.com"}
