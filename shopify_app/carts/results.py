"""What reminders achieved: counts of what became of them, and the true effect, by comparison with those held out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Any, NamedTuple

from sqlalchemy import case, func, select

from shopify_app import clock
from shopify_app.carts import timer
from shopify_app.carts.models import EXHAUSTED, OPTED_OUT, RECOVERED, SUPPRESSED, Cart, Reminder
from shopify_app.db import db
from shopify_app.orders.models import Order
from shopify_app.shopify.models import Shop

SPAN = timedelta(days=60)
"""What the page looks back on."""
WAITING, SENT = "waiting", "sent"
STATES = (WAITING, SENT, RECOVERED, EXHAUSTED, OPTED_OUT, SUPPRESSED)
ROWS = 50
NORMAL = 1.959964
"""Of the normal distribution so much lies within as many standard deviations: 95 %."""

STATE_OF = case((Reminder.result.is_not(None), Reminder.result), (Reminder.step > 0, SENT), else_=WAITING)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many persons."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        return self.hits / self.of

    @property
    def bounds(self) -> tuple[float, float]:
        """Wilson's score interval of 95 % (E. B. Wilson, JASA 22, 1927, 209 to 212)."""
        square = NORMAL**2
        centre = (self.hits + square / 2) / (self.of + square)
        half = NORMAL * sqrt(self.hits * (self.of - self.hits) / self.of + square / 4) / (self.of + square)
        return max(centre - half, 0.0), min(centre + half, 1.0)


@dataclass(frozen=True, slots=True)
class Effect:
    """Persons who bought within the time that counts, out of those who got a message, and of those held out."""

    treated: Share
    held_out: Share

    @property
    def is_known(self) -> bool:
        return self.treated.of > 0 and self.held_out.of > 0

    @property
    def value(self) -> float:
        return self.treated.value - self.held_out.value

    @property
    def bounds(self) -> tuple[float, float]:
        """Of the difference, 95 % (R. G. Newcombe, Statistics in Medicine 17, 1998, 873 to 890, method 10)."""
        (low, high), (low2, high2) = self.treated.bounds, self.held_out.bounds
        first, second, value = self.treated.value, self.held_out.value, self.value
        below = sqrt((first - low) ** 2 + (high2 - second) ** 2)
        above = sqrt((high - first) ** 2 + (second - low2) ** 2)
        return max(value - below, -1.0), min(value + above, 1.0)

    @property
    def is_certain(self) -> bool:
        """Whether chance alone hardly explains the difference."""
        low, high = self.bounds
        return low > 0 or high < 0


@dataclass(frozen=True, slots=True)
class Money:
    currency: str
    amount: int
    """Minor units."""


@dataclass(frozen=True, slots=True)
class Row:
    reminder: Reminder
    state: str
    cart: Cart | None


def counts(shop: Shop) -> dict[str, int]:
    """How many reminders are in each state, of those of the last weeks."""
    mine = (Reminder.shop_id == shop.id, Reminder.began_at > clock.now() - SPAN)
    grouped = select(STATE_OF, func.count()).where(*mine).group_by(STATE_OF)
    found = {row[0]: row[1] for row in db.session.execute(grouped)}
    return {state: found.get(state, 0) for state in STATES}


def reasons(shop: Shop) -> list[tuple[str, int]]:
    """Why nothing was sent, the commonest first."""
    mine = (Reminder.shop_id == shop.id, Reminder.began_at > clock.now() - SPAN, Reminder.reason.is_not(None))
    grouped = select(Reminder.reason, func.count()).where(*mine).group_by(Reminder.reason)
    return Counter({str(reason): count for reason, count in db.session.execute(grouped)}).most_common()


def recovered(shop: Shop) -> tuple[int, Sequence[Money]]:
    """Orders placed by persons who had got a message, within the time that counts, and what they are worth."""
    mine = (Reminder.shop_id == shop.id, Reminder.began_at > clock.now() - SPAN, Reminder.result == RECOVERED)
    ids = select(Reminder.order_id).where(*mine).distinct()
    orders = (Order.shop_id == shop.id, Order.id.in_(ids))
    grouped = select(Order.currency, func.sum(Order.total), func.count()).where(*orders).group_by(Order.currency)
    rows = db.session.execute(grouped).all()
    return sum(count for _, _, count in rows), [Money(currency, int(amount)) for currency, amount, _ in rows]


def effect(shop: Shop) -> Effect:
    """Of the last weeks."""
    counted = Counter((one.is_held_out, one.has_bought) for one in drawn(shop, clock.now() - SPAN))
    treated, held_out = (
        Share(counted[held, True], counted[held, True] + counted[held, False]) for held in (False, True)
    )
    return Effect(treated, held_out)


class Drawn(NamedTuple):
    """A person about whom chance decided."""

    at: datetime
    is_held_out: bool
    has_bought: bool
    order_id: int | None


def drawn(shop: Shop, since: datetime) -> Sequence[Drawn]:
    """Each person once, by what chance decided first after that; only those whose time to buy is over."""
    over = (Reminder.assigned_at > since, Reminder.assigned_at <= clock.now() - timer.COUNTS)
    columns: Any = (
        Reminder.assigned_at,
        Reminder.is_held_out,
        Reminder.bought_at,
        Reminder.order_id,
        Reminder.email_index,
    )
    rows = select(*columns).where(Reminder.shop_id == shop.id, *over).order_by(Reminder.assigned_at, Reminder.id)
    first: dict[bytes | None, Drawn] = {}
    for at, is_held_out, bought_at, order_id, email in db.session.execute(rows):
        first.setdefault(email, Drawn(at, bool(is_held_out), bought_at is not None, order_id))
    return list(first.values())


def rows(shop: Shop, state: str | None = None) -> list[Row]:
    """The newest reminders, those of one state only if it is told."""
    mine = select(Reminder, STATE_OF, Cart).where(Reminder.shop_id == shop.id, Reminder.began_at > clock.now() - SPAN)
    joined = mine.outerjoin(Cart, (Cart.shop_id == Reminder.shop_id) & (Cart.token == Reminder.token))
    if state in STATES:
        joined = joined.where(STATE_OF.is_not_distinct_from(state))
    newest = joined.order_by(Reminder.began_at.desc(), Reminder.id.desc()).limit(ROWS)
    return [Row(reminder, str(found), cart) for reminder, found, cart in db.session.execute(newest)]


@dataclass(frozen=True, slots=True)
class Bar:
    """A share as it is drawn, in per cent of the width: its end, and where its interval begins and ends."""

    share: Share
    end: float
    low: float
    high: float


def bars(effect: Effect) -> tuple[float, Sequence[Bar]]:
    """What the full width stands for (a share), and a bar for each group."""
    groups = (effect.treated, effect.held_out)
    full = next(full for full in (0.05, 0.1, 0.2, 0.5, 1.0) if full >= max(group.bounds[1] for group in groups))
    return full, [Bar(group, *(100 * value / full for value in (group.value, *group.bounds))) for group in groups]
