"""Ask for one parcel at a time: rarely, ever more rarely while nothing is known, and for none while the source is down.

Whatever goes wrong, buyers see what Shopify tells, and the row comes back by itself.
"""

from datetime import datetime, timedelta

import structlog
from flask import current_app
from sqlalchemy import select, update

from shopify_app import clock, secrets, work
from shopify_app.config import Config
from shopify_app.db import db, transaction
from shopify_app.orders import read, record
from shopify_app.orders.facts import Row
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from shopify_app.sources import source
from shopify_app.sources.answers import Answer, Said, Source, SourceError, Throttled, Unauthorized, Unknown
from shopify_app.tracking import inquiries, watches
from shopify_app.tracking.models import Inquiry
from shopify_app.tracking.state import Parcel, Progress, progress

log = structlog.get_logger()

RAREST = timedelta(days=1)
WORST = 5
"""Tries that are counted: fewer than those after which a row counts as dead."""
OUTAGE = timedelta(minutes=10)
LOCKED_OUT = timedelta(hours=1)
"""How long nobody asks after a failure that is the source's own."""


def ask() -> int:
    """Claim one inquiry that is due and ask; returns how many were claimed. One, for an answer may take its time."""
    rows = work.claim(Inquiry, 1)
    for inquiry in rows:
        try:
            _ask(inquiry)
        except work.LostLease:
            log.info("inquiry_taken_over", inquiry=inquiry.id)
    return len(rows)


def _ask(inquiry: Inquiry) -> None:
    shop, at = shops.get(inquiry.shop_id), source()
    found = _waited_for(shop, inquiry.order_id)
    parcel = _wanted(shop, inquiry, at, found)
    if at is None or found is None or parcel is None:
        with transaction():
            work.finish(inquiry, "done")
            inquiries.follow(shop, inquiry.order_id, found)
        return
    try:
        answer = at.ask(parcel.shipment.carrier or "", inquiries.number(parcel.shipment), found.zone)
    except Unknown:
        with transaction():
            _answered(inquiry, inquiry.tries + 1)
    except SourceError as error:
        _suffer(inquiry, error)
    else:
        _take(shop, inquiry, at, answer)


def _waited_for(shop: Shop, order_id: int) -> Progress | None:
    whole = read.whole(shop, order_id) if shop.is_installed else None
    found = progress(whole, shop, clock.now()) if whole else None
    return None if found is None or found.is_over else found


def _wanted(shop: Shop, inquiry: Inquiry, at: Source | None, found: Progress | None) -> Parcel | None:
    """None when there is no reason to ask any more, or it has got another number."""
    parcels = found.parcels if found else ()
    parcel = next((one for one in parcels if one.shipment.id == inquiry.shipment_id), None)
    if at is None or found is None or parcel is None or not inquiries.is_asked_for(at, found, parcel):
        return None
    return parcel if inquiries.index(shop, parcel.shipment) == inquiry.number_index else None


def _take(shop: Shop, inquiry: Inquiry, at: Source, answer: Answer) -> None:
    """What it says goes into the mirror beside Shopify's news. An empty answer takes nothing back. The shop itself may
    have been erased meanwhile: it is touched only once the row has proven to be ours."""
    now = clock.now()
    past = [said for said in answer.scans if said.happened_at <= now]  # a wrong zone makes a future
    rows = [_row(inquiry, said, answer if said is past[-1] else None) for said in past]
    with transaction():
        _answered(inquiry, 0)
        if rows and record.answered(inquiry.shop_id, inquiry.shipment_id, at.name, rows):
            watches.parcel_news(shop, inquiry.order_id)


def _answered(inquiry: Inquiry, tries: int) -> None:
    """Whatever it said, the source is well. Raises work.LostLease first of all, so that nothing else is written."""
    _come_back(inquiry, tries, error=None, answered_at=clock.now(), failing_since=None)
    failing = update(Inquiry).where(Inquiry.shop_id == inquiry.shop_id, Inquiry.failing_since.is_not(None))
    db.session.execute(failing.values(failing_since=None).execution_options(synchronize_session=False))


def _row(inquiry: Inquiry, said: Said, answer: Answer | None) -> Row:
    """The same scan has the same id whenever it is told. `answer`: of which this is the newest scan."""
    promise = answer and answer.estimated_delivery_at
    told = (said.status, said.happened_at.timestamp(), promise, *sorted(said.place.items()))
    index = secrets.index(inquiry.shop_id, "said", inquiry.shipment_id, *told)
    return {
        "shop_id": inquiry.shop_id,
        "id": -1 - (int.from_bytes(index[:8]) >> 2),
        "order_id": inquiry.order_id,
        "shipment_id": inquiry.shipment_id,
        "status": said.status,
        "happened_at": said.happened_at,
        "estimated_delivery_at": promise,
        "place": dict(said.place),
    }


def _suffer(inquiry: Inquiry, error: SourceError) -> None:
    """The source itself is the matter: everything that is due waits, so that an outage costs one call now and then."""
    log.warning("source_failed", inquiry=inquiry.id, error=type(error).__name__, reason=str(error))
    now = clock.now()
    pause = LOCKED_OUT if isinstance(error, Unauthorized) else OUTAGE
    pause = timedelta(seconds=error.wait) if isinstance(error, Throttled) else pause
    since = inquiry.failing_since or now
    with transaction():
        _come_back(inquiry, inquiry.tries + 1, error=type(error).__name__, failing_since=since)
        due = select(Inquiry.id).where(Inquiry.done_at.is_(None), Inquiry.due_at <= now, Inquiry.owner.is_(None))
        waiting = update(Inquiry).where(Inquiry.id.in_(due.with_for_update(skip_locked=True)))
        db.session.execute(waiting.values(due_at=now + pause).execution_options(synchronize_session=False))


def _come_back(inquiry: Inquiry, tries: int, **columns: str | datetime | None) -> None:
    config: Config = current_app.extensions["config"]
    usual = timedelta(hours=config.karrio_hours)
    pause = min(usual * 2**tries, max(usual, RAREST))
    work.again(inquiry, clock.now() + pause, tries=min(tries, WORST), **columns)
