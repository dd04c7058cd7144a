"""What a buyer who agreed to news gets: one request, at most one reminder, in the language of the order."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from devstore import deeds, server
from shopify_app import clock as app_clock
from shopify_app.db import transaction
from shopify_app.feedback import letters, rules
from shopify_app.orders import read
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront, Tell
from tests.conftest import LUMEN, Clock, Jobs
from tests.factories import MIRA, line, refund
from tests.feedback.conftest import Buyer, Buys, in_ten_days, messages
from tests.mail.offers import until

At = Callable[[datetime], None]
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
EMAIL = str(MIRA["email"])


@pytest.fixture
def shop(shopify: server.Running, installed: Shop, clock: Clock, jobs: Jobs) -> Shop:
    """At a store that knows Mira, who agreed to news; it is noon."""
    deeds.add_customer(shopify.state, LUMEN, EMAIL, first_name="Mira", email_consent="subscribed")
    jobs.run()
    until(clock, 12)
    with transaction():
        installed.installed_at = app_clock.now() - DAY
    return installed


def subjects(shopify: server.Running) -> list[str]:
    return [mail.subject for mail in shopify.mailbox.messages(to=EMAIL)][::-1]


def test_the_request_names_the_things_and_has_three_links(shopify: server.Running, buys: Buys, at: At) -> None:
    came = buys().arrives()
    at(in_ten_days(came))
    [mail] = shopify.mailbox.messages(to=EMAIL)
    assert mail.subject == "Ist mit Bestellung #1001 alles in Ordnung?"
    assert "Reading lamp" in (mail.text or "") and "Reading lamp" in (mail.html or "")
    assert len(set(re.findall(r"/apps/aftercare/feedback/\S+", mail.text or ""))) == 3
    assert "Sommer" not in f"{mail.text}{mail.html}"


def test_only_what_the_buyer_kept_is_asked_about(shopify: server.Running, buys: Buys, tell: Tell, at: At) -> None:
    order = buys(line_items=[line(10011), line(10012, title="Cord set", variant_title=None)])
    order.is_sent(line_items=[line(10011), line(10012)])
    came = app_clock.now().replace(microsecond=0)
    order.is_scanned("delivered", came)
    tell("refunds/create", refund())
    at(in_ten_days(came))
    [mail] = shopify.mailbox.messages(to=EMAIL)
    assert "Cord set" in (mail.text or "") and "Reading lamp" not in (mail.text or "")


def test_who_does_not_answer_is_reminded_once(shopify: server.Running, buys: Buys, at: At) -> None:
    came = buys().arrives()
    at(in_ten_days(came))
    at(in_ten_days(came) + 7 * DAY - MINUTE)
    assert messages() == ["request"]
    for days in (7, 8, 30, 60):
        at(in_ten_days(came) + days * DAY + 2 * MINUTE)
    assert messages() == ["request", "reminder"]
    assert len(subjects(shopify)) == 2
    assert "einzige Erinnerung" in (shopify.mailbox.messages(to=EMAIL)[0].text or "")


def test_who_has_answered_is_not_reminded(buys: Buys, shop: Shop, storefront: Storefront, at: At) -> None:
    came = buys().arrives()
    at(in_ten_days(came))
    assert Buyer(storefront, shop, 1001).sends("", {"verdict": "good"}).status_code == 200
    at(app_clock.now() + 20 * DAY)
    assert messages() == ["request"]


def test_a_merchant_may_do_without_reminders(buys: Buys, shop: Shop, at: At) -> None:
    with transaction():
        rules.keep(shop, reminder=False)
    came = buys().arrives()
    at(in_ten_days(came))
    at(app_clock.now() + 20 * DAY)
    assert messages() == ["request"]


def test_a_buyer_who_never_agreed_is_not_asked_and_not_reminded(shopify: server.Running, buys: Buys, at: At) -> None:
    came = buys(email="tom@example.com", contact_email="tom@example.com", customer=None).arrives()
    at(in_ten_days(came))
    at(app_clock.now() + 20 * DAY)
    assert messages() == ["request"]
    assert shopify.mailbox.messages(to="tom@example.com") == []


@pytest.mark.parametrize("stage", ["request", "reminder"])
@pytest.mark.parametrize(
    ("locale", "informal", "greeting"),
    [
        ("en", (), "everything all right with order"),
        ("fr", (), "ce que vous pensez"),
        ("fr", ("fr",), "ce que tu penses"),
        ("de", (), "was Sie von diesen Dingen halten"),
        ("de", ("de",), "was du von diesen Dingen hältst"),
        ("es", (), "Escribir una reseña"),
    ],
)
def test_each_message_speaks_to_its_reader(
    shop: Shop, buys: Buys, stage: str, locale: str, informal: tuple[str, ...], greeting: str
) -> None:
    buys(customer_locale=locale).arrives()
    with transaction():
        shop.settings = shop.settings | {"informal": list(informal)}
    whole = read.whole(shop, 1001)
    assert whole
    mail = letters.write(shop, whole, stage)
    assert greeting in mail.text + mail.subject
    assert "{" not in mail.text and len(mail.html) < 100_000
