"""Every message to buyers as it really goes out: caused by Shopify's news, by the clock, by staff or by the buyer.

One buyer for each language goes each way, all at the same time, at a real store with a real mail server.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from flask.testing import FlaskClient

from devstore import deeds, server
from devstore.records import Address, Customer, Fulfillment, Order, Product
from devstore.smtp import Message as Mail
from shopify_app import clock as app_clock
from shopify_app.carts import settings as carts
from shopify_app.carts.settings import Settings
from shopify_app.changes.models import Change
from shopify_app.codes import friends
from shopify_app.codes.friends import Terms
from shopify_app.db import db, rest, transaction
from shopify_app.feedback import rules as feedback
from shopify_app.language import LANGUAGES
from shopify_app.mail import smtp
from shopify_app.mail.models import Message
from shopify_app.orders import links
from shopify_app.returns import requests
from shopify_app.returns.models import EXCHANGE, WITHDRAWAL, Request
from shopify_app.returns.requests import Verdict, labelling
from shopify_app.shopify import install
from shopify_app.shopify.models import Shop
from shopify_app.tracking.watches import KINDS, SWITCH
from tests.buyers import Storefront
from tests.changes.conftest import TYPED, Buyer
from tests.conftest import LUMEN, Clock, Jobs
from tests.home.conftest import Merchant
from tests.returns.conftest import parcel_line, wish
from tests.returns.store import Counter

WEBHOOK, CLOCK, STAFF, BUYER = "webhook", "clock", "staff", "buyer"
NUMBER = "00340434161094042557"
CARRIER = {"company": "DHL", "number": NUMBER, "url": "https://carrier.example.com/00340434161094042557"}
STOCK = {"title": "Default Title", "price": "40.00", "inventory_quantity": 500}
STREET = "Lindenweg 4"


class Sent(NamedTuple):
    """A cell of the matrix."""

    name: str
    """As in mail/wording.py."""
    language: str
    is_informal: bool
    trigger: str
    facts: Sequence[str]
    """What it has to tell its reader."""
    mail: Mail

    def __str__(self) -> str:
        return f"{self.name}-{self.language}{'-informal' if self.is_informal else ''}-{self.trigger}"


@dataclass
class World:
    """The shop, what is around it, and what was mailed so far."""

    shop: Shop
    shopify: server.Running
    client: FlaskClient
    clock: Clock
    jobs: Jobs
    lamp: Product
    languages: Sequence[str] = LANGUAGES
    is_informal: bool = False
    sent: list[Sent] = field(default_factory=list)
    _seen: set[int] = field(default_factory=set)

    def set_(self, **settings: Any) -> None:
        rest()
        with transaction():
            db.session.add(self.shop)
            self.shop.settings = self.shop.settings | settings

    def settle(self, **span: float) -> None:
        """All that is on its way arrives, after so much time."""
        if span:
            self.clock.forward(**span)
        for _ in range(2):
            self.breathe()
            self.jobs.run()
            assert self.shopify.log.settle()
            self.clock.forward(seconds=4)
        self.jobs.run()

    def breathe(self) -> None:
        """Until Shopify takes many questions again."""
        self.shopify.buckets.status(LUMEN)
        self.shopify.buckets.give_back(LUMEN, 10_000)

    def until(self, hour: int) -> None:
        """Forward to this hour in UTC: at night nobody gets offers."""
        now = app_clock.now()
        then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
        self.settle(seconds=((then if then > now else then + timedelta(days=1)) - now).total_seconds())

    def told(self, name: str, trigger: str, who: str, *facts: str, template: str = "") -> None:
        """What is under way arrives, and everybody called so has got this message just once since the last time."""
        self.settle()
        came = [mail for mail in self.shopify.mailbox.messages() if mail.id not in self._seen]
        self._seen |= {mail.id for mail in came}
        known = self._templates()
        for language in self.languages:
            mails = [mail for mail in came if mail.to == self.address(who, language)]
            about = [mail for mail in mails if known[mail.header("Message-ID") or ""] == (template or name)]
            assert len(about) == 1, (name, trigger, language, [mail.subject for mail in mails], self._why(name))
            self.sent.append(Sent(name, language, self.is_informal, trigger, facts, about[0]))

    def _templates(self) -> Mapping[str, str]:
        rest()
        db.session.add(self.shop)
        rows = db.session.query(Message).filter(Message.shop_id == self.shop.id)
        return {smtp.message_id(f"{self.shop.domain}/{row.key}"): row.template for row in rows}

    def _why(self, name: str) -> list[tuple[str, str | None, str | None]]:
        rows = db.session.query(Message).filter(Message.template.startswith(name.partition("/")[0]))
        return [(row.template, row.result, row.reason or row.error) for row in rows][-12:]

    def address(self, who: str, language: str) -> str:
        return f"{who}.{language}{'.informal' if self.is_informal else ''}@example.com"

    def buyers(self, who: str) -> dict[str, Customer]:
        """All of them agreed to news."""
        return {one: self._customer(who, one) for one in self.languages}

    def _customer(self, who: str, language: str) -> Customer:
        names = {"first_name": "Alex", "last_name": "Sample"}
        home = Address(**names, address1=STREET, city="Leipzig", country="Germany", country_code="DE", zip="04109")
        about = {"locale": language, "email_consent": "subscribed", "address": home}
        return deeds.add_customer(self.shopify.state, LUMEN, self.address(who, language), **names, **about)

    def buy(self, who: str, pieces: int = 1, *more: Product) -> dict[str, Order]:
        """They all buy lamps and a piece of each of the others; nothing is told yet."""
        wanted = [(self.lamp.variants[0].id, pieces), *((one.variants[0].id, 1) for one in more)]
        return {
            language: deeds.place_order(self.shopify.state, LUMEN, wanted, customer=buyer, customer_locale=language)
            for language, buyer in self.buyers(who).items()
        }

    def delivered(self, who: str, pieces: int = 1) -> dict[str, Order]:
        orders = self.buy(who, pieces)
        for order in orders.values():
            deeds.scan(self.shopify.state, self.parcel(order), "delivered")
        self.settle()
        return orders

    def parcel(self, order: Order) -> Fulfillment:
        return deeds.fulfil(self.shopify.state, order, **CARRIER)

    def scan(self, parcels: Sequence[Fulfillment], status: str) -> None:
        for parcel in parcels:
            deeds.scan(self.shopify.state, parcel, status, city="Leipzig", country="DE")


def all_ways(world: World) -> list[Sent]:
    """Each message to buyers at least once, by each of its triggers."""
    world.until(9)
    for way in (confirmed, linked, carted, changed, parcels, returned, returned_in_shopify, thanked, asked):
        way(world)
    return world.sent


def confirmed(world: World) -> None:
    more = {title: deeds.add_product(world.shopify.state, LUMEN, title, [STOCK]) for title in ("Lampshade", "Cord set")}
    for number in range(2):
        wanted = [(one.variants[0].id, 1) for one in (world.lamp, *more.values())]
        deeds.place_order(world.shopify.state, LUMEN, wanted, email=f"other{number}@example.com")
    world.settle()
    facts = ("Reading lamp", STREET)
    rules: dict[str, Any] = {"on": [], "high_value": None, "long_lead": None, "community": "", "percent": 0}
    kinds: Mapping[str, Mapping[str, Any]] = {
        "plain": {},
        "welcome": {"community": "https://lumen.example/club"},
        "reassurance": {"high_value": 1},
        "tempting": {"percent": 10},
        "similar": {},
    }
    for kind, about in kinds.items():
        on = [] if kind == "plain" else [kind]
        world.set_(confirmations=True, confirmation_rules=rules | {"on": on} | about)
        world.buy(kind, 1, *([more["Cord set"]] if kind == "similar" else []))
        special = {"welcome": "https://lumen.example/club", "tempting": "THANKS-", "similar": "Lampshade"}.get(kind, "")
        world.told(f"confirmations/{kind}", WEBHOOK, kind, *facts, special, template="confirmations/order")


def linked(world: World) -> None:
    """Link and code, to who asks at Shopify or at our own pages."""
    world.set_(confirmations=True, confirmation_rules={})
    orders = world.buy("linked")
    world.settle()
    for order in orders.values():
        deeds.request_link(world.shopify.state, order)
    world.told("tracking/link", WEBHOOK, "linked")
    storefront = Storefront(world.client, world.shop.domain)
    world.settle(hours=2)
    for language, order in orders.items():
        about: dict[str, Any] = {"visitor": f"203.0.113.{LANGUAGES.index(language) + 1}"}
        assert storefront.look_up(order.name, world.address("mistyped", language), **about).status_code == 200
    world.told("tracking/link", BUYER, "linked")
    for order in orders.values():
        assert storefront.post(f"{links.path(world.shop, order.id)}/code").status_code == 200
    world.told("tracking/code", BUYER, "linked")


def carted(world: World) -> None:
    with transaction():
        db.session.add(world.shop)
        carts.keep(world.shop, Settings(since=app_clock.now(), holdout=0, steps=2, percent=10))
    world.settle(minutes=1)
    for language, buyer in world.buyers("cart").items():
        wanted = [(world.lamp.variants[0].id, 1)]
        about = {"customer": buyer, "locale": language, "accepts_marketing": True}
        deeds.begin_checkout(world.shopify.state, LUMEN, wanted, **about)
    world.settle()
    world.settle(hours=1)
    world.told("carts/first", CLOCK, "cart", "Reading lamp", template="carts/reminder")
    world.settle(hours=23)
    world.told("carts/later", CLOCK, "cart", "Reading lamp", "BACK-", template="carts/reminder")
    with transaction():
        db.session.add(world.shop)
        carts.keep(world.shop, Settings())


def changed(world: World) -> None:
    staff = Merchant(world.client, world.shop.domain)
    storefront = Storefront(world.client, world.shop.domain)
    world.set_(confirmations=False)
    for kind, path in {"cancel": "cancellation", "address": "address"}.items():
        form, facts = ({}, ()) if kind == "cancel" else (TYPED, ("Ahornweg 9",))
        for deed, result, trigger in (
            ("confirmation", "done", STAFF),
            ("refusal", "declined", STAFF),
            ("", "declined", WEBHOOK),
        ):
            who = f"{kind}-{deed or 'late'}"
            orders = world.buy(who)
            world.settle()
            for order in orders.values():
                assert Buyer(storefront, world.shop, order).sends(path, form).status_code == 200
            world.told(f"changes/{kind}_asked", BUYER, who, *facts, template="changes/asked")
            for order in orders.values():
                if deed:
                    assert staff.sends(f"/changes/{open_change(order)}/{deed}", {"answer": "So sorry."}).is_json
                else:
                    world.parcel(order)
            told = facts if result == "done" else ("So sorry.",) if deed else ()
            world.told(f"changes/{kind}_{result}", trigger, who, *told, template=f"changes/{result}")


def open_change(order: Order) -> int:
    rest()
    return db.session.query(Change.id).filter(Change.order_id == order.id).one()[0]


def parcels(world: World) -> None:
    world.set_(**{SWITCH: dict.fromkeys(KINDS, app_clock.now().isoformat())})
    world.settle(seconds=2)
    facts = ("Reading lamp", "DHL", NUMBER)
    sent = [world.parcel(order) for order in world.buy("parcel").values()]
    for status, kind in {
        "in_transit": "shipped",
        "delayed": "delayed",
        "out_for_delivery": "out",
        "attempted_delivery": "problem",
        "delivered": "delivered",
    }.items():
        world.settle(hours=1)
        world.scan(sent, status)
        world.told(f"tracking/{kind}", WEBHOOK, "parcel", *facts)
    waiting = [world.parcel(order) for order in world.buy("pickup").values()]
    world.scan(waiting, "ready_for_pickup")
    world.told("tracking/out", WEBHOOK, "pickup", *facts)
    silent = [world.parcel(order) for order in world.buy("silent").values()]
    world.scan(silent, "in_transit")
    world.told("tracking/shipped", WEBHOOK, "silent", *facts)
    for _ in range(12):
        world.clock.forward(days=1)
        world.jobs.run()
    world.told("tracking/delayed", CLOCK, "silent", *facts)
    world.set_(**{SWITCH: {}})


def returned(world: World) -> None:
    """By our own pages and our staff."""
    counter = Counter(world.shop, world.shopify, world.breathe)
    asked_ = _ask(world, counter, "return", 2)
    world.told("returns/asked", BUYER, "return")
    for one in asked_:
        assert requests.question(world.shop, one.id, "7", "Is it <b>broken</b>?")
    world.told("returns/question", STAFF, "return", "Is it", "broken")
    for one in asked_:
        assert requests.approve(world.shop, one.id, "7")
    world.told("returns/approved", STAFF, "return")
    last = labelling.today(world.shop) + timedelta(days=8)
    for one in asked_:
        assert requests.label(world.shop, one.id, "7", ("application/pdf", b"%PDF-1.4 a label"), NUMBER, None, last)
    world.told("returns/label", STAFF, "return", NUMBER)
    world.settle(days=5, hours=12)
    world.told("returns/expiring", CLOCK, "return")
    for one in asked_:
        items = requests.items(world.shop, [one.id])[one.id]
        assert requests.receive(world.shop, one.id, "7", {item.id: (item.quantity, None) for item in items})
    world.told("returns/received", STAFF, "return")
    for one in asked_:
        [item] = requests.items(world.shop, [one.id])[one.id]
        found = Verdict(accepted=1, rejected=1, condition="restocked", why="There is a scratch.")
        assert requests.inspect(world.shop, one.id, "7", {item.id: found})
    world.told("returns/inspected", STAFF, "return", "There is a scratch.", "Reading lamp")
    for one in asked_:
        assert requests.refund(world.shop, one.id, "7")
    world.told("returns/refunded", STAFF, "return", "89")
    for one in _ask(world, counter, "declined"):
        assert requests.decline(world.shop, one.id, "7", "final_sale", "It was a final sale.")
    world.told("returns/declined", STAFF, "declined", "It was a final sale.")
    _ask(world, counter, "withdrawal", kind=WITHDRAWAL, content={"receipt": "I withdraw.", "proof": "9f2c"})
    world.told("returns/receipt", BUYER, "withdrawal", "I withdraw.", "9f2c")
    _exchange(world, counter)


def _exchange(world: World, counter: Counter) -> None:
    steel = world.lamp.variants[1].id
    for one in _ask(world, counter, "exchange", outcome=EXCHANGE, variant_id=steel, variant_title="Steel"):
        approved = counter.approves(one)
        world.settle()
        assert counter.refunds(counter.receives(counter.again(approved)))
    world.told("returns/exchanged", STAFF, "exchange", template="returns/refunded")


def _ask(world: World, counter: Counter, who: str, pieces: int = 1, **how: Any) -> list[Request]:
    """All of them ask for all they have bought."""
    wished = {name: how.pop(name) for name in ("outcome", "variant_id", "variant_title") if name in how}
    reason = {"reason": None} if how.get("kind") == WITHDRAWAL else {}
    orders = world.delivered(who, pieces).values()
    world.breathe()
    made = [counter.asks(one, wish(pieces, parcel_line(one), **wished, **reason), **how) for one in orders]
    world.settle()
    return [counter.again(one) for one in made]


def returned_in_shopify(world: World) -> None:
    """Staff decide there, and we hear of it."""
    counter = Counter(world.shop, world.shopify, world.breathe)
    for who, name in {"approved-there": "returns/approved", "declined-there": "returns/declined"}.items():
        theirs = {one.order_id for one in _ask(world, counter, who)}
        for order in world.shopify.state.orders.of(LUMEN):
            if order.id in theirs and name == "returns/approved":
                deeds.approve_return(world.shopify.state, order.returns[0])
            elif order.id in theirs:
                deeds.decline_return(world.shopify.state, order.returns[0], "FINAL_SALE", "A final sale.")
        world.told(name, WEBHOOK, who)


def thanked(world: World) -> None:
    """A friend has ordered with the code that stood in a confirmation, and kept it."""
    with transaction():
        db.session.add(world.shop)
        friends.keep(world.shop, Terms(since=app_clock.now()))
    world.set_(confirmations=True, confirmation_rules={"on": ["tempting"], "percent": 10})
    orders = world.buy("referrer")
    world.settle()
    for number, (language, order) in enumerate(orders.items()):
        [mail] = world.shopify.mailbox.messages(world.address("referrer", language))
        code = re.search(r"FRIEND-[\w-]+", mail.text or "")
        assert code, (language, order.name)
        _befriended(world, number, f"friend.{world.address('of', language)}", code[0])
    world.settle(days=14)
    for _ in range(2):
        install.keep_alive()
        world.settle(hours=12)
    world.told("referrals/reward", CLOCK, "referrer", "GIFT-")
    world.set_(confirmations=False)
    with transaction():
        db.session.add(world.shop)
        friends.keep(world.shop, Terms())


def _befriended(world: World, number: int, email: str, code: str) -> None:
    home = Address(address1=f"Hafenstrasse {len(world.sent) + number}", city="Leipzig", country_code="DE", zip="04109")
    friend = deeds.add_customer(world.shopify.state, LUMEN, email, first_name="Ben", last_name="Roth", address=home)
    worth = deeds.worth(world.shopify.state, LUMEN, code)
    assert worth
    deeds.place_order(world.shopify.state, LUMEN, [(world.lamp.variants[0].id, 1)], customer=friend, discount=worth)


def asked(world: World) -> None:
    """How it was."""
    with transaction():
        db.session.add(world.shop)
        feedback.switch(world.shop, is_on=True)
    world.settle(minutes=1)
    world.until(10)
    world.delivered("feedback")
    world.settle(days=10, hours=1)
    world.told("feedback/request", CLOCK, "feedback", "Reading lamp")
    world.settle(days=7)
    world.told("feedback/reminder", CLOCK, "feedback", "Reading lamp")
