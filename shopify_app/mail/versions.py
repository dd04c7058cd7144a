"""What merchants wrote in place of our words: every version of it. Nothing is changed or deleted; going back is a new
version, so that it can be said what a message said at any time.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app import clock
from shopify_app.db import Model, UtcTime, db, upsert
from shopify_app.shopify.models import Shop


class Version(Model):
    __tablename__ = "templates"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    """The message, as in "confirmations/plain"."""
    language: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1 on."""
    parts: Mapped[dict[str, str]] = mapped_column(JSON)
    """Part → Liquid, of those that are not ours; none: all of ours again."""
    written_at: Mapped[datetime] = mapped_column(UtcTime)
    written_by: Mapped[str | None]
    """Shopify's number of the staff member; None: from before it was kept."""

    __table_args__ = (Index("templates_by_time", "shop_id", "written_at"),)


def current(shop: Shop, name: str, language: str) -> Mapping[str, str]:
    """Part → Liquid; empty where the merchant changed nothing."""
    newest = latest(shop, name, language)
    return newest.parts if newest else {}


def latest(shop: Shop, name: str, language: str) -> Version | None:
    return next(iter(history(shop, name, language, limit=1)), None)


def history(shop: Shop, name: str, language: str, limit: int = 50) -> Sequence[Version]:
    """The newest first."""
    written = select(Version).where(Version.shop_id == shop.id, Version.name == name, Version.language == language)
    return db.session.scalars(written.order_by(Version.number.desc()).limit(limit)).all()


def newest(shop: Shop, until: datetime | None, limit: int) -> Sequence[Version]:
    """Of all messages, earlier than `until`; the newest first."""
    found = select(Version).where(Version.shop_id == shop.id)
    if until is not None:
        found = found.where(Version.written_at < until)
    return db.session.scalars(found.order_by(Version.written_at.desc(), Version.number.desc()).limit(limit)).all()


def written(shop: Shop) -> set[tuple[str, str]]:
    """Which messages speak in the merchant's own words, in which language."""
    rows = db.session.scalars(select(Version).where(Version.shop_id == shop.id).order_by(Version.number))
    return {pair for pair, parts in {(row.name, row.language): row.parts for row in rows}.items() if parts}


def keep(shop: Shop, name: str, language: str, parts: Mapping[str, str], after: int, by: str | None = None) -> bool:
    """A new version; inside a transaction. after: the number of the one that it follows, 0 for none. False where
    somebody else was faster.
    """
    newest = latest(shop, name, language)
    if (newest.number if newest else 0) != after:
        return False
    row = {
        "shop_id": shop.id,
        "name": name,
        "language": language,
        "number": after + 1,
        "parts": dict(parts),
        "written_at": clock.now(),
        "written_by": by,
    }
    return bool(upsert(Version, [row], ("shop_id", "name", "language", "number"), keep=True))
