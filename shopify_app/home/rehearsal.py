"""What order confirmations and news of parcels would have done in the last weeks: seen before any is switched on."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from shopify_app import clock, confirmations, tracking
from shopify_app.db import db
from shopify_app.orders import read
from shopify_app.orders.models import Order
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop

SPAN = timedelta(days=60)
MOST = 1000
"""Orders that are looked at, the newest."""
SHOWN = 50
"""Of the messages, how many are listed."""
NAME = "settings"
"""Of the proof that it was seen."""


@dataclass(frozen=True, slots=True)
class Would:
    """A message that would have gone out."""

    name: str
    at: datetime
    order: Order


@dataclass(frozen=True, slots=True)
class Rehearsal:
    messages: Sequence[Would]
    """The newest first."""
    reasons: Sequence[tuple[str, int]]
    """Why other orders would not have been confirmed, the commonest first."""
    is_whole: bool
    """False: there were more orders than are looked at."""

    @property
    def counts(self) -> Mapping[str, int]:
        names = [confirmations.TEMPLATE, *(f"tracking/{kind}" for kind in tracking.KINDS)]
        found = Counter(one.name for one in self.messages)
        return {name: found[name] for name in names}


def run(shop: Shop) -> Rehearsal:
    """Nothing is written or sent."""
    recent = select(Order).where(
        Order.shop_id == shop.id, Order.placed_at > clock.now() - SPAN, Order.deleted_at.is_(None)
    )
    orders = db.session.scalars(recent.order_by(Order.placed_at.desc()).limit(MOST + 1)).all()
    wholes = read.wholes(shop, orders[:MOST])
    messages = sorted((one for whole in wholes for one in _messages(shop, whole)), key=lambda one: one.at, reverse=True)
    reasons = Counter(why for whole in wholes if (why := confirmations.never(whole.order)))
    return Rehearsal(messages, reasons.most_common(), len(orders) <= MOST)


def _messages(shop: Shop, whole: Whole) -> Iterator[Would]:
    if confirmations.never(whole.order) is None:
        yield Would(confirmations.TEMPLATE, whole.order.placed_at, whole.order)
    for news in tracking.rehearse(shop, whole):
        yield Would(f"tracking/{news.kind}", news.at, whole.order)
