"""What a shop has set, in one place: the only writer of `shop.settings`, and the history of who changed what when.

What stands under a key is the affair of the feature that reads it. A key that merchants set is told with what it was
before, field by field where it has fields, so that one change can be undone and leaves those of others as they are.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import g
from sqlalchemy import JSON, BigInteger, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app import clock, roles
from shopify_app.db import BigId, Model, UtcTime, db, transaction
from shopify_app.shopify.models import Shop

KEYS: Mapping[str, str] = {
    "brand": roles.SETTINGS,
    "budget": roles.SETTINGS,
    "carts": roles.SETTINGS,
    "changes": roles.SETTINGS,
    "confirmation_rules": roles.SETTINGS,
    "confirmations": roles.SETTINGS,
    "delivery_days": roles.SETTINGS,
    "feedback": roles.SETTINGS,
    "goodwill": roles.STAFF,
    "informal": roles.SETTINGS,
    "kept_days": roles.DATA,
    "parcel_messages": roles.SETTINGS,
    "product_fields": roles.SETTINGS,
    "ratings": roles.SETTINGS,
    "referrals": roles.SETTINGS,
    "staff": roles.STAFF,
}
"""What merchants set, and the right that it takes. `home/said.py` has the words for each."""
OWN = frozenset({"asked", "drive", "rivals"})
"""What the app remembers for itself: nobody's change, so without history."""


class Change(Model):
    """Something that somebody has set. Never changed once written."""

    __tablename__ = "setting_changes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    key: Mapped[str]
    """One of KEYS, or the name of something else that is told here."""
    before: Mapped[Any] = mapped_column(JSON)
    """Of a dictionary only the fields that changed, without those that were not there; None: nothing stood there."""
    after: Mapped[Any] = mapped_column(JSON)
    by: Mapped[str | None]
    """Shopify's number of the staff member; None: nobody, as in a job."""
    at: Mapped[datetime] = mapped_column(UtcTime)
    undoes: Mapped[int | None] = mapped_column(BigInteger)
    """The change that this one takes back."""

    __table_args__ = (Index("setting_changes_by_time", "shop_id", "at"),)


class Overtaken(Exception):
    """What should be taken back has been changed again since."""


def put(shop: Shop, values: Mapping[str, Any], undoes: int | None = None) -> None:
    """Set what a merchant wants, None for nothing, and tell of what is different from now on. In a transaction. Raises
    roles.Denied where whoever asks for the page may not.
    """
    for deed in {KEYS[key] for key in values}:
        if _user() is not None:
            roles.check(shop, deed)
    _lock(shop)
    for key, value in values.items():
        before, after = _difference(shop.settings.get(key), value)
        if (before or None) != (after or None):
            tell(shop, key, before, after, undoes)
    _write(shop, values)


def note(shop: Shop, key: str, value: Any) -> None:
    """Remember something of the app's own. In a transaction."""
    if key not in OWN:
        raise KeyError(key)
    _lock(shop)
    _write(shop, {key: value})


def tell(shop: Shop, key: str, before: Any, after: Any, undoes: int | None = None) -> None:
    """Of what was changed by whoever asks for the page. In a transaction."""
    row = Change(shop_id=shop.id, key=key, before=before, after=after, by=_user(), at=clock.now(), undoes=undoes)
    db.session.add(row)


def undo(shop: Shop, change: Change, check: Callable[[Any, Any], None]) -> None:
    """Set it as it was before. `check` is called with what stands there now and what would, and may raise. Raises
    Overtaken, and what put raises.
    """
    with transaction():
        _lock(shop)
        now = shop.settings.get(change.key)
        then = earlier(now, change)
        check(now, then)
        put(shop, {change.key: then}, undoes=change.id)


def earlier(now: Any, change: Change) -> Any:
    """What stands there now, without this change. Raises Overtaken."""
    if not isinstance(change.after, dict) or not isinstance(change.before, dict):
        if now != change.after:
            raise Overtaken
        return change.before
    fields = now or {}
    if {name: fields[name] for name in change.before | change.after if name in fields} != change.after:
        raise Overtaken
    kept = {name: value for name, value in fields.items() if name not in change.after}
    return kept | change.before or None


def changes(shop: Shop, until: datetime | None, keys: Collection[str] | None, limit: int) -> Sequence[Change]:
    """The newest first: earlier than `until`, and of these keys; None: of all."""
    found = select(Change).where(Change.shop_id == shop.id)
    if until is not None:
        found = found.where(Change.at < until)
    if keys is not None:
        found = found.where(Change.key.in_(keys))
    return db.session.scalars(found.order_by(Change.at.desc(), Change.id.desc()).limit(limit)).all()


def change(shop: Shop, number: int) -> Change | None:
    return db.session.scalar(select(Change).where(Change.shop_id == shop.id, Change.id == number))


def undone(shop: Shop, numbers: Collection[int]) -> set[int]:
    """Those of these changes that were taken back."""
    found = select(Change.undoes).where(Change.shop_id == shop.id, Change.undoes.in_(numbers))
    return {number for number in db.session.scalars(found) if number is not None}


def _difference(before: Any, after: Any) -> tuple[Any, Any]:
    """Of two dictionaries only the fields that are not the same. Nothing is like an empty one."""
    if not any(isinstance(one, dict) for one in (before, after)):
        return before, after
    old, new = before or {}, after or {}
    names = {name for name in old | new if old.get(name) != new.get(name) or (name in old) != (name in new)}
    return {name: old[name] for name in old if name in names}, {name: new[name] for name in new if name in names}


def _write(shop: Shop, values: Mapping[str, Any]) -> None:
    kept = shop.settings | dict(values)
    shop.settings = {key: value for key, value in kept.items() if value is not None}
    db.session.flush()  # whoever locks the shop later in this transaction reads it anew


def _lock(shop: Shop) -> None:
    """Of two people who save at the same time, one waits for the other and keeps what they wrote."""
    db.session.flush()  # reading it anew would forget what is not written yet
    db.session.refresh(shop, with_for_update={"key_share": True})


def _user() -> str | None:
    """Whoever asks for this page; None in a job."""
    found: str | None = g.get("user")
    return found
