"""What Shopify told last of each topic: of the newest notifications, as a look at all of them takes long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from shopify_app import clock
from shopify_app.db import db
from shopify_app.shopify.models import Shop
from shopify_app.webhooks.models import Webhook
from shopify_app.webhooks.topics import HANDLERS

SPAN = timedelta(days=7)
MOST = 2_000
"""Notifications that are looked at."""


class News(NamedTuple):
    topic: str
    triggered_at: datetime
    received_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    count: int
    """Of those looked at."""
    last: datetime
    lag: float
    """Seconds that the slowest took to us."""


def newest(shop: Shop) -> Sequence[News]:
    """The newest first."""
    columns = (Webhook.topic, Webhook.triggered_at, Webhook.received_at, Webhook.done_at)
    mine = (Webhook.shop_domain == shop.domain, Webhook.received_at > clock.now() - SPAN)
    found = select(*columns).where(*mine).order_by(Webhook.received_at.desc()).limit(MOST)
    return [News(*row) for row in db.session.execute(found)]


def heard(seen: Sequence[News]) -> Sequence[Topic]:
    """Topics of which something was told, in the order of topics.py."""
    by_topic = {name: [one for one in seen if one.topic == name] for name in HANDLERS}
    return [_topic(name, news) for name, news in by_topic.items() if news]


def silent(seen: Sequence[News]) -> Sequence[str]:
    """The other topics: what they tell of has not happened, and nothing is wrong with that."""
    told = {one.topic for one in seen}
    return [name for name in HANDLERS if name not in told]


def _topic(name: str, news: Sequence[News]) -> Topic:
    lag = max((one.received_at - one.triggered_at).total_seconds() for one in news)
    return Topic(name, len(news), news[0].received_at, max(lag, 0))
