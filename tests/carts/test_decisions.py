"""The decision about a cart, held against every combination of facts, and against clocks that are changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopify_app.carts import decisions
from shopify_app.carts.decisions import GO, HELD_OUT, NOT_YET, OLD, RULES, Facts, decide

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FAIR = Facts(
    now=NOON + timedelta(hours=1),
    began_at=NOON - timedelta(minutes=5),
    last_activity=NOON,
    delay=timedelta(hours=1),
    since=NOON - timedelta(days=1),
    has_email=True,
    pieces=1,
    total=8990,
    is_online_store=True,
    is_completed=False,
    has_bought=False,
    is_superseded=False,
    is_held_out=False,
)
"""Nothing speaks against it."""

spans = st.timedeltas(min_value=timedelta(days=-3), max_value=timedelta(days=60))
known = st.none() | st.booleans()
facts = st.builds(
    Facts,
    now=spans.map(lambda span: NOON + span),
    began_at=spans.map(lambda span: NOON + span),
    last_activity=spans.map(lambda span: NOON + span),
    delay=st.sampled_from(decisions.delays(1, 3)),
    since=spans.map(lambda span: NOON + span),
    has_email=st.booleans(),
    pieces=st.integers(-1, 5),
    total=st.integers(-1, 10_000),
    is_online_store=st.booleans(),
    is_completed=st.booleans(),
    has_bought=st.booleans(),
    is_superseded=st.booleans(),
    is_held_out=st.booleans(),
    is_there=known,
    is_available=known,
    shopify_wrote=known,
    is_unsubscribed=known,
)


def test_a_cart_that_nothing_speaks_against_is_written_about() -> None:
    assert decide(FAIR) == GO


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"is_completed": True}, "bought"),
        ({"has_bought": True}, "bought"),
        ({"since": NOON + timedelta(seconds=1)}, "before_switch"),
        ({"now": NOON + timedelta(hours=25, seconds=1)}, "too_old"),
        ({"is_online_store": False}, "other_channel"),
        ({"pieces": 0}, "empty"),
        ({"total": 0}, "worthless"),
        ({"has_email": False}, "no_email"),
        ({"is_superseded": True}, "superseded"),
        ({"now": NOON + timedelta(minutes=59, seconds=59)}, NOT_YET),
        ({"is_there": False}, "gone"),
        ({"is_unsubscribed": True}, "unsubscribed"),
        ({"shopify_wrote": True}, "shopify_wrote"),
        ({"is_available": False}, "sold_out"),
        ({"is_held_out": True}, HELD_OUT),
    ],
)
def test_each_fact_alone_is_enough_against_it(change: dict[str, object], reason: str) -> None:
    assert decide(replace(FAIR, **change)) == reason  # type: ignore[arg-type]


@given(facts)
def test_whoever_bought_is_never_written_to(given_: Facts) -> None:
    if given_.is_completed or given_.has_bought:
        assert decide(given_) == "bought"


@given(facts)
def test_it_goes_only_in_its_own_day_and_when_nothing_at_all_speaks_against_it(given_: Facts) -> None:
    if decide(given_) == GO:
        due_at = given_.last_activity + given_.delay
        assert due_at <= given_.now <= due_at + OLD
        assert given_.last_activity >= given_.since
        assert not any(holds(given_) for _, holds in RULES)


@given(facts)
def test_every_outcome_is_one_of_the_words_that_merchants_read(given_: Facts) -> None:
    assert decide(given_) in {GO, *(reason for reason, _ in RULES)}


@given(facts)
def test_what_shopify_says_can_only_silence_a_message_and_never_cause_one(given_: Facts) -> None:
    unasked = replace(given_, is_there=None, is_available=None, shopify_wrote=None, is_unsubscribed=None)
    if decide(unasked) not in (GO, HELD_OUT):
        assert decide(given_) == decide(unasked)


@given(facts, st.timedeltas(min_value=timedelta(), max_value=timedelta(days=30)))
def test_a_cart_that_is_too_old_stays_so(given_: Facts, later: timedelta) -> None:
    if decide(given_) in ("too_old", "before_switch"):
        assert decide(replace(given_, now=max(given_.now, given_.now + later))) in ("too_old", "before_switch")


@pytest.mark.parametrize(("month", "day"), [(3, 29), (10, 25), (7, 1)])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_an_hour_is_an_hour_while_clocks_are_changed(month: int, day: int, zone: str) -> None:
    """At 59 minutes nothing, at 60 one, whatever the buyer's clock shows in between."""
    for minutes in range(0, 6 * 60, 30):
        left = (datetime(2026, month, day, tzinfo=UTC) + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone))
        cart = replace(FAIR, last_activity=left, since=left)
        for passed, outcome in ((59, NOT_YET), (60, GO)):
            now = (left.astimezone(UTC) + timedelta(minutes=passed)).astimezone(ZoneInfo("Asia/Tokyo"))
            assert decide(replace(cart, last_activity=left.astimezone(UTC), now=now)) == outcome
