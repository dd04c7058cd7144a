"""python -m benchmarks.orderings: random orders of events through the code that decides about messages.

Each history is one buyer's life: checkouts on several devices, purchases, wishes, parcels, returns, an erasure, told
late, twice, in the wrong order or never. The decisions are the app's own (`carts/decisions.py`,
`feedback/decision.py`, `mail/decision.py`, `mail/law.py`), asked when and as the workers ask them; around them stands
a small model of the mirror and of Shopify, so that a million histories take minutes. Each message is judged by what
really happened. What the model leaves out, the tables and the workers, `benchmarks/street.py` goes through for real.
"""

import heapq
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count, groupby, pairwise
from typing import Any

import click

from benchmarks import histories
from benchmarks.histories import Event, Life
from shopify_app.carts import decisions, timer
from shopify_app.feedback import decision as asking
from shopify_app.feedback import letters
from shopify_app.feedback.rules import Rule
from shopify_app.mail import decision as budget
from shopify_app.mail import law, refusals
from shopify_app.mail.law import Consent, Right
from shopify_app.mail.models import Basis
from shopify_app.mail.rules import SPAN, Rules
from shopify_app.mail.verdict import Skip, Wait

RULES = Rules(customers=frozenset({"US", "DE"}))
"""DE is set against the law's own word on purpose: it must not count there."""
DELAYS = decisions.delays(1, 3)
RULE = Rule(since="2025-01-01T00:00:00+00:00")
BASIS = (Basis.CONSENT, Basis.CUSTOMER)
SINCE = datetime(2025, 1, 1, tzinfo=UTC)
BATCH = 5_000
REFUSALS = {"leaves": refusals.ASKED, "bounces": refusals.BOUNCED, "reports": refusals.COMPLAINED}
SOON = timedelta(seconds=20)
"""How long a confirmation is under way."""


@click.command()
@click.option("--number", default=1_000_000, help="Of histories.")
@click.option("--seed", default=None, type=int)
@click.option("--processes", default=2)
@click.option("--only", default=None, type=int, help="Tells this one history, step by step.")
def main(number: int, seed: int | None, processes: int, only: int | None) -> None:
    seed = random.SystemRandom().randrange(10**6) if seed is None else seed
    if only is not None:
        tell(seed, only)
        return
    print(f"seed {seed}")
    found, began = Findings(), time.monotonic()
    batches = [(seed, first, min(BATCH, number - first)) for first in range(0, number, BATCH)]
    with multiprocessing.Pool(processes) as pool:
        for done, part in enumerate(pool.imap_unordered(_batch, batches), 1):
            found.add(part)
            print(f"\r{min(done * BATCH, number):,} of {number:,}", end="", file=sys.stderr)
    print(file=sys.stderr)
    seconds = time.monotonic() - began
    print(f"{number:,} histories of {found.events:,} events in {seconds:.0f} s: {found.news:,} pieces of news")
    print("sent:", dict(found.sent.most_common()))
    print("not sent:", dict(found.reasons.most_common()))
    print(
        "promises broken:", {name: f"{len(places)}, as in {places[:3]}" for name, places in found.broken.items()} or 0
    )
    sys.exit(1 if found.broken else 0)


@dataclass(slots=True)
class Findings:
    events: int = 0
    news: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    broken: dict[str, list[int]] = field(default_factory=dict)
    """Promise → the histories in which it was not kept."""

    def add(self, other: "Findings") -> None:
        self.events += other.events
        self.news += other.news
        self.sent += other.sent
        self.reasons += other.reasons
        for name, places in other.broken.items():
            self.broken.setdefault(name, []).extend(places)


def _batch(which: tuple[int, int, int]) -> Findings:
    seed, first, number = which
    return run(seed, range(first, first + number))


def run(seed: int, places: Iterable[int]) -> Findings:
    """Plays these histories."""
    found = Findings()
    for place in places:
        life = histories.life(random.Random(f"{seed}/{place}"))
        street = Street(life)
        street.play()
        found.events += len(life.events)
        found.news += sum(len(event.arrives) for event in life.events)
        found.sent.update(message.kind for message in street.sent)
        found.reasons.update(street.reasons)
        for name in {*broken(street)}:
            found.broken.setdefault(name, []).append(place)
    return found


def tell(seed: int, place: int) -> None:
    life = histories.life(random.Random(f"{seed}/{place}"))
    street = Street(life)
    street.play()
    print(life.country, life.zone, life.consent)
    lines = [
        (event.at, f"{event.kind} {event.number or ''} {[f'{at:%d. %H:%M:%S}' for at in event.arrives]}")
        for event in life.events
    ]
    for at, line in sorted([*lines, *((one.at, f"==> {one.kind} {one.number}.{one.step}") for one in street.sent)]):
        print(f"{at:%d.%m. %H:%M:%S}", line)
    print(Counter(street.reasons), broken(street))


@dataclass(frozen=True, slots=True)
class Checkout:
    """As Shopify has it, or as its last news told it."""

    number: int
    names: frozenset[str]
    began_at: datetime
    active_at: datetime
    pieces: int = 1
    is_completed: bool = False
    is_there: bool = True


@dataclass(frozen=True, slots=True)
class Order:
    number: int
    names: frozenset[str]
    placed_at: datetime
    changed_at: datetime
    is_cancelled: bool = False
    is_refunded: bool = False
    sent_at: datetime | None = None
    arrived_at: datetime | None = None
    is_return_open: bool = False


@dataclass(slots=True)
class Books:
    """Checkouts and orders by their numbers: Shopify's, and ours."""

    checkouts: dict[int, Checkout] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)

    def has_bought(self, one: Checkout) -> bool:
        theirs = (order for order in self.orders.values() if order.names & one.names)
        return any(order.placed_at >= one.began_at for order in theirs)

    def is_superseded(self, one: Checkout) -> bool:
        others = (other for other in self.checkouts.values() if other.number != one.number)
        return any(
            (other.active_at, other.number) > (one.active_at, one.number) for other in others if other.names & one.names
        )


@dataclass(slots=True)
class Timer:
    """What a row of cart_reminders holds."""

    active_at: datetime
    due_at: datetime
    step: int = 0
    is_asking: bool = False
    reason: str | None = None


@dataclass(slots=True)
class Request:
    """What a row of feedback_requests holds."""

    is_asking: bool = False
    asked_at: datetime | None = None
    is_refused: bool = False
    is_reminded: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    kind: str
    number: int
    step: int
    at: datetime


class Street:
    """One buyer, Shopify, and us."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.shopify, self.mirror = Books(), Books()
        self.consent: str | None = life.consent
        self.consent_at: datetime | None = None
        self.is_sold_out = False
        self.shopify_wrote: set[int] = set()
        self.refused: str | None = None
        self.is_case_open = False
        self.erased_at: datetime | None = None
        self.confirmed_at: list[datetime] = []
        self.timers: dict[int, Timer] = {}
        self.requests: dict[int, Request] = {}
        self.sent: list[Message] = []
        self.counted: list[datetime] = []
        """When messages went out, as far as our tables know: an erasure takes that too."""
        self.reasons: list[str] = []
        self._number = count()
        self._coming: list[tuple[datetime, int, Any, tuple[Any, ...]]] = []

    def play(self) -> None:
        for event in self.life.events:
            self._later(event.at, self._happens, event)
        end = self.life.events[0].at + histories.SPAN + timedelta(days=40)
        while self._coming and self._coming[0][0] <= end:
            self.now, _, what, given = heapq.heappop(self._coming)
            what(*given)

    def _later(self, at: datetime, what: Any, *given: Any) -> None:
        heapq.heappush(self._coming, (at, next(self._number), what, given))

    # --- what happens, at Shopify

    def _happens(self, event: Event) -> None:
        told = self._at_shopify(event)
        for at in event.arrives if told else ():
            self._later(at, self._hear, event.at, told)

    def _at_shopify(self, event: Event) -> Checkout | Order | str | None:
        """What its news would say; None: nothing that Shopify tells by itself, or nothing that was possible."""
        if event.kind in ("checkout", "emptied"):
            return self._at_the_checkout(event)
        if event.kind == "order":
            return self._buys(event)
        if event.kind in ("cancelled", "refunded", "sent", "delivered", "return"):
            return self._of_order(event)
        if event.kind == "erasure":
            self.consent = None
            forgotten = {one.number: replace(one, is_there=False) for one in self.shopify.checkouts.values()}
            self.shopify = Books(checkouts=forgotten)
            return event.kind
        self._told_otherwise(event)
        return None

    def _at_the_checkout(self, event: Event) -> Checkout | None:
        one = self.shopify.checkouts.get(event.number) or Checkout(event.number, event.names, event.at, event.at)
        if one.is_completed:
            return None
        one = replace(one, active_at=event.at, pieces=int(event.kind != "emptied"), is_there=True)
        self.shopify.checkouts[one.number] = one
        return one

    def _buys(self, event: Event) -> Order | None:
        if event.number < 100:
            one = self.shopify.checkouts.get(event.number)
            if one is None or one.pieces == 0:
                return None
            self.shopify.checkouts[one.number] = replace(one, is_completed=True)
        order = Order(event.number, event.names, event.at, event.at)
        self.shopify.orders[order.number] = order
        return order

    def _of_order(self, event: Event) -> Order | None:
        order = self.shopify.orders.get(event.number)
        if order is None:
            return None
        changes: dict[str, dict[str, Any]] = {
            "cancelled": {"is_cancelled": True},
            "refunded": {"is_refunded": True},
            "sent": {"sent_at": event.at},
            "delivered": {"arrived_at": event.at},
            "return": {"is_return_open": not order.is_return_open},
        }
        order = replace(order, changed_at=event.at, **changes[event.kind])
        self.shopify.orders[order.number] = order
        return order

    def _told_otherwise(self, event: Event) -> None:
        if event.kind in ("subscribes", "unsubscribes") and self.consent is not None:
            self.consent, self.consent_at = f"{event.kind[:-1].upper()}D", event.at
        elif event.kind in REFUSALS:
            self.refused = self.refused or REFUSALS[event.kind]
        elif event.kind in ("complains", "is content"):
            self.is_case_open = event.kind == "complains"
        elif event.kind in ("sold out", "in stock"):
            self.is_sold_out = event.kind == "sold out"
        elif event.kind == "shopify wrote":
            self.shopify_wrote.add(event.number)

    # --- what we hear

    def _hear(self, happened_at: datetime, told: Checkout | Order | str) -> None:
        if isinstance(told, str):
            self.erased_at = self.now
            self.mirror, self.timers, self.requests, self.counted = Books(), {}, {}, []
        elif self.erased_at is not None and happened_at <= self.erased_at:
            return
        elif isinstance(told, Checkout):
            self._hear_checkout(told)
        else:
            self._hear_order(told)

    def _hear_checkout(self, told: Checkout) -> None:
        known = self.mirror.checkouts.get(told.number)
        if known and known.active_at > told.active_at:
            return
        is_completed = told.is_completed or bool(known and known.is_completed)
        self.mirror.checkouts[told.number] = replace(told, is_completed=is_completed)
        own = self.timers.get(told.number)
        if is_completed or self.now > told.active_at + DELAYS[0] + decisions.OLD:
            return
        if own is None:
            own = self.timers[told.number] = Timer(told.active_at, told.active_at + DELAYS[0])
            self._later(max(own.due_at, self.now), self._look_at_cart, told.number, own.due_at)
        elif told.active_at > own.active_at:
            self._move(told.number, own, told.active_at)

    def _move(self, number: int, own: Timer, active_at: datetime) -> None:
        own.active_at = active_at
        if own.reason in decisions.PASSING:
            own.reason, own.is_asking = None, False
        if own.reason is None and not own.is_asking and own.step < len(DELAYS):
            own.due_at = active_at + DELAYS[own.step]
            self._later(max(own.due_at, self.now), self._look_at_cart, number, own.due_at)

    def _hear_order(self, told: Order) -> None:
        known = self.mirror.orders.get(told.number)
        if known is None:
            self.confirmed_at.append(self.now + SOON)
        if known and known.changed_at > told.changed_at:
            return
        self.mirror.orders[told.number] = told
        if one := self.mirror.checkouts.get(told.number):
            self.mirror.checkouts[told.number] = replace(one, is_completed=True)
            own = self.timers.get(told.number)
            if own and own.step == 0 and not own.is_asking:
                del self.timers[told.number]
        if "email" in told.names:
            self.requests.setdefault(told.number, Request())
            self._later(self.now, self._look_at_order, told.number)

    # --- what we decide about a cart, as carts/reminders.py and carts/messages.py do

    def _look_at_cart(self, number: int, due_at: datetime) -> None:
        own, one = self.timers.get(number), self.mirror.checkouts.get(number)
        if own is None or one is None or own.reason or own.is_asking or own.due_at != due_at:
            return
        if own.step >= len(DELAYS):
            own.reason = "exhausted"
            return
        decision = decisions.decide(self._cart_facts(one, own.step))
        if decision == decisions.NOT_YET:
            own.due_at = one.active_at + DELAYS[own.step]
            self._later(own.due_at, self._look_at_cart, number, own.due_at)
        elif decision != decisions.GO:
            own.reason = decision
            self.reasons.append(f"cart {decision}")
        else:
            own.is_asking = True
            self._later(self.now, self._send_cart, number, own)

    def _send_cart(self, number: int, own: Timer) -> None:
        one = self.mirror.checkouts.get(number)
        if one is None or self.timers.get(number) is not own:
            return
        verdict = self._last_word(one, own)
        if isinstance(verdict, Wait):
            self._later(max(verdict.until, self.now + timedelta(seconds=1)), self._send_cart, number, own)
        elif isinstance(verdict, Skip):
            own.reason, own.is_asking = verdict.reason, False
            self.reasons.append(f"cart {verdict.reason}")
        else:
            self._sends("cart", number, own.step)
            own.step, own.is_asking = own.step + 1, False
            last = own.step >= len(DELAYS)
            own.due_at = self.now + timer.COUNTS if last else own.active_at + DELAYS[own.step]
            self._later(max(own.due_at, self.now), self._look_at_cart, number, own.due_at)

    def _last_word(self, one: Checkout, own: Timer) -> Skip | Wait | None:
        facts = self._cart_facts(one, own.step)
        for known in (facts, self._seen(facts, one)):
            decision = decisions.decide(known)
            if decision == decisions.NOT_YET:
                return Wait(known.last_activity + known.delay, decision)
            if decision != decisions.GO:
                return Skip(decision)
        agreed_at = one.active_at if self.life.ticks else None
        return self._budget("carts/reminder", agreed_at, known.last_activity + known.delay + decisions.OLD)

    def _cart_facts(self, one: Checkout, step: int) -> decisions.Facts:
        return decisions.Facts(
            now=self.now,
            began_at=one.began_at,
            last_activity=one.active_at,
            delay=DELAYS[step],
            since=SINCE,
            has_email="email" in one.names,
            pieces=one.pieces,
            total=one.pieces * 4900,
            is_online_store=True,
            is_completed=one.is_completed,
            has_bought=self.mirror.has_bought(one),
            is_superseded=self.mirror.is_superseded(one),
            is_held_out=False,
        )

    def _seen(self, facts: decisions.Facts, one: Checkout) -> decisions.Facts:
        """With what Shopify says at this moment."""
        there = self.shopify.checkouts.get(one.number)
        return replace(
            facts,
            last_activity=max(facts.last_activity, there.active_at) if there else facts.last_activity,
            is_there=there is not None and there.is_there,
            is_completed=facts.is_completed or bool(there and there.is_completed),
            has_bought=facts.has_bought or self.shopify.has_bought(one),
            is_available=not self.is_sold_out,
            shopify_wrote=one.number in self.shopify_wrote,
            is_unsubscribed=self.consent == "UNSUBSCRIBED",
        )

    # --- the budget, as mail/budget.py asks it

    def _budget(
        self, template: str, agreed_at: datetime | None = None, expires_at: datetime | None = None
    ) -> Skip | Wait | None:
        facts = budget.Facts(
            now=self.now,
            zones=[self.life.zone],
            rules=RULES,
            refused=self.refused,
            trouble=self._trouble(template),
            has_urgent=any(at - SOON <= self.now < at for at in self.confirmed_at),
            sent=self.counted,
            expires_at=expires_at,
        )
        if against := budget.stop(facts):
            return against
        orders = len(self.shopify.orders) if self.consent else 0
        consent = Consent(self.consent, None, self.consent_at, 1 if self.consent else None, orders)
        right = law.right(consent, agreed_at, self.life.country, BASIS, RULES)
        return None if isinstance(right, Right) else right

    def _sends(self, kind: str, number: int, step: int) -> None:
        self.sent.append(Message(kind, number, step, self.now))
        self.counted.append(self.now)

    def _trouble(self, template: str) -> str | None:
        if any(order.is_return_open for order in self.mirror.orders.values()):
            return "return_open"
        return "case_open" if self.is_case_open and template.startswith("carts/") else None

    # --- what we decide about an order, as feedback/requests.py and feedback/letters.py do

    def _look_at_order(self, number: int) -> None:
        request, order = self.requests.get(number), self.mirror.orders.get(number)
        if request is None or order is None:
            return
        found = asking.decide(self._order_facts(order, request), self.now)
        if found.word == asking.OVER:
            self.reasons.append(f"feedback {found.reason}")
        elif found.word == asking.WAIT and found.at:
            self._later(max(found.at, self.now + timedelta(seconds=1)), self._look_at_order, number)
        elif found.word == asking.ASK:
            request.is_asking = True
            self._later(self.now, self._ask, number, "request")
        elif found.word == asking.REMIND:
            request.is_reminded = True
            self._later(self.now, self._ask, number, "reminder")

    def _ask(self, number: int, stage: str) -> None:
        request, order = self.requests.get(number), self.mirror.orders.get(number)
        if request is None or order is None:
            return
        known = self._order_facts(order, request)
        verdict = letters.why_not(known) or self._budget(f"feedback/{stage}")
        if isinstance(verdict, Wait):
            self._later(max(verdict.until, self.now + timedelta(seconds=1)), self._ask, number, stage)
            return
        if verdict:
            request.is_asking, request.is_refused = False, stage == "request"
            self.reasons.append(f"feedback {verdict.reason}")
            return
        self._sends("feedback", number, int(stage == "reminder"))
        if stage == "request":
            request.is_asking, request.asked_at = False, self.now
        self._later(self.now + timedelta(hours=1), self._look_at_order, number)

    def _order_facts(self, order: Order, request: Request) -> asking.Facts:
        parcel = order.sent_at and asking.Parcel(
            order.sent_at, order.arrived_at, order.arrived_at is not None, timedelta(days=4)
        )
        return asking.Facts(
            rule=RULE,
            zone=self.life.zone,
            installed_at=SINCE,
            placed_at=order.placed_at,
            is_cancelled=order.is_cancelled,
            is_refunded=order.is_refunded,
            is_unsent=parcel is None,
            parcels=[parcel] if parcel else [],
            is_return_open=order.is_return_open,
            is_case_open=self.is_case_open,
            asked_at=request.asked_at,
            is_refused=request.is_refused,
            is_asking=request.is_asking,
            is_reminded=request.is_reminded,
        )


def broken(street: Street) -> Sequence[str]:
    """The promises that this street's messages break, by what really happened."""
    return [*_each(street), *_together(street)]


def _each(street: Street) -> Iterator[str]:
    for message in street.sent:
        before = [event for event in street.life.events if event.at <= message.at]
        kinds = {event.kind for event in before}
        if RULES.quiet.covers(message.at, [street.life.zone]):
            yield "at night"
        if not _agreed(street.life, message, before):
            yield "without a right"
        if not kinds.isdisjoint(REFUSALS):
            yield "to somebody who refused"
        if _is_forgotten(message, before):
            yield "to the erased"
        yield from (_of_cart if message.kind == "cart" else _of_order)(street, message, before)


def _told(before: Sequence[Event], message: Message) -> list[Event]:
    """What we had heard of when the message went out."""
    return [event for event in before if any(at <= message.at for at in event.arrives)]


def _is_forgotten(message: Message, before: Sequence[Event]) -> bool:
    """Whoever comes back after an erasure is somebody new: what they do then may be written about."""
    erasures = [event.at for event in _told(before, message) if event.kind == "erasure"]
    about = [event.at for event in before if event.number == message.number]
    return bool(erasures) and max(about) <= max(erasures)


def _agreed(life: Life, message: Message, before: Sequence[Event]) -> bool:
    said = [event.kind for event in before if event.kind in ("subscribes", "unsubscribes")]
    is_known = life.consent is not None and all(event.kind != "erasure" for event in before)
    if not is_known:
        return life.ticks and message.kind == "cart"
    wish = f"{said[-1][:-1].upper()}D" if said else life.consent
    has_ordered = any(event.kind == "order" for event in before)
    return wish == "SUBSCRIBED" or (wish == "NOT_SUBSCRIBED" and life.country == "US" and has_ordered)


def _of_cart(street: Street, message: Message, before: Sequence[Event]) -> Iterator[str]:
    own = [event for event in before if event.number == message.number]
    active = [event.at for event in own if event.kind in ("checkout", "emptied")]
    names = next(event.names for event in own if event.kind == "checkout")
    erased_at = max((event.at for event in before if event.kind == "erasure"), default=active[0])
    since = max(active[0], erased_at)  # what was bought before an erasure, nobody knows any more
    orders = [event for event in before if event.kind == "order" and event.at >= since]
    if any(event.number == message.number or event.names & names for event in orders if _is_bought(event, before)):
        yield "after a purchase"
    if message.at < max(active) + DELAYS[message.step]:
        yield "before the hour was over"


def _is_bought(order: Event, before: Sequence[Event]) -> bool:
    """Nobody can pay an empty checkout, or one that was not begun."""
    if order.number >= 100:
        return True
    earlier = [event for event in before if event.number == order.number and event.at <= order.at]
    contents = [event.kind for event in earlier if event.kind in ("checkout", "emptied")]
    return bool(contents) and contents[-1] == "checkout"


def _of_order(street: Street, message: Message, before: Sequence[Event]) -> Iterator[str]:
    told = [event for event in _told(before, message) if event.number == message.number]
    kinds = [event.kind for event in told]
    if not {"cancelled", "refunded"}.isdisjoint(kinds):
        yield "asked about what was given back"
    came_at = min((event.at for event in told if event.kind == "delivered"), default=None)
    # the clocks may have jumped by an hour meanwhile
    if came_at and not message.step and message.at < came_at + timedelta(days=RULE.days, hours=-1):
        yield "asked before the day"
    wishes = [event.kind for event in before if event.kind in ("complains", "is content")]
    if wishes and wishes[-1] == "complains":
        yield "asked while a complaint is open"


def _together(street: Street) -> Iterator[str]:
    erased = [at for event in street.life.events if event.kind == "erasure" for at in event.arrives]
    lives = groupby(street.sent, key=lambda message: sum(at <= message.at for at in erased))
    for sent in [list(messages) for _, messages in lives]:
        if len({(message.kind, message.number, message.step) for message in sent}) < len(sent):
            yield "twice"
        if any(later.at - message.at < RULES.gap for message, later in pairwise(sent)):
            yield "within 16 hours"
        if any(later.at - message.at < SPAN for message, later in zip(sent, sent[RULES.most :], strict=False)):
            yield "more than 5 in 30 days"


if __name__ == "__main__":
    main()
