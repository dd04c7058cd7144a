"""A shop with a past comes to us: its orders and carts of sixty days, the install, and all of its news once more."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from devstore import deeds, payloads, server
from devstore.records import Checkout, Order, Product
from shopify_app import clock as app_clock
from shopify_app.confirmations.kinds import KINDS as CONFIRMATIONS
from shopify_app.tracking import KINDS
from tests.conftest import LUMEN, Clock, Jobs, Sender
from tests.home.conftest import Merchant

SPAN = timedelta(days=60)
AFTER = 14
"""Days that go by after the install."""
TELLING = ("orders/create", "orders/updated", "orders/fulfilled")
HANDFUL = 1_000
"""News that wait for the workers at once."""

News = tuple[str, dict[str, Any]]
"""Topic and body."""


class Past:
    """Sixty days of a shop that had never heard of us."""

    def __init__(self, shopify: server.Running, lamp: Product) -> None:
        self.state, self.lines = shopify.state, [(lamp.variants[0].id, 1)]
        self.view = shopify.view(LUMEN)
        self.now = app_clock.now()

    def checkouts(self, count: int) -> Iterator[Checkout]:
        return (self.left(number, count) for number in range(count))

    def left(self, number: int, count: int) -> Checkout:
        """Some a minute ago, some weeks."""
        at = self.now - timedelta(minutes=1) - SPAN * number / count
        email = f"left-{number}@example.com"
        return deeds.begin_checkout(self.state, LUMEN, self.lines, email=email, accepts_marketing=True, at=at)

    def orders(self, count: int) -> Iterator[Order]:
        return (self.bought(number, count) for number in range(count))

    def bought(self, number: int, count: int) -> Order:
        """A quarter each: not sent, under way, delivered three days after, delivered late."""
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

    def news(self, left: Sequence[Checkout], bought: Sequence[Order]) -> Iterator[News]:
        """Fresh news of old things, as when Shopify or an app touches all of them."""
        for checkout in left:
            yield "checkouts/update", payloads.render(self.view, "checkouts/update", checkout)
        for order in bought:
            for topic in TELLING:
                yield topic, payloads.render(self.view, topic, order)


def switch_everything_on(owner: Merchant) -> None:
    """As a merchant does: each dry run is looked at first."""
    shown = re.search(r"seen=([\w.\-]+)", owner.fetches("/settings/rehearsal").text)
    assert shown
    wanted = {"confirmations": "on", "parcels": list(KINDS), "seen": shown[1]}
    assert owner.sends("/settings/switches", wanted).status_code == 200  # type: ignore[arg-type]
    owner.sends("/settings/confirmations", {"kinds": list(CONFIRMATIONS), "code": "TEN"})  # type: ignore[dict-item]
    proof = re.search(r'name="proof" value="([^"]+)"', owner.fetches("/carts/rehearsal").text)
    seen = re.search(r"seen=([\w.\-]+)", owner.fetches("/feedback/trial").text)
    assert proof
    assert seen
    assert owner.sends("/carts/switch", {"on": "yes", "proof": proof[1]}).status_code == 200
    there = {"query_string": owner.frame | {"to": "on", "seen": seen[1]}}
    assert owner.sends("/feedback/switch", **there).status_code == 200


def tell(sends: Sender, jobs: Jobs, news: Iterable[News]) -> None:
    for place, (topic, body) in enumerate(news, 1):
        assert sends(topic, body).status_code == 200
        if place % HANDFUL == 0:
            jobs.run()
    jobs.run()


def go_by(jobs: Jobs, clock: Clock) -> Iterator[int]:
    """Day by day, with a look at noon and one at night."""
    for day in range(1, AFTER + 1):
        for _ in range(2):
            clock.forward(hours=12)
            jobs.run()
        yield day


def heard(shopify: server.Running, jobs: Jobs, clock: Clock, past: Past) -> set[str]:
    """Whom we write to of those that come now: it shows whether anything is on."""
    clock.forward(hours=(24 + 9 - app_clock.now().hour) % 24)
    deeds.place_order(past.state, LUMEN, past.lines, email="new-order@example.com")
    for number in range(8):  # one in ten is held out
        mine = f"new-cart{number or ''}@example.com"
        deeds.begin_checkout(past.state, LUMEN, past.lines, email=mine, accepts_marketing=True)
    assert shopify.log.settle()
    jobs.run()
    clock.forward(minutes=61)
    jobs.run()
    written_to = {address for mail in shopify.mailbox.messages() for address in mail.rcpt_tos}
    return {re.sub(r"cart\d", "cart", one) for one in written_to}
