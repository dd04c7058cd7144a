"""Whether a friend's order brings a reward: one pure function over plain facts, each outcome a key."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

GO, LATER = "go", "later"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when the time is over in which the order may come back."""

    has_referrer: bool
    """Whether whoever gave the code away still has an order here."""
    is_there: bool
    is_test: bool
    is_cancelled: bool
    is_refunded: bool
    """In full or in part."""
    is_paid: bool
    is_return_open: bool
    is_self: bool
    """The same account, e-mail, telephone or address as the referrer's."""
    earlier: int
    """Orders that the friend placed before this one."""
    had_reward: bool
    """Another order of the same friend has brought one."""
    rewards: int
    """Of the referrer, in 30 days."""
    cap: int


RULES: Sequence[tuple[str, Callable[[Facts], bool]]] = (
    ("order_gone", lambda facts: not facts.is_there),
    ("referrer_gone", lambda facts: not facts.has_referrer),
    ("test_order", lambda facts: facts.is_test),
    ("friend_cancelled", lambda facts: facts.is_cancelled),
    ("friend_refunded", lambda facts: facts.is_refunded),
    ("self", lambda facts: facts.is_self),
    ("not_first", lambda facts: facts.earlier > 0),
    ("friend_before", lambda facts: facts.had_reward),
    ("friend_unpaid", lambda facts: not facts.is_paid),
    (LATER, lambda facts: facts.is_return_open),
    ("capped", lambda facts: facts.rewards >= facts.cap),
)
"""In this order: the first that holds is the reason."""


def decide(facts: Facts) -> str:
    """GO, LATER (something may still come back), or the reason why never."""
    return next((reason for reason, holds in RULES if holds(facts)), GO)
