"""How far the setting up of a shop came: what was confirmed, put off or seen, when it last was, and by whom."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app import clock
from shopify_app.db import Model, UtcTime, db, transaction, upsert
from shopify_app.shopify.models import Shop

LATELY = timedelta(days=1)
"""How exactly it is remembered when something was seen last: not every visit is worth a write."""


class Milestone(Model):
    __tablename__ = "milestones"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    """Of a step of the guide, or of one of our places that was seen at work, as in "extension/order"."""
    at: Mapped[datetime] = mapped_column(UtcTime)
    by: Mapped[str | None]
    """Shopify's number of the staff member; None: it was not a person of the shop."""


def of(shop: Shop) -> Mapping[str, datetime]:
    """Name → when it last was."""
    return {row.name: row.at for row in db.session.scalars(select(Milestone).where(Milestone.shop_id == shop.id))}


def reach(shop: Shop, name: str, by: str | None = None) -> None:
    """Now, in a transaction of its own or in the one at hand."""
    with transaction():
        upsert(Milestone, [{"shop_id": shop.id, "name": name, "at": clock.now(), "by": by}], ("shop_id", "name"))


def notice(shop: Shop, name: str) -> None:
    """Seen at work; written down once in a while."""
    seen = db.session.scalar(select(Milestone.at).where(Milestone.shop_id == shop.id, Milestone.name == name))
    if seen is None or seen < clock.now() - LATELY:
        reach(shop, name)


def take_back(shop: Shop, name: str) -> None:
    with transaction():
        db.session.execute(delete(Milestone).where(Milestone.shop_id == shop.id, Milestone.name == name))
