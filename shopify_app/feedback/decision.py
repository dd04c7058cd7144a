"""May the buyer of an order be asked how it was, and when? Pure: facts and the time in, the decision out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from shopify_app.feedback.rules import Rule

ASK, REMIND, WAIT, OVER = "ask", "remind", "wait", "over"

AGAIN = timedelta(hours=6)
"""What holds a request may end without news of its order: so often it is looked at."""
LATEST = timedelta(days=60)
"""After its day; then nobody remembers what they are asked about."""


@dataclass(frozen=True, slots=True)
class Parcel:
    sent_at: datetime
    arrived_at: datetime | None
    is_scanned: bool
    """A carrier has told of it: then only a carrier says when it came."""
    usual: timedelta
    """How long parcels of its kind take in this shop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    rule: Rule
    zone: tzinfo
    """The shop's."""
    installed_at: datetime | None
    """None: as if the app had always been there."""
    placed_at: datetime
    is_test: bool = False
    has_address: bool = True
    is_cancelled: bool = False
    is_refunded: bool = False
    """All of it."""
    kept: int = 1
    """Pieces that need a parcel and are not cancelled, refunded or returned."""
    is_unsent: bool = False
    """Some of them are still with the shop."""
    parcels: Sequence[Parcel] = ()
    is_return_open: bool = False
    is_case_open: bool = False
    """The buyer waits for an answer about this or another order."""
    is_answered: bool = False
    asked_at: datetime | None = None
    """When the request went to the mail server; None: not yet, or never."""
    is_refused: bool = False
    """The request was written and did not go out, for good."""
    is_asking: bool = False
    """It is written, and waits in the outbox."""
    is_reminded: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    word: str
    """One of the four above."""
    reason: str
    at: datetime | None = None
    """When to look again; None: when there is news of the order."""


def decide(facts: Facts, now: datetime) -> Decision:
    if reason := never(facts):
        return Decision(OVER, reason)
    arrived_at = arrival(facts)
    if arrived_at is None:
        return Decision(WAIT, "unsent" if facts.is_unsent or not facts.parcels else "under_way")
    if facts.is_asking and facts.asked_at is None:
        return Decision(WAIT, "asking", now + AGAIN)
    if facts.asked_at is None:
        return _first(facts, day(arrived_at, facts.rule.days, facts.zone), now)
    return _second(facts, day(facts.asked_at, facts.rule.reminder_days, facts.zone), now)


def never(facts: Facts) -> str | None:
    """Why nothing will ever be asked (any more), whatever comes; None: it may be."""
    reasons = {
        "test_order": facts.is_test,
        "no_address": not facts.has_address,
        "before_install": facts.installed_at is not None and facts.placed_at < facts.installed_at,
        "cancelled": facts.is_cancelled,
        "refunded": facts.is_refunded,
        "nothing_kept": facts.kept <= 0,
        "has_answered": facts.is_answered,
        "not_sent": facts.is_refused,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def arrival(facts: Facts) -> datetime | None:
    """When the last item came, or should have come where nobody scans; None: not all of it is there."""
    if facts.is_unsent or not facts.parcels:
        return None
    moments = [one.arrived_at or (None if one.is_scanned else one.sent_at + one.usual) for one in facts.parcels]
    known = [moment for moment in moments if moment]
    return max(known) if len(known) == len(moments) else None


def day(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """The same time by the clock on the wall so many days later, whatever the clock did meanwhile."""
    local = moment.astimezone(zone)
    return (local.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=zone).astimezone(UTC)


def held(facts: Facts) -> str | None:
    """What the buyer waits for, so that nobody asks how it was; None: nothing."""
    if facts.is_case_open:
        return "case_open"
    return "return_open" if facts.is_return_open else None


def _first(facts: Facts, due: datetime, now: datetime) -> Decision:
    began = facts.rule.began
    if began and due < began:
        return Decision(OVER, "before_switch")
    if now < due:
        return Decision(WAIT, "not_yet", due)
    if now > due + LATEST:
        return Decision(OVER, "too_late")
    if reason := held(facts):
        return Decision(WAIT, reason, now + AGAIN)
    return Decision(ASK, "due")


def _second(facts: Facts, due: datetime, now: datetime) -> Decision:
    if facts.is_reminded or not facts.rule.reminder:
        return Decision(OVER, "asked")
    if now < due:
        return Decision(WAIT, "asked", due)
    if now > due + LATEST:
        return Decision(OVER, "asked")
    if reason := held(facts):
        return Decision(WAIT, reason, now + AGAIN)
    return Decision(REMIND, "due")
