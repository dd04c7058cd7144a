"""Carry out what was decided, and notice what came too late.

Every step may run twice and be killed at any line: before each call the order is read as Shopify has it now, and what
is done already is not done again. Whoever is told, is told by a message whose key knows the change.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog

from shopify_app import clock, faults, work
from shopify_app.changes import decisions, rules
from shopify_app.changes.models import ADDRESS, CANCEL, DONE, REFUSED, Change
from shopify_app.db import transaction
from shopify_app.language import speak
from shopify_app.mail import outbox
from shopify_app.orders import read, reconcile
from shopify_app.shopify import models as shops
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.errors import Paused, Refused, ShopifyError, Throttled, Unauthorized
from shopify_app.shopify.models import Shop

log = structlog.get_logger()

LOOK = timedelta(hours=1)
"""Between two looks at an order whose change nobody has decided; news of the order come at once."""
POLL = timedelta(seconds=3)
"""Until the first look whether Shopify has cancelled; then longer and longer."""
PAUSE = timedelta(hours=1)
"""For a shop that is frozen, or whose merchant must open the app first."""
SCOPE = "write_orders"
SENT = ("FULFILLED", "PARTIALLY_FULFILLED")
IN_HAND = ("IN_PROGRESS", "PENDING_FULFILLMENT")
"""Somebody is packing it: staff must know before anything is changed."""
NO_SCOPE, NOT_FOUND, NOT_CANCELLED = "no_scope", "not_found", "not_cancelled"
"""Errors of our own, beside what Shopify says."""
ADDRESS_FIELDS: Mapping[str, str] = {
    "first_name": "firstName",
    "last_name": "lastName",
    "company": "company",
    "address1": "address1",
    "address2": "address2",
    "city": "city",
    "zip": "zip",
    "province_code": "provinceCode",
    "country_code": "countryCode",
    "phone": "phone",
}
"""An address of the mirror → MailingAddressInput."""

Node = dict[str, Any]


def may_write(shop: Shop) -> bool:
    """Whether the shop has allowed us to change orders."""
    return shop.may(SCOPE)


def run(limit: int = 10) -> int:
    """Claim due changes and go on with them; returns how many were claimed."""
    rows = work.claim(Change, limit)
    faults.point("changes_claimed")
    for change in rows:
        try:
            _try(change)
        except work.LostLease:
            log.info("change_taken_over", change=change.id)
    return len(rows)


def _try(change: Change) -> None:
    shop = shops.get(change.shop_id)
    try:
        if not shop.is_installed:
            work.finish(change, "stopped")
        elif change.decided_at is None:
            _look(change, shop)
        else:
            _execute(change, shop)
    except Throttled as error:
        work.again(change, clock.now() + timedelta(seconds=error.wait))
    except (Paused, Unauthorized) as error:
        work.again(change, clock.now() + PAUSE, error=type(error).__name__)
    except Refused as error:
        _refuse(change, shop, str(error).partition(": ")[2][:200])
    except ShopifyError as error:
        work.fail(change, type(error).__name__)


def _look(change: Change, shop: Shop) -> None:
    """Nobody has decided yet: by what we know of the order, can it still be done?"""
    with transaction():
        whole = read.whole(shop, change.order_id)
        if whole is None:
            work.finish(change, "gone")
            return
        is_cancelled = whole.order.cancelled_at is not None
        ending = rules.ending(change.kind, is_cancelled=is_cancelled, is_sent=rules.is_sent(whole))
        if ending:
            _end(change, shop, ending)
        else:
            work.again(change, clock.now() + LOOK, tries=0)


def _execute(change: Change, shop: Shop) -> None:
    if not may_write(shop):
        _refuse(change, shop, NO_SCOPE)
        return
    order = _read(change, shop)
    if _is_settled(change, shop, order):
        return
    if order and change.decided_by == decisions.RULE and order["displayFulfillmentStatus"] in IN_HAND:
        _hand_over(change, shop, None)
        return
    try:
        STEPS[change.kind](change, shop)
    except Refused:
        # What happened between the look and the call is no failure.
        if not _is_settled(change, shop, _read(change, shop)):
            raise


def _read(change: Change, shop: Shop) -> Node | None:
    """The order as Shopify has it now; None when it shows us no such order."""
    order: Node | None = AdminApi(shop).run("changes/order", id=_gid(change))["order"]
    return order


def _is_settled(change: Change, shop: Shop, order: Node | None) -> bool:
    """Ends the change when there is nothing left to do."""
    if order is None:
        _refuse(change, shop, NOT_FOUND)
        return True
    is_sent = order["displayFulfillmentStatus"] in SENT
    ending = rules.ending(change.kind, is_cancelled=order["cancelledAt"] is not None, is_sent=is_sent)
    if ending is None and change.kind == ADDRESS and _goes_to(order, change.content["address"]):
        ending = DONE
    if ending:
        with transaction():
            _end(change, shop, ending)
    return ending is not None


def _goes_to(order: Node, address: Node) -> bool:
    there: Node = order["shippingAddress"] or {}
    there = there | {"countryCode": there.get("countryCodeV2")}
    return all((there.get(theirs) or "") == (address.get(ours) or "") for ours, theirs in ADDRESS_FIELDS.items())


def _cancel(change: Change, shop: Shop) -> None:
    """Shopify answers before it has cancelled; whether it did is seen at the order itself."""
    if change.job is None:
        note = speak(shop.locale).t("The buyer asked for it (Aftercare).")
        job = AdminApi(shop).run("changes/cancel", id=_gid(change), note=note)["orderCancel"]["job"]
        faults.point("change_called")
        work.again(change, clock.now() + POLL, job=job and job["id"])
        return
    job = AdminApi(shop).run("changes/job", id=change.job)["job"]
    if job is not None and not job["done"]:
        waited = clock.now() - (change.decided_at or clock.now())
        work.again(change, clock.now() + max(POLL, waited / 4))
    elif not _is_settled(change, shop, _read(change, shop)):
        _refuse(change, shop, NOT_CANCELLED)


def _correct(change: Change, shop: Shop) -> None:
    address = {theirs: change.content["address"].get(ours) or None for ours, theirs in ADDRESS_FIELDS.items()}
    AdminApi(shop).run("changes/correct", id=_gid(change), address=address)
    faults.point("change_called")
    with transaction():
        _end(change, shop, DONE)


def _end(change: Change, shop: Shop, result: str) -> None:
    """In a transaction: the buyer is told, and the order read again, also where its own news gets lost."""
    template = "changes/done" if result == DONE else "changes/declined"
    whose = read.whose(read.get(shop, change.order_id))
    outbox.write(shop, template, f"change/{change.id}/{result}", change.order_id, **whose)
    if result == DONE:
        reconcile.want(shop.id, "order", change.order_id)
    work.finish(change, result, job=None)
    faults.point("change_ended")


def _refuse(change: Change, shop: Shop, error: str) -> None:
    """It waits for staff, who see why, until they try again or decline."""
    if change.decided_by == decisions.RULE:
        _hand_over(change, shop, error)
    else:
        work.finish(change, REFUSED, error=error, job=None)


def _hand_over(change: Change, shop: Shop, error: str | None) -> None:
    """The rule does not decide this one after all."""
    undone = {"decided_at": None, "decided_by": None, "decision": None, "job": None}
    with transaction():
        work.again(change, clock.now() + LOOK, error=error, **undone)
        decisions.await_staff(shop, change)


def _gid(change: Change) -> str:
    return f"gid://shopify/Order/{change.order_id}"


STEPS: Mapping[str, Callable[[Change, Shop], None]] = {CANCEL: _cancel, ADDRESS: _correct}
