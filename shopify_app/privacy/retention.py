"""Nothing personal is kept for ever: what had no news for so long is erased, as if its person had asked."""

from datetime import datetime

from sqlalchemy import delete, exists, select

from shopify_app import clock, periods
from shopify_app.db import db, transaction
from shopify_app.orders.models import Customer, Order
from shopify_app.privacy import marks, tables
from shopify_app.privacy.identity import Identity
from shopify_app.privacy.leaving import forget_wishes
from shopify_app.privacy.models import Sighting, Takeout
from shopify_app.privacy.requests import forget_exports, give_up_gone
from shopify_app.shopify.models import Shop

SOME = 20


def run() -> int:
    """Once a day; returns how many orders and customers had their time."""
    give_up_gone()
    forget_exports()
    marks.forget()
    forget_wishes()
    return sum(_forget_old(shop) for shop in db.session.scalars(select(Shop)).all())


def forget_sightings() -> int:
    """Who saw whom, after its time; returns how many rows."""
    return sum(_forget_sightings(shop) for shop in db.session.scalars(select(Shop)).all())


def _forget_sightings(shop: Shop) -> int:
    before = clock.now() - periods.of(shop.settings, periods.SIGHTINGS)
    with transaction():
        gone = db.session.execute(delete(Sighting).where(Sighting.shop_id == shop.id, Sighting.at < before))
        files = db.session.execute(delete(Takeout).where(Takeout.shop_id == shop.id, Takeout.began_at < before))
        return int(gone.rowcount + files.rowcount)  # type: ignore[attr-defined]


def _forget_old(shop: Shop) -> int:
    """A few at a time, each few in a transaction of their own."""
    count = 0
    for oldest in (_old_orders, _old_customers):
        while (old := oldest(shop)) != Identity():
            with transaction():
                tables.erase(old.person(shop, shop.domain))
            count += len(old.orders) + len(old.customers)
    return count


def _old_orders(shop: Shop) -> Identity:
    old = select(Order.id).where(Order.shop_id == shop.id, Order.seen_at < _before(shop))
    return Identity(orders=tuple(db.session.scalars(old.limit(SOME))))


def _old_customers(shop: Shop) -> Identity:
    """Those of whom no order is left."""
    bought = exists().where(Order.shop_id == shop.id, Order.customer_id == Customer.id)
    old = select(Customer.id).where(Customer.shop_id == shop.id, Customer.seen_at < _before(shop), ~bought)
    return Identity(customers=tuple(db.session.scalars(old.limit(SOME))))


def _before(shop: Shop) -> datetime:
    return clock.now() - periods.of(shop.settings, periods.ORDERS)
