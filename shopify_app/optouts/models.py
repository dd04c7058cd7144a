"""Refusals that Shopify is to be told of."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app.db import BigId, Model, UtcTime
from shopify_app.persons import Personal
from shopify_app.work import Work

DUE = text("done_at IS NULL")


class Withdrawal(Work, Personal, Model):
    """Somebody refused marketing by our link, and Shopify's own record of their consent is to say so.

    `result`, once done: told, known (it said so already), newer (they agreed again since), gone (there is no such
    customer, or another address by now), forbidden (the shop has not allowed it), taken_back, refused (by Shopify).
    """

    __tablename__ = "withdrawals"
    queue = "sync"
    reached_by = ("customer_id",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    customer_id: Mapped[int] = mapped_column(BigInteger)
    mark: Mapped[bytes]
    """Whose address it is about, as in refusals.py; it is erased with the person, and the refusal stays."""
    refused_at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (
        UniqueConstraint("shop_id", "mark"),
        Index("withdrawals_due", "due_at", sqlite_where=DUE, postgresql_where=DUE),
        Index("withdrawals_by_customer", "shop_id", "customer_id"),
    )
