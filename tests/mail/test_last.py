"""What is decided after the budget, and what happens to a message whose reader is erased while it is made."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from devstore import deeds
from devstore.records import Order as Bought
from devstore.server import Running
from jobs import sync, webhooks
from shopify_app import metrics
from shopify_app.db import db, rest, transaction
from shopify_app.mail import outbox
from shopify_app.mail.models import Message, Purpose
from shopify_app.mail.outbox import Mail, Skip
from shopify_app.orders import read
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, Clock, Jobs, Sender
from tests.mail import offers
from tests.mail.offers import ANNA, READER, until

LATE, ERASED = "tests/late", "tests/erased"
decided: list[str] = []
between: list[Callable[[], None]] = []


@outbox.renders(LATE, Purpose.MARKETING)
def late(shop: Shop, message: Message) -> Mail:
    """Only after the budget it says what it says, or that it does not go out."""
    word = message.key.split("/")[1]

    def last() -> Mail | Skip:
        decided.append(word)
        return Mail(ANNA, "Late", word, f"<p>{word}</p>", READER) if word == "goes" else Skip("holdout")

    return Mail(ANNA, "Early", "", "", READER, last=last)


@outbox.renders(ERASED)
def erased(shop: Shop, message: Message) -> Mail:
    """Reads an order, speaks to somebody outside, and goes on with the order."""
    order = read.get(shop, int(message.key.split("/")[1]))
    assert order is not None
    for happens in between:
        happens()
    rest()
    return Mail(order.person["email"], "News", "Sent", "<p>Sent</p>")


@pytest.fixture(autouse=True)
def forget() -> None:
    decided.clear()
    between.clear()


def write(shop: Shop, template: str, key: str, **about: object) -> None:
    with transaction():
        outbox.write(shop, template, key, **about)  # type: ignore[arg-type]


def outcome(shop: Shop, key: str) -> tuple[str | None, str | None] | None:
    rest()
    found = outbox.keyed(shop, key)
    return (found.result, found.reason) if found else None


def asked() -> float:
    """What questions for consent have cost so far."""
    return metrics.api_cost.labels("mail/consent")._value.get()


def test_consent_is_asked_for_once_and_the_last_word_comes_after_it(
    shopify: Running, installed: Shop, jobs: Jobs, clock: Clock
) -> None:
    until(clock, 12)
    deeds.add_customer(shopify.state, LUMEN, ANNA, email_consent="subscribed")
    before = asked()
    offers.write(installed)
    jobs.run()
    one = asked() - before
    clock.forward(hours=23)
    write(installed, LATE, "late/goes", to=ANNA)
    jobs.run()
    assert asked() - before == 2 * one
    assert decided == ["goes"]
    assert outcome(installed, "late/goes") == ("sent", None)
    newest = max(shopify.mailbox.messages(ANNA), key=lambda mail: mail.id)
    assert "goes" in (newest.text or "")


def test_whoever_the_budget_sends_nothing_to_is_decided_nothing_about(
    shopify: Running, installed: Shop, jobs: Jobs, clock: Clock
) -> None:
    until(clock, 12)
    deeds.add_customer(shopify.state, LUMEN, ANNA, email_consent="unsubscribed")
    write(installed, LATE, "late/goes", to=ANNA)
    jobs.run()
    assert (decided, outcome(installed, "late/goes")) == ([], ("skipped", "unsubscribed"))


def test_the_last_word_may_be_no(shopify: Running, installed: Shop, jobs: Jobs, clock: Clock) -> None:
    until(clock, 12)
    deeds.add_customer(shopify.state, LUMEN, ANNA, email_consent="subscribed")
    write(installed, LATE, "late/stays", to=ANNA)
    jobs.run()
    assert outcome(installed, "late/stays") == ("skipped", "holdout")
    assert shopify.mailbox.messages(ANNA) == []


@pytest.fixture
def bought(shopify: Running, installed: Shop, jobs: Jobs) -> Bought:
    lamp = deeds.add_product(shopify.state, LUMEN, "Lamp", variants=[{"title": "Brass", "price": "49.00"}])
    order = deeds.place_order(shopify.state, LUMEN, [(lamp.variants[0].id, 1)], email=ANNA)
    shopify.log.settle()
    jobs.run()
    shopify.mailbox.clear()
    return order


@pytest.fixture
def erase(app: Flask, client: FlaskClient, sends: Sender, bought: Bought) -> Callable[[], None]:
    """Another worker erases the buyer, from the webhook to the last row."""

    def work() -> None:
        with app.app_context():
            customer = {"id": bought.customer_id, "email": ANNA, "phone": None}
            body = {"shop_domain": LUMEN, "customer": customer, "orders_to_redact": [bought.id]}
            sends("customers/redact", body)
            webhooks.drain()
            sync.drain()
            db.session.remove()

    def aside() -> None:
        worker = threading.Thread(target=work)
        worker.start()
        worker.join()

    return aside


def test_a_message_about_somebody_who_is_erased_meanwhile_ends_quietly(
    shopify: Running, installed: Shop, jobs: Jobs, bought: Bought, erase: Callable[[], None]
) -> None:
    """Its row is erased with them."""
    between.append(erase)
    write(installed, ERASED, f"erased/{bought.id}", order_id=bought.id)
    jobs.run()
    assert read.get(installed, bought.id) is None
    assert outcome(installed, f"erased/{bought.id}") is None
    assert shopify.mailbox.messages(ANNA) == []


def test_one_that_only_reads_of_them_says_so(
    shopify: Running, installed: Shop, jobs: Jobs, bought: Bought, erase: Callable[[], None]
) -> None:
    between.append(erase)
    write(installed, ERASED, f"erased/{bought.id}", to="somebody@example.com")
    jobs.run()
    assert outcome(installed, f"erased/{bought.id}") == ("skipped", "erased")
    assert shopify.mailbox.messages(ANNA) == []
