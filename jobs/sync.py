"""Read from Shopify, greet shops that just came, do what persons and buyers asked for, ask carriers."""

from collections.abc import Sequence

import structlog
from sqlalchemy import select

from jobs.context import drains
from shopify_app import changes, clock, feedback, optouts, privacy, returns, tracking
from shopify_app.db import db, transaction
from shopify_app.orders import reconcile
from shopify_app.queue import ring
from shopify_app.shopify import details
from shopify_app.shopify.errors import ShopifyError
from shopify_app.shopify.models import Shop
from shopify_app.webhooks import inbox, topics

log = structlog.get_logger()


@drains("sync")
def drain() -> int:
    done = _greet() + changes.run() + returns.run() + reconcile.run(topics.READ) + privacy.run()
    return done + optouts.tell() + feedback.tell() + tracking.ask()


def newcomers() -> Sequence[Shop]:
    """Shops that were installed and not yet greeted."""
    return db.session.scalars(select(Shop).where(Shop.installed_at.is_not(None), Shop.greeted_at.is_(None))).all()


def _greet() -> int:
    """Learn who a newcomer is, begin its import, release what came before it."""
    return sum(_greet_one(shop) for shop in newcomers())


def _greet_one(shop: Shop) -> bool:
    """False when Shopify does not answer just now: the next sweep comes by again."""
    try:
        details.read(shop)
    except ShopifyError as error:
        log.warning("shop_not_greeted", shop=shop.domain, error=str(error))
        return False
    with transaction():
        shop.greeted_at = clock.now()
        reconcile.begin(shop)
        inbox.release(shop)
        ring("webhooks")
    return True
