"""A shop's policy through time: versions never change, and an order keeps the one it was bought under."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from shopify_app import clock
from shopify_app.db import db, transaction, upsert
from shopify_app.returns.models import Policy
from shopify_app.returns.policy.terms import Terms, packed, unpacked
from shopify_app.shopify.models import Shop

FIRST = 1


def current(shop: Shop) -> tuple[int, Terms]:
    return of_order(shop, clock.now())


def of_order(shop: Shop, placed_at: datetime) -> tuple[int, Terms]:
    """In force when it was placed; the first version for what is older than all of them."""
    rows = _rows(shop)
    found = next((row for row in rows if row.in_force_at <= placed_at), rows[-1] if rows else None)
    return (found.version, unpacked(found.content)) if found else (FIRST, Terms())


def version(shop: Shop, number: int) -> Terms:
    """Raises LookupError for one that there never was."""
    row = db.session.get(Policy, (shop.id, number))
    if row is None and (number != FIRST or _rows(shop)):
        raise LookupError(f"version {number}")
    return unpacked(row.content) if row else Terms()


def write(shop: Shop, terms: Terms, user: str | None) -> int:
    """The next version, in force from now on. What says the same as the one before is not written."""
    with transaction():
        settle(shop)
        # Of two people who save at the same time, one waits for the other.
        db.session.refresh(shop, with_for_update={"key_share": True})
        newest = _rows(shop)[0]
        if unpacked(newest.content) == terms:
            return newest.version
        return _follow(newest, terms, user)


def undo(shop: Shop, number: int, user: str) -> bool:
    """The next version, which says what stood before this one. False where another one came after it."""
    with transaction():
        db.session.refresh(shop, with_for_update={"key_share": True})
        rows = _rows(shop)
        if len(rows) < 2 or rows[0].version != number:
            return False
        _follow(rows[0], unpacked(rows[1].content), user)
        return True


def _follow(newest: Policy, terms: Terms, user: str | None) -> int:
    """In a transaction."""
    row = _row(newest.version + 1, terms, max(clock.now(), newest.in_force_at), user)
    db.session.add(Policy(shop_id=newest.shop_id, **row))
    return newest.version + 1


def settle(shop: Shop) -> None:
    """Write down the first version, which until then is what this app comes with: whatever rests on it shall find it.
    In a transaction.
    """
    row = {"shop_id": shop.id} | _row(FIRST, Terms(), clock.now(), None)
    upsert(Policy, [row], ("shop_id", "version"), keep=True)


def history(shop: Shop) -> Sequence[Policy]:
    """Newest first."""
    return _rows(shop)


def _row(number: int, terms: Terms, now: datetime, user: str | None) -> dict[str, object]:
    return {"version": number, "in_force_at": now, "made_by": user, "content": packed(terms)}


def _rows(shop: Shop) -> Sequence[Policy]:
    found = select(Policy).where(Policy.shop_id == shop.id)
    return db.session.scalars(found.order_by(Policy.version.desc())).all()
