"""Look-ups, and orders with parcels on their way, until somebody has looked into them."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app.db import BigId, Model, UtcTime
from shopify_app.persons import Personal
from shopify_app.secrets import Encrypted
from shopify_app.work import Work

TROUBLED = text("troubled_at IS NOT NULL")


class Lookup(Work, Personal, Model):
    """Somebody asked for an order and could not prove that it is theirs. Gone as soon as the work is done."""

    __tablename__ = "lookups"
    queue = "mail"
    searched = ("number",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    number: Mapped[str] = mapped_column(Encrypted("lookups.number"))
    """The order number as it was typed."""

    __table_args__ = (
        Index("lookups_due", "due_at", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")),
    )


class Search(Personal, Model):
    """Somebody asked for an order on the look-up page, whether or not they found it. What they typed is not kept."""

    __tablename__ = "searches"
    reached_by = ("order_id",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    order_id: Mapped[int | None] = mapped_column(BigInteger)
    """None: nobody proved that it is theirs."""
    at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (
        Index("searches_by_time", "shop_id", "at"),
        Index("searches_by_order", "shop_id", "order_id"),
    )


class Watch(Work, Personal, Model):
    """Somebody looks how an order's parcels are doing: at once when there is news, later when there should have been
    some by then. Gone when nothing more can come.
    """

    __tablename__ = "watches"
    queue = "mail"
    reached_by = ("order_id",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    order_id: Mapped[int] = mapped_column(BigInteger)
    troubled_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """Since when a parcel of it is in trouble; None: none is."""

    __table_args__ = (
        UniqueConstraint("shop_id", "order_id"),
        Index("watches_due", "due_at", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")),
        Index("watches_troubled", "shop_id", "troubled_at", sqlite_where=TROUBLED, postgresql_where=TROUBLED),
    )


class Promise(Personal, Model):
    """A day on which a parcel was said to come. One row for each time that the day changed, none is ever altered."""

    __tablename__ = "promises"
    reached_by = ("order_id",)

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    shipment_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    told_at: Mapped[datetime] = mapped_column(UtcTime, primary_key=True)
    """When we heard of it."""
    order_id: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[date]
    """Where the order goes to."""

    __table_args__ = (Index("promises_by_order", "shop_id", "order_id"),)


class StageTexts(Model):
    """What a merchant answers and advises at one moment of an order, in one language."""

    __tablename__ = "stage_texts"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    """paid, packing, moving, arrived or problem."""
    questions: Mapped[list[list[str]]] = mapped_column(JSON)
    """[[question, answer], …]."""
    guide: Mapped[list[str]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)


class Inquiry(Work, Personal, Model):
    """A carrier is asked, now and then, how a parcel is: one row for each that is under way. Gone when it is there."""

    __tablename__ = "inquiries"
    queue = "sync"
    reached_by = ("order_id",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    order_id: Mapped[int] = mapped_column(BigInteger)
    shipment_id: Mapped[int] = mapped_column(BigInteger)
    number_index: Mapped[bytes]
    """Keyed hash of carrier and number: answers about another number are none about this parcel."""
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When an answer last came, whether or not it told anything new; None: never."""
    failing_since: Mapped[datetime | None] = mapped_column(UtcTime)
    """None: the source answered last time, or was not asked yet."""

    __table_args__ = (
        UniqueConstraint("shop_id", "shipment_id"),
        Index("inquiries_by_order", "shop_id", "order_id"),
        Index(
            "inquiries_due", "due_at", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")
        ),
    )
