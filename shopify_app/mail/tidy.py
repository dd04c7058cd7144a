"""Forget what nobody needs any more."""

from sqlalchemy import delete, select

from shopify_app import clock, periods
from shopify_app.db import db, transaction
from shopify_app.mail.models import Message, Slot
from shopify_app.mail.rules import SPAN
from shopify_app.shopify.models import Shop


def tidy() -> int:
    """Once a day; returns how many rows went."""
    return sum(_tidy(shop) for shop in db.session.scalars(select(Shop)).all())


def _tidy(shop: Shop) -> int:
    """Messages that go with no order stay as long as orders do."""
    before = clock.now() - periods.of(shop.settings, periods.ORDERS)
    old = (Message.order_id.is_(None), Message.done_at.is_not(None), Message.created_at < before)
    with transaction():
        messages = db.session.execute(delete(Message).where(Message.shop_id == shop.id, *old))
        slots = db.session.execute(delete(Slot).where(Slot.shop_id == shop.id, Slot.taken_at < clock.now() - SPAN))
        return int(messages.rowcount + slots.rowcount)  # type: ignore[attr-defined]
