"""What was erased stays away: late news, repeated deliveries and our own reading do not bring it back."""

from collections.abc import Set
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select

from shopify_app import clock, secrets
from shopify_app.db import db, transaction, upsert
from shopify_app.privacy import words
from shopify_app.privacy.identity import Identity
from shopify_app.privacy.models import Mark
from shopify_app.shopify.models import Shop

LATE = timedelta(days=90)
"""After so long nothing is still on its way: neither from Shopify, nor in a kept body, nor in a first import."""


def put(shop: Shop, identity: Identity, asked_at: datetime) -> None:
    """In the transaction that also says so in the shop's row, or nobody would look.

    An order is never anybody's again. A person may come back as a customer: of them only what was sent before they
    asked is refused.
    """
    rows = [
        {"shop_id": shop.id, "mark": _mark(shop, word), "until": None if kind == "order" else asked_at}
        for kind, word in identity.by_kind()
    ]
    upsert(Mark, rows, ("shop_id", "mark"))
    shop.erased_at = clock.now()
    db.session.add(shop)


def is_erased(shop: Shop, topic: str, told: bytes | dict[str, Any], at: datetime) -> bool:
    """Whether this news, sent at that time, is about somebody who was erased. `told`: a raw body, or what it says."""
    if shop.erased_at is None:
        return False
    said = words.of_body(told, topic) if isinstance(told, bytes) else words.of_content(told, topic)
    marks = {_mark(shop, word) for word in said}
    return bool(marks) and _holds(shop, marks, at)


def hold_off(shop: Shop) -> None:
    """Let no erasure begin before the transaction at hand is over; and see what the last one left.

    For news that we read by ourselves. Webhooks need no such lock: an erasure takes their rows out of the hands of
    whoever is working them through.
    """
    db.session.refresh(shop, with_for_update={"read": True, "key_share": True})


def forget() -> int:
    """Marks that can no longer be needed."""
    with transaction():
        spent = delete(Mark).where(Mark.until < clock.now() - LATE)
        return int(db.session.execute(spent).rowcount)  # type: ignore[attr-defined]


def _holds(shop: Shop, marks: Set[bytes], at: datetime) -> bool:
    refused = or_(Mark.until.is_(None), Mark.until > at)
    found = select(Mark.mark).where(Mark.shop_id == shop.id, Mark.mark.in_(marks), refused)
    return db.session.scalar(found.limit(1)) is not None


def _mark(shop: Shop, word: str) -> bytes:
    return secrets.index(shop.id, "erased", word)
