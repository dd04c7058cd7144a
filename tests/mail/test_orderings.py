"""A slice of `benchmarks/orderings.py`, and whether its judge would notice."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from benchmarks import orderings
from benchmarks.histories import Event, Life
from benchmarks.orderings import Message, Street

NOON = datetime(2026, 6, 2, 12, tzinfo=UTC)
NAMES = frozenset({"email"})


def test_in_whatever_order_things_happen_nobody_gets_a_message_that_was_not_promised() -> None:
    seed = random.SystemRandom().randrange(10**6)
    found = orderings.run(seed, range(1500))
    assert not found.broken, f"seed {seed}: python -m benchmarks.orderings --seed {seed} --only NUMBER tells one"
    assert min(found.sent["cart"], found.sent["feedback"]) > 100
    assert {"cart bought", "cart superseded", "cart unsubscribed", "feedback refunded"} <= set(found.reasons)


def at(event: str, hours: float, number: int = 0, names: frozenset[str] = NAMES) -> Event:
    moment = NOON + timedelta(hours=hours)
    return Event(moment, event, number, names, (moment,))


def cart(hours: float, step: int = 0) -> Message:
    return Message("cart", 1, step, NOON + timedelta(hours=hours))


def asked(hours: float) -> Message:
    return Message("feedback", 101, 0, NOON + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("events", "messages", "promise"),
    [
        ([at("order", 0.5, 101)], [cart(2)], "after a purchase"),
        ([at("order", 0.5, 1)], [cart(2)], "after a purchase"),
        ([], [cart(0.9)], "before the hour was over"),
        ([at("checkout", 1, 1)], [cart(1.9)], "before the hour was over"),
        ([], [cart(1), cart(24, 1)], None),
        ([], [cart(1), cart(24, 1), cart(48, 2)], "before the hour was over"),
        ([], [cart(1), cart(24, 1), cart(26, 1)], "twice"),
        ([], [cart(1), cart(16, 1)], "within 16 hours"),
        ([], [cart(20 + 24 * days) for days in range(6)], "more than 5 in 30 days"),
        ([], [cart(11)], "at night"),
        ([at("unsubscribes", 0.5)], [cart(1)], "without a right"),
        ([at("leaves", 0.5)], [cart(1)], "to somebody who refused"),
        ([at("bounces", 0.5)], [cart(1)], "to somebody who refused"),
        ([at("erasure", 0.5)], [cart(1)], "to the erased"),
        ([at("order", 1, 101), at("delivered", 24, 101)], [asked(24 * 10)], "asked before the day"),
        ([at("order", 1, 101), at("delivered", 24, 101)], [asked(24 * 11)], None),
        ([at("order", 1, 101), at("refunded", 9, 101)], [asked(24 * 20)], "asked about what was given back"),
        ([at("order", 1, 101), at("complains", 9)], [asked(24 * 20)], "asked while a complaint is open"),
    ],
)
def test_a_message_that_breaks_a_promise_to_a_buyer_would_be_found(
    events: list[Event], messages: list[Message], promise: str | None
) -> None:
    happened = sorted([at("checkout", 0, 1), *events], key=lambda event: event.at)
    street = Street(Life("DE", ZoneInfo("Europe/Berlin"), "SUBSCRIBED", ticks=False, events=tuple(happened)))
    street.sent = messages
    found = orderings.broken(street)
    assert promise in found if promise else not found
