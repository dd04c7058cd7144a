"""Work through what Shopify told us."""

import json
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import structlog
from sqlalchemy import ColumnElement, select, true, update
from sqlalchemy.exc import InterfaceError, OperationalError, StatementError
from sqlalchemy.orm import defer

from shopify_app import clock, faults, metrics, periods, privacy, work
from shopify_app.db import db, transaction
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from shopify_app.webhooks import topics
from shopify_app.webhooks.models import ERASED, FAILED, Webhook

log = structlog.get_logger()

HELD = "held"
"""Done for now: the shop is not installed. Released when it is."""
HELD_FOR = timedelta(days=2)


def process(limit: int = 100) -> int:
    """Claim due webhooks and take each through its topic, one transaction each; returns how many were claimed."""
    rows = work.claim(Webhook, limit)
    faults.point("webhooks_claimed")
    for webhook in rows:
        _process(webhook)
    return len(rows)


def _process(webhook: Webhook) -> None:
    try:
        result = _try(webhook)
    except work.LostLease:
        log.warning("webhook_taken_over", webhook=webhook.id)
        return
    metrics.webhooks_processed.labels(webhook.topic if webhook.topic in topics.HANDLERS else "other", result).inc()
    metrics.webhook_lag.observe((clock.now() - webhook.received_at).total_seconds())


def _try(webhook: Webhook) -> str:
    try:
        with transaction():
            faults.point("webhook_opened")
            result = _handle(webhook)
            faults.point("webhook_handled")
        faults.point("webhook_done")
    except (OperationalError, InterfaceError) as error:
        work.fail(webhook, type(error).__name__)
        return "again"
    except (
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        ArithmeticError,
        RecursionError,
        StatementError,
    ) as error:
        # A body that never makes sense is kept and shown, not tried again. An error's text may quote it: only its kind.
        log.warning("webhook_failed", webhook=webhook.id, topic=webhook.topic, error=type(error).__name__)
        work.finish(webhook, "failed", error=type(error).__name__)
        return "failed"
    return result


def _handle(webhook: Webhook) -> str:
    """In one transaction: what the topic does, and that it is done."""
    topic = topics.HANDLERS.get(webhook.topic)
    shop = shops.find(webhook.shop_domain)
    if topic not in topics.ALWAYS and _is_erased(shop, webhook):
        work.finish(webhook, ERASED, body=None)
        return ERASED
    payload = _read(webhook)
    if topic is None:
        work.finish(webhook, "unknown")
        return "unknown"
    if topic not in topics.ALWAYS and (shop is None or not shop.is_installed):
        work.finish(webhook, HELD)
        return HELD
    subject = topic(topics.News(shop, webhook.shop_domain, payload, webhook.triggered_at))
    work.finish(webhook, "done", order_id=subject.order, customer_id=subject.customer)
    return "done"


def _is_erased(shop: Shop | None, webhook: Webhook) -> bool:
    """Late news about somebody who had themselves erased comes to nothing, and is not kept either."""
    return shop is not None and privacy.is_erased(shop, webhook.topic, webhook.body or b"", webhook.triggered_at)


def _read(webhook: Webhook) -> dict[str, Any]:
    """Money stays exact: a refund's subtotal comes as a JSON number."""
    payload = json.loads(webhook.body or b"", parse_float=Decimal)
    if not isinstance(payload, dict):
        raise TypeError("the body is not an object")
    return payload


def release(shop: Shop) -> int:
    """Give what came before the install to work; returns how many."""
    with transaction():
        held = update(Webhook).where(
            Webhook.shop_domain == shop.domain,
            Webhook.result == HELD,
            Webhook.received_at > clock.now() - HELD_FOR,
        )
        result = db.session.execute(held.values(done_at=None, result=None, due_at=clock.now()))
        return int(result.rowcount)  # type: ignore[attr-defined]


def about_order(shop: Shop, order_id: int) -> Sequence[Webhook]:
    """What Shopify told us about an order, oldest first, without the bodies."""
    told = select(Webhook).where(Webhook.shop_domain == shop.domain, Webhook.order_id == order_id)
    return db.session.scalars(told.order_by(Webhook.received_at, Webhook.id).options(defer(Webhook.body))).all()


def failed(shop: Shop, limit: int = 50) -> Sequence[Webhook]:
    """The newest ones that came to nothing."""
    bad = select(Webhook).where(Webhook.shop_domain == shop.domain, FAILED)
    newest = bad.order_by(Webhook.received_at.desc()).limit(limit).options(defer(Webhook.body))
    return db.session.scalars(newest).all()


def get(shop: Shop, row_id: int) -> Webhook | None:
    return db.session.scalar(select(Webhook).where(Webhook.shop_domain == shop.domain, Webhook.id == row_id))


def purge(days: int) -> int:
    """Forget the raw bodies of what is done for so long, or for as long as its shop wants; the rows stay, to know
    repetitions by. Returns how many.
    """
    shorter = {
        shop.domain: kept
        for shop in db.session.scalars(select(Shop)).all()
        if (kept := periods.of(shop.settings, periods.NEWS)) < timedelta(days=days)
    }
    gone = sum(_purge(Webhook.shop_domain == domain, kept) for domain, kept in shorter.items())
    return gone + _purge(true(), timedelta(days=days))


def _purge(which: ColumnElement[bool], kept: timedelta) -> int:
    with transaction():
        spent = update(Webhook).where(which, Webhook.done_at < clock.now() - kept, Webhook.body.is_not(None))
        return int(db.session.execute(spent.values(body=None)).rowcount)  # type: ignore[attr-defined]
