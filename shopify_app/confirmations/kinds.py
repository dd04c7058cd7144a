"""Which of the five confirmations an order gets: pure, from facts to a kind and its reason.

Trouble comes before joy, and both before anything that sells: whoever had to complain is reassured, not tempted. What
sells needs consent to marketing, and stands in the confirmation that is sent anyway.
"""

from dataclasses import dataclass
from typing import NamedTuple

PLAIN, WELCOME, REASSURANCE, TEMPTING, SIMILAR = KINDS = ("plain", "welcome", "reassurance", "tempting", "similar")
SELLING = (TEMPTING, SIMILAR)
"""Only for those who agreed to marketing."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an order and its buyer."""

    earlier: int
    """Orders that the buyer placed before; cancelled and test ones do not count."""
    trouble: str | None
    """What went wrong with an earlier order, as a key; None: nothing that anybody knows of."""
    total: int | None
    """Minor units of the shop's currency; None for an order in another one."""
    lead_days: int | None
    """Until it should be there; None: nobody knows."""
    has_consent: bool
    no_code: str | None
    """Why no discount code can be made for this buyer, as a key; None: one can."""
    similar: int
    """Products that others bought together with these."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the merchant set. A kind that is not on is never chosen; plain always is."""

    on: frozenset[str] = frozenset()
    high_value: int | None = None
    """Minor units of the shop's currency from which on an order is of high value; None: none is."""
    long_lead: int | None = None
    """Days from which on a delivery takes long; None: never."""
    community: str = ""
    """Address of a page for new buyers."""
    percent: int = 0
    """What a code takes off; 0: there are none."""
    days: int = 30
    """How long it is good for."""
    budget: int = 50
    """Codes in 30 days, at most."""


class Choice(NamedTuple):
    kind: str
    reason: str
    """A key that the merchant's pages put into words."""


def choose(facts: Facts, rules: Rules) -> Choice:
    if REASSURANCE in rules.on and (worry := _worry(facts, rules)):
        return Choice(REASSURANCE, worry)
    if WELCOME in rules.on and not facts.earlier:
        return Choice(WELCOME, "first_order")
    if TEMPTING in rules.on and facts.has_consent and facts.no_code is None:
        return Choice(TEMPTING, "agreed")
    if SIMILAR in rules.on and facts.similar and facts.has_consent:
        return Choice(SIMILAR, "goes_together")
    return Choice(PLAIN, _why_plain(facts, rules))


def _worry(facts: Facts, rules: Rules) -> str | None:
    if facts.trouble:
        return facts.trouble
    if rules.high_value is not None and facts.total is not None and facts.total >= rules.high_value:
        return "high_value"
    if rules.long_lead is not None and facts.lead_days is not None and facts.lead_days >= rules.long_lead:
        return "long_lead"
    return None


def _why_plain(facts: Facts, rules: Rules) -> str:
    if not rules.on:
        return "only_plain"
    if rules.on & set(SELLING) and not facts.has_consent:
        return "no_consent"
    if TEMPTING in rules.on and facts.no_code:
        return facts.no_code
    return "returning" if facts.earlier else "none_fits"
