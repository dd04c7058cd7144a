"""Carriers are asked for parcels under way; whatever comes of it, the buyer sees a page that is true."""

import random
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from shopify_app import clock as app_clock
from shopify_app.db import db, rest, transaction
from shopify_app.mail.models import Message
from shopify_app.orders import links
from shopify_app.orders.models import ParcelEvent
from shopify_app.persons import Person
from shopify_app.privacy import tables
from shopify_app.shopify.models import Shop
from shopify_app.tracking.models import Inquiry, Watch
from tests.buyers import Configure, Storefront, Tell
from tests.conftest import SECOND, Clock, Jobs, install
from tests.home.conftest import Merchant
from tests.home.conftest import merchant as merchant
from tests.home.test_order import text
from tests.orders import order, parcel, scan
from tests.tracking.karrio import Karrio, said
from tests.tracking.karrio import karrio as karrio

NUMBER = "CB00000031FR"
PARIS = ZoneInfo("Europe/Paris")


def ago(hours: float) -> str:
    """The time in Paris so many hours ago, as karrio writes it."""
    return f"{(app_clock.now() - timedelta(hours=hours)).astimezone(PARIS):%Y-%m-%d %H:%M}"


def at(hours: float = 0) -> str:
    return (app_clock.now() + timedelta(hours=hours)).isoformat()


def sent(tell: Tell, **fields: Any) -> None:
    told = {"created_at": at(-30), "updated_at": at(-30)} | fields
    tell("orders/create", order(), "fulfillments/create", parcel(31, {1: 2}, **told))


def inquiries() -> list[Inquiry]:
    rest()
    return list(db.session.scalars(select(Inquiry).order_by(Inquiry.shipment_id)))


def events() -> list[tuple[str, str | None]]:
    rest()
    found = db.session.scalars(select(ParcelEvent).order_by(ParcelEvent.happened_at))
    return [(one.status, one.asked_of) for one in found]


def test_without_a_key_nobody_is_asked(karrio: Karrio, configure: Configure, tell: Tell) -> None:
    configure(karrio_key=None)
    sent(tell)
    assert karrio.asked == []
    assert inquiries() == []


def test_what_the_carrier_answers_stands_on_the_page_with_its_age(
    karrio: Karrio, storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    karrio.knows(NUMBER, said("in_transit", ago(2)))
    sent(tell)
    page = storefront.get(links.path(shop, 4711)).text
    assert [one["tracking_number"] for one in karrio.asked] == [NUMBER]
    assert "Your parcel is in Lyon." in page
    assert "Newest news: 2 hours ago, told by Colissimo · Carrier last asked: 1 minute ago" in page


def test_what_shopify_told_is_not_said_to_come_from_the_carrier_itself(
    storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    sent(tell)
    assert "Newest news" not in storefront.get(links.path(shop, 4711)).text
    tell("fulfillment_events/create", scan(1, 31, "in_transit", at(-5)))
    page = storefront.get(links.path(shop, 4711)).text
    assert "Newest news: 5 hours ago, told through Shopify</p>" in page
    tell("fulfillment_events/create", scan(2, 31, "delivered", at(-1)))
    assert "Newest news" not in storefront.get(links.path(shop, 4711)).text


def test_a_carrier_is_left_alone_for_some_hours_and_longer_while_it_knows_nothing(
    karrio: Karrio, tell: Tell, jobs: Jobs, clock: Clock
) -> None:
    sent(tell)
    for hours, count in ((7.9, 1), (0.2, 2), (15.9, 2), (0.2, 3), (24.1, 4), (24.1, 5)):
        clock.forward(hours=hours)
        jobs.run()
        assert len(karrio.asked) == count
    karrio.knows(NUMBER, said("in_transit", ago(2)))
    clock.forward(hours=24.1)
    jobs.run()
    clock.forward(hours=3.9)
    jobs.run()
    assert len(karrio.asked) == 6
    clock.forward(hours=0.2)
    jobs.run()
    assert len(karrio.asked) == 7


def test_news_from_shopify_do_not_make_the_carrier_be_asked_more_often(karrio: Karrio, tell: Tell) -> None:
    sent(tell)
    for number in range(1, 5):
        tell("fulfillment_events/create", scan(number, 31, "in_transit", at(-number)))
    assert len(karrio.asked) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"tracking_company": "Hermes"},
        {"tracking_company": None},
        {"tracking_number": None, "tracking_numbers": []},
        {"tracking_numbers": ["CB1", "CB2"], "tracking_urls": []},
        {"shipment_status": "delivered"},
        {"created_at": "2026-01-05T10:00:00Z"},
        {"tracking_company": "UPS", "tracking_number": "1Z5R89390357567128", "tracking_numbers": []},
    ],
)
def test_a_parcel_of_which_no_carrier_can_tell_is_not_asked_for(
    karrio: Karrio, tell: Tell, fields: dict[str, Any]
) -> None:
    """The last one has a wrong check digit."""
    sent(tell, **fields)
    assert karrio.asked == []


def test_once_it_is_there_nobody_asks_any_more(karrio: Karrio, tell: Tell) -> None:
    karrio.knows(NUMBER, said("delivered", ago(1)))
    sent(tell)
    assert inquiries() == []
    assert events() == [("delivered", "karrio")]


@pytest.mark.parametrize("end", ["orders/cancelled", "orders/delete", "app/uninstalled"])
def test_nor_once_nobody_waits_for_it(karrio: Karrio, tell: Tell, jobs: Jobs, clock: Clock, end: str) -> None:
    sent(tell)
    body = {
        "orders/cancelled": order(cancelled_at=at(), updated_at=at(1)),
        "orders/delete": {"id": 4711},
        "app/uninstalled": {"id": 1},
    }
    clock.forward(hours=1)
    tell(end, body[end])
    clock.forward(hours=25)
    jobs.run()
    assert len(karrio.asked) == 1
    assert inquiries() == []


def test_when_the_source_is_switched_off_its_rows_go(
    karrio: Karrio, configure: Configure, tell: Tell, jobs: Jobs, clock: Clock
) -> None:
    sent(tell)
    configure(karrio_url=None)
    clock.forward(hours=25)
    jobs.run()
    assert inquiries() == []


def test_what_shopify_and_the_carrier_both_tell_stands_once(
    karrio: Karrio, storefront: Storefront, tell: Tell, shop: Shop, clock: Clock, jobs: Jobs
) -> None:
    sent(tell)
    tell("fulfillment_events/create", scan(1, 31, "in_transit", at(-3), message="Trié"))
    karrio.knows(
        NUMBER,
        said("out_for_delivery", ago(1), description="Out"),
        said("in_transit", ago(3), description="Sorted"),
        said("in_transit", ago(3), "PARIS, FR", description="Elsewhere"),
    )
    clock.forward(hours=9)
    jobs.run()
    page = storefront.get(links.path(shop, 4711)).text
    assert [word in page for word in ("Trié", "Out", "Sorted", "Elsewhere")] == [True, True, False, True]


def test_the_carrier_s_answer_hides_no_newer_news_of_shopify(
    karrio: Karrio, storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    karrio.knows(NUMBER, said("delivery_failed", ago(4)), said("in_transit", ago(-9)))
    sent(tell)
    assert "could not be handed over" in storefront.get(links.path(shop, 4711)).text
    tell("fulfillment_events/create", scan(1, 31, "out_for_delivery", at(-2)))
    assert "Your parcel is out for delivery." in storefront.get(links.path(shop, 4711)).text


def test_what_shopify_says_has_arrived_only_shopify_takes_back(
    karrio: Karrio, storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    """Carriers' times have no zone."""
    karrio.knows(NUMBER, said("in_transit", ago(1)))
    sent(tell)
    tell("fulfillment_events/create", scan(1, 31, "delivered", at(-2)))
    assert "Your parcel has arrived." in storefront.get(links.path(shop, 4711)).text
    tell("fulfillment_events/create", scan(2, 31, "in_transit", at(-1.5)))
    assert "Your parcel has arrived." not in storefront.get(links.path(shop, 4711)).text


def test_a_scan_that_the_carrier_takes_back_goes_and_an_empty_answer_takes_none(
    karrio: Karrio, tell: Tell, jobs: Jobs, clock: Clock
) -> None:
    karrio.knows(NUMBER, said("out_for_delivery", ago(1)), said("in_transit", ago(3)))
    sent(tell)
    assert events() == [("in_transit", "karrio"), ("out_for_delivery", "karrio")]
    karrio.knows(NUMBER, karrio.parcels[NUMBER]["events"][1])
    clock.forward(hours=5)
    jobs.run()
    assert events() == [("in_transit", "karrio")]
    karrio.knows(NUMBER)
    clock.forward(hours=5)
    jobs.run()
    assert events() == [("in_transit", "karrio")]


def test_with_another_number_all_that_was_said_of_the_first_is_forgotten(
    karrio: Karrio, storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    karrio.knows(NUMBER, said("in_transit", ago(3), "GENOA, IT"))
    sent(tell)
    assert "Genoa" in storefront.get(links.path(shop, 4711)).text
    changed = {"tracking_number": "CB00000032FR", "tracking_numbers": ["CB00000032FR"]}
    tell("fulfillments/update", parcel(31, {1: 2}, created_at=at(-30), updated_at=at(), **changed))
    assert "Genoa" not in storefront.get(links.path(shop, 4711)).text
    assert [one["tracking_number"] for one in karrio.asked] == [NUMBER, "CB00000032FR"]


def test_the_carrier_s_day_is_shown_where_shopify_knows_none_and_enters_the_ledger(
    karrio: Karrio, storefront: Storefront, tell: Tell, shop: Shop, jobs: Jobs, clock: Clock
) -> None:
    day = app_clock.now() + timedelta(days=2)
    karrio.knows(NUMBER, said("in_transit", ago(3)), estimated_delivery=f"{day:%Y-%m-%d}")
    sent(tell)
    page = storefront.get(links.path(shop, 4711)).text
    assert f"{day:%A, %B} {day.day}, {day.year}</strong>" in page
    assert "says the carrier" in page
    sooner = app_clock.now() + timedelta(days=1)
    tell("fulfillment_events/create", scan(1, 31, "in_transit", at(-5), estimated_delivery_at=sooner.isoformat()))
    assert f"{sooner:%A, %B} {sooner.day}, {sooner.year}</strong>" in storefront.get(links.path(shop, 4711)).text


def test_buyers_hear_of_what_the_carrier_answered(karrio: Karrio, tell: Tell, shop: Shop) -> None:
    with transaction():
        shop.settings = {"parcel_messages": {"out": at(-48)}}
        db.session.add(shop)
    karrio.knows(NUMBER, said("out_for_delivery", ago(1)))
    sent(tell)
    rest()
    assert "tracking/out" in db.session.scalars(select(Message.template)).all()


def test_each_shop_hears_of_its_own_parcels_only(
    karrio: Karrio, storefront: Storefront, tell: Tell, shop: Shop, other_shop: Shop, jobs: Jobs, clock: Clock
) -> None:
    """The same numbers everywhere: of order, parcel and carrier."""
    karrio.knows(NUMBER, said("in_transit", ago(3), "GENOA, IT"))
    sent(tell)
    karrio.knows(NUMBER, said("out_for_delivery", ago(1), "OSLO, NO"))
    news = ("orders/create", order(), "fulfillments/create", parcel(31, {1: 2}, created_at=at(-30)))
    tell(*news, domain=SECOND)
    rest()
    rows = db.session.execute(select(ParcelEvent.shop_id, ParcelEvent.status)).all()
    assert sorted(map(tuple, rows)) == sorted([(shop.id, "in_transit"), (other_shop.id, "out_for_delivery")])
    assert "Oslo" not in storefront.get(links.path(shop, 4711)).text


def test_an_order_that_is_erased_while_the_carrier_thinks_stays_erased(
    app: Flask, karrio: Karrio, tell: Tell, shop: Shop
) -> None:
    person = Person(shop.id, shop.domain, orders=frozenset({4711}))

    def erase() -> None:
        with app.app_context(), transaction():
            tables.erase(person)

    karrio.meanwhile = erase
    karrio.knows(NUMBER, said("in_transit", ago(3)))
    sent(tell)
    assert len(karrio.asked) == 1
    assert (events(), inquiries()) == ([], [])


def test_a_shop_that_is_erased_while_the_carrier_thinks_stays_erased(
    app: Flask, karrio: Karrio, tell: Tell, shop: Shop
) -> None:
    def erase() -> None:
        with app.app_context(), transaction():
            for table in reversed(db.metadata.sorted_tables):
                db.session.execute(table.delete())

    karrio.meanwhile = erase
    karrio.knows(NUMBER, said("in_transit", ago(3)))
    sent(tell)
    assert len(karrio.asked) == 1
    assert (events(), inquiries()) == ([], [])


def test_the_carrier_s_answers_are_erased_with_their_order(karrio: Karrio, tell: Tell, shop: Shop) -> None:
    karrio.knows(NUMBER, said("in_transit", ago(3)))
    sent(tell)
    with transaction():
        erased = tables.erase(Person(shop.id, shop.domain, orders=frozenset({4711})))
    assert (erased["parcel_events"], erased["inquiries"]) == (1, 1)


FAULTS = ["401", "403", "429", "500", "302", "hang up"]
BODIES = [
    b"",
    b"<html>",
    b"[]",
    b'{"tracking": {"events": 7}}',
    b'{"tracking": {"events": [], "tracking_number": "X"}}',
]


@pytest.mark.parametrize("fault", [*FAULTS, *BODIES])
def test_whatever_goes_wrong_the_buyer_sees_what_shopify_tells(
    karrio: Karrio, storefront: Storefront, tell: Tell, shop: Shop, fault: str | bytes
) -> None:
    if isinstance(fault, bytes):
        karrio.body = fault
    else:
        karrio.fault = fault
    sent(tell)
    tell("fulfillment_events/create", scan(1, 31, "in_transit", at(-1)))
    page = storefront.get(links.path(shop, 4711))
    assert page.status_code == 200
    assert "Your parcel is in Lyon." in page.text
    assert "Carrier last asked" not in page.text
    rest()
    assert db.session.scalars(select(Watch.error)).all() == [None]
    assert len(karrio.asked) == 1


def many(tell: Tell, count: int) -> None:
    for number in range(1, count + 1):
        told = parcel(number, {number: 1}, order_id=number, created_at=at(-30))
        tell("orders/create", order(number, name=f"#{number}"), "fulfillments/create", told)


def test_an_outage_costs_one_call_now_and_then_and_ends_by_itself(
    karrio: Karrio, merchant: Merchant, tell: Tell, shop: Shop, jobs: Jobs, clock: Clock
) -> None:
    karrio.fault = "503"
    many(tell, 6)
    began = len(karrio.asked)
    clock.forward(minutes=5)
    jobs.run()
    for _ in range(6):
        clock.forward(minutes=10.1)
        jobs.run()
    assert len(karrio.asked) - began <= 6
    health = text(merchant.opens("/health/lights").text)
    assert "Carriers cannot be asked" in health
    assert "has not answered. We keep trying. Until then your buyers see what Shopify tells us." in health
    karrio.fault = None
    clock.forward(hours=25)
    jobs.run()
    assert {one.failing_since for one in inquiries()} == {None}
    assert "Carriers cannot be asked" not in text(merchant.opens("/health/lights").text)


def test_the_merchant_learns_since_when_a_wrong_key_is_refused(
    karrio: Karrio, configure: Configure, merchant: Merchant, tell: Tell
) -> None:
    assert "Carriers cannot be asked" not in merchant.opens("/health/lights").text
    configure(karrio_key="key_wrong")
    sent(tell)
    health = text(merchant.opens("/health/lights").text)
    assert "has not accepted our key. Whoever runs this app has to look into it." in health
    configure(karrio_key=None)
    assert "Carriers cannot be asked" not in merchant.opens("/health/lights").text


def test_another_shop_s_merchant_hears_nothing_of_it(karrio: Karrio, merchant: Merchant, tell: Tell) -> None:
    install(SECOND)
    karrio.fault = "500"
    tell("orders/create", order(), "fulfillments/create", parcel(31, {1: 2}, created_at=at(-30)), domain=SECOND)
    assert len(inquiries()) == 1
    assert "Carriers cannot be asked" not in merchant.opens("/health/lights").text


SCANS = [("submitted", 50), ("in_transit", 40), ("in_transit", 30), ("out_for_delivery", 6), ("delivery_failed", 2)]


def test_a_shuffled_and_repeated_feed_gives_the_same_page_also_with_the_carrier_s_answers(
    karrio: Karrio, storefront: Storefront, tell: Tell, shop: Shop, clock: Clock, jobs: Jobs
) -> None:
    told = [scan(number, 31, "in_transit", at(-hours)) for number, hours in enumerate((45, 35, 30, 5), 1)]
    answers = [said(word if word != "submitted" else "pending", ago(hours)) for word, hours in SCANS]
    karrio.knows(NUMBER, *answers)
    news = [("fulfillment_events/create", one) for one in told]
    pages, address = set(), links.path(shop, 4711)
    for seed in range(6):
        chance = random.Random(seed)
        with transaction():
            for model in (ParcelEvent, Inquiry, Watch):
                db.session.execute(delete(model))
        chance.shuffle(answers)
        karrio.knows(NUMBER, *answers, *answers)
        feed = [*news, *chance.sample(news, 2)]
        chance.shuffle(feed)
        cut = chance.randrange(len(feed))
        tell(*(part for one in feed[:cut] for part in one))
        sent(tell)
        with transaction():
            db.session.execute(update(Inquiry).values(due_at=app_clock.now()))
        tell(*(part for one in feed[cut:] for part in one))
        page = storefront.get(address).text
        pages.add(page[page.index("<h1") :])
    assert len(pages) == 1
