"""python -m benchmarks.street: random lives of buyers through the whole app, held against what the store knows.

Persons with several devices begin checkouts, come back, buy here or there, get parcels, cancel, refuse news there and
here, are erased, try cards that are declined; webhooks come twice, shuffled, or never; the clock goes on in steps.
Every reminder and request for feedback that arrives is judged by records of the store which the app never sees. Prints
the seed, what was sent and why not, and which promises were broken. `benchmarks/orderings.py` tries many more orders of
events, without the tables and the workers.
"""

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import click
from flask import Flask

from benchmarks import beside
from benchmarks.beside import LUMEN
from devstore import deeds
from devstore.records import Address, Checkout, Customer, Order
from devstore.server import Running
from devstore.smtp import Message as Received
from jobs import mail, sync, webhooks
from shopify_app import clock
from shopify_app.carts import settings
from shopify_app.carts.settings import Settings
from shopify_app.db import db, rest, transaction
from shopify_app.feedback import rules
from shopify_app.mail import links
from shopify_app.mail.models import Message, Purpose
from shopify_app.shopify import models as shops

STEP = timedelta(minutes=10)
HOUR = timedelta(hours=1)
DEEDS = (
    *("leaves", "leaves", "leaves", "returns", "returns", "pays", "elsewhere", "elsewhere by account", "declined"),
    *("gets a parcel", "gets a parcel", "cancels", "refuses", "opts out", "is erased"),
)
HOMES = (
    ("DE", "Berlin", "Europe/Berlin"),
    ("US", "New York", "America/New_York"),
    ("IN", "Mumbai", "Asia/Kolkata"),
    ("NZ", "Auckland", "Pacific/Auckland"),
)
DAY = timedelta(days=1)


@click.command()
@click.option("--persons", default=400, help="In each round.")
@click.option("--rounds", default=3)
@click.option("--seed", default=None, type=int)
def main(persons: int, rounds: int, seed: int | None) -> None:
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    print(f"seed {seed}")
    with tempfile.TemporaryDirectory() as folder, beside.running(Path(folder)) as (app, store):
        street = Street(app, store, random.Random(seed))
        started = time.monotonic()
        for number in range(rounds):
            street.round(number, persons)
        seconds = time.monotonic() - started
        broken = street.broken()
        print(f"{street.events:,} events of {persons * rounds:,} persons in {seconds:.0f} s")
        print("what became of messages:", dict(street.outcomes()))
        print("promises broken:", dict(broken) or "none")
    sys.exit(1 if broken else 0)


class Street:
    """A shop, its buyers, the app and its workers, all in this process and in one time."""

    def __init__(self, app: Flask, store: Running, chance: random.Random) -> None:
        self.chance, self.events = chance, 0
        self.app, self.store, self.state = app, store, store.state
        self.clock_file = Path(app.extensions["config"].clock_file)
        lamp = [{"title": "Brass", "price": "89.90", "sku": "L"}, {"title": "Steel", "price": "79.90", "sku": "S"}]
        self.lamp = deeds.add_product(self.state, LUMEN, "Reading lamp", lamp)
        self.refused: dict[str, datetime] = {}
        self.erased: dict[str, datetime] = {}
        self.zones: dict[str, str] = {}
        self.active: dict[str, list[tuple[datetime, str]]] = {}
        self.app.test_client().get(self.store.open_app(LUMEN).removeprefix(self.store.app_url))
        self.pass_time(timedelta(minutes=2))
        self.morning()
        with transaction():
            shop = shops.named(LUMEN)
            settings.keep(shop, Settings(since=clock.now(), steps=3, percent=10, cap=1000, budget=500))
            rules.keep(shop, since=clock.now().isoformat(), cap=5000)

    def round(self, number: int, persons: int) -> None:
        """Four hours of a morning for new persons, and the three weeks after it."""
        people = [self._person(f"p{number}-{one}@example.com") for one in range(persons)]
        for _ in range(24):
            for customer in people:
                if self.chance.random() < 0.2:
                    self._does(customer, self.chance.choice(DEEDS))
            self.pass_time(STEP)
        for hours in (2, 6, 6, 6, *(6,) * 80):
            self.pass_time(timedelta(hours=hours))
        self.morning()

    def _person(self, email: str) -> Customer:
        country, city, self.zones[email] = self.chance.choice(HOMES)
        home = Address(city=city, country_code=country)
        customer = deeds.add_customer(self.state, LUMEN, email, address=home)
        if self.chance.random() < 0.8:
            deeds.edit_consent(self.state, customer, "subscribed")
        return customer

    def _does(self, customer: Customer, deed: str) -> None:
        if customer.email in self.erased:
            return
        email, open_ones = customer.email or "", self._open(customer)
        goods = [(self.chance.choice(self.lamp.variants).id, self.chance.randint(1, 3))]
        self.events += 1
        self._disturb(deed)
        if deed == "leaves":
            who = {"customer": customer} if self.chance.random() < 0.5 else {"email": email.upper()}
            begun = deeds.begin_checkout(self.state, LUMEN, goods, locale="en", **who)  # type: ignore[arg-type]
            deeds.update_checkout(self.state, begun, shipping_address=customer.address)
            self._was_active(email, begun)
        elif deed == "returns" and open_ones:
            self._was_active(email, deeds.update_checkout(self.state, self.chance.choice(open_ones), lines=goods))
        elif deed == "declined" and open_ones:
            deeds.decline_payment(self.state, open_ones[-1])
            self._was_active(email, open_ones[-1])
        elif deed == "pays" and open_ones:
            deeds.complete(self.state, self.chance.choice(open_ones))
        elif deed.startswith("elsewhere"):
            self._buys(customer, goods, by_account=deed.endswith("account"))
        elif deed == "gets a parcel":
            self._gets_a_parcel(self._buys(customer, goods, by_account=True))
        elif deed == "cancels":
            for order in [one for one in self.state.orders.of(LUMEN)[-2000:] if one.customer_id == customer.id][-1:]:
                if not order.cancelled_at and not order.fulfillments:
                    deeds.cancel(self.state, order)
        else:
            self._wishes(customer, deed)

    def _disturb(self, deed: str) -> None:
        """The next webhooks: twice, shuffled, or never."""
        faults = self.store.faults.webhooks
        faults.twice, faults.shuffled = int(self.chance.random() < 0.1), 3 if self.chance.random() < 0.05 else 0
        faults.dropped = int(deed.startswith("elsewhere") and self.chance.random() < 0.1)

    def _buys(self, customer: Customer, goods: list[tuple[int, int]], *, by_account: bool) -> Order:
        who = {"customer": customer} if by_account else {"email": customer.email}
        return deeds.place_order(self.state, LUMEN, goods, shipping_address=customer.address, **who)  # type: ignore[arg-type]

    def _gets_a_parcel(self, order: Order) -> None:
        parcel = deeds.fulfil(self.state, order, company="DHL", number=f"00340434{order.id:012d}")
        deeds.scan(self.state, parcel, "in_transit")
        deeds.scan(self.state, parcel, "delivered")

    def _wishes(self, customer: Customer, deed: str) -> None:
        email = customer.email or ""
        if deed == "refuses":
            deeds.edit_consent(self.state, customer, "unsubscribed")
            self.refused.setdefault(email, self.state.now())
        elif deed == "opts out":
            address = links.one_click(shops.named(LUMEN), email)
            body = {"List-Unsubscribe": "One-Click"}
            answer = self.app.test_client().post(urlsplit(address).path, data=body)
            assert answer.status_code == 200, answer.status
            self.refused.setdefault(email, self.state.now())
        elif deed == "is erased" and self.chance.random() < 0.3:
            deeds.request_redact(self.state, customer)
            deeds.delete_customer(self.state, customer)
            self.erased[email] = self.state.now()

    def _open(self, customer: Customer) -> list[Checkout]:
        mine = (customer.email or "").casefold()
        kept = self.state.checkouts.of(LUMEN)
        return [one for one in kept[-4000:] if (one.email or "").casefold() == mine and not one.completed_at]

    def _was_active(self, email: str, checkout: Checkout) -> None:
        self.active.setdefault(email, []).append((checkout.updated_at, checkout.token))

    def pass_time(self, span: timedelta) -> None:
        before = float(self.clock_file.read_text()) if self.clock_file.exists() else 0
        self.clock_file.write_text(str(before + span.total_seconds()))
        clock.configure(str(self.clock_file))
        self.state.forward(span)
        self.store.log.wake()
        self.store.log.settle(60)
        for _ in range(2):
            for job in (webhooks, mail, sync):
                job.drain()
        rest()

    def morning(self) -> None:
        now = clock.now()
        then = now.replace(hour=9, minute=0, second=0, microsecond=0)
        self.pass_time((then if then > now else then + timedelta(days=1)) - now)

    def outcomes(self) -> Counter[str]:
        about = db.session.query(Message).filter(Message.purpose == Purpose.MARKETING)
        return Counter(f"{one.template} {one.reason or one.result or 'waiting'}" for one in about)

    def broken(self) -> Counter[str]:
        """Each promise that a message breaks, by the store's own records."""
        found: Counter[str] = Counter()
        sent = [one for one in self.store.mailbox.messages() if one.header("List-Unsubscribe")]
        for email in {one.to.casefold() for one in sent}:
            theirs = sorted((one for one in sent if one.to.casefold() == email), key=lambda one: one.received_at)
            found += self._judged(email, theirs)
        codes = Counter(code.title for code in self.state.codes.of(LUMEN))
        found["two codes for a cart"] += sum(count - 1 for count in codes.values())
        return +found

    def _judged(self, email: str, mails: Sequence[Received]) -> Counter[str]:
        found: Counter[str] = Counter()
        for place, one in enumerate(mails):
            at, local = one.received_at, one.received_at.astimezone(ZoneInfo(self.zones[email]))
            found["to somebody who refused"] += email in self.refused and self.refused[email] <= at
            found["to the erased"] += email in self.erased and self.erased[email] <= at
            found["two within 16 hours"] += place > 0 and at - mails[place - 1].received_at < timedelta(hours=16)
            found["more than 5 in 30 days"] += place >= 5 and at - mails[place - 5].received_at < 30 * DAY
            found["at night"] += not 8 <= local.hour < 21
            found += self._judged_cart(email, at) if "cart" in one.subject else self._judged_request(one)
        asked = Counter(one.subject for one in mails if "cart" not in one.subject)
        found["asked twice"] += sum(count - 1 for count in asked.values())
        return found

    def _judged_cart(self, email: str, at: datetime) -> Counter[str]:
        orders = [one for one in self.state.orders.of(LUMEN) if self._email(one.email, one.customer_id) == email]
        newest = max(when for when, _ in self.active.get(email, ()) if when <= at)
        began = self._began(email, newest)
        return Counter(
            {
                "after a purchase": any(began <= order.created_at <= at for order in orders),
                "before the hour was over": at < newest + HOUR - timedelta(seconds=1),
            }
        )

    def _judged_request(self, mail: Received) -> Counter[str]:
        order = next(one for one in self.state.orders.of(LUMEN) if f"order {one.name}?" in mail.subject)
        came_at = order.fulfillments[0].events[-1].happened_at
        return Counter(
            {
                "asked about what was cancelled": order.cancelled_at is not None,
                "asked before the day": mail.received_at < came_at + timedelta(days=10, hours=-1),
            }
        )

    def _email(self, email: str | None, customer: int | None) -> str:
        known = self.state.customers.get(customer or 0)
        return (email or (known.email if known else "") or "").casefold()

    def _began(self, email: str, newest: datetime) -> datetime:
        """When the checkout began in which the person was active last."""
        token = next(token for when, token in reversed(self.active[email]) if when == newest)
        found = self.state.checkout_by_token(LUMEN, token)
        return found.created_at if found else newest


if __name__ == "__main__":
    main()
