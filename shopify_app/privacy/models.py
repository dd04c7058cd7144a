"""Requests of persons, carried to us by Shopify, and what was done about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app.db import BigId, Model, UtcTime
from shopify_app.secrets import Encrypted
from shopify_app.work import Work


class PrivacyRequest(Work, Model):
    """Known by the shop's domain, not its row: it outlives the shop's own erasure."""

    __tablename__ = "privacy_requests"
    queue = "sync"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_domain: Mapped[str]
    kind: Mapped[str]
    """export, erase_customer, erase_shop."""
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    request_id: Mapped[int | None] = mapped_column(BigInteger)
    """Shopify's number of a data request."""
    person: Mapped[dict[str, Any] | None] = mapped_column(Encrypted("privacy_requests.person"))
    """customer_id, email, phone, orders; forgotten (None) once they are erased."""
    export: Mapped[dict[str, Any] | None] = mapped_column(Encrypted("privacy_requests.export"))
    """What was found about the person, for the merchant to hand over; forgotten after 30 days."""
    certificate: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Of an erasure: counts by table, when, and a hash over it. Nothing in it names anybody."""

    __table_args__ = (
        Index(
            "privacy_requests_due",
            "due_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index("privacy_requests_by_shop", "shop_domain", "asked_at"),
    )
