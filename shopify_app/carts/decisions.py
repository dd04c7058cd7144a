"""Whether an abandoned cart may be written about: one pure function over plain facts, each outcome a key.

It is asked twice: when the time has come, with what our own tables know; and in the second before a message goes out,
with what Shopify says at that moment. A fact that nobody knows is None, and speaks neither for nor against.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

GO = "go"
NOT_YET = "not_yet"
HELD_OUT = "holdout"
UNSUBSCRIBED = "unsubscribed"
FIRST = (1, 4, 10)
"""Hours after the last activity, of which the merchant chooses one for the first message: 10 is Shopify's own, 4
that of other providers."""
LATER = (24, 72)
"""Hours after the last activity at which a second and a third message go out."""
MOST = 1 + len(LATER)
OLD = timedelta(hours=24)
"""A message that is so much later than it was meant to be is not sent at all."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a cart at one moment."""

    now: datetime
    began_at: datetime
    last_activity: datetime
    delay: timedelta
    """From the last activity to the message in question."""
    since: datetime
    """When the merchant switched these messages on."""
    has_email: bool
    pieces: int
    total: int
    """Minor units."""
    is_online_store: bool
    is_completed: bool
    has_bought: bool
    """Whether the same person, by e-mail, phone or account, placed an order since the checkout began."""
    is_superseded: bool
    """Whether the same person was active in another checkout after this one."""
    is_held_out: bool
    is_there: bool | None = None
    """Whether Shopify lists it among the abandoned."""
    is_available: bool | None = None
    """Whether at least one of its items can be bought."""
    shopify_wrote: bool | None = None
    """Whether Shopify's own reminder went out, or is about to."""
    is_unsubscribed: bool | None = None


RULES: Sequence[tuple[str, Callable[[Facts], bool]]] = (
    ("bought", lambda facts: facts.is_completed or facts.has_bought),
    ("before_switch", lambda facts: facts.last_activity < facts.since),
    ("too_old", lambda facts: facts.now > facts.last_activity + facts.delay + OLD),
    ("other_channel", lambda facts: not facts.is_online_store),
    ("empty", lambda facts: facts.pieces <= 0),
    ("worthless", lambda facts: facts.total <= 0),
    ("no_email", lambda facts: not facts.has_email),
    ("superseded", lambda facts: facts.is_superseded),
    (NOT_YET, lambda facts: facts.now < facts.last_activity + facts.delay),
    ("gone", lambda facts: facts.is_there is False),
    (UNSUBSCRIBED, lambda facts: facts.is_unsubscribed is True),
    ("shopify_wrote", lambda facts: facts.shopify_wrote is True),
    ("sold_out", lambda facts: facts.is_available is False),
    (HELD_OUT, lambda facts: facts.is_held_out),
)
"""In this order: the first that holds is the reason. Chance is asked last, so that whoever is held out would surely
have got the message."""
PASSING = frozenset({"superseded", "sold_out", "empty", "worthless", "no_email", "gone"})
"""Reasons that end when the buyer comes back to the checkout."""


def decide(facts: Facts) -> str:
    """GO, NOT_YET (ask again at `facts.last_activity + facts.delay`), or the reason why never."""
    return next((reason for reason, holds in RULES if holds(facts)), GO)


def delays(first: int, steps: int) -> tuple[timedelta, ...]:
    """From the last activity to each message. first: hours, one of FIRST; steps: 1 to MOST."""
    return tuple(timedelta(hours=hours) for hours in (first, *LATER)[:steps])
