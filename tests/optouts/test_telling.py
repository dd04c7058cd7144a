"""Whoever unsubscribes by our link is unsubscribed in Shopify too, where the shop allows it: once, and never back."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from devstore import deeds
from devstore.records import Customer
from devstore.server import Running
from shopify_app.db import db, rest
from shopify_app.mail import refusals
from shopify_app.optouts.models import Withdrawal
from shopify_app.shopify.models import Shop
from tests.carts.test_killed import killed
from tests.conftest import LUMEN, Clock, Jobs, Sender, allow
from tests.mail import offers
from tests.mail.offers import ANNA, until

LINK = re.compile(r"/unsubscribe/[\w-]+")


@pytest.fixture
def anna(shopify: Running, installed: Shop, jobs: Jobs, clock: Clock) -> Customer:
    """She agreed to news, and got some."""
    allow(shopify, "write_customers")
    assert shopify.log.settle()
    jobs.run()
    until(clock, 12)
    found = deeds.add_customer(shopify.state, LUMEN, ANNA, first_name="Anna", email_consent="subscribed")
    offers.write(installed)
    jobs.run()
    return found


def link(shopify: Running) -> str:
    [mail] = shopify.mailbox.messages(ANNA)
    found = LINK.search(mail.text or "")
    assert found
    return found[0]


def results() -> list[str | None]:
    rest()
    return [row.result for row in db.session.query(Withdrawal)]


def test_what_was_said_by_our_link_stands_in_shopify(
    shopify: Running, client: FlaskClient, jobs: Jobs, anna: Customer
) -> None:
    assert client.post(link(shopify)).status_code == 200
    assert anna.email_consent.state == "subscribed"
    jobs.run()
    assert anna.email_consent.state == "unsubscribed"
    assert results() == ["told"]
    client.post(link(shopify))
    jobs.run()
    assert results() == ["known"]


def test_opening_the_link_tells_nobody_anything(
    shopify: Running, client: FlaskClient, jobs: Jobs, anna: Customer
) -> None:
    client.get(link(shopify))
    jobs.run()
    assert (anna.email_consent.state, results()) == ("subscribed", [])


def test_without_the_permission_only_our_own_list_says_so(
    shopify: Running, installed: Shop, client: FlaskClient, jobs: Jobs, anna: Customer
) -> None:
    install = shopify.state.install(LUMEN)
    assert install is not None
    deeds.grant(shopify.state, LUMEN, [scope for scope in install.scopes if scope != "write_customers"])
    assert shopify.log.settle()
    jobs.run()
    client.post(link(shopify))
    jobs.run()
    assert (anna.email_consent.state, results()) == ("subscribed", [])
    assert refusals.stands(installed, ANNA, "marketing")


def test_whoever_comes_back_at_once_was_never_gone(
    shopify: Running, client: FlaskClient, jobs: Jobs, anna: Customer
) -> None:
    client.post(link(shopify))
    client.post(f"{link(shopify)}/return")
    jobs.run()
    assert (anna.email_consent.state, results()) == ("subscribed", [])


def test_nobody_is_ever_signed_up_by_us(shopify: Running, client: FlaskClient, jobs: Jobs, anna: Customer) -> None:
    client.post(link(shopify))
    jobs.run()
    back = client.post(f"{link(shopify)}/return")
    assert "please sign up there once more" in back.text
    jobs.run()
    assert anna.email_consent.state == "unsubscribed"


def test_whoever_agreed_anew_at_shopify_is_left_alone(
    shopify: Running, client: FlaskClient, jobs: Jobs, clock: Clock, anna: Customer
) -> None:
    shopify.faults.graphql.outage = True
    client.post(link(shopify))
    jobs.run()
    clock.forward(minutes=30)
    deeds.edit_consent(shopify.state, anna, "subscribed")
    shopify.faults.graphql.outage = False
    clock.forward(minutes=30)
    jobs.run()
    assert (anna.email_consent.state, results()) == ("subscribed", ["newer"])


def test_a_customer_with_another_address_by_now_is_left_alone(
    shopify: Running, client: FlaskClient, jobs: Jobs, anna: Customer
) -> None:
    """The refusal holds for the address that the link was sent to."""
    there = link(shopify)
    anna.email = "anna.new@example.com"
    client.post(there)
    jobs.run()
    assert (anna.email_consent.state, results()) == ("subscribed", ["gone"])


def test_a_shopify_that_is_busy_is_told_later(
    shopify: Running, client: FlaskClient, jobs: Jobs, clock: Clock, anna: Customer
) -> None:
    shopify.faults.graphql.throttled = 2
    client.post(link(shopify))
    for _ in range(4):
        jobs.run()
        clock.forward(seconds=30)
    assert (anna.email_consent.state, results()) == ("unsubscribed", ["told"])


def test_of_whoever_was_erased_nothing_is_told(
    shopify: Running, client: FlaskClient, jobs: Jobs, sends: Sender, anna: Customer
) -> None:
    there = link(shopify)
    customer = {"id": anna.id, "email": ANNA, "phone": None}
    sends("customers/redact", {"shop_domain": LUMEN, "customer": customer, "orders_to_redact": []})
    jobs.run()
    assert client.post(there).status_code == 200
    jobs.run()
    assert (anna.email_consent.state, results()) == ("subscribed", [])


@pytest.mark.faults
def test_a_worker_that_is_killed_after_telling_does_no_harm(
    app: Flask, shopify: Running, client: FlaskClient, jobs: Jobs, clock: Clock, anna: Customer
) -> None:
    client.post(link(shopify))
    assert killed(app, "withdrawal_told", "from jobs import sync; sync.drain()")
    assert anna.email_consent.state == "unsubscribed"
    said = anna.email_consent.consent_updated_at
    clock.forward(minutes=2)
    jobs.run()
    assert results() == ["known"]
    assert anna.email_consent.consent_updated_at == said
    assert said is not None
    assert shopify.state.now() - said < timedelta(minutes=10)
