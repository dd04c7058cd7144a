"""Tell Shopify what somebody said by our link: that they want no marketing. Never the other way round: nobody is ever
subscribed by us.
"""

from datetime import datetime

from sqlalchemy import delete, select

from shopify_app import clock, faults, work
from shopify_app.db import db, upsert
from shopify_app.mail import refusals
from shopify_app.mail.models import Message
from shopify_app.optouts.models import Withdrawal
from shopify_app.queue import ring
from shopify_app.shopify import telling
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.models import Shop

SCOPE = "write_customers"
TOLD, KNOWN, NEWER, GONE, FORBIDDEN = "told", "known", "newer", "gone", "forbidden"
CLOSED = ("UNSUBSCRIBED", "REDACTED", "INVALID")
"""Shopify's states that need no word, or take none."""


def may_tell(shop: Shop) -> bool:
    """Whether the shop has allowed us to change what Shopify keeps of a customer's consent."""
    return shop.may(SCOPE)


def want(shop: Shop, mark: bytes) -> None:
    """Inside the transaction of the refusal. Whom the mark stands for is known by the messages that held the link; of
    somebody who was erased since, nothing is told.
    """
    customer_id = _customer(shop, mark)
    if customer_id is None or not may_tell(shop):
        return
    now = clock.now()
    row = {"shop_id": shop.id, "mark": mark, "customer_id": customer_id, "refused_at": now, "due_at": now, "tries": 0}
    row |= {"owner": None, "done_at": None, "result": None, "error": None}
    upsert(Withdrawal, [row], ("shop_id", "mark"))
    ring("sync")


def drop(shop: Shop, mark: bytes) -> None:
    """They came back before it was told. What was told stays: only they themselves can agree again, at Shopify."""
    pending = (Withdrawal.shop_id == shop.id, Withdrawal.mark == mark, Withdrawal.done_at.is_(None))
    db.session.execute(delete(Withdrawal).where(*pending))


def is_told(shop: Shop, mark: bytes) -> bool:
    """Whether Shopify's own record says no by our word."""
    told = (Withdrawal.shop_id == shop.id, Withdrawal.mark == mark, Withdrawal.result == TOLD)
    return db.session.scalar(select(Withdrawal.id).where(*told)) is not None


def tell(limit: int = 20) -> int:
    """Claim what is to be told and tell it; returns how many were claimed."""
    return telling.drain(Withdrawal, limit, lambda shop, row: work.finish(row, _told(shop, row)))


def _told(shop: Shop, row: Withdrawal) -> str:
    """What came of it. Twice is as good as once: the second time Shopify says that it knows."""
    if not shop.is_installed or not may_tell(shop):
        return FORBIDDEN
    gid = f"gid://shopify/Customer/{row.customer_id}"
    customer = AdminApi(shop).run("optouts/consent", id=gid)["customer"]
    held = customer and customer["defaultEmailAddress"]
    if not held or refusals.mark(shop, held["emailAddress"]) != row.mark:
        return GONE
    if held["marketingState"] in CLOSED:
        return KNOWN
    since = held["marketingUpdatedAt"]
    if since and datetime.fromisoformat(since) > row.refused_at:
        return NEWER
    consent = {"marketingState": "UNSUBSCRIBED", "consentUpdatedAt": row.refused_at.isoformat()}
    AdminApi(shop).run("optouts/withdraw", input={"customerId": gid, "emailMarketingConsent": consent})
    faults.point("withdrawal_told")
    return TOLD


def _customer(shop: Shop, mark: bytes) -> int | None:
    theirs = (Message.shop_id == shop.id, Message.reader_mark == mark, Message.customer_id.is_not(None))
    return db.session.scalar(select(Message.customer_id).where(*theirs).order_by(Message.created_at.desc()).limit(1))
