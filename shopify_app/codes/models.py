"""Codes, from the intent on."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app.db import Model, UtcTime
from shopify_app.persons import Personal
from shopify_app.secrets import Encrypted

CART, ORDER, FRIEND, REWARD = KINDS = ("cart", "order", "friend", "reward")
"""What a code is for: a cart to come back to, thanks for an order, a person's friends, a friend that came."""
GIFTS = (CART, ORDER)
"""Given for nothing: nobody gets one after the other."""


class Code(Personal, Model):
    """The intent to make a discount code, written before Shopify hears of it: one for each key, whatever happens."""

    __tablename__ = "codes"
    reached_by = ("customer_id", "email_index")

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    """What it is for, as in "cart/7"."""
    kind: Mapped[str]
    """One of KINDS."""
    customer_id: Mapped[int | None] = mapped_column(BigInteger)
    email_index: Mapped[bytes | None]
    code: Mapped[str] = mapped_column(Encrypted("codes.code"))
    code_index: Mapped[bytes]
    """Keyed hash of the code, by which an order that was placed with it is known."""
    percent: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """None: it has no end."""
    made_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When Shopify was known to have it; None: nobody knows yet."""
    error: Mapped[str | None]
    """Why Shopify will not make it: there is none, then."""

    __table_args__ = (
        Index("codes_by_email", "shop_id", "email_index", "created_at"),
        Index("codes_by_customer", "shop_id", "customer_id"),
        Index("codes_by_code", "shop_id", "code_index"),
        Index("codes_by_time", "shop_id", "kind", "created_at"),
    )
