"""Marketing goes out once, to whom it may, when it may; else there is a reason."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from devstore import deeds
from devstore.records import Customer, Order
from devstore.server import Running
from shopify_app import clock as app_clock
from shopify_app.db import db, rest, transaction
from shopify_app.mail import links, outbox, refusals, rules, tidy
from shopify_app.mail.models import Message, Purpose, Slot
from shopify_app.mail.rules import Rules
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, Clock, Jobs
from tests.mail import offers
from tests.mail.offers import ANNA, said, until, write

ORDERS_NEWS = "tests/news"
Knows = Callable[..., Customer]


@outbox.renders(ORDERS_NEWS)
def news(shop: Shop, message: Message) -> outbox.Mail | outbox.Wait:
    if message.key == "news/late":
        return outbox.Wait(app_clock.now() + timedelta(hours=1), "tests")
    return outbox.Mail(ANNA, "News", "Sent", "<p>Sent</p>")


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    yield
    offers.readers.clear()
    offers.ends.clear()


@pytest.fixture
def noon(clock: Clock, installed: Shop) -> None:
    until(clock, 12)


@pytest.fixture
def knows(shopify: Running, noon: None) -> Knows:
    """knows("pending"): Shopify knows Anna, who has said so much about news by e-mail."""

    def add(consent: str = "subscribed", email: str = ANNA) -> Customer:
        return deeds.add_customer(shopify.state, LUMEN, email, first_name="Anna", email_consent=consent)

    return add


def outcome(shop: Shop, number: int = 1, to: str = ANNA) -> tuple[str | None, str | None]:
    found = said(shop, number, to)
    return found.result, found.reason


def buy(store: Running) -> Order:
    lamp = deeds.add_product(store.state, LUMEN, "Lamp", variants=[{"title": "Brass", "price": "49.00"}])
    return deeds.place_order(store.state, LUMEN, [(lamp.variants[0].id, 1)], email=ANNA)


def keep(shop: Shop, **changed: object) -> None:
    with transaction():
        shop.settings = shop.settings | {rules.SETTING: rules.write(Rules(**changed))}  # type: ignore[arg-type]


# By what right


def test_whoever_agreed_gets_it_and_the_row_says_by_what_right(
    shopify: Running, installed: Shop, jobs: Jobs, knows: Knows
) -> None:
    anna = knows()
    write(installed)
    jobs.run()
    assert outcome(installed) == ("sent", None)
    assert len(shopify.mailbox.messages(ANNA)) == 1
    row = said(installed)
    assert (row.basis, row.customer_id, row.purpose) == ("consent", anna.id, "marketing")
    assert row.grounds is not None
    assert (row.grounds["level"], row.grounds["country"]) == ("SINGLE_OPT_IN", "FR")
    assert row.grounds["since"] < row.grounds["asked_at"]


@pytest.mark.parametrize(
    ("consent", "reason"),
    [
        ("not_subscribed", "no_consent"),
        ("unsubscribed", "unsubscribed"),
        ("pending", "consent_pending"),
        ("redacted", "unsubscribed"),
    ],
)
def test_whoever_has_not_agreed_gets_nothing(
    shopify: Running, installed: Shop, jobs: Jobs, knows: Knows, consent: str, reason: str
) -> None:
    knows(consent)
    write(installed)
    jobs.run()
    assert outcome(installed) == ("skipped", reason)
    assert shopify.mailbox.messages(ANNA) == []


def test_consent_is_read_at_the_moment_of_sending_and_not_before(
    shopify: Running, installed: Shop, jobs: Jobs, knows: Knows, clock: Clock
) -> None:
    anna = knows()
    until(clock, 22)
    write(installed)
    jobs.run()
    assert outcome(installed) == (None, "quiet")
    deeds.edit_consent(shopify.state, anna, "unsubscribed")
    until(clock, 9)
    jobs.run()
    assert outcome(installed) == ("skipped", "unsubscribed")


def test_a_stranger_gets_nothing_unless_the_box_at_the_checkout_was_ticked(
    shopify: Running, installed: Shop, jobs: Jobs, noon: None
) -> None:
    write(installed, 1)
    jobs.run()
    assert outcome(installed) == ("skipped", "no_consent")
    write(installed, 2, agreed_at=app_clock.now())
    jobs.run()
    assert outcome(installed, 2) == ("sent", None)
    assert (said(installed, 2).grounds or {})["level"] == "CHECKOUT"


def test_a_box_at_a_checkout_is_no_word_against_what_shopify_knows(installed: Shop, jobs: Jobs, knows: Knows) -> None:
    knows("unsubscribed")
    write(installed, agreed_at=app_clock.now())
    jobs.run()
    assert outcome(installed) == ("skipped", "unsubscribed")


def test_consent_for_another_address_of_the_customer_is_none_for_this_one(
    installed: Shop, jobs: Jobs, knows: Knows
) -> None:
    anna = knows(email="anna.new@example.com")
    write(installed, customer_id=anna.id)
    jobs.run()
    assert outcome(installed) == ("skipped", "no_consent")


@pytest.mark.parametrize(
    ("country", "told", "expected"),
    [
        ("FR", {"FR"}, ("sent", None)),
        ("FR", set(), ("skipped", "no_consent")),
        ("BE", {"FR"}, ("skipped", "no_consent")),
        (None, {"FR"}, ("skipped", "no_consent")),
        ("DE", {"DE", "FR"}, ("skipped", "no_consent")),
        ("AT", {"AT", "FR"}, ("skipped", "no_consent")),
    ],
)
def test_the_exception_for_customers_holds_where_the_merchant_says_so_and_the_law_lets_it(
    shopify: Running,
    installed: Shop,
    jobs: Jobs,
    knows: Knows,
    country: str | None,
    told: set[str],
    expected: tuple[str, str | None],
) -> None:
    knows("not_subscribed")
    buy(shopify)
    jobs.run()
    keep(installed, customers=frozenset(told))
    write(installed, country_code=country)
    jobs.run()
    assert outcome(installed) == expected
    assert said(installed).basis == ("customer" if expected[0] == "sent" else None)


def test_no_marketing_goes_to_a_blocked_country(installed: Shop, jobs: Jobs, knows: Knows) -> None:
    knows()
    keep(installed, blocked=frozenset({"FR"}))
    write(installed)
    jobs.run()
    assert outcome(installed) == ("skipped", "country_blocked")
    assert said(installed).facts == {"country": "FR"}


@pytest.mark.parametrize("fault", [{"outage": True}, {"error": 1}, {"throttled": 1}])
def test_while_shopify_is_silent_nothing_goes_out_and_it_is_asked_again(
    shopify: Running, installed: Shop, jobs: Jobs, knows: Knows, clock: Clock, fault: dict[str, int]
) -> None:
    knows()
    for name, value in fault.items():
        setattr(shopify.faults.graphql, name, value)
    write(installed)
    jobs.run()
    assert outcome(installed) == (None, "consent_unread")
    assert said(installed).sending_at is None
    assert shopify.mailbox.messages(ANNA) == []
    shopify.faults.graphql.outage = False
    shopify.faults.smtp.temporary = 1
    clock.forward(minutes=16)
    jobs.run()
    assert outcome(installed) == (None, None)
    assert said(installed).error == "SMTP 451"
    clock.forward(minutes=1)
    jobs.run()
    assert outcome(installed) == ("sent", None)


@pytest.mark.parametrize("reason", [refusals.ASKED, refusals.BOUNCED, refusals.COMPLAINED])
def test_whoever_stands_on_the_list_gets_nothing_however_they_write_their_address(
    shopify: Running, installed: Shop, jobs: Jobs, knows: Knows, reason: str
) -> None:
    knows()
    with transaction():
        refusals.refuse(installed, refusals.mark(installed, f" {ANNA.upper()}"), ["marketing"], reason)
    write(installed)
    jobs.run()
    assert outcome(installed) == ("skipped", f"refused_{reason}")
    assert shopify.mailbox.messages(ANNA) == []


# The way out


def test_every_offer_shows_the_way_out_and_one_click_of_the_mail_program_takes_it(
    shopify: Running, installed: Shop, jobs: Jobs, knows: Knows, client: FlaskClient, clock: Clock
) -> None:
    knows()
    jobs.run()
    write(installed, 1)
    jobs.run()
    (mail,) = shopify.mailbox.messages(ANNA)
    for form in (mail.text, mail.html):
        assert links.page(installed, ANNA) in (form or "")
    assert b"\r\nList-Unsubscribe: <" + links.one_click(installed, ANNA).encode() + b">\r\n" in mail.raw
    assert mail.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"

    there = links.one_click(installed, ANNA).removeprefix(shopify.app_url)
    assert client.post(there, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    clock.forward(hours=24)
    write(installed, 2)
    jobs.run()
    assert outcome(installed, 2) == ("skipped", "refused_asked")


def test_news_of_an_order_has_no_such_header(shopify: Running, installed: Shop, jobs: Jobs) -> None:
    with transaction():
        outbox.write(installed, ORDERS_NEWS, "news/1", to=ANNA)
    jobs.run()
    (mail,) = shopify.mailbox.messages(ANNA)
    assert mail.header("List-Unsubscribe") is None
    assert "unsubscribe" not in (mail.text or "")


def test_an_address_that_does_not_exist_is_written_to_no_more(
    shopify: Running, installed: Shop, jobs: Jobs, knows: Knows, clock: Clock
) -> None:
    knows()
    shopify.faults.smtp.permanent = 1
    write(installed, 1)
    jobs.run()
    assert (said(installed).result, said(installed).error) == ("failed", "SMTP 550")
    assert [(one.topic, one.reason) for one in refusals.of(installed, ANNA)] == [
        ("marketing", "bounced"),
        ("parcels", "bounced"),
    ]
    clock.forward(hours=24)
    write(installed, 2)
    jobs.run()
    assert outcome(installed, 2) == ("skipped", "refused_bounced")


# How often


def test_two_messages_are_sixteen_hours_apart_and_five_in_thirty_days(
    shopify: Running, installed: Shop, jobs: Jobs, knows: Knows, clock: Clock
) -> None:
    knows()
    for number in range(1, 8):
        write(installed, number)
    for _ in range(31 * 6):
        clock.forward(hours=4)
        jobs.run()
    rest()
    sent = sorted(row.sending_at for row in db.session.query(Message) if row.result == "sent" and row.sending_at)
    assert len(sent) == len(shopify.mailbox.messages(ANNA)) >= 5
    assert all(after - before >= timedelta(hours=16) for before, after in pairwise(sent))
    assert all(len([one for one in sent if start <= one < start + timedelta(days=30)]) <= 5 for start in sent)
    for moment in sent:
        assert 8 <= moment.astimezone(offers.BERLIN).hour < 21


def test_the_second_waits_and_says_until_when(installed: Shop, jobs: Jobs, knows: Knows) -> None:
    knows()
    write(installed, 1)
    jobs.run()
    write(installed, 2)
    jobs.run()
    first, second = said(installed, 1), said(installed, 2)
    assert (second.result, second.reason, second.facts) == (None, "had_one", {"count": 16})
    assert first.sending_at is not None
    # Sent at noon: sixteen hours later it is four in the morning, so it waits for eight.
    assert second.due_at.astimezone(offers.BERLIN).hour == 8
    assert second.due_at > first.sending_at + timedelta(hours=16)


def test_what_would_outlast_its_worth_is_not_sent_at_all(installed: Shop, jobs: Jobs, knows: Knows) -> None:
    knows()
    write(installed, 1)
    jobs.run()
    offers.ends[ANNA] = app_clock.now() + timedelta(hours=10)
    write(installed, 2)
    jobs.run()
    assert outcome(installed, 2) == ("skipped", "had_one")


def test_a_person_with_two_addresses_is_one_person(installed: Shop, jobs: Jobs, knows: Knows) -> None:
    anna, second = knows(), "anna.second@example.com"
    write(installed, 1, customer_id=anna.id)
    jobs.run()
    write(installed, 1, second, customer_id=anna.id, agreed_at=app_clock.now())
    jobs.run()
    assert outcome(installed, 1) == ("sent", None)
    assert outcome(installed, 1, second) == (None, "had_one")


def test_another_shop_counts_for_itself(installed: Shop, jobs: Jobs, knows: Knows, other_shop: Shop) -> None:
    knows()
    with transaction():
        refusals.refuse(other_shop, refusals.mark(other_shop, ANNA), ["marketing"])
    write(installed)
    jobs.run()
    assert outcome(installed) == ("sent", None)


def test_several_workers_at_once_do_not_break_the_cap(
    shopify: Running, installed: Shop, app: Flask, knows: Knows, clock: Clock
) -> None:
    """Each holds a message for the same person, by the address alone or with Shopify's number too."""
    anna = knows()
    for number in range(1, 9):
        write(installed, number)
        if number % 2:
            with transaction():
                db.session.execute(db.update(Message).where(Message.customer_id.is_(None)).values(customer_id=anna.id))
    ready = threading.Barrier(8)

    def work_off() -> None:
        with app.app_context():
            ready.wait()
            outbox.send(1)

    workers = [threading.Thread(target=work_off) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    rest()
    found = sorted((row.result or "", row.reason or "") for row in db.session.query(Message))
    assert found == [*[("", "had_one")] * 7, ("sent", "")]
    assert len(shopify.mailbox.messages(ANNA)) == 1


# What goes first


def test_news_of_an_order_goes_before_an_offer_to_the_same_person(
    shopify: Running, installed: Shop, jobs: Jobs, knows: Knows, clock: Clock
) -> None:
    knows()
    write(installed)
    with transaction():
        outbox.write(installed, ORDERS_NEWS, "news/1", to=ANNA)
    jobs.run()
    assert [mail.subject for mail in shopify.mailbox.messages(ANNA)] == ["An offer", "News"]


def test_an_offer_waits_while_the_mail_server_does_not_take_the_news(
    shopify: Running, installed: Shop, jobs: Jobs, knows: Knows, clock: Clock
) -> None:
    knows()
    shopify.faults.smtp.temporary = 1
    with transaction():
        outbox.write(installed, ORDERS_NEWS, "news/1", to=ANNA)
    write(installed)
    jobs.run()
    assert outcome(installed) == (None, "news_first")
    clock.forward(minutes=11)
    jobs.run()
    assert [mail.subject for mail in shopify.mailbox.messages(ANNA)] == ["An offer", "News"]


def test_the_urgent_are_claimed_first_however_long_the_others_wait(installed: Shop, noon: None) -> None:
    for number in range(1, 20):
        write(installed, number, f"somebody{number}@example.com")
    with transaction():
        outbox.write(installed, ORDERS_NEWS, "news/1", to=ANNA)
    outbox.send(1)
    rest()
    done = db.session.scalars(db.select(Message.key).where(Message.result == "sent")).all()
    assert done == ["news/1"]


# Trouble


def settle(store: Running, jobs: Jobs) -> None:
    """Shopify tells, and all that follows happens."""
    store.log.settle()
    jobs.run()


def test_nobody_is_asked_anything_while_their_parcel_is_in_trouble(
    shopify: Running, installed: Shop, jobs: Jobs, knows: Knows, clock: Clock
) -> None:
    knows()
    parcel = deeds.fulfil(shopify.state, buy(shopify), company="DHL", number="00340434161094015902")
    deeds.scan(shopify.state, parcel, "failure")
    settle(shopify, jobs)
    write(installed)
    jobs.run()
    assert outcome(installed) == (None, "parcel_trouble")
    deeds.scan(shopify.state, parcel, "delivered")
    settle(shopify, jobs)
    until(clock, 12)
    jobs.run()
    assert outcome(installed) == ("sent", None)


def test_nobody_is_asked_anything_while_they_send_something_back(
    shopify: Running, installed: Shop, jobs: Jobs, knows: Knows, clock: Clock
) -> None:
    knows()
    order = buy(shopify)
    deeds.scan(shopify.state, deeds.fulfil(shopify.state, order), "delivered")
    back = deeds.request_return(shopify.state, order, [(order.lines[0].id, 1)])
    settle(shopify, jobs)
    write(installed)
    jobs.run()
    assert outcome(installed) == (None, "return_open")
    deeds.decline_return(shopify.state, back, "OTHER", "")
    settle(shopify, jobs)
    until(clock, 12)
    jobs.run()
    assert outcome(installed) == ("sent", None)


def test_the_trouble_of_somebody_else_holds_nobody_up(
    shopify: Running, installed: Shop, jobs: Jobs, knows: Knows
) -> None:
    knows()
    knows(email="bea@example.com")
    deeds.scan(shopify.state, deeds.fulfil(shopify.state, buy(shopify)), "failure")
    settle(shopify, jobs)
    write(installed, 1, "bea@example.com")
    jobs.run()
    assert outcome(installed, 1, "bea@example.com") == ("sent", None)


# When


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo", "Europe/Berlin"])
def test_nobody_is_woken_wherever_they_live(installed: Shop, jobs: Jobs, knows: Knows, clock: Clock, zone: str) -> None:
    knows()
    there = ZoneInfo(zone)
    until(clock, 23, 30, there)
    write(installed, zones=[there])
    jobs.run()
    assert outcome(installed) == (None, "quiet")
    morning = said(installed).due_at.astimezone(there)
    assert (morning.hour, morning.minute) == (8, 0)
    until(clock, 8, 1, there)
    jobs.run()
    assert outcome(installed) == ("sent", None)


def test_what_nobody_needs_any_more_is_forgotten(installed: Shop, jobs: Jobs, knows: Knows, clock: Clock) -> None:
    knows()
    write(installed, 1)
    jobs.run()
    assert db.session.query(Slot).count() == 3  # by address, by number, by kind of message
    clock.forward(days=31)
    tidy.tidy()
    assert db.session.query(Slot).count() == 0
    assert outcome(installed) == ("sent", None)
    clock.forward(days=730)
    tidy.tidy()
    assert outbox.recent(installed) == []


def test_an_uninstalled_shop_sends_nothing(installed: Shop, jobs: Jobs, knows: Knows) -> None:
    knows()
    write(installed)
    with transaction():
        installed.installed_at = None
        db.session.add(installed)
    jobs.run()
    assert outcome(installed) == ("skipped", "uninstalled")


def test_marketing_without_a_reader_is_a_mistake_that_sends_nothing(
    shopify: Running, installed: Shop, jobs: Jobs, knows: Knows
) -> None:
    knows()
    write(installed)
    offers.readers[ANNA] = None  # type: ignore[assignment]
    jobs.run()
    assert outcome(installed) == ("failed", None)
    assert said(installed).purpose == Purpose.MARKETING
    assert shopify.mailbox.messages(ANNA) == []
