"""What buyers want to send back and how far it came.

Shopify's return is the return: the merchant's admin, Flow and accounting see it, and `orders` mirrors where it stands.
Here is what Shopify does not keep: the terms that hold, the draft, the wish for an exchange, photos, why something was
decided, who did what, and what we were about to do when the power went.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app.db import BigId, Model, UtcTime
from shopify_app.money import Minor
from shopify_app.persons import Personal
from shopify_app.photos import Kept
from shopify_app.secrets import Encrypted
from shopify_app.work import Work

RETURN, WITHDRAWAL = "return", "withdrawal"
KINDS = (RETURN, WITHDRAWAL)
"""By the shop's own terms, and by the law of the European Union: kept apart."""
REFUND, EXCHANGE, CREDIT = "refund", "exchange", "credit"
OUTCOMES = (REFUND, EXCHANGE, CREDIT)

ASKED, WAITING, APPROVED, RECEIVED = "asked", "waiting", "approved", "received"
REFUNDED, DECLINED, CANCELLED, CLOSED = "refunded", "declined", "cancelled", "closed"
FREEING = (DECLINED, CANCELLED)
"""States whose units can be asked for again."""
OVER = (REFUNDED, DECLINED, CANCELLED, CLOSED)
DONE, REFUSED = "done", "refused"
"""How a step ends that was taken, and one that waits for staff."""
DUE = text("done_at IS NULL")


class Policy(Model):
    """One version of a shop's terms; never changed once written. An order keeps the one it was bought under."""

    __tablename__ = "return_policies"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1 on, without gaps."""
    in_force_at: Mapped[datetime] = mapped_column(UtcTime)
    """Orders placed from here on; the first version is also for all before."""
    made_by: Mapped[str | None]
    """Shopify's number of the staff member; None: as the app came."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Terms as a dictionary (terms.py)."""


class Draft(Personal, Model):
    """What a buyer has chosen so far of one order: survives a reload, another device and the way back."""

    __tablename__ = "return_drafts"
    reached_by = ("order_id",)

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    order_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(primary_key=True)
    """One of KINDS; return/17 is the change of an open request."""
    content: Mapped[dict[str, Any]] = mapped_column(Encrypted("return_drafts.content"))
    """basket: the order as Shopify had it; wishes: what was chosen, a list of dictionaries (basket.py)."""
    updated_at: Mapped[datetime] = mapped_column(UtcTime)


class Request(Personal, Model):
    """One return, whoever filed it and wherever.

    `state`: asked (ours, not at Shopify yet), waiting (for staff), approved (may come back), received (the clock of the
    refund runs), refunded, declined, cancelled, closed (ended in Shopify without money from here).
    """

    __tablename__ = "return_requests"
    reached_by = ("order_id",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    order_id: Mapped[int] = mapped_column(BigInteger)
    return_id: Mapped[int | None] = mapped_column(BigInteger)
    """Shopify's number, once it is filed there."""
    name: Mapped[str | None]
    """As buyer and staff know it: #1001-R1."""
    kind: Mapped[str]
    """One of KINDS."""
    door: Mapped[str]
    """page (the order's page), account (extension), portal; shopify: the admin, another app, native self-service."""
    policy_version: Mapped[int]
    state: Mapped[str]
    state_at: Mapped[datetime] = mapped_column(UtcTime)
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    filed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """Since when Shopify counts its units as taken; None: not there yet."""
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    decided_by: Mapped[str | None]
    """rule, shopify, or Shopify's number of the staff member."""
    assigned_to: Mapped[str | None]
    """Shopify's number of the staff member who cares for it."""
    is_flagged: Mapped[bool] = mapped_column(default=False)
    """Staff should look closely: a late withdrawal, an item outside the terms, a sum that Shopify sees differently."""
    is_buyers_turn: Mapped[bool] = mapped_column(default=False)
    """Staff asked something and wait for the answer."""
    needs_label: Mapped[bool] = mapped_column(default=False)
    """The shop owes the buyer a label for the way back: none was given yet, or the one that was has run out."""
    received_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When the goods were back: the refund is due a day later."""
    refunded_at: Mapped[datetime | None] = mapped_column(UtcTime)
    currency: Mapped[str]
    """What the buyer paid in; of all amounts of this request and its items."""
    expected: Mapped[int | None] = mapped_column(Minor)
    """What the buyer was told will come back, after fees; None: filed elsewhere, not worked out."""
    refunded: Mapped[int | None] = mapped_column(Minor)
    """What went back, as Shopify booked it."""
    content: Mapped[dict[str, Any]] = mapped_column(Encrypted("return_requests.content"))
    """preview: the sums as shown (money.py); message, reason: what staff wrote to the buyer and for themselves on
    declining; question, answer; email: where a withdrawal's receipt goes; due: the sums again, of what was not
    rejected; receipt, proof: its text and hash; label: {"url", "number", "carrier", "carrier_url", "until": its last
    day (ISO), "entry": of the log, that tells of it}; way: the newest scan of its parcel {"status", "at", "city"};
    flags: why it is flagged; replaced: Shopify's numbers of returns that this one took the place of; refunds: of
    refunds that are counted in `refunded`; why: Shopify's reason of declining; declared_at, proven_at: when a
    withdrawal was declared, and when a proof that the goods were sent came (ISO); by_buyer: that the buyer's own
    session was to file it; unsent: of refunds of what was not sent, the units that are counted. Each may be missing."""

    __table_args__ = (
        Index("return_requests_by_order", "shop_id", "order_id"),
        Index("return_requests_by_return", "shop_id", "return_id", unique=True),
        Index("return_requests_by_state", "shop_id", "state", "asked_at"),
        Index(
            "return_requests_by_received",
            "shop_id",
            "received_at",
            sqlite_where=text("received_at IS NOT NULL"),
            postgresql_where=text("received_at IS NOT NULL"),
        ),
    )


class Item(Personal, Model):
    """Units of one line in one parcel that a request is about."""

    __tablename__ = "return_items"
    reached_by = ("order_id",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("return_requests.id"))
    order_id: Mapped[int] = mapped_column(BigInteger)
    line_id: Mapped[int] = mapped_column(BigInteger)
    fulfillment_line_id: Mapped[int | None] = mapped_column(BigInteger)
    """None: withdrawn before it was sent."""
    return_line_id: Mapped[int | None] = mapped_column(BigInteger)
    """Shopify's number of it within the return."""
    quantity: Mapped[int]
    outcome: Mapped[str]
    """One of OUTCOMES."""
    variant_id: Mapped[int | None] = mapped_column(BigInteger)
    """With EXCHANGE: what is wanted instead."""
    reason: Mapped[str | None]
    """Shopify's handle, which is stable; None with a withdrawal, where nobody asks."""
    decision: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Why it was allowed or not (decisions.py); dates, rules and numbers, nothing personal."""
    amount: Mapped[int | None] = mapped_column(Minor)
    """What comes back for these units, before fees of the whole return."""
    received: Mapped[int] = mapped_column(default=0)
    """Units that came back; of what was not sent, units that were refunded."""
    accepted: Mapped[int] = mapped_column(default=0)
    """Of those received: they are refunded or exchanged."""
    rejected: Mapped[int] = mapped_column(default=0)
    """Of those received: they are not, and stay claimed all the same."""
    processed: Mapped[int] = mapped_column(default=0)
    """Of those accepted: Shopify is done with them, as far as we have heard."""
    conditions: Mapped[list[str | None]] = mapped_column(JSON, default=list)
    """Of each accepted unit, in the order they were accepted: Shopify's disposition in lower case (restocked,
    not_restocked, processing_required, missing); None: judged in Shopify, which did not say."""
    content: Mapped[dict[str, Any]] = mapped_column(Encrypted("return_items.content"))
    """note: the buyer's words; answers: [{"question", "answer"}]; title: of what comes back; variant: of
    what is wanted instead; kept: it need not come back; reason_id: Shopify's gid of the reason; rejection: why units
    were rejected, in words for the buyer."""

    __table_args__ = (
        Index("return_items_by_order", "shop_id", "order_id"),
        Index("return_items_of", "shop_id", "request_id"),
    )

    @property
    def uninspected(self) -> int:
        """Units that came and that nobody has looked at."""
        return self.received - self.accepted - self.rejected

    @property
    def due(self) -> int:
        """Units whose money, or what was wished instead, is still to go out."""
        return self.accepted - self.processed

    @property
    def is_rejected(self) -> bool:
        """Whole: nothing of it comes back to the shop for good."""
        return 0 < self.quantity == self.rejected

    def accept(self, count: int, condition: str | None) -> None:
        self.accepted += count
        self.conditions = [*self.conditions, *[condition] * count]


class Photo(Kept, Personal, Model):
    """A picture of what is wrong; the bytes are in the store of files, under `key`."""

    __tablename__ = "return_photos"
    reached_by = ("order_id",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    order_id: Mapped[int] = mapped_column(BigInteger)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("return_requests.id"))
    """None while it belongs to a draft."""
    by: Mapped[str]
    """buyer, or Shopify's number of the staff member who found something wrong with what came back."""
    fulfillment_line_id: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (UniqueConstraint("shop_id", "key"), Index("return_photos_by_order", "shop_id", "order_id"))


class Entry(Personal, Model):
    """One line of a request's log: who did what when. Written, never changed."""

    __tablename__ = "return_entries"
    reached_by = ("order_id",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("return_requests.id"))
    order_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(UtcTime)
    by: Mapped[str]
    """buyer, rule, shopify, clock, or Shopify's number of the staff member."""
    word: Mapped[str]
    """asked, filed, approved, declined, question, answer, changed, note, assigned, labelled, label_asked, under_way,
    back (the parcel arrived), kept (nothing has to come), received, inspected, rejected (all of it), refunding,
    refunded, differs, warned, late, cancelled, closed."""
    content: Mapped[dict[str, Any]] = mapped_column(Encrypted("return_entries.content"))

    __table_args__ = (
        Index("return_entries_of", "shop_id", "request_id", "at"),
        Index("return_entries_by_order", "shop_id", "order_id"),
    )


class Step(Work, Personal, Model):
    """A thing to do at Shopify, written before it is done: file, approve, decline, label, reject, refund, cancel,
    close, look; buy_label, return_label, follow (the parcel).

    `key` names the effect (shop, request, kind, which one), so that nobody can order it twice.
    """

    __tablename__ = "return_steps"
    queue = "sync"
    reached_by = ("order_id",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    request_id: Mapped[int] = mapped_column(BigInteger)
    """A row that may be erased while its step is being done."""
    order_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    key: Mapped[str]
    by: Mapped[str]
    """As Entry.by."""
    content: Mapped[dict[str, Any]] = mapped_column(Encrypted("return_steps.content"))
    """What is needed to do it, and what was already learned: before a refund is sent, what had been refunded."""

    __table_args__ = (
        UniqueConstraint("shop_id", "key"),
        Index("return_steps_due", "due_at", sqlite_where=DUE, postgresql_where=DUE),
        Index("return_steps_of", "shop_id", "request_id"),
        Index("return_steps_by_order", "shop_id", "order_id"),
    )

    @classmethod
    def erasable(cls) -> ColumnElement[bool]:
        """A step that is being done ends first: money may be on its way."""
        return cls.owner.is_(None)


class Goodwill(Personal, Model):
    """Money that a member of staff gave beyond the shop's terms, or wants to give and may not alone.

    The row stays when a person is erased: what was given counts for whoever gave it.
    """

    __tablename__ = "return_goodwill"
    reached_by = ("order_id",)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    order_id: Mapped[int | None] = mapped_column(BigInteger)
    request_id: Mapped[int | None] = mapped_column(BigInteger)
    """None, as the order: erased."""
    kind: Mapped[str]
    """fee (not kept back), outside (taken back against the terms), more (than was worked out)."""
    amount: Mapped[int] = mapped_column(Minor)
    currency: Mapped[str]
    asked_by: Mapped[str]
    """Shopify's number of the staff member."""
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    decided_by: Mapped[str | None]
    """The same number: it was within their limits. None: nobody has decided."""
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
    is_granted: Mapped[bool | None]

    __table_args__ = (
        Index("return_goodwill_of", "shop_id", "request_id"),
        Index("return_goodwill_by_order", "shop_id", "order_id"),
        Index("return_goodwill_by_person", "shop_id", "asked_by", "asked_at"),
    )

    @classmethod
    def emptied(cls) -> dict[str, Any]:
        return {"order_id": None, "request_id": None}
