"""A buyer in front of the portal, with a real browser's cookies but no JavaScript: fixtures."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
import requests

from devstore import deeds, server
from devstore.records import Address, Customer, Order
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, Clock, Jobs

EMAIL = "mira.sommer@example.com"
HOME = Address(
    first_name="Mira", last_name="Sommer", address1="Lindenweg 4", city="Leipzig", country="Germany",
    country_code="DE", zip="04109",
)  # fmt: skip
SAME = {"Sec-Fetch-Site": "same-origin"}
Settle = Callable[[], None]


@pytest.fixture
def settle(shopify: server.Running, jobs: Jobs, clock: Clock) -> Settle:
    """All that is on its way arrives, at Shopify and at the app."""

    def settle_() -> None:
        for _ in range(3):
            jobs.run()
            assert shopify.log.settle()
            clock.forward(seconds=4)
        jobs.run()

    return settle_


@pytest.fixture
def shop(installed: Shop, settle: Settle) -> Shop:
    settle()
    return installed


@pytest.fixture
def mira(shopify: server.Running, shop: Shop) -> Customer:
    return deeds.add_customer(shopify.state, LUMEN, EMAIL, first_name="Mira", last_name="Sommer")


@pytest.fixture
def buy(shopify: server.Running, mira: Customer, settle: Settle) -> Callable[..., Order]:
    """buy(): Mira has bought two lamps, and they have arrived."""
    lamp = deeds.add_product(shopify.state, LUMEN, "Reading lamp", [{"title": "Brass", "price": "89.90"}])

    def place(customer: Customer = mira) -> Order:
        who = {"customer": customer, "email": customer.email, "shipping_address": HOME, "customer_locale": "en"}
        order = deeds.place_order(shopify.state, LUMEN, [(lamp.variants[0].id, 2)], **who)  # type: ignore[arg-type]
        parcel = deeds.fulfil(shopify.state, order, company="DHL", number="0034")
        deeds.scan(shopify.state, parcel, "delivered")
        settle()
        shopify.mailbox.clear()
        return order

    return place


@dataclass
class Buyer:
    """One browser. `base`: where the app is."""

    store: server.Running
    email: str = EMAIL
    domain: str = LUMEN
    line: requests.Session = field(default_factory=requests.Session)

    @property
    def home(self) -> str:
        return f"/portal/{self.domain.removesuffix('.myshopify.com')}"

    def gets(self, path: str, **options: object) -> requests.Response:
        url = path if path.startswith("http") else self.store.app_url + path
        return self.line.get(url, timeout=20, **options)  # type: ignore[arg-type]

    def posts(self, path: str, form: dict[str, str] | None = None, **options: object) -> requests.Response:
        options = {"headers": SAME} | options
        return self.line.post(self.store.app_url + path, form or {}, timeout=30, **options)  # type: ignore[arg-type]

    def logs_in(self) -> requests.Response:
        """By the portal's button, the store's login and the code from the mail, back to where the portal leads."""
        asked = self.gets(f"{self.home}/login")
        if urlsplit(asked.url).path != "/account/login":
            return asked
        there = re.search(r'name="next" value="([^"]*)"', asked.text)
        assert there
        wanted = html.unescape(there[1])
        front = self.store.storefront_url(self.domain)
        self.line.post(f"{front}/account/login", {"email": self.email, "next": wanted}, timeout=5)
        code = self.store.mailbox.messages(self.email)[0].subject[-6:]
        return self.line.post(f"{front}/account/login/code", {"code": code, "next": wanted}, timeout=20)

    def place(self, order: Order, changed: int | None = None) -> str:
        """Where a return is asked for, or where the one of that number is changed."""
        return f"{self.home}/orders/{order.id}/return" + (f"/requests/{changed}/change" if changed else "")

    def chooses(
        self, order: Order, units: int = 1, piece: int | None = None, changed: int | None = None, **details: str
    ) -> requests.Response:
        """The steps of the portal up to the last page."""
        here, piece = self.place(order, changed), piece or order.fulfillments[0].lines[0].id
        self.posts(here, {f"units-{piece}": str(units)})
        told = {"reason": "changed-my-mind", "outcome": "refund", "note": "Too bright for me"} | details
        return self.posts(f"{here}/details", {f"{name}-{piece}": text for name, text in told.items()})

    def agrees(self, order: Order, page: requests.Response, changed: int | None = None) -> requests.Response:
        found = re.search(r'name="seen" value="([0-9a-f]+)"', page.text)
        assert found, page.text
        return self.posts(f"{self.place(order, changed)}/check", {"seen": found[1]})


@pytest.fixture
def buyer(shopify: server.Running, mira: Customer) -> Buyer:
    return Buyer(shopify)
