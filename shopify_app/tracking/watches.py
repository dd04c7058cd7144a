"""Look after every parcel until it is there: tell its buyer what matters, once, and notice when nobody tells us."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select

from shopify_app import clock, work
from shopify_app.db import db, transaction, upsert
from shopify_app.mail import outbox, refusals
from shopify_app.orders import read
from shopify_app.orders.models import Order
from shopify_app.queue import ring
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from shopify_app.tracking import inquiries, promises
from shopify_app.tracking.models import Watch
from shopify_app.tracking.scans import Situation
from shopify_app.tracking.state import Parcel, Progress, progress

log = structlog.get_logger()

SWITCH = "parcel_messages"
"""Key of the shop's setting: {"shipped": when the merchant switched it on, …}. Off is a kind that is not there."""
KINDS = ("shipped", "out", "delivered", "delayed", "problem")
STAGES: Mapping[Situation, str] = {
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
"""Which message a situation is worth; packed is worth none, for the parcel has not left the house."""
OLD = timedelta(hours=48)
"""News that are older are none: carriers sometimes tell a week late."""
RESTED = timedelta(days=30)
"""Trouble that is older has been settled elsewhere, or never will be."""


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
        found = _waited_for(shop, watch.order_id) if shop.is_installed else None
        if found:
            promises.keep(shop, found)
            for parcel in found.parcels:
                _tell(shop, found.order, parcel)
        inquiries.follow(shop, watch.order_id, found)
        _go_on(watch, found.parcels if found else ())


def _waited_for(shop: Shop, order_id: int) -> Progress | None:
    """An order that somebody waits for; None for one that is gone, was cancelled or paid back."""
    whole = read.whole(shop, order_id)
    if whole is None:
        return None
    found = progress(whole, shop, clock.now())
    return None if found.is_over else found


def _go_on(watch: Watch, parcels: Sequence[Parcel]) -> None:
    """Look again at the next deadline, stay for the merchant's list, or go."""
    deadline = min((parcel.deadline for parcel in parcels if parcel.deadline), default=None)
    troubled_at = min((parcel.since for parcel in parcels if parcel.is_troubled), default=None)
    if deadline:
        work.again(watch, deadline, tries=0, troubled_at=troubled_at)
        return
    work.finish(watch, "done", troubled_at=troubled_at)
    if not troubled_at:
        db.session.execute(delete(Watch).where(Watch.id == watch.id))


def _tell(shop: Shop, order: Order, parcel: Parcel) -> None:
    switched_on = shop.settings.get(SWITCH, {}).get(STAGES.get(parcel.situation))
    if parcel.delay and shop.came_after(order.placed_at):
        return  # nobody tells it, and what came before us is not ours to find
    if switched_on and parcel.since >= datetime.fromisoformat(switched_on):
        _write(
            shop,
            order,
            parcel,
            skip=why_not(shop, order) or ("too_late" if parcel.since < clock.now() - OLD else None),
        )


def _write(shop: Shop, order: Order, parcel: Parcel, skip: str | None) -> bool:
    """Once for every parcel and kind of news; False when that was long ago."""
    template = f"tracking/{STAGES[parcel.situation]}"
    return outbox.write(shop, template, _key(parcel), order.id, skip=skip, **read.whose(order))


def _key(parcel: Parcel) -> str:
    return _named(parcel, STAGES[parcel.situation])


def _named(parcel: Parcel, kind: str) -> str:
    return f"parcel/{parcel.shipment.id}/{kind}"


def is_told(shop: Shop, parcel: Parcel, kind: str) -> bool:
    """Or decided against; either way it comes no more."""
    return outbox.keyed(shop, _named(parcel, kind)) is not None


def why_not(shop: Shop, order: Order) -> str | None:
    if order.is_test:
        return "test_order"
    if not order.person["email"]:
        return "no_address"
    return refused(shop, order)


def refused(shop: Shop, order: Order) -> str | None:
    """Why its buyer is not to be written to about parcels: by their own wish, or since their address takes no mail."""
    word = refusals.why(shop, order.person["email"], "parcels")
    return "refused" if word == refusals.ASKED else word and f"refused_{word}"


def tell_now(shop: Shop, order_id: int) -> bool | None:
    """By the merchant's own hand: write to the buyer about each parcel in trouble, switched on or not, however late.

    False when there is nothing that the buyer could still be told; None when no parcel is in trouble any more.
    """
    with transaction():
        found = _waited_for(shop, order_id)
        troubled = [parcel for parcel in found.parcels if parcel.state == "problem"] if found else []
        told = [_insist(shop, found.order, parcel) for parcel in troubled if found]
    return any(told) if troubled else None


def _insist(shop: Shop, order: Order, parcel: Parcel) -> bool:
    """Whether it goes out now. What was left out because it came too late can still be said by hand."""
    message = outbox.keyed(shop, _key(parcel))
    if message is not None and message.reason == "too_late":
        outbox.send_again(message)
        return True
    skip = why_not(shop, order)
    return _write(shop, order, parcel, skip) and skip is None


def troubled(shop: Shop, limit: int = 50) -> Sequence[Watch]:
    """Orders with a parcel in trouble, the newest trouble first; what is older than a month is left to rest."""
    fresh = (Watch.shop_id == shop.id, Watch.troubled_at > clock.now() - RESTED)
    return db.session.scalars(select(Watch).where(*fresh).order_by(Watch.troubled_at.desc()).limit(limit)).all()


def switched(settings: Mapping[str, str], wanted: Sequence[str]) -> dict[str, str]:
    """The setting when these kinds are on: those that were on keep their time, and nothing older is ever told."""
    return {kind: settings.get(kind) or clock.now().isoformat() for kind in KINDS if kind in wanted}
