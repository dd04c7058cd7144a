"""Checkouts that have a contact address and no order yet."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app.db import Model, UtcTime
from shopify_app.persons import Personal
from shopify_app.secrets import Encrypted


class Cart(Personal, Model):
    """Known by its token: most checkout topics carry no id."""

    __tablename__ = "carts"
    reached_by = ("customer_id", "email_index", "phone_index")

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    token: Mapped[str] = mapped_column(primary_key=True)
    checkout_id: Mapped[int | None] = mapped_column(BigInteger)
    cart_token: Mapped[str | None]
    customer_id: Mapped[int | None] = mapped_column(BigInteger)
    email_index: Mapped[bytes | None]
    phone_index: Mapped[bytes | None]
    person: Mapped[dict[str, Any]] = mapped_column(Encrypted("carts.person"))
    """email, phone, locale and Shopify's address of the checkout, which opens it for whoever holds it."""
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    seen_at: Mapped[datetime] = mapped_column(UtcTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcTime)

    __table_args__ = (
        Index("carts_by_email", "shop_id", "email_index"),
        Index("carts_by_phone", "shop_id", "phone_index"),
        Index("carts_by_customer", "shop_id", "customer_id"),
        Index("carts_by_cart_token", "shop_id", "cart_token"),
    )
