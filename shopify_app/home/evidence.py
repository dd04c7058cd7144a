"""The rows that each figure counts, the newest first. Whatever a tile says, these rows say it."""

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from operator import attrgetter
from typing import Any

from sqlalchemy import Exists, case, exists, func, select, tuple_
from sqlalchemy.orm import aliased, load_only

from shopify_app import clock
from shopify_app.carts import results
from shopify_app.db import db
from shopify_app.feedback.insight import is_bad
from shopify_app.feedback.models import Answer
from shopify_app.feedback.transits import ARRIVED
from shopify_app.home.weeks import Row
from shopify_app.language import zone
from shopify_app.orders.models import Order, ParcelEvent, Shipment
from shopify_app.orders.read import FRUITLESS
from shopify_app.returns.execution import overdue
from shopify_app.shopify.models import Shop
from shopify_app.tracking.models import Search

NEWEST = attrgetter("at")


def lookups(shop: Shop, since: datetime, until: datetime) -> Iterator[Row]:
    """Look-ups above the line, orders below it."""
    asked = select(Search.at, Search.order_id).where(Search.shop_id == shop.id, Search.at >= since, Search.at < until)
    bought = select(Order.placed_at, Order.id).where(
        Order.shop_id == shop.id,
        Order.placed_at >= since,
        Order.placed_at < until,
        Order.is_test.is_(False),
        Order.deleted_at.is_(None),
    )
    hits = (Row(at, True, number) for at, number in db.session.execute(asked.order_by(Search.at.desc())))
    others = (Row(at, False, number) for at, number in db.session.execute(bought.order_by(Order.placed_at.desc())))
    return merge(hits, others, key=NEWEST, reverse=True)


def arrivals(shop: Shop, since: datetime, until: datetime) -> Iterator[Row]:
    """Parcels by the day that their carrier named first, once that day is over; a hit came by then.

    Both stand in the carrier's scans, which the first import brings in too: so the time before the install is counted
    by the same rule. Our own ledger of promises begins with the install.
    """
    home = zone(shop.timezone)
    today = clock.now().astimezone(home).date()
    first = ParcelEvent
    arrived = aliased(ParcelEvent)
    arrival = select(func.min(arrived.happened_at)).where(
        arrived.shop_id == first.shop_id,
        arrived.order_id == first.order_id,
        arrived.shipment_id == first.shipment_id,
        arrived.status.in_(ARRIVED),
        arrived.deleted_at.is_(None),
    )
    promised: Any = (
        select(first.estimated_delivery_at, first.happened_at, arrival.scalar_subquery(), first.order_id)
        .join(Shipment, (Shipment.shop_id == first.shop_id) & (Shipment.id == first.shipment_id))
        .join(Order, (Order.shop_id == first.shop_id) & (Order.id == first.order_id))
        .where(
            first.shop_id == shop.id,
            first.estimated_delivery_at.is_not(None),
            first.estimated_delivery_at >= since,
            first.estimated_delivery_at < until,
            first.deleted_at.is_(None),
            ~_is_named_before(),
            Shipment.status.not_in(FRUITLESS),
            Order.is_test.is_(False),
            Order.deleted_at.is_(None),
            Order.cancelled_at.is_(None),
        )
        .order_by(first.estimated_delivery_at.desc())
    )
    for day, told_at, came_at, order_id in db.session.execute(promised):
        if day.astimezone(home).date() < today and (came_at is None or told_at < came_at):
            is_kept = came_at is not None and came_at.astimezone(home).date() <= day.astimezone(home).date()
            yield Row(day, is_kept, order_id)


def _is_named_before() -> Exists:
    """An earlier scan of the same parcel named a day already."""
    earlier = aliased(ParcelEvent)
    return exists().where(
        earlier.shop_id == ParcelEvent.shop_id,
        earlier.order_id == ParcelEvent.order_id,
        earlier.shipment_id == ParcelEvent.shipment_id,
        # Not put plainly: SQLite would take the index of all that was promised, and walk through it each time.
        case((earlier.estimated_delivery_at.is_(None), 0), else_=1) == 1,
        earlier.deleted_at.is_(None),
        tuple_(earlier.happened_at, earlier.id) < tuple_(ParcelEvent.happened_at, ParcelEvent.id),
    )


def refunds(shop: Shop, since: datetime, until: datetime) -> Iterator[Row]:
    """Goods that came back; a hit was refunded within a day."""
    for one in overdue.refunds(shop, since, until):
        yield Row(one.received_at, one.is_kept, one.order_id)


def written_to(shop: Shop, since: datetime, until: datetime) -> Iterator[Row]:
    """Persons who left a cart and were written to; a hit bought within the time that counts."""
    return _drawn(shop, since, until, is_held_out=False)


def held_out(shop: Shop, since: datetime, until: datetime) -> Iterator[Row]:
    """The same, of those to whom chance decided that nobody writes."""
    return _drawn(shop, since, until, is_held_out=True)


def _drawn(shop: Shop, since: datetime, until: datetime, *, is_held_out: bool) -> Iterator[Row]:
    for one in reversed(results.drawn(shop, since)):
        if one.at < until and one.is_held_out is is_held_out:
            yield Row(one.at, one.has_bought, one.order_id)


def answers(shop: Shop, since: datetime, until: datetime) -> Iterator[Row]:
    """What buyers answered; a hit has nothing to complain of."""
    said = select(Answer).where(Answer.shop_id == shop.id, Answer.said_at >= since, Answer.said_at < until)
    # Without what they wrote: opening that for each of them takes longer than all the rest.
    counted = load_only(Answer.verdict, Answer.items, Answer.delivery, Answer.said_at)
    for one in db.session.scalars(said.order_by(Answer.said_at.desc()).options(counted)):
        yield Row(one.said_at, not is_bad(one), one.order_id)
