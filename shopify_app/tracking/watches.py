"""Look after every parcel until it is there: tell its buyer what matters, once, and notice when nobody tells us."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete

from shopify_app import clock, work
from shopify_app.db import db, transaction, upsert
from shopify_app.mail import outbox
from shopify_app.orders import read
from shopify_app.orders.models import Order
from shopify_app.orders.read import Whole
from shopify_app.queue import ring
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from shopify_app.tracking.models import Watch
from shopify_app.tracking.scans import Situation
from shopify_app.tracking.state import Parcel, progress

log = structlog.get_logger()

SWITCH = "parcel_messages"
"""Key of the shop's setting: {"shipped": when the merchant switched it on, …}. Off is a kind that is not there."""
KINDS = ("shipped", "out", "delivered", "delayed", "problem")
STAGES: Mapping[Situation, str] = {
    "packed": "shipped",
    "sent": "shipped",
    "moving": "shipped",
    "customs": "shipped",
    "out": "out",
    "waiting": "out",
    "arrived": "delivered",
    "collected": "delivered",
    "delayed": "delayed",
    "uncollected": "delayed",
    "silent": "delayed",
    "late": "delayed",
    "attempted": "problem",
    "held": "problem",
    "failed": "problem",
    "returning": "problem",
}
"""Which message a situation is worth."""
OLD = timedelta(hours=48)
"""News that are older are none: carriers sometimes tell a week late."""


def parcel_news(shop: Shop, order_id: int) -> None:
    """Called in the transaction of the news; the looking is done by a worker a moment later."""
    row = {"shop_id": shop.id, "order_id": order_id, "due_at": clock.now(), "tries": 0}
    upsert(Watch, [row | {"done_at": None, "owner": None, "result": None, "error": None}], ("shop_id", "order_id"))
    ring("mail")


def look(limit: int = 100) -> int:
    """Claim the watches that are due and look; returns how many were claimed."""
    rows = work.claim(Watch, limit)
    for watch in rows:
        try:
            _look(watch)
        except work.LostLease:
            log.info("watch_began_anew", watch=watch.id)
    return len(rows)


def _look(watch: Watch) -> None:
    shop = shops.get(watch.shop_id)
    with transaction():
        whole = read.whole(shop, watch.order_id) if shop.is_installed else None
        deadline = _tell_all(shop, whole) if whole else None
        if deadline:
            work.again(watch, deadline, tries=0)
        else:
            work.finish(watch, "done")
            db.session.execute(delete(Watch).where(Watch.id == watch.id))


def _tell_all(shop: Shop, whole: Whole) -> datetime | None:
    """Write what there is to say of each parcel; returns when to look again, if ever."""
    parcels = progress(whole, shop, clock.now()).parcels
    for parcel in parcels:
        _tell(shop, whole.order, parcel)
    return min((parcel.deadline for parcel in parcels if parcel.deadline), default=None)


def _tell(shop: Shop, order: Order, parcel: Parcel) -> None:
    kind = STAGES[parcel.situation]
    switched_on = shop.settings.get(SWITCH, {}).get(kind)
    if switched_on is None or parcel.since < datetime.fromisoformat(switched_on):
        return
    key = f"parcel/{parcel.shipment.id}/{kind}"
    outbox.write(shop, f"tracking/{kind}", key, order.id, skip=_why_not(order, parcel))


def _why_not(order: Order, parcel: Parcel) -> str | None:
    if order.is_test:
        return "test_order"
    if not order.person["email"]:
        return "no_address"
    if parcel.since < clock.now() - OLD:
        return "too_late"
    return None


def switched(settings: Mapping[str, str], wanted: Sequence[str]) -> dict[str, str]:
    """The setting when these kinds are on: those that were on keep their time, and nothing older is ever told."""
    return {kind: settings.get(kind) or clock.now().isoformat() for kind in KINDS if kind in wanted}
