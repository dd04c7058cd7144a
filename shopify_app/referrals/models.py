"""Orders that were placed with a code for friends."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app.db import BigId, Model, UtcTime
from shopify_app.persons import Personal
from shopify_app.work import Work

DUE = text("done_at IS NULL")
REWARDED, REFUSED = "rewarded", "refused"


class Referral(Work, Personal, Model):
    """A friend's order, from its first news until the time is over in which it may come back.

    Whose code it was stands here as the code's keyed hash alone: once that person is erased, it leads nowhere.
    `result`, once done: REWARDED, or REFUSED (see reason).
    """

    __tablename__ = "referrals"
    queue = "mail"
    reached_by = ("order_id", "customer_id", "email_index", "phone_index")

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    order_id: Mapped[int] = mapped_column(BigInteger)
    code_index: Mapped[bytes]
    customer_id: Mapped[int | None] = mapped_column(BigInteger)
    email_index: Mapped[bytes | None]
    phone_index: Mapped[bytes | None]
    place_index: Mapped[bytes | None]
    """Keyed hash of where it goes to. All four are the friend's."""
    placed_at: Mapped[datetime] = mapped_column(UtcTime)
    reason: Mapped[str | None]
    """Why it brings nothing, as decision.py has it."""

    __table_args__ = (
        UniqueConstraint("shop_id", "order_id"),
        Index("referrals_due", "due_at", sqlite_where=DUE, postgresql_where=DUE),
        Index("referrals_by_code", "shop_id", "code_index", "placed_at"),
        Index("referrals_by_customer", "shop_id", "customer_id"),
        Index("referrals_by_email", "shop_id", "email_index"),
        Index("referrals_by_phone", "shop_id", "phone_index"),
        Index("referrals_by_place", "shop_id", "place_index"),
        Index("referrals_by_time", "shop_id", "placed_at"),
    )
