"""Forget what nobody needs any more."""

from datetime import timedelta

from sqlalchemy import delete, select

from shopify_app import clock
from shopify_app.db import db, transaction
from shopify_app.mail.models import Message, Slot
from shopify_app.mail.rules import SPAN
from shopify_app.shopify.models import Shop

KEPT = timedelta(days=730)
"""So long messages stay that go with no order, as orders themselves do (privacy/retention.py)."""


def tidy() -> int:
    """Once a day; returns how many rows went."""
    return sum(_tidy(shop_id) for shop_id in db.session.scalars(select(Shop.id)).all())


def _tidy(shop_id: int) -> int:
    old = (Message.order_id.is_(None), Message.done_at.is_not(None), Message.created_at < clock.now() - KEPT)
    with transaction():
        messages = db.session.execute(delete(Message).where(Message.shop_id == shop_id, *old))
        slots = db.session.execute(delete(Slot).where(Slot.shop_id == shop_id, Slot.taken_at < clock.now() - SPAN))
        return int(messages.rowcount + slots.rowcount)  # type: ignore[attr-defined]
