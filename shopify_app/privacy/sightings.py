"""Who of the staff was shown something about buyers. It is worked out from what an answer needed to open, so that no
page can forget to say so.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import or_, select

from shopify_app import clock
from shopify_app.db import db, transaction
from shopify_app.privacy import datamap
from shopify_app.privacy.models import Sighting
from shopify_app.shopify.models import Shop

ONCE = timedelta(minutes=1)
"""The same page of the same order within it is one look."""


def note(
    shop: Shop, user: str, page: str, opened: Counter[str], *, order_id: int | None = None, is_export: bool = False
) -> None:
    """Nothing was opened that is about buyers: nothing is written. A list that is leafed through adds up."""
    count = persons(opened)
    if count:
        _write(Sighting(shop_id=shop.id, user=user, page=page, is_export=is_export, order_id=order_id, count=count))


def took_all(shop: Shop, user: str, page: str) -> None:
    """A file that is written while it is sent: nobody knows yet how many it will name."""
    _write(Sighting(shop_id=shop.id, user=user, page=page, is_export=True))


def persons(opened: Counter[str]) -> int:
    """How many persons, by what tells their names; where no name was among it, the largest number of anything."""
    theirs = {column: number for column, number in opened.items() if column in datamap.sealed_of_buyers()}
    named = [number for column, number in theirs.items() if column.endswith(".person")]
    return max(named or theirs.values(), default=0)


def of(
    shop: Shop, *, user: str = "", rooms: Collection[str] = (), orders: Collection[int] | None = None, limit: int = 100
) -> Sequence[Sighting]:
    """The newest. `rooms`: pages of these blueprints; `orders`: only of these; None: of all."""
    found = select(Sighting).where(Sighting.shop_id == shop.id)
    if user:
        found = found.where(Sighting.user == user)
    if rooms:
        found = found.where(or_(*(Sighting.page.startswith(f"{room}.", autoescape=True) for room in rooms)))
    if orders is not None:
        found = found.where(Sighting.order_id.in_(orders))
    return db.session.scalars(found.order_by(Sighting.at.desc(), Sighting.id.desc()).limit(limit)).all()


def users(shop: Shop) -> Sequence[str]:
    return db.session.scalars(select(Sighting.user).where(Sighting.shop_id == shop.id).distinct()).all()


def _write(sighting: Sighting) -> None:
    """A second look at the same costs no write."""
    if sighting.order_id is not None and _same(sighting) is not None:
        return
    with transaction():
        same = _same(sighting)
        if same is None:
            sighting.at = clock.now()
            db.session.add(sighting)
        elif sighting.order_id is None and same.count is not None:
            same.count += sighting.count or 0


def _same(sighting: Sighting) -> Sighting | None:
    """What the same person saw there within the minute."""
    known = ("shop_id", "user", "page", "is_export", "order_id")
    same = (getattr(Sighting, name).is_not_distinct_from(getattr(sighting, name)) for name in known)
    found = select(Sighting).where(*same, Sighting.at > clock.now() - ONCE)
    return db.session.scalar(found.order_by(Sighting.id.desc()).limit(1))
