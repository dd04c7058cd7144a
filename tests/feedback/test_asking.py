"""A buyer is asked once, on the tenth day after the last item came; or never, and the merchant sees why."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from flask import current_app
from sqlalchemy import select

from devstore.smtp import Mailbox
from shopify_app import clock as app_clock
from shopify_app import feedback
from shopify_app.db import db, rest, transaction
from shopify_app.feedback import requests, rules
from shopify_app.feedback.models import Case, Request
from shopify_app.mail.models import Message
from shopify_app.shopify.models import Shop
from shopify_app.webhooks import topics
from tests.buyers import Tell
from tests.conftest import Clock, Jobs
from tests.factories import line, new_order, refund, return_news, returned, written
from tests.feedback.conftest import Buyer, Buys, in_ten_days, messages
from tests.orders import ADDRESS

At = Callable[[datetime], None]

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
NOBODY = {"email": None, "contact_email": None, "customer": None}


def reason() -> str | None:
    """Of the only order."""
    rest()
    return db.session.scalars(select(Request)).one().reason


def test_a_buyer_is_asked_on_the_tenth_day_and_not_a_minute_before(buys: Buys, at: At) -> None:
    came = buys().arrives()
    at(in_ten_days(came) - MINUTE)
    assert messages() == []
    at(in_ten_days(came))
    assert messages() == ["request"]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Sydney"])
def test_a_change_of_clocks_in_between_moves_nothing(shop: Shop, buys: Buys, at: At, zone: str) -> None:
    with transaction():
        shop.timezone = zone
    at(next_change(ZoneInfo(zone)) - 5 * DAY)
    came = buys().arrives()
    due = (came.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + 10 * DAY).replace(tzinfo=ZoneInfo(zone))
    assert abs(due - came - 10 * DAY) == timedelta(hours=1), "the days in between have an hour more or less"
    at(due - MINUTE)
    assert messages() == []
    at(due)
    assert messages() == ["request"]


def next_change(zone: ZoneInfo) -> datetime:
    """Noon after the next night in which the clocks of a zone change; far enough away to travel to."""
    noon = app_clock.now().astimezone(zone).replace(hour=12, minute=0, second=0, microsecond=0, tzinfo=None) + 8 * DAY
    noons = [(noon + number * DAY).replace(tzinfo=zone) for number in range(400)]
    return next(later for sooner, later in pairwise(noons) if sooner.utcoffset() != later.utcoffset())


@pytest.mark.parametrize(
    ("home", "zone"),
    [
        ({"country_code": "US", "latitude": 34.05, "longitude": -118.24}, "America/Los_Angeles"),
        ({"country_code": "US", "latitude": None, "longitude": None}, "Pacific/Honolulu"),
    ],
)
def test_a_buyer_abroad_is_asked_when_it_is_day_there(buys: Buys, at: At, home: dict[str, object], zone: str) -> None:
    """Where only the country is known, when it is day in all of it."""
    at(next_hour(10, ZoneInfo("Europe/Berlin")))
    came = buys(shipping_address=ADDRESS | home).arrives()
    at(in_ten_days(came))
    message = db.session.scalars(select(Message).where(Message.template == "feedback/request")).one()
    there = message.due_at.astimezone(ZoneInfo(zone))
    assert (message.reason, there.hour, there.minute) == ("quiet", 8, 0)


def next_hour(hour: int, zone: ZoneInfo) -> datetime:
    tomorrow = app_clock.now().astimezone(zone) + DAY
    return tomorrow.replace(hour=hour, minute=0, second=0, microsecond=0)


def test_news_that_come_twice_and_in_any_order_ask_once(buys: Buys, tell: Tell, at: At) -> None:
    order = buys()
    moment = app_clock.now().replace(microsecond=0)
    news = [
        ("fulfillments/create", order.parcel(created_at=written(moment), updated_at=written(moment))),
        ("fulfillment_events/create", order.scan("in_transit", written(moment - DAY), number=6000)),
        ("fulfillment_events/create", order.scan("delivered", written(moment))),
        ("orders/updated", order.body),
        ("orders/create", order.body),
    ] * 2
    random.Random(7).shuffle(news)
    tell(*(part for one in news for part in one))
    for days in (0, 1, 3):
        at(in_ten_days(moment) + days * DAY)
        tell(*(part for one in news for part in one))
    assert messages() == ["request"]


def test_the_last_parcel_counts(buys: Buys, at: At) -> None:
    order = buys(line_items=[line(10011), line(10012)])
    order.is_sent(5001, line_items=[line(10011)])
    order.is_scanned("delivered", parcel=5001, number=6001)
    at(app_clock.now() + 12 * DAY)
    assert messages() == [], "half of it has not been sent"
    order.is_sent(5002, line_items=[line(10012)])
    at(app_clock.now() + 2 * DAY)
    order.is_scanned("in_transit", parcel=5002, number=6002)
    came = app_clock.now().replace(microsecond=0)
    order.is_scanned("delivered", came, parcel=5002, number=6003)
    at(in_ten_days(came) - MINUTE)
    assert messages() == []
    at(in_ten_days(came))
    assert messages() == ["request"]


def test_a_delivery_that_was_taken_back_counts_no_more(buys: Buys, tell: Tell, at: At) -> None:
    order = buys()
    came = order.arrives()
    tell("fulfillment_events/delete", order.scan("delivered", written(came)))
    order.is_scanned("in_transit", number=6002)
    at(in_ten_days(came) + DAY)
    assert messages() == []
    assert reason() == "under_way"


def test_a_parcel_that_is_late_is_waited_for(buys: Buys, at: At) -> None:
    order = buys()
    order.is_sent()
    order.is_scanned("in_transit")
    at(app_clock.now() + 40 * DAY)
    assert messages() == []
    came = app_clock.now().replace(microsecond=0)
    order.is_scanned("delivered", came, number=6002)
    at(in_ten_days(came))
    assert messages() == ["request"]


@pytest.mark.parametrize(("country", "days"), [("DE", 3), ("FR", 8), (None, 2)])
def test_where_nobody_scans_the_usual_time_of_such_parcels_counts(
    buys: Buys, at: At, country: str | None, days: int
) -> None:
    """At home, abroad, and fetched at the shop."""
    order = buys(shipping_address=country and {"country_code": country, "city": "Lyon"})
    sent_at = app_clock.now().replace(microsecond=0)
    order.is_sent()
    at(sent_at + (10 + days) * DAY - MINUTE)
    assert messages() == []
    at(sent_at + (10 + days) * DAY + MINUTE)
    assert messages() == ["request"]


def test_that_time_is_measured_where_enough_parcels_were_scanned(buys: Buys, at: At, shop: Shop) -> None:
    for number in range(2001, 2006):
        order = buys(number)
        order.is_sent(number)
        order.is_scanned("delivered", app_clock.now() + 6 * DAY, parcel=number, number=number)
    order = buys()
    sent_at = app_clock.now().replace(microsecond=0)
    order.is_sent()
    at(sent_at + 16 * DAY - MINUTE)
    assert len(messages()) == 0
    at(sent_at + 16 * DAY + MINUTE)
    assert messages() == ["request"] * 6


# Never


def test_a_cancelled_order_is_never_asked_about(buys: Buys, at: At) -> None:
    order = buys()
    came = order.arrives()
    order.changes(cancelled_at=written(app_clock.now()), cancel_reason="customer")
    at(in_ten_days(came) + DAY)
    assert (messages(), reason()) == ([], "cancelled")


def test_nor_one_that_was_refunded_in_full(buys: Buys, at: At) -> None:
    order = buys()
    came = order.arrives()
    order.changes(financial_status="refunded")
    at(in_ten_days(came) + DAY)
    assert (messages(), reason()) == ([], "refunded")


def test_nor_one_of_which_everything_came_back(buys: Buys, tell: Tell, at: At) -> None:
    came = buys().arrives()
    tell("refunds/create", refund())
    at(in_ten_days(came) + DAY)
    assert (messages(), reason()) == ([], "nothing_kept")


@pytest.mark.parametrize(
    ("keys", "why"),
    [({"test": True}, "test_order"), (NOBODY, "no_address")],
)
def test_nor_a_test_nor_whoever_left_no_address(buys: Buys, at: At, keys: dict[str, object], why: str) -> None:
    came = buys(**keys).arrives()
    at(in_ten_days(came) + DAY)
    assert (messages(), reason()) == ([], why)


def test_nobody_is_asked_while_it_is_switched_off(shop: Shop, buys: Buys, at: At) -> None:
    with transaction():
        rules.switch(shop, is_on=False)
    came = buys().arrives()
    at(in_ten_days(came) + DAY)
    assert messages() == []
    assert db.session.query(Request).count() == 0


def test_a_new_install_begins_switched_off(shop: Shop, buys: Buys, at: At) -> None:
    with transaction():
        shop.installed_at = app_clock.now()
    at(app_clock.now() + DAY)
    came = buys().arrives()
    at(in_ten_days(came) + DAY)
    assert messages() == []


def test_sixty_days_of_orders_at_install_bring_no_message(shop: Shop, clock: Clock, jobs: Jobs, at: At) -> None:
    """They come by the import; even what Shopify tells of them later, and switching on, asks nobody."""
    began = app_clock.now()
    with transaction():
        for day in range(60):
            placed = began - (day + 1.5) * DAY
            body = new_order(placed, 3000 + day, fulfillment_status="fulfilled")
            topics.order_read(shop, body, began, imported=True)
        rules.switch(shop, is_on=False)
        rules.switch(shop, is_on=True)
    with transaction():
        for day in range(60):
            topics.order_read(shop, new_order(began - (day + 1.5) * DAY, 3000 + day), began)
    for days in (1, 5, 20):
        at(began + days * DAY)
    assert messages() == []
    assert db.session.query(Request).count() == 0


def test_whoever_s_day_was_over_when_it_was_switched_on_is_not_asked(shop: Shop, buys: Buys, at: At) -> None:
    with transaction():
        rules.switch(shop, is_on=False)
    came = buys().arrives()
    at(in_ten_days(came) + DAY)
    with transaction():
        rules.switch(shop, is_on=True)
        requests.begin(shop)
    at(app_clock.now() + DAY)
    assert (messages(), reason()) == ([], "before_switch")


# Held


def test_an_open_return_holds_the_request_until_it_is_over(buys: Buys, tell: Tell, at: At) -> None:
    order = buys(line_items=[line(10011, quantity=2, current_quantity=2)])
    order.is_sent(line_items=[line(10011, quantity=2)])
    came = app_clock.now().replace(microsecond=0)
    order.is_scanned("delivered", came)
    tell("returns/request", returned())
    at(in_ten_days(came) + DAY)
    assert (messages(), reason()) == ([], "return_open")
    tell("returns/close", return_news(status="closed"))
    at(app_clock.now() + MINUTE)
    assert messages() == ["request"]


def test_a_buyer_who_waits_for_an_answer_is_not_asked_about_another_order(
    shop: Shop, buys: Buys, at: At, mira: Buyer
) -> None:
    came = buys(1002).arrives()
    mira.sends("", {"verdict": "wrong"})
    at(in_ten_days(came) + DAY)
    assert messages() == ["staff"]
    with transaction():
        db.session.scalars(select(Case)).one().state = "solved"
    at(app_clock.now() + DAY)
    assert messages() == ["staff", "request"]


def test_the_last_look_before_sending_still_says_no(
    buys: Buys, at: At, tell: Tell, jobs: Jobs, mailbox: Mailbox
) -> None:
    """The mail server was away while the order was cancelled."""
    order = buys()
    came = order.arrives()
    at(in_ten_days(came) - MINUTE)
    at_the_day = in_ten_days(came) + MINUTE
    _forward(at_the_day)
    feedback.look()
    assert messages() == ["request"]
    order.changes(cancelled_at=written(app_clock.now()))
    assert mailbox.messages() == []
    rest()
    about = select(Message.reason).where(Message.template == "feedback/request")
    assert db.session.scalars(about).all() == ["cancelled"]


def _forward(moment: datetime) -> None:
    Clock(current_app.extensions["config"].clock_file).forward(seconds=(moment - app_clock.now()).total_seconds())


def test_more_than_the_cap_waits_for_the_next_day(shop: Shop, buys: Buys, at: At) -> None:
    with transaction():
        rules.keep(shop, cap=2)
    for number in (1001, 1002, 1003):
        order = buys(number)
        order.is_sent(number)
        order.is_scanned("delivered", parcel=number, number=number)
    at(app_clock.now() + 10 * DAY)
    assert messages() == ["request"] * 2
    at(app_clock.now() + DAY + MINUTE)
    assert messages() == ["request"] * 3


def test_another_shop_asks_for_itself(other_shop: Shop, tell: Tell, buys: Buys, at: At) -> None:
    body = new_order(app_clock.now(), 1001)
    tell("orders/create", body, domain=other_shop.domain)
    assert db.session.query(Request).count() == 0
