"""What would have been asked in the last 60 days, had it been switched on: seen before anything is switched on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import select

from shopify_app import clock
from shopify_app.db import db
from shopify_app.feedback import decision, reading, rules, transits
from shopify_app.language import zone
from shopify_app.orders import read
from shopify_app.orders.models import Order
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop

SPAN = timedelta(days=60)
MOST = 1000
"""Orders that are looked at, the newest."""
SHOWN = 50
"""Of those asked, and of each reason, how many are listed."""
NAME = "feedback"
"""Of the proof that it was seen."""


@dataclass(frozen=True, slots=True)
class Row:
    order: Order
    reason: str
    at: datetime | None
    """When its day was, or will be."""


@dataclass(frozen=True, slots=True)
class Trial:
    asked: Sequence[Row]
    others: Sequence[Row]
    """One for each order that nobody would have been asked about (yet)."""

    @property
    def reasons(self) -> Sequence[tuple[str, int]]:
        """The commonest first."""
        return Counter(row.reason for row in self.others).most_common()

    def examples(self, reason: str) -> Sequence[Row]:
        return [row for row in self.others if row.reason == reason][:SHOWN]


def run(shop: Shop) -> Trial:
    """Nothing is written or sent."""
    now = clock.now()
    recent = select(Order).where(Order.shop_id == shop.id, Order.placed_at > now - SPAN, Order.deleted_at.is_(None))
    orders = db.session.scalars(recent.order_by(Order.placed_at.desc()).limit(MOST)).all()
    usual = cache(lambda: transits.measured(shop))
    rule = replace(rules.of(shop), since=None)
    rows = [_row(shop, whole, now, rule, usual) for whole in read.wholes(shop, orders)]
    return Trial(
        asked=[row for row in rows if row.reason == "due"],
        others=[row for row in rows if row.reason != "due"],
    )


def _row(shop: Shop, whole: Whole, now: datetime, rule: rules.Rule, usual: reading.Usual) -> Row:
    known = reading.plain(shop, whole, rule, usual, installed_at=None)
    found = decision.decide(known, now)
    arrived_at = decision.arrival(known)
    due = arrived_at and decision.day(arrived_at, rule.days, zone(shop.timezone))
    return Row(whole.order, found.reason, due)
