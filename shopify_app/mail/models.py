"""The outbox."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ColumnElement, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app.db import BigId, Model, UtcTime
from shopify_app.persons import Personal
from shopify_app.work import Work

TROUBLED = text("result IN ('failed', 'unknown', 'dead')")
"""Written out, so that a partial index serves it: neither database sees through a bound value."""


class Purpose(StrEnum):
    """What a message is for, the most urgent first: who waits for whom, and what a person may refuse."""

    LEGAL = "legal"
    """The law wants it sent: a receipt of a withdrawal."""
    ORDER = "order"
    """News of an order, and answers to what a person asked for."""
    TEST = "test"
    """What staff wants to see for itself: it goes to the shop's own address and counts nowhere."""
    REMINDER = "reminder"
    """Asks a person for something that their own order needs."""
    MARKETING = "marketing"
    """All else, a request for feedback and a forgotten cart too: only under the budget (`budget.py`)."""


class Basis(StrEnum):
    """By what right somebody may be written to who has not asked for it."""

    CONSENT = "consent"
    """The person agreed to news by e-mail."""
    CUSTOMER = "customer"
    """The person bought here, was told that they may object, and did not (ePrivacy Directive, article 13, 2)."""


class Message(Work, Personal, Model):
    """One message, or the reason why there is none. What it says is rendered when it is sent; nothing of it is kept.

    `result`, once done: sent, skipped (see reason), failed (the mail server will never take it), unknown (it may or
    may not have gone out: the process died, or the line broke, while the server was taking it), dead (given up).
    """

    __tablename__ = "messages"
    queue = "mail"
    reached_by = ("order_id", "customer_id", "email_index")

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    key: Mapped[str]
    """Subject, kind and stage, as in "confirmation/4711": the same key twice is one message."""
    template: Mapped[str]
    purpose: Mapped[str] = mapped_column(server_default=Purpose.ORDER)
    """A Purpose: the urgent go first, and the budget counts the others."""
    order_id: Mapped[int | None] = mapped_column(BigInteger)
    customer_id: Mapped[int | None] = mapped_column(BigInteger)
    email_index: Mapped[bytes | None]
    """Of whom it is for; None where only the order says so."""
    reader_mark: Mapped[bytes | None]
    """Its reader as in refusals.py, where it holds the way out: whoever takes that is found by it."""
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    sending_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """The intent: set and committed before the mail server hears of it."""
    reason: Mapped[str | None]
    """Why it was skipped, or waits, as a key that the merchant's pages put into words."""
    facts: Mapped[dict[str, str | int] | None] = mapped_column(JSON(none_as_null=True))
    """What the sentence of that reason has blanks for; nothing that names a person."""
    basis: Mapped[str | None]
    """By what right a marketing message went out: a Basis; None: it did not, or needs none."""
    grounds: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    """What showed that right when it went out: what Shopify said, since when, in which country, and when we asked."""

    @classmethod
    def turns(cls) -> Sequence[ColumnElement[bool]]:
        """Nobody's receipt stands in line behind ten thousand offers."""
        return [cls.purpose == purpose for purpose in Purpose]

    __table_args__ = (
        UniqueConstraint("shop_id", "key"),
        Index("messages_due", "due_at", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")),
        Index(
            "messages_urgent_due",
            "purpose",
            "due_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index("messages_by_order", "shop_id", "order_id"),
        Index("messages_by_email", "shop_id", "email_index"),
        Index("messages_by_customer", "shop_id", "customer_id"),
        Index("messages_by_reader", "shop_id", "reader_mark"),
        Index("messages_by_time", "shop_id", "created_at"),
        Index("messages_by_sending", "shop_id", "sending_at"),
        Index("messages_troubled", "shop_id", "created_at", sqlite_where=TROUBLED, postgresql_where=TROUBLED),
    )


class Slot(Model):
    """Whoever sends a person a marketing message, or anybody one of a kind that is counted, holds this row until the
    intent is written, so that of two workers the second counts what the first has done. It holds nothing else.
    """

    __tablename__ = "slots"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    mark: Mapped[bytes] = mapped_column(primary_key=True)
    """Keyed hash of an e-mail address, a customer's number or a kind of message, by a key of its own."""
    taken_at: Mapped[datetime] = mapped_column(UtcTime)


class Refusal(Model):
    """A topic that somebody is not to be written about: by their own wish, or since their mail server said so."""

    __tablename__ = "refusals"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    mark: Mapped[bytes] = mapped_column(primary_key=True)
    """Keyed hash of the e-mail address, by a key of its own: it leads to no other row."""
    topic: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(server_default="asked")
    """asked, bounced (the address takes no mail) or complained (marked as unwanted)."""
    refused_at: Mapped[datetime] = mapped_column(UtcTime)


class Lifted(Model):
    """A refusal that staff took back: what it was, when and by whom. It goes with no person, as refusals do."""

    __tablename__ = "lifted_refusals"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    mark: Mapped[bytes]
    topic: Mapped[str]
    reason: Mapped[str]
    refused_at: Mapped[datetime] = mapped_column(UtcTime)
    lifted_at: Mapped[datetime] = mapped_column(UtcTime)
    lifted_by: Mapped[str]
    """Shopify's number of the staff member."""

    __table_args__ = (Index("lifted_refusals_by_mark", "shop_id", "mark"),)
