"""The inbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app import clock
from shopify_app.db import BigId, Model, UtcTime
from shopify_app.persons import Personal
from shopify_app.secrets import EncryptedBytes
from shopify_app.work import Work

BODY = "webhooks.body"
ERASED = "erased"
"""The result of one whose person was erased: before it was worked through, or long after."""
FAILED = text("result IN ('failed', 'dead')")
"""Written out, so that a partial index serves it: neither database sees through a bound value."""


class Webhook(Work, Personal, Model):
    """One delivery. Known by the shop's domain, since it may come before the shop has a row of its own."""

    __tablename__ = "webhooks"
    queue = "webhooks"
    reached_by = ("order_id", "customer_id")
    searched = ("body",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_domain: Mapped[str]
    webhook_id: Mapped[str]
    """X-Shopify-Webhook-Id: the same on every repetition of one delivery."""
    event_id: Mapped[str | None]
    topic: Mapped[str]
    triggered_at: Mapped[datetime] = mapped_column(UtcTime)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    body: Mapped[bytes | None] = mapped_column(EncryptedBytes(BODY))
    """The raw bytes; None once the time of keeping them is over, or their person was erased."""
    order_id: Mapped[int | None] = mapped_column(BigInteger)
    """What it was about, as far as it was about an order; known once processed."""
    customer_id: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        UniqueConstraint("shop_domain", "webhook_id"),
        Index("webhooks_due", "due_at", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")),
        Index("webhooks_by_order", "shop_domain", "order_id"),
        Index("webhooks_by_time", "shop_domain", "received_at"),
        Index("webhooks_failed", "shop_domain", "received_at", sqlite_where=FAILED, postgresql_where=FAILED),
    )

    @classmethod
    def emptied(cls) -> dict[str, Any]:
        """The row stays to know repetitions by. One that waits will never be worked through, whoever holds it."""
        gone = dict.fromkeys(("body", "order_id", "customer_id", "owner", "error"))
        return gone | {"result": ERASED, "done_at": func.coalesce(cls.done_at, clock.now())}

    @classmethod
    def erasable(cls) -> ColumnElement[bool]:
        """Not a request for erasure that waits: it may ask for more."""
        return cls.done_at.is_not(None) | (cls.topic != "customers/redact")
