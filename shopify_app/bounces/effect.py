"""What follows when a mail came back or was complained about: its reader gets no more but what the law wants and what
they ask for themselves.
"""

from collections.abc import Iterable

import structlog

from shopify_app.bounces.news import Back
from shopify_app.bounces.reports import read
from shopify_app.db import transaction
from shopify_app.mail import links, refusals
from shopify_app.mail.links import Holder
from shopify_app.shopify import models as shops

log = structlog.get_logger()


def came_back(message: bytes) -> int:
    """A report as a mail server sent it; how many readers it was about."""
    return take_in(read(message))


def take_in(news: Iterable[Back]) -> int:
    """Told twice is once. What names no reader of ours is passed over; how many did."""
    known = [(holder, back.reason) for back in news if (holder := links.holder(back.reader))]
    return sum(_refuse(holder, reason) for holder, reason in known)


def _refuse(holder: Holder, reason: str) -> bool:
    """False for a shop that was erased meanwhile."""
    try:
        shop = shops.get(holder.shop_id)
    except LookupError:
        return False
    with transaction():
        refusals.refuse(shop, holder.mark, refusals.TOPICS, reason)
    log.info("mail_came_back", shop=shop.domain, reason=reason)
    return True
