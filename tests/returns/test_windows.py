"""Until when something may come back: the last second, both clock changes, and the law."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopify_app.returns.policy import windows
from shopify_app.returns.policy.decisions import decide
from shopify_app.returns.policy.terms import Holiday, Rule, Terms
from tests.returns.baskets import BERLIN, BOUGHT, DELIVERED, SENT, basket, piece, wish

SECOND = timedelta(seconds=1)
EU = {"country": "DE"}


def last_day(terms: Terms, zone: tzinfo = BERLIN) -> date:
    return windows.of(terms, basket(), piece(), zone).last


@pytest.mark.parametrize(
    ("zone", "delivered", "midnight"),
    [
        (BERLIN, datetime(2026, 6, 3, 12, tzinfo=UTC), datetime(2026, 7, 3, 22, tzinfo=UTC)),
        (BERLIN, datetime(2026, 6, 3, 22, 30, tzinfo=UTC), datetime(2026, 7, 4, 22, tzinfo=UTC)),  # 4 June there
        (ZoneInfo("America/Los_Angeles"), datetime(2026, 6, 3, 2, tzinfo=UTC), datetime(2026, 7, 3, 7, tzinfo=UTC)),
        (ZoneInfo("Asia/Kathmandu"), datetime(2026, 6, 3, 12, tzinfo=UTC), datetime(2026, 7, 3, 18, 15, tzinfo=UTC)),
        (BERLIN, datetime(2026, 2, 27, 12, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),  # a day of 23 hours
        (BERLIN, datetime(2026, 9, 25, 12, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)),  # a day of 25 hours
        (BERLIN, datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC)),  # across the change
        (ZoneInfo("Africa/Cairo"), datetime(2026, 3, 25, 12, tzinfo=UTC), datetime(2026, 4, 24, 21, tzinfo=UTC)),
    ],
)
def test_the_last_second_of_the_last_day_counts_and_the_next_does_not(
    zone: tzinfo, delivered: datetime, midnight: datetime
) -> None:
    lamp = piece(delivered_at=delivered)
    order = basket(lamp)
    assert windows.of(Terms(), order, lamp, zone).end == midnight
    late = decide(Terms(), order, lamp, wish(), midnight, zone)
    assert decide(Terms(), order, lamp, wish(), midnight - SECOND, zone).rule == "in_time"
    assert late.rule == "too_late"
    assert late.facts["last"] == windows.of(Terms(), order, lamp, zone).last.isoformat()


@given(
    hours=st.integers(0, 3 * 366 * 24),
    days=st.integers(0, 400),
    zone=st.sampled_from(
        [BERLIN, *map(ZoneInfo, ("America/Santiago", "Africa/Cairo", "Australia/Lord_Howe", "Atlantic/Azores"))]
    ),
)
def test_whatever_the_clocks_do_a_window_ends_as_its_last_day_does(hours: int, days: int, zone: tzinfo) -> None:
    delivered = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    lamp = piece(delivered_at=delivered)
    window = windows.of(Terms(days=days), basket(lamp), lamp, zone)
    assert (window.last - delivered.astimezone(zone).date()).days == days
    assert (window.end - SECOND).astimezone(zone).date() == window.last
    assert window.end.astimezone(zone).date() == window.last + timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "last"),
    [("purchase", date(2026, 6, 29)), ("fulfilment", date(2026, 7, 1)), ("delivery", date(2026, 7, 3))],
)
def test_it_counts_from_what_the_merchant_chose(start: str, last: date) -> None:
    assert last_day(Terms(start=start)) == last


def test_a_carrier_that_never_reports_a_delivery_costs_the_buyer_nothing() -> None:
    silent = piece(delivered_at=None)
    window = windows.of(Terms(assumed_days=7), basket(silent), silent, BERLIN)
    assert (window.since, window.began) == ("assumed", SENT.date() + timedelta(days=7))


def test_the_first_rule_that_fits_decides_alone() -> None:
    rules = (
        Rule(about="country", values=("FR",), days=90),
        Rule(about="product_tag", values=("sale", "outlet"), days=14),
        Rule(about="product_type", values=("Lamps",), days=60),
    )
    assert last_day(Terms(rules=rules)) == date(2026, 8, 2)
    tagged = piece(tags=("Outlet ",))
    assert windows.of(Terms(rules=rules), basket(tagged), tagged, BERLIN).days == 14


@pytest.mark.parametrize(
    ("about", "value"),
    [
        ("country", "ch"),
        ("collection", "88"),
        ("product_tag", "new"),
        ("product_type", "lamps"),
        ("discount_code", "SUMMER"),
        ("customer_tag", "vip"),
    ],
)
def test_a_rule_can_be_about_all_that_an_order_tells(about: str, value: str) -> None:
    lamp = piece(collections=(7, 88), tags=("New",))
    order = basket(lamp, discount_codes=("summer",), customer_tags=("VIP",))
    terms = Terms(rules=(Rule(about=about, values=("none", value), days=100),))
    assert windows.of(terms, order, lamp, BERLIN).days == 100


def test_presents_may_come_back_until_the_holidays_are_over_but_never_sooner_than_others() -> None:
    bought = BOUGHT.date()
    assert last_day(Terms(holidays=(Holiday(first=bought, last=bought, until=date(2026, 8, 1)),))) == date(2026, 8, 1)
    assert last_day(Terms(holidays=(Holiday(first=bought, last=bought, until=date(2026, 6, 9)),))) == date(2026, 7, 3)
    later = bought + timedelta(days=1)
    assert last_day(Terms(holidays=(Holiday(first=later, last=later, until=date(2026, 8, 1)),))) == date(2026, 7, 3)


# The law


def test_the_law_counts_fourteen_days_from_the_last_item_of_the_order() -> None:
    first, second = piece(), piece(fulfillment_line_id=12, delivered_at=DELIVERED + timedelta(days=5))
    order = basket(first, second, last_delivered_at=second.delivered_at, **EU)
    legal = windows.legal(Terms(), order, BERLIN)
    assert legal is not None
    assert (legal.began, legal.last) == (date(2026, 6, 8), date(2026, 6, 22))
    assert windows.is_lawful(Terms(), order, first, legal.end - SECOND, BERLIN)
    assert not windows.is_lawful(Terms(), order, first, legal.end, BERLIN)


@pytest.mark.parametrize(
    ("country", "delivered", "last"),
    [
        ("DE", date(2026, 6, 5), date(2026, 6, 19)),
        ("DE", date(2026, 6, 6), date(2026, 6, 22)),  # the fourteenth is a Saturday
        ("DE", date(2026, 12, 11), date(2026, 12, 28)),  # Christmas Day, then a weekend
        ("FR", date(2026, 6, 30), date(2026, 7, 15)),  # 14 July
    ],
)
def test_the_law_s_time_ends_on_a_working_day_of_the_buyer_s_country(country: str, delivered: date, last: date) -> None:
    at = datetime(delivered.year, delivered.month, delivered.day, 12, tzinfo=UTC)
    legal = windows.legal(Terms(), basket(country=country, last_delivered_at=at), BERLIN)
    assert legal is not None
    assert legal.last == last


def test_the_law_s_time_does_not_begin_while_something_is_still_to_be_sent() -> None:
    order = basket(last_delivered_at=None, unsent=1, **EU)
    assert windows.is_lawful(Terms(), order, piece(), DELIVERED + timedelta(days=400), BERLIN)


def test_beyond_the_union_the_shop_s_own_terms_are_all_there_is() -> None:
    assert windows.legal(Terms(), basket(country="US"), BERLIN) is None
    assert not windows.is_lawful(Terms(), basket(country="US"), piece(), DELIVERED, BERLIN)


def test_what_the_law_itself_excepts_is_known_by_the_merchant_s_tags() -> None:
    engraved = piece(tags=("Engraved",))
    terms = Terms(not_withdrawn=("engraved",))
    assert not windows.is_lawful(terms, basket(engraved, **EU), engraved, DELIVERED, BERLIN)
