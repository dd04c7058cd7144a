"""Whether and when a buyer may be asked, as a rule about facts."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopify_app.feedback import decision
from shopify_app.feedback.decision import ASK, OVER, REMIND, WAIT, Facts, Parcel, arrival, day, decide
from shopify_app.feedback.rules import Rule

BERLIN, NEW_YORK, SYDNEY = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Australia/Sydney")
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ON = Rule(since="2026-01-01T00:00:00+00:00")

moments = st.integers(1, 1_000_000).map(lambda minutes: NOON - timedelta(days=150) + timedelta(minutes=minutes))
parcels = st.builds(
    Parcel,
    sent_at=moments,
    arrived_at=st.none() | moments,
    is_scanned=st.booleans(),
    usual=st.timedeltas(timedelta(), timedelta(days=20)),
)
facts = st.builds(
    Facts,
    rule=st.builds(
        Rule,
        since=st.just(ON.since),
        days=st.integers(1, 60),
        reminder=st.booleans(),
        reminder_days=st.integers(2, 30),
        cap=st.just(200),
    ),
    zone=st.sampled_from([BERLIN, NEW_YORK, SYDNEY, ZoneInfo("UTC"), ZoneInfo("Pacific/Apia")]),
    installed_at=st.none() | moments,
    placed_at=moments,
    kept=st.integers(0, 3),
    parcels=st.lists(parcels, max_size=3),
    asked_at=st.none() | moments,
    **{
        name: st.booleans()
        for name in Facts.__annotations__
        if Facts.__annotations__[name] is bool or Facts.__annotations__[name] == "bool"
    },
)


@given(facts, moments)
def test_nobody_is_asked_who_should_not_be(known: Facts, now: datetime) -> None:
    found = decide(known, now)
    if found.word not in (ASK, REMIND):
        return
    assert known.has_address and not known.is_test
    assert not known.is_cancelled and not known.is_refunded and known.kept > 0
    assert not known.is_answered and not known.is_return_open and not known.is_case_open and not known.is_unsent
    assert all(one.arrived_at or not one.is_scanned for one in known.parcels) and known.parcels
    assert known.installed_at is None or known.placed_at >= known.installed_at


@given(facts, moments)
def test_nobody_is_asked_before_their_day_nor_twice(known: Facts, now: datetime) -> None:
    found = decide(known, now)
    if found.word == ASK:
        came = arrival(known)
        assert came
        assert now >= day(came, known.rule.days, known.zone)
        assert known.asked_at is None
    if found.word == REMIND:
        assert known.asked_at
        assert now >= day(known.asked_at, known.rule.reminder_days, known.zone)
        assert known.rule.reminder and not known.is_reminded


@given(facts, moments)
def test_whoever_waits_is_looked_at_again_later(known: Facts, now: datetime) -> None:
    found = decide(known, now)
    assert found.reason
    assert found.at is None or (found.word == WAIT and found.at > now)


@given(facts, moments, moments)
def test_what_is_over_stays_over(known: Facts, now: datetime, later: datetime) -> None:
    if decide(known, now).word == OVER and later > now:
        assert decide(known, later).word == OVER


@pytest.mark.parametrize(
    ("zone", "came", "due"),
    [
        (BERLIN, "2027-03-20T14:30:00+01:00", "2027-03-30T14:30:00+02:00"),
        (BERLIN, "2026-10-20T14:30:00+02:00", "2026-10-30T14:30:00+01:00"),
        (NEW_YORK, "2027-03-10T09:00:00-05:00", "2027-03-20T09:00:00-04:00"),
        (SYDNEY, "2027-03-30T23:59:59+11:00", "2027-04-09T23:59:59+10:00"),
        (BERLIN, "2027-03-18T02:30:00+01:00", "2027-03-28T03:30:00+02:00"),  # a time that this night leaves out
    ],
)
def test_day_ten_is_the_tenth_by_the_clock_on_the_wall(zone: ZoneInfo, came: str, due: str) -> None:
    parcel = Parcel(datetime.fromisoformat(came) - timedelta(days=1), datetime.fromisoformat(came), True, timedelta())
    known = Facts(rule=ON, zone=zone, installed_at=None, placed_at=NOON, parcels=[parcel])
    moment = datetime.fromisoformat(due)
    early = decide(known, moment - timedelta(seconds=1))
    assert (early.word, early.reason, early.at) == (WAIT, "not_yet", moment)
    assert decide(known, moment).word == ASK


def test_the_last_item_counts() -> None:
    one = Parcel(NOON, NOON + timedelta(days=2), True, timedelta())
    other = Parcel(NOON, NOON + timedelta(days=5), True, timedelta())
    known = Facts(rule=ON, zone=BERLIN, installed_at=None, placed_at=NOON, parcels=[other, one])
    assert arrival(known) == NOON + timedelta(days=5)


def test_where_nothing_is_scanned_the_usual_time_on_the_way_counts() -> None:
    unscanned = Parcel(NOON, None, False, timedelta(days=3))
    known = Facts(rule=ON, zone=BERLIN, installed_at=None, placed_at=NOON, parcels=[unscanned])
    assert decide(known, NOON).at == NOON + timedelta(days=13)


def test_a_request_that_was_held_for_months_is_never_asked() -> None:
    parcel = Parcel(NOON, NOON, True, timedelta())
    known = Facts(rule=ON, zone=BERLIN, installed_at=None, placed_at=NOON, parcels=[parcel])
    late = NOON + timedelta(days=10) + decision.LATEST + timedelta(seconds=1)
    assert (decide(known, late).word, decide(known, late).reason) == (OVER, "too_late")
