"""Which of the five confirmations an order gets, and why."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopify_app.confirmations.kinds import (
    KINDS,
    PLAIN,
    REASSURANCE,
    SELLING,
    SIMILAR,
    TEMPTING,
    WELCOME,
    Choice,
    Facts,
    Rules,
    choose,
)

NEW = Facts(earlier=0, trouble=None, total=5000, lead_days=3, has_consent=False, no_code=None, similar=0)
KNOWN = replace(NEW, earlier=2)
ALL = Rules(frozenset(KINDS), high_value=30000, long_lead=10, percent=10)


@pytest.mark.parametrize(
    ("facts", "rules", "choice"),
    [
        (KNOWN, Rules(), (PLAIN, "only_plain")),
        (NEW, Rules(), (PLAIN, "only_plain")),
        (NEW, ALL, (WELCOME, "first_order")),
        (KNOWN, ALL, (PLAIN, "no_consent")),
        (replace(KNOWN, trouble="earlier_trouble", has_consent=True), ALL, (REASSURANCE, "earlier_trouble")),
        (replace(NEW, total=30000), ALL, (REASSURANCE, "high_value")),
        (replace(NEW, total=29999), ALL, (WELCOME, "first_order")),
        (replace(NEW, total=None), ALL, (WELCOME, "first_order")),
        (replace(NEW, lead_days=10), ALL, (REASSURANCE, "long_lead")),
        (replace(NEW, lead_days=9), ALL, (WELCOME, "first_order")),
        (replace(NEW, lead_days=None), ALL, (WELCOME, "first_order")),
        (replace(KNOWN, has_consent=True), ALL, (TEMPTING, "agreed")),
        (replace(KNOWN, has_consent=True, similar=3), ALL, (TEMPTING, "agreed")),
        (replace(KNOWN, trouble="earlier_late", has_consent=True), ALL, (REASSURANCE, "earlier_late")),
        (replace(KNOWN, has_consent=True, no_code="codes_spent", similar=3), ALL, (SIMILAR, "goes_together")),
        (replace(KNOWN, has_consent=True, no_code="codes_spent"), ALL, (PLAIN, "codes_spent")),
        (replace(KNOWN, has_consent=True, no_code="had_code"), Rules(frozenset({WELCOME})), (PLAIN, "returning")),
        (replace(NEW, has_consent=True), Rules(frozenset({SIMILAR})), (PLAIN, "none_fits")),
        (replace(KNOWN, trouble="earlier_damage"), Rules(frozenset({WELCOME})), (PLAIN, "returning")),
    ],
)
def test_a_kind_follows_from_the_facts(facts: Facts, rules: Rules, choice: tuple[str, str]) -> None:
    assert choose(facts, rules) == Choice(*choice)


facts = st.builds(
    Facts,
    earlier=st.integers(0, 3),
    trouble=st.sampled_from([None, "earlier_trouble", "earlier_late"]),
    total=st.none() | st.integers(0, 10**6),
    lead_days=st.none() | st.integers(0, 40),
    has_consent=st.booleans(),
    no_code=st.sampled_from([None, "codes_spent", "had_code"]),
    similar=st.integers(0, 5),
)
rules = st.builds(
    Rules,
    on=st.frozensets(st.sampled_from(KINDS)),
    high_value=st.none() | st.integers(1, 10**6),
    long_lead=st.none() | st.integers(1, 40),
    percent=st.sampled_from([0, 10]),
)


@given(facts, rules)
def test_nobody_is_sold_to_without_consent_or_after_trouble_and_nothing_is_sent_that_is_off(f: Facts, r: Rules) -> None:
    kind, reason = choose(f, r)
    assert kind == PLAIN or kind in r.on
    assert reason
    if kind in SELLING:
        assert f.has_consent
        assert not (REASSURANCE in r.on and f.trouble)
    if kind == TEMPTING:
        assert f.no_code is None
    assert choose(f, Rules()).kind == PLAIN
