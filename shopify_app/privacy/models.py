"""Requests of persons, carried to us by Shopify, what was done about them, and what must not come back."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, ForeignKey, Index, case, func, text
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app import clock
from shopify_app.db import BigId, Model, UtcTime
from shopify_app.persons import Personal
from shopify_app.secrets import Encrypted
from shopify_app.work import Work

EXPORT, CUSTOMER, SHOP = "export", "erase_customer", "erase_shop"

READY, FORGOTTEN, ERASED, SPARED = "ready", "forgotten", "erased", "spared"


class PrivacyRequest(Work, Personal, Model):
    """Known by the shop's domain, not its row: it outlives the shop's own erasure.

    `result`, once done: ready (to be handed over), forgotten (its time to be handed over is past), erased (what it
    asked for, or an export whose person was erased since), spared (a shop that was installed again), dead (given up
    until tomorrow: an operator must look).
    """

    __tablename__ = "privacy_requests"
    queue = "sync"
    searched = ("person",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_domain: Mapped[str]
    kind: Mapped[str]
    """export, erase_customer, erase_shop."""
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    """When Shopify told us."""
    request_id: Mapped[int | None] = mapped_column(BigInteger)
    """Shopify's number of a data request."""
    person: Mapped[dict[str, Any] | None] = mapped_column(Encrypted("privacy_requests.person"))
    """An Identity; forgotten (None) once the person is erased, or with the export."""
    export: Mapped[dict[str, Any] | None] = mapped_column(Encrypted("privacy_requests.export"))
    """What was found about the person, for the merchant to hand over; forgotten after 30 days."""
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """How far an erasure came, so that another worker goes on from there; None: not begun, or over."""
    certificate: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
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

    @classmethod
    def emptied(cls) -> dict[str, Any]:
        """That there was a request stays; an export that waits has nothing left to find."""
        waits = cls.done_at.is_(None)
        gone = dict.fromkeys(("person", "export", "owner", "error"))
        return gone | {
            "result": case((waits, ERASED), else_=cls.result),
            "done_at": func.coalesce(cls.done_at, clock.now()),
        }

    @classmethod
    def erasable(cls) -> ColumnElement[bool]:
        """Not an erasure that waits or is under way: it forgets its person by itself."""
        return cls.done_at.is_not(None) | (cls.kind == EXPORT)


class Mark(Model):
    """The keyed hash of something that was erased and may not come back: an order, a customer, an address, a number."""

    __tablename__ = "privacy_marks"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    mark: Mapped[bytes] = mapped_column(primary_key=True)
    until: Mapped[datetime | None] = mapped_column(UtcTime)
    """News sent before this moment is refused; None: all news, for an order never becomes somebody's again."""


class Sighting(Personal, Model):
    """Somebody of the staff was shown something about buyers: who, when, where, of which order or of how many."""

    __tablename__ = "sightings"
    reached_by = ("order_id",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    user: Mapped[str]
    """Shopify's number of the staff member."""
    at: Mapped[datetime] = mapped_column(UtcTime)
    page: Mapped[str]
    """The endpoint that answered, as in home.order."""
    is_export: Mapped[bool]
    """It left as a file."""
    order_id: Mapped[int | None] = mapped_column(BigInteger)
    """None: many were shown, or it was forgotten whose it was."""
    count: Mapped[int | None]
    """How many persons or, where no name was among it, pieces of their data; None: all that the shop has."""

    __table_args__ = (
        Index("sightings_by_time", "shop_id", "at"),
        Index("sightings_by_user", "shop_id", "user", "at"),
        Index("sightings_by_order", "shop_id", "order_id"),
    )

    @classmethod
    def emptied(cls) -> dict[str, Any]:
        """That something was seen stays, whose it was goes."""
        return {"order_id": None}


class Takeout(Model):
    """A merchant takes everything along: how far the file has come."""

    __tablename__ = "takeouts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    user: Mapped[str]
    """Shopify's number of the staff member."""
    began_at: Mapped[datetime] = mapped_column(UtcTime)
    total: Mapped[int]
    """Rows that there were when it began."""
    count: Mapped[int]
    """Rows that are written."""
    done_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """None: under way, or broken off."""

    __table_args__ = (Index("takeouts_by_time", "shop_id", "began_at"),)
