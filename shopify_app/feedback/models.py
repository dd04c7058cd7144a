"""What buyers are asked after a while and what they say: the request, the answer, the case for staff, the review."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app.db import BigId, Model, UtcTime
from shopify_app.persons import Personal
from shopify_app.photos import Kept
from shopify_app.secrets import Encrypted
from shopify_app.work import Work

GOOD, WRONG = "good", "wrong"
VERDICTS = (GOOD, WRONG)
OPEN, ANSWERED, SOLVED = "open", "answered", "solved"
STATES = (OPEN, ANSWERED, SOLVED)
DUE = text("done_at IS NULL")
UNSOLVED = text("state != 'solved'")
SHOWN = text("hidden_at IS NULL AND withdrawn_at IS NULL")


class Request(Work, Personal, Model):
    """One order's request for feedback, from its first news until nothing is left to ask. Its work is to look again:
    at once when there is news, later when its day has come.

    `result`, once done: waiting (for news of the order, then it is due again), over (see reason).
    """

    __tablename__ = "feedback_requests"
    queue = "mail"
    reached_by = ("order_id",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    order_id: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str | None]
    """Why it waits or is over, as decision.py has it."""
    asked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcTime)

    __table_args__ = (
        UniqueConstraint("shop_id", "order_id"),
        Index("feedback_requests_due", "due_at", sqlite_where=DUE, postgresql_where=DUE),
        Index("feedback_requests_by_asked", "shop_id", "asked_at"),
    )


class Answer(Personal, Model):
    """What the buyer of an order says. Changed as often as they like, until the link runs out."""

    __tablename__ = "feedback_answers"
    reached_by = ("order_id",)

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    order_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    verdict: Mapped[str | None]
    """good or wrong; None: only stars so far."""
    cause: Mapped[str | None]
    """One of causes.CAUSES, as the buyer chose it."""
    items: Mapped[int | None]
    """Stars, 1 to 5, for what was bought."""
    delivery: Mapped[int | None]
    """The same for how it came."""
    content: Mapped[dict[str, str]] = mapped_column(Encrypted("feedback_answers.content"))
    """wrong, items, delivery: what the buyer wrote. Each may be missing."""
    said_at: Mapped[datetime] = mapped_column(UtcTime)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (Index("feedback_answers_by_time", "shop_id", "said_at"),)


class Case(Personal, Model):
    """Something went wrong with an order and staff has to see to it. One for each order, opened again if need be."""

    __tablename__ = "feedback_cases"
    reached_by = ("order_id", "customer_id", "email_index")

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    order_id: Mapped[int] = mapped_column(BigInteger)
    customer_id: Mapped[int | None] = mapped_column(BigInteger)
    email_index: Mapped[bytes | None]
    """Whose order it is: whoever waits for an answer gets no advertising meanwhile."""
    state: Mapped[str]
    """One of STATES."""
    cause: Mapped[str | None]
    """As the buyer chose it, or as staff found it."""
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    solved_at: Mapped[datetime | None] = mapped_column(UtcTime)

    __table_args__ = (
        UniqueConstraint("shop_id", "order_id"),
        Index("feedback_cases_by_time", "shop_id", "state", "opened_at"),
        Index("feedback_cases_by_customer", "shop_id", "customer_id"),
        Index("feedback_cases_by_email", "shop_id", "email_index"),
    )


class Entry(Personal, Model):
    """One line of a case's log: who did what when. Written, never changed."""

    __tablename__ = "feedback_case_entries"
    reached_by = ("order_id",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("feedback_cases.id"))
    order_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UtcTime)
    by: Mapped[str]
    """buyer, or Shopify's number of the staff member."""
    word: Mapped[str]
    """opened, told (the buyer said more), note, open, answered, solved."""
    content: Mapped[dict[str, Any]] = mapped_column(Encrypted("feedback_case_entries.content"))
    """note: what staff wrote."""

    __table_args__ = (
        Index("feedback_case_entries_by_case", "shop_id", "case_id"),
        Index("feedback_case_entries_by_order", "shop_id", "order_id"),
    )


class Review(Personal, Model):
    """What a buyer says in public of a product they bought and kept."""

    __tablename__ = "reviews"
    reached_by = ("order_id",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    order_id: Mapped[int] = mapped_column(BigInteger)
    product_id: Mapped[int] = mapped_column(BigInteger)
    variant: Mapped[str | None]
    """What of it they bought, as in "Brass / Large"."""
    stars: Mapped[int]
    content: Mapped[dict[str, str]] = mapped_column(Encrypted("reviews.content"))
    """name (first name and initial, "" for none), text."""
    language: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(UtcTime)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """By its writer."""
    hidden_at: Mapped[datetime | None] = mapped_column(UtcTime)
    hidden_why: Mapped[str | None]
    """One of reviews.WHYS: never the number of stars."""

    __table_args__ = (
        UniqueConstraint("shop_id", "order_id", "product_id"),
        Index("reviews_shown", "shop_id", "product_id", "written_at", sqlite_where=SHOWN, postgresql_where=SHOWN),
        Index("reviews_by_time", "shop_id", "written_at"),
    )


class ReviewEntry(Personal, Model):
    """One line of a review's log. Written, never changed."""

    __tablename__ = "review_entries"
    reached_by = ("order_id",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    order_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UtcTime)
    by: Mapped[str]
    """buyer, or Shopify's number of the staff member."""
    word: Mapped[str]
    """written, changed, withdrawn, hidden, shown."""
    why: Mapped[str | None]
    """Of hidden: the reason code."""

    __table_args__ = (
        Index("review_entries_by_review", "shop_id", "review_id"),
        Index("review_entries_by_order", "shop_id", "order_id"),
    )


class ReviewPhoto(Kept, Personal, Model):
    """A picture of a product as it came to a buyer; the bytes are in the store of files, under `key`."""

    __tablename__ = "review_photos"
    reached_by = ("order_id",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    order_id: Mapped[int] = mapped_column(BigInteger)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))

    __table_args__ = (
        UniqueConstraint("shop_id", "key"),
        Index("review_photos_by_review", "shop_id", "review_id"),
        Index("review_photos_by_order", "shop_id", "order_id"),
    )


class Rating(Work, Model):
    """A product whose rating Shopify has, or is to have or to lose. Nothing in it is about a person.

    `result`, once done: told, known (it had it already), removed, forbidden, refused.
    """

    __tablename__ = "product_ratings"
    queue = "sync"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    product_id: Mapped[int] = mapped_column(BigInteger)
    told: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What Shopify has from us: value (a text) and count; empty where that is in doubt, None: nothing."""

    __table_args__ = (
        UniqueConstraint("shop_id", "product_id"),
        Index("product_ratings_due", "due_at", sqlite_where=DUE, postgresql_where=DUE),
    )
