"""A shop that says du to its buyers says it everywhere, and no shop says both to one buyer."""

import html
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from devstore.smtp import Mailbox
from shopify_app import clock as app_clock
from shopify_app import tracking
from shopify_app.db import transaction
from shopify_app.language import speak
from shopify_app.orders import links
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront, Tell
from tests.conftest import Clock, Jobs
from tests.orders import order, parcel, scan
from tests.test_translations import FORMAL, NOT_ADDRESSED

FRIEND = {
    "de": re.compile(r"\b(du|dich|dir|dein(e[mnrs]?)?|gib|schau|schreib)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(tu|toi|ton|ta|tes|t’\w+)\b", re.IGNORECASE),
}
SCANS = ("label_printed", "in_transit", "attempted_delivery", "ready_for_pickup", "out_for_delivery", "delivered")


@pytest.fixture(autouse=True)
def switched_on(shop: Shop, other_shop: Shop, clock: Clock) -> None:
    """Every message in both shops; the first says du in German. It is a Tuesday."""
    clock.forward(days=(1 - app_clock.now().weekday()) % 7)
    since = (app_clock.now() - timedelta(days=1)).isoformat()
    told = {"confirmations": True, tracking.SWITCH: dict.fromkeys(tracking.KINDS, since)}
    with transaction():
        shop.settings, other_shop.settings = told | {"informal": ["de"]}, told
        for one in (shop, other_shop):
            one.country, one.email = "FR", "help@lumen-goods.example"


class Reader:
    """A buyer with an order, who opens every page and every mail there is."""

    def __init__(self, client: FlaskClient, shop: Shop, tell: Tell, locale: str) -> None:
        self._storefront = Storefront(client, shop.domain)
        self._shop, self._tell, self._locale = shop, tell, locale
        self._asked = {"headers": {"Accept-Language": locale}}
        self.pages: list[str] = []

    def live_through(self, clock: Clock, jobs: Jobs) -> None:
        """An order from its payment to its arrival: packed, sent, late, in trouble, ready, handed over."""
        self._hear("orders/create", order(customer_locale=self._locale, **_dated()))
        self._hear("fulfillments/create", parcel(31, {1: 2, 2: 1}, **_dated()))
        for number, word in enumerate(SCANS):
            clock.forward(minutes=5)
            self._hear("fulfillment_events/create", scan(number, 31, word, app_clock.now().isoformat()))
            if word == "in_transit":
                clock.forward(days=3, hours=1)
                jobs.run()
        self._look_around()
        jobs.run()

    def _hear(self, topic: str, body: object) -> None:
        self._tell(topic, body, domain=self._shop.domain)
        for customer in ("", "77"):
            self._see(self._storefront.get(links.path(self._shop, 4711), customer=customer).text)

    def _look_around(self) -> None:
        there, front = links.path(self._shop, 4711), self._storefront
        for path in ("/lines/1", "/messages", "/code"):
            self._see(front.get(there + path).text)
        for path, form in (("/messages", {}), ("/code", {}), ("/proof", {"code": "none"})):
            self._see(front.post(there + path, form).text)
        for number, contact in (("", ""), ("1001", "nobody"), ("1001", "somebody.else@example.com")):
            self._see(front.look_up(number, contact, **self._asked).text)
        self._see(front.get("/nothing/here", **self._asked).text)

    def _see(self, page: str) -> None:
        self.pages.append(seen(page, self._locale))


def _dated() -> dict[str, str]:
    return dict.fromkeys(("created_at", "processed_at", "updated_at"), app_clock.now().isoformat())


def seen(text: str, locale: str) -> str:
    """As a person reads it, without what only looks like an address."""
    shown = html.unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", text, flags=re.S))
    for english in NOT_ADDRESSED[locale]:
        shown = shown.replace(speak(locale).t(*english), "")
    return shown


def mails(mailbox: Mailbox, locale: str) -> list[str]:
    return [
        seen(part, locale)
        for mail in mailbox.messages()
        for part in (f"{mail.subject}\n{mail.text}", f"{mail.subject}\n{mail.html}")
    ]


@pytest.mark.parametrize(
    ("shop_name", "locale", "is_friend"),
    [("shop", "de", True), ("shop", "fr", False), ("other_shop", "de", False)],
)
def test_a_buyer_is_addressed_in_one_way_on_every_page_and_in_every_mail(
    request: pytest.FixtureRequest,
    client: FlaskClient,
    storefront: Storefront,
    tell: Tell,
    mailbox: Mailbox,
    clock: Clock,
    jobs: Jobs,
    shop_name: str,
    locale: str,
    is_friend: bool,
) -> None:
    reader = Reader(client, request.getfixturevalue(shop_name), tell, locale)
    reader.live_through(clock, jobs)
    letters = mails(mailbox, locale)
    assert len(letters) == 2 * len({*tracking.KINDS, "confirmation", "link", "code"})
    wanted, unwanted = (FRIEND, FORMAL) if is_friend else (FORMAL, FRIEND)
    for told in (*reader.pages, *letters):
        assert unwanted[locale].findall(told) == []
        assert wanted[locale].search(told)
