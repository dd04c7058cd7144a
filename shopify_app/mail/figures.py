"""How many messages there were day by day, and what became of them. Tests are none."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select

from shopify_app import clock
from shopify_app.db import db
from shopify_app.language import zone
from shopify_app.mail.journal import OUTCOMES, Filter
from shopify_app.mail.models import Message, Purpose
from shopify_app.shopify.models import Shop

DAYS = 30
SHOWN = 5
"""Of the reasons, how many are told apart."""
OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Plot:
    """Counts of each day, split into the same parts."""

    days: Sequence[date]
    """By the shop's calendar, the oldest first."""
    parts: Mapping[str, Sequence[int]]
    """What it is called → how many on each day, the most frequent first."""

    @property
    def sums(self) -> Mapping[str, int]:
        return {name: sum(counts) for name, counts in self.parts.items()}

    @property
    def most(self) -> int:
        """Of one day."""
        return max((sum(day) for day in zip(*self.parts.values(), strict=True)), default=0)


def tiles(shop: Shop) -> Mapping[str, int]:
    """Outcome → how many messages of these days have it: the rows that the same filter lists."""
    return {outcome: _count(shop, Filter(outcome=outcome, days=str(DAYS))) for outcome in OUTCOMES}


def sent(shop: Shop) -> Plot:
    """By what they were for."""
    plot = _plot(shop, Filter(outcome="sent", days=str(DAYS)), Message.purpose)
    return Plot(plot.days, {name: plot.parts[name] for name in Purpose if name in plot.parts})


def skipped(shop: Shop) -> Plot:
    """By the reason, rare ones together."""
    plot = _plot(shop, Filter(outcome="skipped", days=str(DAYS)), Message.reason)
    often = sorted(plot.parts, key=lambda name: -plot.sums[name])[:SHOWN]
    parts = {name: plot.parts[name] for name in often}
    if rest := [counts for name, counts in plot.parts.items() if name not in often]:
        parts[OTHERS] = [sum(day) for day in zip(*rest, strict=True)]
    return Plot(plot.days, parts)


def _count(shop: Shop, which: Filter) -> int:
    mine = (Message.shop_id == shop.id, *which.conditions())
    return db.session.scalar(select(func.count()).select_from(Message).where(*mine)) or 0


def _plot(shop: Shop, which: Filter, part: Any) -> Plot:
    """The days begin when they do where the shop is, so each is asked for by itself."""
    home, now = zone(shop.timezone), clock.now()
    today = now.astimezone(home).date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS + 1))]
    begins = [datetime.combine(day, time(), home) for day in (*days, today + timedelta(days=1))]
    found: list[Counter[str]] = []
    for begin, end in pairwise(begins):
        span = (Message.created_at >= begin, Message.created_at < end)
        counted = select(part, func.count()).where(Message.shop_id == shop.id, *which.conditions(), *span)
        found.append(Counter({str(name): count for name, count in db.session.execute(counted.group_by(part))}))
    names = dict.fromkeys(name for counts in found for name in counts)
    return Plot(days, {name: [counts[name] for counts in found] for name in names})
