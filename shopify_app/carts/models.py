"""Checkouts that have a contact address and no order yet, and the reminders about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app.db import BigId, Model, UtcTime
from shopify_app.money import Minor
from shopify_app.persons import Personal
from shopify_app.secrets import Encrypted
from shopify_app.work import Work

DUE = text("done_at IS NULL")
RECOVERED, EXHAUSTED, OPTED_OUT, SUPPRESSED = "recovered", "exhausted", "opted_out", "suppressed"
"""How a reminder ends; until then it is waiting, or sent."""


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
    """email, phone, first_name, locale and Shopify's address of the checkout, which opens it for whoever holds it."""
    began_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """None only where its last news came before this was kept."""
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    """The buyer's last activity, by Shopify's account."""
    seen_at: Mapped[datetime] = mapped_column(UtcTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    currency: Mapped[str | None]
    """What the buyer sees prices in."""
    total: Mapped[int] = mapped_column(Minor, default=0)
    """Minor units of `currency`; so are the items' prices."""
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """[{"title", "variant_title", "quantity", "price", "product_id", "variant_id"}], price for one piece."""
    obstacle: Mapped[str | None]
    """What kept the buyer from paying, as far as the checkout tells: "payment" or "no_rate"."""
    source: Mapped[str | None]
    """Shopify's source_name: "web" is the online store."""
    country: Mapped[str | None]
    zone: Mapped[str | None]
    """Two letters of where it would go to, and the name of its time zone; None while the buyer has not said."""
    accepts_marketing: Mapped[bool] = mapped_column(default=False)
    """What the buyer ticked in this checkout."""

    __table_args__ = (
        Index("carts_by_email", "shop_id", "email_index"),
        Index("carts_by_phone", "shop_id", "phone_index"),
        Index("carts_by_customer", "shop_id", "customer_id"),
        Index("carts_by_cart_token", "shop_id", "cart_token"),
    )


class Reminder(Work, Personal, Model):
    """The timer of one abandoned cart, moved by each of its news, and what came of it.

    Until done it waits for its next step, for the outcome of the message it asked for, or for the end of the time in
    which an order still counts. `result`, once done: RECOVERED, EXHAUSTED, OPTED_OUT, or SUPPRESSED (see reason).
    """

    __tablename__ = "cart_reminders"
    queue = "mail"
    reached_by = ("customer_id", "email_index", "phone_index", "order_id")

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    token: Mapped[str]
    """Of its cart."""
    customer_id: Mapped[int | None] = mapped_column(BigInteger)
    email_index: Mapped[bytes | None]
    phone_index: Mapped[bytes | None]
    began_at: Mapped[datetime] = mapped_column(UtcTime)
    """When its timer first ran."""
    active_at: Mapped[datetime] = mapped_column(UtcTime)
    """The newest activity that moved it."""
    step: Mapped[int] = mapped_column(default=0)
    """How many messages of it have gone out."""
    round: Mapped[int] = mapped_column(default=0)
    """How often it began anew because the buyer came back."""
    asked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When it wrote the message whose outcome it waits for; None: it waits for none."""
    sent_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When its newest message went out."""
    reason: Mapped[str | None]
    """Why it ended without a message."""
    assigned_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When nothing spoke against the first message any more, and chance decided: from then on an order counts."""
    is_held_out: Mapped[bool | None]
    """What chance decided: True: nobody writes, so that the others can be compared with somebody."""
    order_id: Mapped[int | None] = mapped_column(BigInteger)
    bought_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """The person's first order in that time."""

    __table_args__ = (
        UniqueConstraint("shop_id", "token"),
        Index("cart_reminders_due", "due_at", sqlite_where=DUE, postgresql_where=DUE),
        Index("cart_reminders_by_email", "shop_id", "email_index"),
        Index("cart_reminders_by_phone", "shop_id", "phone_index"),
        Index("cart_reminders_by_customer", "shop_id", "customer_id"),
        Index("cart_reminders_by_time", "shop_id", "began_at"),
        Index("cart_reminders_assigned", "shop_id", "assigned_at"),
    )
