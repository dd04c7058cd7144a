"""The people of a shop who have opened the app in its admin, and what each of them is here.

Shopify tells no more of them than a number, in the ID token: the name is what the merchant types.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app import clock
from shopify_app.db import Model, UtcTime, db, transaction, upsert
from shopify_app.secrets import Encrypted
from shopify_app.shopify.models import Shop

OWNER, MANAGER, AGENT = ROLES = ("owner", "manager", "agent")
SETTING = "staff"
"""Key of the shop's setting: {"role": what somebody new becomes}."""
NOTED = timedelta(hours=1)
"""How exactly we remember when somebody was here last: not every click is worth a write."""


class Member(Model):
    __tablename__ = "staff"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    user: Mapped[str] = mapped_column(primary_key=True)
    """Shopify's number."""
    name: Mapped[str | None] = mapped_column(Encrypted("staff.name"))
    role: Mapped[str]
    """One of ROLES."""
    first_seen_at: Mapped[datetime] = mapped_column(UtcTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcTime)


def seen(shop: Shop, user: str) -> None:
    """Somebody opens a page. The first after an install is an owner: whoever installs an app may decide about it."""
    member, now = get(shop, user), clock.now()
    if member and member.last_seen_at > now - NOTED and not _is_earlier(shop, member.last_seen_at):
        return
    with transaction():
        # Two who open it first at the same moment come one after the other.
        db.session.refresh(shop, with_for_update={"key_share": True})
        owned = {"role": OWNER} if _is_first(shop) else {}
        fresh = {"shop_id": shop.id, "user": user, "role": new_role(shop), "first_seen_at": now, "last_seen_at": now}
        upsert(Member, [fresh], ("shop_id", "user"), keep=True)
        mine = update(Member).where(Member.shop_id == shop.id, Member.user == user)
        db.session.execute(mine.values(last_seen_at=now, **owned))


def get(shop: Shop, user: str) -> Member | None:
    return db.session.get(Member, (shop.id, user))


def everybody(shop: Shop) -> Sequence[Member]:
    """In the order in which they came."""
    found = select(Member).where(Member.shop_id == shop.id)
    return db.session.scalars(found.order_by(Member.first_seen_at, Member.user)).all()


def names(shop: Shop) -> Mapping[str, str]:
    """Number → name, of those who have one."""
    return {member.user: member.name for member in everybody(shop) if member.name}


def rename(shop: Shop, names: Mapping[str, str]) -> None:
    """By Shopify's numbers; an empty name is none. In a transaction."""
    for member in everybody(shop):
        member.name = names.get(member.user, member.name) or None


def new_role(shop: Shop) -> str:
    """What somebody becomes who was never here."""
    return str((shop.settings or {}).get(SETTING, {}).get("role", MANAGER))


def _is_first(shop: Shop) -> bool:
    newest = db.session.scalar(select(func.max(Member.last_seen_at)).where(Member.shop_id == shop.id))
    return newest is None or _is_earlier(shop, newest)


def _is_earlier(shop: Shop, moment: datetime) -> bool:
    """Than this install."""
    return shop.installed_at is not None and moment < shop.installed_at
