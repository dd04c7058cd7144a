"""A parcel that nobody hears of: found on its day, never on a weekend's account, and gone with the next scan."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from shopify_app.shopify.models import Shop
from shopify_app.tracking.delays import Calendar
from shopify_app.tracking.state import Parcel
from tests.tracking.shapes import MONDAY, SHOP, event, progress, whole

PARIS, BERLIN, NEW_YORK = (ZoneInfo(name) for name in ("Europe/Paris", "Europe/Berlin", "America/New_York"))


def parcel(*scans: tuple[float, str], hours: float, promise: datetime | None = None, to: str = "FR") -> Parcel:
    order = whole([], country=to)
    order.events[:] = [event(number, 1, status, at) for number, (at, status) in enumerate(scans, 1)]
    order.shipments[0].estimated_delivery_at = promise
    return progress(order, hours).parcels[0]


@pytest.mark.parametrize(("days", "delay"), [(2.9, None), (3, "silent")])
def test_three_working_days_without_a_scan_are_too_many_at_home(days: float, delay: str | None) -> None:
    found = parcel((0, "in_transit"), hours=24 * days).delay
    assert (found and found.situation) == delay


@pytest.mark.parametrize(("days", "delay"), [(6.9, None), (7, "silent")])
def test_five_are_too_many_on_the_way_abroad(days: float, delay: str | None) -> None:
    """Monday to Monday: a weekend in between counts for nothing."""
    found = parcel((0, "in_transit"), hours=24 * days, to="DE").delay
    assert (found and found.situation) == delay


@pytest.mark.parametrize(("days", "delay"), [(3.9, None), (4, "uncollected")])
def test_a_label_that_nobody_collects_is_noticed_after_four(days: float, delay: str | None) -> None:
    found = parcel((0, "label_printed"), hours=24 * days).delay
    assert (found and found.situation) == delay


def test_a_promise_is_broken_when_its_day_is_over_where_the_buyer_lives() -> None:
    promise = datetime(2026, 6, 3, 10, tzinfo=UTC)
    over = datetime(2026, 6, 4, tzinfo=PARIS) - MONDAY
    scanned = (20, "in_transit")
    assert parcel(scanned, hours=over.total_seconds() / 3600 - 0.1, promise=promise).delay is None
    late = parcel(scanned, hours=over.total_seconds() / 3600, promise=promise)
    assert late.delay and (late.delay.situation, late.delay.since) == ("late", promise)
    assert late.state == late.situation.replace("late", "problem")


def test_the_next_scan_clears_what_was_silent_whatever_it_says() -> None:
    assert parcel((0, "in_transit"), hours=80).delay
    assert parcel((0, "in_transit"), (79, "a_new_word"), hours=80).delay is None


@pytest.mark.parametrize("status", ["delivered", "picked_up", "ready_for_pickup", "failure", "returning_to_sender"])
def test_a_parcel_that_needs_no_carrier_any_more_is_never_late(status: str) -> None:
    assert parcel((0, status), hours=24 * 90, promise=MONDAY).delay is None


def test_a_parcel_that_was_never_scanned_is_not_called_silent() -> None:
    """Many carriers tell Shopify nothing at all."""
    assert parcel(hours=24 * 30).delay is None


@pytest.mark.parametrize(
    ("calendar", "start", "days", "end"),
    [
        (Calendar("DE", "DE", BERLIN), date(2026, 4, 2), 1, date(2026, 4, 7)),  # Easter: Friday to Monday
        (Calendar("FR", "DE", BERLIN), date(2026, 5, 7), 1, date(2026, 5, 11)),  # Victory Day in France, a Friday
        (Calendar("US", "US", NEW_YORK), date(2026, 11, 25), 1, date(2026, 11, 27)),  # Thanksgiving
        (Calendar("FR", "FR", PARIS), date(2026, 6, 6), 3, date(2026, 6, 10)),  # from a Saturday
        (Calendar(None, None, PARIS), date(2026, 6, 5), 1, date(2026, 6, 8)),
        (Calendar("XX", "FR", PARIS), date(2026, 6, 5), 1, date(2026, 6, 8)),
    ],
)
def test_working_days_are_those_of_both_countries(calendar: Calendar, start: date, days: int, end: date) -> None:
    """The calendars of 2026, as printed."""
    noon = datetime.combine(start, time(12), calendar.zone)
    assert calendar.after(noon, days) == datetime.combine(end, time(12), calendar.zone)


def test_an_hour_that_is_skipped_in_spring_is_no_hour_lost() -> None:
    night = datetime(2026, 3, 27, 2, 30, tzinfo=BERLIN)
    calendar = Calendar("DE", "DE", BERLIN)
    assert calendar.after(night, 1).date() == date(2026, 3, 30)


COUNTRIES = {
    "DE": BERLIN,
    "FR": PARIS,
    "ES": ZoneInfo("Europe/Madrid"),
    "GB": ZoneInfo("Europe/London"),
    "US": NEW_YORK,
}
HOLIDAYS = {
    "DE": ["01-01", "04-03", "04-06", "05-01", "05-14", "05-25", "10-03", "12-25", "12-26"],
    "FR": ["01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11", "12-25"],
    "ES": ["01-01", "01-06", "04-03", "05-01", "08-15", "10-12", "12-08", "12-25"],
    "GB": ["01-01", "04-03", "05-04", "05-25", "12-25", "12-28"],
    "US": ["01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "09-07", "10-12", "11-11", "11-26", "12-25"],
}
"""Public holidays of the whole country in 2026, as its government prints them, without those on a Saturday or Sunday
that are not moved."""


def works(country: str, day: date) -> bool:
    return day.weekday() < 5 and day.strftime("%m-%d") not in HOLIDAYS[country]


@pytest.mark.parametrize("country", COUNTRIES)
def test_in_a_year_no_parcel_is_called_silent_because_nobody_works_and_every_silent_one_is_found(country: str) -> None:
    """A parcel is scanned at ten every working day, or stops being scanned on any day of the year."""
    zone, shop = COUNTRIES[country], Shop(country=country, timezone=COUNTRIES[country].key)
    year = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    for start in year[:350]:
        scanned = datetime.combine(start, time(10), zone)
        free, silent = start, 0
        while silent < 3:
            free += timedelta(days=1)
            silent += works(country, free) if free.year == 2026 else free.weekday() < 5
        if free.year > 2026:
            break
        order = whole(["in_transit"], country=country)
        order.events[0].happened_at = scanned
        for day in (start + timedelta(days=number) for number in range((free - start).days + 2)):
            now = datetime.combine(day, time(10, 1), zone)
            found = progress(order, (now - MONDAY).total_seconds() / 3600, shop).parcels[0].delay
            assert (found is not None) == (day >= free), (country, start, day)
        order.events.append(event(2, 1, "in_transit", 0))
        order.events[1].happened_at = datetime.combine(free, time(12), zone)
        cleared = datetime.combine(free, time(12, 1), zone)
        assert progress(order, (cleared - MONDAY).total_seconds() / 3600, shop).parcels[0].delay is None


def test_the_shop_s_country_is_where_a_parcel_starts() -> None:
    assert SHOP.country == "FR"
    order = whole(["in_transit"], country="DE")
    assert progress(order, 24 * 4).parcels[0].delay is None
