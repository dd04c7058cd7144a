"""The laws of the message budget, for whatever facts."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shopify_app import zones
from shopify_app.mail import decision, law, rules
from shopify_app.mail.decision import Facts
from shopify_app.mail.hours import Quiet
from shopify_app.mail.law import Consent, Right
from shopify_app.mail.models import Basis
from shopify_app.mail.rules import SPAN, Rules
from shopify_app.mail.verdict import Skip, Wait

ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "America/Santiago",
        "Africa/Casablanca",
        "UTC",
    )
]
HOMES = [
    *([zone] for zone in ZONES),
    zones.home(None, "US", ZoneInfo("UTC")),
    zones.home(None, "RU", ZoneInfo("UTC")),
]
"""Some buyers tell their country and no more."""
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001
CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
QUIETS = st.builds(Quiet, CLOCKS, CLOCKS)
COUNTRIES = st.sampled_from([None, "DE", "AT", "FR", "US"])
RULES = st.builds(
    Rules,
    gap=st.integers(0, 72).map(lambda hours: timedelta(hours=hours)),
    most=st.integers(0, 10),
    quiet=QUIETS,
    customers=st.frozensets(st.sampled_from(["DE", "AT", "FR"])),
    blocked=st.frozensets(st.sampled_from(["US"])),
)
BERLIN = ZoneInfo("Europe/Berlin")


# Quiet hours


@given(QUIETS, MOMENTS, st.sampled_from(HOMES))
@example(Quiet(time(21), time(2, 30)), datetime(2026, 3, 29, 0, 15, tzinfo=UTC), [BERLIN])
@example(Quiet(time(21), time(2, 30)), datetime(2026, 10, 25, 0, 15, tzinfo=UTC), [BERLIN])
@example(Quiet(time(21), time(2, 30)), datetime(2026, 10, 25, 1, 15, tzinfo=UTC), [BERLIN])
def test_quiet_hours_end_within_a_day_and_never_inside_themselves(
    quiet: Quiet, moment: datetime, home: Sequence[tzinfo]
) -> None:
    over = quiet.over(moment, home)
    assert not quiet.covers(over, home)
    assert moment <= over <= moment + timedelta(hours=26)
    assert (over == moment) == (not quiet.covers(moment, home))


@given(QUIETS, MOMENTS, st.sampled_from(HOMES), st.floats(0, 1))
def test_nobody_waits_longer_than_the_quiet_lasts_and_the_clocks_jump(
    quiet: Quiet, moment: datetime, home: Sequence[tzinfo], part: float
) -> None:
    over = quiet.over(moment, home)
    between = moment + (over - moment) * part
    assert quiet.covers(between, home) or between >= over - timedelta(hours=1)


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        ("2026-03-28T21:00+01:00", "2026-03-29T08:00+02:00"),
        ("2026-10-24T23:59+02:00", "2026-10-25T08:00+01:00"),
        ("2026-10-25T07:59+01:00", "2026-10-25T08:00+01:00"),
        ("2026-10-25T08:00+01:00", "2026-10-25T08:00+01:00"),
        ("2026-06-01T20:59+02:00", "2026-06-01T20:59+02:00"),
    ],
)
def test_the_night_ends_at_eight_also_when_the_clocks_change(at: str, ends: str) -> None:
    assert Quiet().over(datetime.fromisoformat(at), [BERLIN]) == datetime.fromisoformat(ends)


def test_where_only_a_big_country_is_known_it_is_day_everywhere_in_it() -> None:
    america = zones.home(None, "US", BERLIN)
    over = Quiet().over(datetime.fromisoformat("2026-06-01T12:00-04:00"), america)
    assert over == datetime.fromisoformat("2026-06-01T08:00-10:00")
    assert Quiet().over(datetime.fromisoformat("2026-06-01T21:00-04:00"), america) > over


# The budget


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    now = draw(MOMENTS)
    ago = st.timedeltas(timedelta(0), timedelta(days=40))
    return Facts(
        now=now,
        zones=draw(st.sampled_from(HOMES)),
        rules=draw(RULES),
        refused=draw(st.sampled_from([None, None, None, "asked"])),
        trouble=draw(st.sampled_from([None, None, "return_open"])),
        has_urgent=draw(st.booleans()),
        sent=[now - past for past in draw(st.lists(ago, max_size=12))],
        expires_at=draw(st.none() | st.timedeltas(timedelta(0), timedelta(days=9)).map(lambda left: now + left)),
    )


@given(facts())
def test_what_may_go_breaks_no_rule(known: Facts) -> None:
    if decision.stop(known) is not None:
        return
    kept = known.rules
    assert not (known.refused or known.trouble or known.has_urgent)
    assert len([moment for moment in known.sent if moment > known.now - SPAN]) < kept.most
    assert all(known.now - moment >= kept.gap for moment in known.sent if moment > known.now - SPAN)
    assert not kept.quiet.covers(known.now, known.zones)


@given(facts())
def test_what_waits_comes_back_later_when_people_are_awake_and_before_it_is_worthless(known: Facts) -> None:
    found = decision.stop(known)
    if not isinstance(found, Wait):
        return
    assert found.until > known.now
    assert not known.rules.quiet.covers(found.until, known.zones)
    assert known.expires_at is None or found.until < known.expires_at


@given(facts())
def test_the_end_of_waiting_for_the_caps_is_their_end(known: Facts) -> None:
    """Whoever waits for a cap alone and comes back then is not told to wait for the same cap again."""
    found = decision.stop(known)
    if not isinstance(found, Wait) or found.reason not in ("had_one", "had_enough"):
        return
    later = decision.stop(Facts(**{name: getattr(known, name) for name in known.__slots__} | {"now": found.until}))
    assert not isinstance(later, Wait) or later.reason != found.reason


@given(facts())
def test_a_refusal_is_the_last_word(known: Facts) -> None:
    refused = Facts(**{name: getattr(known, name) for name in known.__slots__} | {"refused": "bounced"})
    assert decision.stop(refused) == Skip("refused_bounced")


# The law


@given(
    st.sampled_from([None, "SUBSCRIBED", "UNSUBSCRIBED", "PENDING", "INVALID", "NOT_SUBSCRIBED", "SOMETHING_NEW"]),
    st.none() | MOMENTS,
    COUNTRIES,
    st.sampled_from([(Basis.CONSENT,), (Basis.CONSENT, Basis.CUSTOMER)]),
    RULES,
    st.integers(0, 3),
)
def test_nobody_is_written_to_without_a_right(
    state: str | None,
    agreed_at: datetime | None,
    country: str | None,
    basis: tuple[Basis, ...],
    kept: Rules,
    orders: int,
) -> None:
    found = law.right(Consent(state, None, None, None, orders), agreed_at, country, basis, kept)
    if isinstance(found, Skip):
        return
    assert isinstance(found, Right)
    assert country not in kept.blocked
    agreed = state == "SUBSCRIBED" or (state is None and agreed_at is not None)
    if found.basis is Basis.CONSENT:
        assert agreed
    else:
        assert Basis.CUSTOMER in basis
        assert orders
        assert country in kept.customers - {"DE", "AT"}
        assert state in (None, "NOT_SUBSCRIBED", "SOMETHING_NEW")


@given(RULES)
def test_what_a_merchant_sets_is_kept_as_it_was(kept: Rules) -> None:
    assert rules.read(rules.write(kept)) == kept
