"""Ask each order's buyer once, when its day has come: one row for each order, looked at again with all its news."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import bindparam, delete, func, select

from shopify_app import clock, work
from shopify_app.db import db, transaction, upsert
from shopify_app.feedback import reading, rules
from shopify_app.feedback.decision import ASK, OVER, REMIND, Decision, Facts, day, decide
from shopify_app.feedback.models import Request
from shopify_app.language import zone
from shopify_app.mail import outbox
from shopify_app.orders import read
from shopify_app.orders.models import Order
from shopify_app.queue import ring
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop

log = structlog.get_logger()

AFRESH = {"tries": 0, "done_at": None, "owner": None, "result": None, "error": None}
STAGES = {ASK: "request", REMIND: "reminder"}
LONGEST = timedelta(days=90)
"""Before it was switched on: orders placed so long ago may still have their day to come."""

_PLACED = select(Order.placed_at).where(Order.shop_id == bindparam("shop"), Order.id == bindparam("order"))


def order_news(shop: Shop, order_id: int) -> None:
    """Called in the transaction of the news; the looking is done by a worker a moment later."""
    if rules.of(shop).since is None:
        return
    placed_at = db.session.scalar(_PLACED, {"shop": shop.id, "order": order_id})
    if placed_at is None or (shop.installed_at and placed_at < shop.installed_at):
        return
    _watch(shop, [order_id])


def begin(shop: Shop) -> None:
    """Switched on, in a transaction: orders whose day is still to come are looked at, none from before the install."""
    earliest = clock.now() - LONGEST
    since = max(shop.installed_at or earliest, earliest)
    found = select(Order.id).where(Order.shop_id == shop.id, Order.placed_at >= since, Order.deleted_at.is_(None))
    _watch(shop, db.session.scalars(found).all())


def _watch(shop: Shop, order_ids: Sequence[int]) -> None:
    rows = [{"shop_id": shop.id, "order_id": one, "due_at": clock.now()} | AFRESH for one in order_ids]
    if rows:
        upsert(Request, rows, ("shop_id", "order_id"))
        ring("mail")


def look(limit: int = 100) -> int:
    """Claim the requests that are due and decide; returns how many were claimed."""
    rows = work.claim(Request, limit)
    for request in rows:
        try:
            _look(request)
        except work.LostLease:
            log.info("request_began_anew", request=request.id)
    return len(rows)


def _look(request: Request) -> None:
    shop = shops.get(request.shop_id)
    with transaction():
        whole = read.whole(shop, request.order_id) if shop.is_installed else None
        if whole is None or rules.of(shop).since is None:
            db.session.execute(delete(Request).where(Request.id == request.id))
            return
        _carry_out(shop, request, whole.order, _decided(shop, reading.facts(shop, whole, request)))


def _decided(shop: Shop, known: Facts) -> Decision:
    """The day's cap is counted only for who would be asked."""
    found = decide(known, clock.now())
    if found.word == ASK and _asked_today(shop) >= known.rule.cap:
        return Decision("wait", "day_full", _tomorrow(shop))
    return found


def _carry_out(shop: Shop, request: Request, order: Order, found: Decision) -> None:
    now = clock.now()
    if found.word == OVER:
        work.finish(request, "over", reason=found.reason)
    elif found.word in STAGES:
        _write(shop, order, STAGES[found.word])
        times = {"asked_at": now} if found.word == ASK else {"reminded_at": now}
        work.again(request, now + timedelta(hours=1), tries=0, reason="asking", **times)
    elif found.at is None:
        work.finish(request, "waiting", reason=found.reason)
    else:
        work.again(request, found.at, tries=0, reason=found.reason)


def _write(shop: Shop, order: Order, stage: str) -> None:
    to, customer = order.person["email"], order.customer_id
    outbox.write(shop, f"feedback/{stage}", reading.key(order.id, stage), order.id, to=to, customer_id=customer)


def _asked_today(shop: Shop) -> int:
    midnight = _midnight(shop)
    asked = select(func.count()).where(Request.shop_id == shop.id, Request.asked_at >= midnight)
    return db.session.scalar(asked) or 0


def _midnight(shop: Shop) -> datetime:
    return clock.now().astimezone(zone(shop.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)


def _tomorrow(shop: Shop) -> datetime:
    """The same hour, so that nobody is asked in the middle of the night."""
    return day(clock.now(), 1, zone(shop.timezone))


def of_order(shop: Shop, order_id: int) -> Request | None:
    return db.session.scalar(select(Request).where(Request.shop_id == shop.id, Request.order_id == order_id))


def coming(shop: Shop, limit: int = 20) -> Sequence[Request]:
    """Those that wait for their day, the next first."""
    waiting = select(Request).where(Request.shop_id == shop.id, Request.done_at.is_(None))
    return db.session.scalars(waiting.order_by(Request.due_at).limit(limit)).all()
