"""Random lives of buyers: what each did, when, and how late and how often the news of it came.

Most of it happens close to the moments at which something is decided, where orders of events are easiest to get wrong.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

YEAR = datetime(2026, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=50)
"""Of one life: long enough for a request for feedback and its reminder."""
PLACES = (
    ("DE", "Europe/Berlin"),
    ("US", "America/New_York"),
    ("BR", "America/Sao_Paulo"),
    ("IN", "Asia/Kolkata"),
    ("AU", "Australia/Lord_Howe"),
    ("NZ", "Pacific/Auckland"),
)
"""Where people live: by day when others sleep, and with clocks that jump by an hour, by half of one, or not at all."""
NEAR = [timedelta(minutes=minutes) for minutes in (0, 55, 59, 60, 61, 65, 239, 241, 959, 961, 1439, 1441, 4321)]
"""After an activity: around the moments at which something is decided."""


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime
    kind: str
    number: int = 0
    """Of the checkout or the order that it is about."""
    names: frozenset[str] = frozenset()
    """What the person is known by in it: "email", "phone", "account"."""
    arrives: tuple[datetime, ...] = ()
    """When its news come: never, once or twice."""


@dataclass(frozen=True, slots=True)
class Life:
    country: str
    zone: ZoneInfo
    consent: str | None
    """At the beginning, in Shopify's words; None: Shopify knows no customer."""
    ticks: bool
    """Whether the box for news is ticked in every checkout."""
    events: tuple[Event, ...]
    """In the order in which they happened."""


def life(chance: random.Random) -> Life:
    country, name = chance.choice(PLACES)
    consent = chance.choice(("SUBSCRIBED", "SUBSCRIBED", "SUBSCRIBED", "NOT_SUBSCRIBED", "PENDING", None))
    began = YEAR + timedelta(minutes=chance.randrange(365 * 24 * 60))
    events = sorted(_events(chance, began), key=lambda event: event.at)
    return Life(country, ZoneInfo(name), consent, chance.random() < 0.3, tuple(events))


def _events(chance: random.Random, at: datetime) -> Iterator[Event]:
    """Some visits on some devices, and what else happened in between."""
    number = 0
    for _ in range(chance.choice((1, 1, 2, 3))):
        for _ in range(chance.choice((1, 1, 2))):
            number += 1
            yield from _checkout(chance, at + _moment(chance), number)
        at += timedelta(hours=chance.choice((1, 3, 20, 70, 24 * 9)), seconds=chance.randrange(3600))
        if chance.random() < 0.5:
            kind = chance.choice(WISHES)
            yield _told(chance, at + _moment(chance), kind)


def _checkout(chance: random.Random, at: datetime, number: int) -> Iterator[Event]:
    names = _names(chance)
    yield _told(chance, at, "checkout", number, names)
    for _ in range(chance.choice((0, 0, 1, 2))):
        at += _moment(chance)
        kind = chance.choice(("checkout", "checkout", "sold out", "in stock", "emptied", "shopify wrote"))
        yield _told(chance, at, kind, number, names)
    way = chance.random()
    if way < 0.25:
        yield from _order(chance, at + _moment(chance), number, names)
    elif way < 0.55:
        yield from _order(chance, at + _moment(chance), 100 + number, _names(chance))


def _order(chance: random.Random, at: datetime, number: int, names: frozenset[str]) -> Iterator[Event]:
    """A number below 100: of the checkout that became the order."""
    yield _told(chance, at, "order", number, names)
    if chance.random() < 0.15:
        yield _told(chance, at + abs(_moment(chance)), chance.choice(("cancelled", "refunded")), number, names)
    if chance.random() < 0.6:
        at += timedelta(hours=chance.randrange(4, 60))
        yield _told(chance, at, "sent", number)
        at += timedelta(hours=chance.randrange(12, 150))
        yield _told(chance, at, "delivered", number)
    if chance.random() < 0.15:
        at += timedelta(hours=chance.randrange(240))
        yield _told(chance, at, "return", number)
        yield _told(chance, at + timedelta(hours=chance.randrange(1, 400)), "return", number)


def _names(chance: random.Random) -> frozenset[str]:
    return frozenset(chance.choice((("email",), ("email", "phone"), ("email", "account"), ("phone",), ("account",))))


def _moment(chance: random.Random) -> timedelta:
    near = chance.choice(NEAR) if chance.random() < 0.6 else timedelta(minutes=chance.randrange(2000))
    return near + timedelta(seconds=chance.randrange(-90, 90))


WISHES = ("unsubscribes", "subscribes", "leaves", "bounces", "reports", "complains", "is content", "erasure")
TOLD = ("checkout", "emptied", "order", "cancelled", "refunded", "sent", "delivered", "return", "erasure")
"""What Shopify tells by itself. The rest it is asked, or a person tells us."""


def _told(
    chance: random.Random, at: datetime, kind: str, number: int = 0, names: frozenset[str] = frozenset()
) -> Event:
    arrives: tuple[datetime, ...] = ()
    if kind in TOLD and chance.random() > 0.02:
        arrives = tuple(at + _late(chance) for _ in range(2 if chance.random() < 0.15 else 1))
    return Event(at, kind, number, names, arrives)


def _late(chance: random.Random) -> timedelta:
    if chance.random() < 0.9:
        return timedelta(seconds=chance.expovariate(1 / 5))
    return timedelta(seconds=chance.expovariate(1 / 7200))
