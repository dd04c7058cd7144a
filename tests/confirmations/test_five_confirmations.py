"""An order's confirmation of its kind: chosen by the rules, and asked anew before anything special is said."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from devstore import deeds
from devstore.records import Address, Customer, Order, Product
from devstore.server import Running
from devstore.smtp import Message as Sent
from shopify_app import clock as app_clock
from shopify_app.confirmations import choosing
from shopify_app.db import rest, transaction
from shopify_app.mail import refusals
from shopify_app.orders import read
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, Jobs, allow

ANNA, BEN = "anna.berg@example.com", "ben.roth@example.com"
HOME = Address(
    first_name="Anna", last_name="Berg", address1="Lindenweg 4", zip="04109", city="Leipzig", country_code="DE"
)
FACTS = ("Amount paid", "Order date", "Tracking number", "Expected delivery", "Delivery address", "Lindenweg 4")
Buys = Callable[..., Order]


@pytest.fixture
def lamp(shopify: Running, installed: Shop) -> Product:
    return product(shopify, "Desk lamp")


@pytest.fixture
def anna(shopify: Running, installed: Shop) -> Customer:
    return deeds.add_customer(
        shopify.state, LUMEN, ANNA, first_name="Anna", last_name="Berg", email_consent="subscribed"
    )


@pytest.fixture
def buys(shopify: Running, lamp: Product, jobs: Jobs) -> Buys:
    """buys(anna, cord): she has just bought a lamp and a cord, and all that follows has happened."""
    allow(shopify, "write_discounts")

    def place(customer: Customer | None = None, *more: Product, **about: Any) -> Order:
        wanted = [(one.variants[0].id, 1) for one in (lamp, *more)]
        about = {"customer": customer, "shipping_address": HOME, "customer_locale": "en"} | about
        order = deeds.place_order(shopify.state, LUMEN, wanted, **about)
        shopify.log.settle()
        jobs.run()
        return order

    return place


def product(shopify: Running, title: str, stock: int = 5) -> Product:
    return deeds.add_product(
        shopify.state, LUMEN, title, [{"title": "Default Title", "price": "40.00", "inventory_quantity": stock}]
    )


def rule(*on: str, **more: Any) -> None:
    rest()
    shop = shops.named(LUMEN)
    rules = {"on": list(on), "high_value": None, "long_lead": None, "community": "", "percent": 0} | more
    with transaction():
        shop.settings = shop.settings | {"confirmations": True, "confirmation_rules": rules}


def last(shopify: Running, to: str = ANNA) -> Sent:
    return max(shopify.mailbox.messages(to), key=lambda mail: mail.id)


def foreseen(order: Order) -> tuple[str, str]:
    rest()
    shop = shops.named(LUMEN)
    whole = read.whole(shop, order.id)
    assert whole is not None
    return choosing.foreseen(shop, whole)


def has_facts(mail: Sent) -> bool:
    return all(fact in (mail.text or "") and fact in (mail.html or "") for fact in FACTS)


def test_with_nothing_on_everybody_gets_the_plain_one_without_an_offer(
    shopify: Running, anna: Customer, buys: Buys
) -> None:
    rule()
    order = buys(anna)
    mail = last(shopify)
    assert has_facts(mail)
    assert "Thank you, Anna!" in (mail.html or "")
    assert "code" not in (mail.text or "").lower()
    assert foreseen(order) == ("plain", "only_plain")


def test_a_first_order_is_welcomed_with_the_community_s_page_and_a_second_one_is_not(
    shopify: Running, anna: Customer, buys: Buys
) -> None:
    rule("welcome", community="https://lumen.example/club")
    first = buys(anna)
    assert "Welcome, Anna!" in (last(shopify).html or "")
    assert "https://lumen.example/club" in (last(shopify).text or "")
    assert has_facts(last(shopify))
    second = buys(anna)
    assert "Welcome" not in (last(shopify).html or "")
    assert (foreseen(first), foreseen(second)) == (("welcome", "first_order"), ("plain", "returning"))


def test_a_guest_s_first_order_is_known_by_the_e_mail_address(shopify: Running, lamp: Product, buys: Buys) -> None:
    rule("welcome")
    buys(email=ANNA)
    assert "Welcome" in (last(shopify).html or "")
    buys(email=ANNA)
    assert "Welcome" not in (last(shopify).html or "")


def test_an_order_from_before_our_time_is_known_to_shopify(
    shopify: Running, anna: Customer, buys: Buys, jobs: Jobs, lamp: Product
) -> None:
    """An order older than sixty days is never read, but counted."""
    rule("welcome")
    shopify.faults.webhooks.dropped = 100
    then = app_clock.now() - timedelta(days=90)
    deeds.place_order(shopify.state, LUMEN, [(lamp.variants[0].id, 1)], customer=anna, at=then)
    shopify.log.settle()
    shopify.faults.webhooks.dropped = 0
    order = buys(anna)
    assert "Welcome" not in (last(shopify).html or "")
    assert foreseen(order) == ("welcome", "first_order")


def test_whoever_had_something_paid_back_is_reassured(shopify: Running, anna: Customer, buys: Buys, jobs: Jobs) -> None:
    rule("reassurance", "welcome", "tempting", percent=10)
    order = buys(anna)
    deeds.refund(shopify.state, order, amount="10.00")
    shopify.log.settle()
    jobs.run()
    buys(anna)
    assert "Does anything worry you?" in (last(shopify).text or "")
    assert "THANKS-" not in (last(shopify).text or "")
    assert "/orders/" in (last(shopify).text or ""), "the signed link to the order's page"
    assert has_facts(last(shopify))


def test_a_code_is_offered_only_to_those_who_agree_at_this_moment(shopify: Running, anna: Customer, buys: Buys) -> None:
    rule("tempting", percent=10)
    ben = deeds.add_customer(shopify.state, LUMEN, BEN, first_name="Ben", last_name="Roth", email_consent="subscribed")
    buys(anna)
    [code] = shopify.state.codes.of(LUMEN)
    assert f"the code {code.code} you pay 10 % less" in (last(shopify).text or "")
    assert "No more offers: " in (last(shopify).text or "")
    assert "/apps/aftercare/unsubscribe/" in (last(shopify).html or "")
    assert has_facts(last(shopify))
    shopify.faults.webhooks.dropped = 100
    deeds.edit_consent(shopify.state, ben, "unsubscribed")
    shopify.log.settle()
    shopify.faults.webhooks.dropped = 0
    buys(ben)
    assert "THANKS" not in (last(shopify, BEN).text or "")
    assert has_facts(last(shopify, BEN))
    assert len(shopify.state.codes.of(LUMEN)) == 1


def test_whoever_refused_offers_from_us_gets_the_plain_one(shopify: Running, anna: Customer, buys: Buys) -> None:
    rule("tempting", percent=10)
    shop = shops.named(LUMEN)
    with transaction():
        refusals.refuse(shop, refusals.mark(shop, ANNA), ["marketing"])
    buys(anna)
    assert "THANKS-" not in (last(shopify).text or "")


def test_what_others_bought_with_it_is_shown_while_it_is_in_stock(
    shopify: Running, anna: Customer, buys: Buys, lamp: Product
) -> None:
    rule("similar")
    shade, cord, once = (product(shopify, title) for title in ("Lampshade", "Cord set", "Candle"))
    for number in range(2):
        buys(None, shade, cord, email=f"other{number}@example.com")
    buys(None, once, email="third@example.com")
    buys(anna, cord)
    html = last(shopify).html or ""
    assert "Often bought together with it" in html
    assert "/products/lampshade" in html
    assert "/products/candle" not in html, "bought together once is chance"
    assert "/products/cord-set" not in html, "it is in the order"
    assert has_facts(last(shopify))
    deeds.update_product(shopify.state, shade, variants=[*shade.variants])
    shade.variants[0].inventory_quantity = 0
    buys(anna, cord)
    assert "Often bought together" not in (last(shopify).html or "")
    assert has_facts(last(shopify))


def test_a_shopify_that_does_not_answer_delays_no_confirmation(shopify: Running, anna: Customer, buys: Buys) -> None:
    rule("welcome", "tempting", percent=10)
    shopify.faults.graphql.outage = True
    buys(anna)
    assert "Thank you, Anna!" in (last(shopify).html or "")
    assert has_facts(last(shopify))


def test_news_that_come_five_times_are_one_confirmation_of_one_kind(
    shopify: Running, anna: Customer, buys: Buys
) -> None:
    rule("welcome")
    shopify.faults.webhooks.twice = 5
    buys(anna)
    assert len(shopify.mailbox.messages(ANNA)) == 1
