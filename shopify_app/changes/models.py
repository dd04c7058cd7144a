"""What buyers asked to have changed of their orders, and what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app.db import BigId, Model, UtcTime
from shopify_app.persons import Personal
from shopify_app.secrets import Encrypted
from shopify_app.work import DEAD, Work

CANCEL, ADDRESS = "cancel", "address"
KINDS = (CANCEL, ADDRESS)
DONE, DECLINED, WITHDRAWN, TOO_LATE, REFUSED = "done", "declined", "withdrawn", "too_late", "refused"
FAILED = (REFUSED, DEAD)
OPEN = text("result IS NULL OR result IN ('refused', 'dead')")
"""Written out, so that a partial index serves it."""
DUE = text("done_at IS NULL")


class Change(Work, Personal, Model):
    """One request of a buyer. Until somebody decides, its work is to look whether it is too late; then, to do it.

    `result`, once done: done, declined, withdrawn, too_late (sent or cancelled meanwhile), gone (the order was
    deleted), stopped (the app was uninstalled); refused (Shopify said no: see error) and dead wait for staff and count
    as open.
    """

    __tablename__ = "changes"
    queue = "sync"
    reached_by = ("order_id",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    order_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    """One of KINDS."""
    content: Mapped[dict[str, Any]] = mapped_column(Encrypted("changes.content"))
    """note: why, as the buyer put it; address, before: where to and where to so far, in Shopify's words; answer: what
    staff wrote back. Each may be missing."""
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    decided_by: Mapped[str | None]
    """buyer, rule, or Shopify's number of the staff member."""
    decision: Mapped[str | None]
    """confirmed, declined, withdrawn."""
    job: Mapped[str | None]
    """Gid of what Shopify does by itself since we asked for it."""

    __table_args__ = (
        Index("changes_open", "shop_id", "order_id", "kind", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("changes_due", "due_at", sqlite_where=DUE, postgresql_where=DUE),
        Index("changes_by_order", "shop_id", "order_id"),
        Index("changes_by_time", "shop_id", "asked_at"),
    )

    @property
    def is_open(self) -> bool:
        return self.result is None or self.result in FAILED

    @property
    def is_confirmed(self) -> bool:
        """And on its way; what failed waits for staff again."""
        return self.decided_at is not None and self.result is None

    @property
    def is_undecided(self) -> bool:
        return self.decided_at is None and self.done_at is None
