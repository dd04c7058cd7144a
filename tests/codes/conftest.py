"""A shop whose confirmations thank with a code, and Anna, who agreed to news."""

from typing import Any

import pytest

from devstore import deeds
from devstore.records import Address, Customer, Order, Product
from devstore.server import Running
from devstore.smtp import Message as Sent
from shopify_app.db import rest, transaction
from shopify_app.mail import outbox
from shopify_app.mail.models import Message
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, Clock, Jobs, allow

ANNA = "anna.berg@example.com"


class Store:
    """Where people buy, and what they read afterwards."""

    def __init__(self, shopify: Running, jobs: Jobs, clock: Clock, lamp: Product) -> None:
        self.shopify, self.jobs, self.clock, self.lamp = shopify, jobs, clock, lamp
        self.state = shopify.state

    def person(self, email: str, street: str, **about: Any) -> Customer:
        """Somebody with an address of their own, who has agreed to news."""
        first, _, last = email.partition("@")[0].title().partition(".")
        home = Address(
            first_name=first, last_name=last, address1=street, zip="04109", city="Leipzig", country_code="DE"
        )
        known = {"first_name": first, "last_name": last, "email_consent": "subscribed"} | about
        customer = deeds.add_customer(self.state, LUMEN, email, **known)
        customer.address = home
        return customer

    def buys(self, customer: Customer | None, code: str | None = None, **about: Any) -> Order:
        """And all that follows at once has happened."""
        worth = deeds.worth(self.state, LUMEN, code) if code else None
        assert worth or not code, f"{code} is worth nothing"
        about = {"customer": customer, "customer_locale": "en", "discount": worth} | about
        order = deeds.place_order(self.state, LUMEN, [(self.lamp.variants[0].id, 1)], **about)
        self.settle()
        return order

    def settle(self) -> None:
        assert self.shopify.log.settle()
        self.jobs.run()

    def later(self, **span: float) -> None:
        self.clock.forward(**span)
        self.settle()

    def mails(self, to: str = ANNA) -> list[Sent]:
        """The oldest first."""
        return sorted(self.shopify.mailbox.messages(to), key=lambda mail: mail.id)

    def codes(self, beginning: str) -> list[str]:
        return [one.code for one in self.state.codes.of(LUMEN) if one.code.startswith(beginning)]

    def confirmation(self, order: Order) -> Message:
        rest()
        found = outbox.keyed(shops.named(LUMEN), f"confirmation/{order.id}")
        assert found is not None
        return found


@pytest.fixture
def store(shopify: Running, installed: Shop, jobs: Jobs, clock: Clock) -> Store:
    """Thanks are on, with ten per cent; the shop allows us to make codes."""
    allow(shopify, "write_discounts")
    variant = {"title": "Default Title", "price": "40.00", "inventory_quantity": 500}
    found = Store(shopify, jobs, clock, deeds.add_product(shopify.state, LUMEN, "Desk lamp", [variant]))
    found.settle()
    thank(percent=10)
    return found


@pytest.fixture
def anna(store: Store) -> Customer:
    return store.person(ANNA, "Lindenweg 4")


def thank(*also: str, **more: Any) -> None:
    """With a code, and in these kinds besides."""
    rest()
    shop = shops.named(LUMEN)
    with transaction():
        shop.settings = shop.settings | {
            "confirmations": True,
            "confirmation_rules": {"on": ["tempting", *also]} | more,
        }
