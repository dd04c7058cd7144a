"""The mirror's tables. Every row is known by its shop and Shopify's own id, and dated by Shopify's `updated_at`.

Two rows of the same `updated_at` (seconds) are told apart by `seen_at`, the moment Shopify sent the news. What is
personal stands in one encrypted column, `person`; what may be searched stands beside it as a keyed hash.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, ForeignKey, Index, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app.db import BigId, Model, UtcTime
from shopify_app.money import Minor
from shopify_app.persons import Person, Personal
from shopify_app.secrets import Encrypted
from shopify_app.work import Work


class Mirrored:
    """Columns of everything that Shopify owns and we copy."""

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Shopify's number, the one at the end of its gid."""


class Dated:
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    seen_at: Mapped[datetime] = mapped_column(UtcTime)


class Order(Mirrored, Dated, Personal, Model):
    __tablename__ = "orders"
    itself = "orders"
    reached_by = ("customer_id", "email_index", "phone_index")

    name: Mapped[str]
    """As the buyer knows it, with the merchant's prefix and suffix: #1001, EN1001-B."""
    confirmation_number: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    placed_at: Mapped[datetime] = mapped_column(UtcTime)
    """Shopify's processed_at: for orders brought in from elsewhere the true time of purchase."""
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcTime)
    cancel_reason: Mapped[str | None]
    financial_status: Mapped[str | None]
    fulfillment_status: Mapped[str | None]
    currency: Mapped[str]
    """Of the amounts below: what the buyer saw and paid in."""
    total: Mapped[int] = mapped_column(Minor)
    """Minor units of `currency`, after edits and refunds; so are the others."""
    subtotal: Mapped[int] = mapped_column(Minor)
    shipping: Mapped[int] = mapped_column(Minor)
    tax: Mapped[int] = mapped_column(Minor)
    discounts: Mapped[int] = mapped_column(Minor)
    locale: Mapped[str]
    customer_id: Mapped[int | None] = mapped_column(BigInteger)
    is_test: Mapped[bool]
    gateways: Mapped[list[str]] = mapped_column(JSON)
    shipping_method: Mapped[str | None]
    country: Mapped[str | None]
    """Two letters, where it is delivered."""
    person: Mapped[dict[str, Any]] = mapped_column(Encrypted("orders.person"))
    """email, phone, first_name, last_name, address (a dictionary in Shopify's words, or None), status_url."""
    email_index: Mapped[bytes | None]
    phone_index: Mapped[bytes | None]
    email_lookup: Mapped[bytes | None]
    """Keyed hash of order number and e-mail together: a guess of only one of them finds nothing."""
    phone_lookup: Mapped[bytes | None]
    checkout_index: Mapped[bytes | None]
    """Keyed hash of the checkout's token, by which a buyer who just paid is known."""
    name_index: Mapped[bytes]
    deleted_at: Mapped[datetime | None] = mapped_column(UtcTime)

    __table_args__ = (
        Index("orders_by_email_lookup", "shop_id", "email_lookup"),
        Index("orders_by_phone_lookup", "shop_id", "phone_lookup"),
        Index("orders_by_name", "shop_id", "name_index"),
        Index("orders_by_email", "shop_id", "email_index"),
        Index("orders_by_phone", "shop_id", "phone_index"),
        Index("orders_by_customer", "shop_id", "customer_id", "placed_at"),
        Index("orders_by_time", "shop_id", "placed_at"),
    )


class Line(Mirrored, Personal, Model):
    __tablename__ = "order_lines"
    reached_by = ("order_id",)

    order_id: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int]
    product_id: Mapped[int | None] = mapped_column(BigInteger)
    variant_id: Mapped[int | None] = mapped_column(BigInteger)
    title: Mapped[str]
    variant_title: Mapped[str | None]
    sku: Mapped[str | None]
    quantity: Mapped[int]
    """As ordered."""
    current_quantity: Mapped[int]
    """After edits, removals and refunds."""
    price: Mapped[int] = mapped_column(Minor)
    """Minor units of the order's currency for one piece, before discounts."""
    paid: Mapped[int | None] = mapped_column(Minor)
    """The same after all discounts, rounded; None for orders that had their last news before this was kept."""
    requires_shipping: Mapped[bool]

    __table_args__ = (
        Index("order_lines_by_order", "shop_id", "order_id"),
        Index("order_lines_by_product", "shop_id", "product_id"),
    )


class Shipment(Mirrored, Dated, Personal, Model):
    """Shopify's fulfillment: one parcel, or several numbers of one dispatch."""

    __tablename__ = "shipments"
    reached_by = ("order_id",)

    order_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str | None]
    status: Mapped[str]
    """success, cancelled, error, failure, pending."""
    shipment_status: Mapped[str | None]
    """Shopify's word for the newest event, as far as the payload told."""
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    estimated_delivery_at: Mapped[datetime | None] = mapped_column(UtcTime)
    carrier: Mapped[str | None]
    tracking: Mapped[list[dict[str, Any]]] = mapped_column(Encrypted("shipments.tracking"))
    """[{"number": …, "url": …}]; a number leads to a person's door."""
    lines: Mapped[list[dict[str, int]]] = mapped_column(JSON)
    """[{"id": line id, "quantity": pieces in this parcel}]."""
    is_partial: Mapped[bool]
    """From the first import, which can tell neither lines nor events: they are fetched afterwards."""

    __table_args__ = (
        Index("shipments_by_order", "shop_id", "order_id"),
        Index(
            "shipments_partial",
            "shop_id",
            "created_at",
            sqlite_where=text("is_partial"),
            postgresql_where=text("is_partial"),
        ),
    )


class ParcelEvent(Mirrored, Personal, Model):
    """What a carrier says of a parcel: told by Shopify, or answered when we asked. An answer's id is ours, and below
    zero, where none of Shopify's is.
    """

    __tablename__ = "parcel_events"
    reached_by = ("order_id",)

    order_id: Mapped[int] = mapped_column(BigInteger)
    shipment_id: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str]
    """Shopify's word in lower case: in_transit, delivered …; a word we do not know is kept as it is."""
    happened_at: Mapped[datetime] = mapped_column(UtcTime)
    estimated_delivery_at: Mapped[datetime | None] = mapped_column(UtcTime)
    place: Mapped[dict[str, Any]] = mapped_column(Encrypted("parcel_events.place"))
    """message, city, province, country, zip, latitude, longitude; any may be None."""
    asked_of: Mapped[str | None]
    """The source that answered, as in "karrio"; None: Shopify told."""
    deleted_at: Mapped[datetime | None] = mapped_column(UtcTime)

    __table_args__ = (
        Index("parcel_events_by_order", "shop_id", "order_id"),
        Index(
            "parcel_events_promised",
            "shop_id",
            "estimated_delivery_at",
            sqlite_where=text("estimated_delivery_at IS NOT NULL"),
            postgresql_where=text("estimated_delivery_at IS NOT NULL"),
        ),
    )


class Refund(Mirrored, Personal, Model):
    __tablename__ = "refunds"
    reached_by = ("order_id",)

    order_id: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    currency: Mapped[str]
    amount: Mapped[int] = mapped_column(Minor)
    """Minor units of money that really went back."""
    lines: Mapped[list[dict[str, int]]] = mapped_column(JSON)
    """[{"id": line id, "quantity": pieces}]."""
    return_id: Mapped[int | None] = mapped_column(BigInteger)
    """The return that it was for; None: without one, or from before this was kept."""

    __table_args__ = (Index("refunds_by_order", "shop_id", "order_id"),)


class Return(Mirrored, Personal, Model):
    """Where a Shopify return stands; what it holds is read from Shopify when it is needed."""

    __tablename__ = "returns"
    reached_by = ("order_id",)

    order_id: Mapped[int | None] = mapped_column(BigInteger)
    """None until Shopify told us: some topics name only the return."""
    name: Mapped[str | None]
    status: Mapped[str]
    """requested, open, declined, canceled, closed."""
    pieces: Mapped[int | None]
    seen_at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (Index("returns_by_order", "shop_id", "order_id"),)


class Customer(Mirrored, Dated, Personal, Model):
    __tablename__ = "customers"
    itself = "customers"
    reached_by = ("email_index", "phone_index")

    person: Mapped[dict[str, Any]] = mapped_column(Encrypted("customers.person"))
    """email, phone, first_name, last_name."""
    email_index: Mapped[bytes | None]
    phone_index: Mapped[bytes | None]

    __table_args__ = (
        Index("customers_by_email", "shop_id", "email_index"),
        Index("customers_by_phone", "shop_id", "phone_index"),
    )


class Consent(Personal, Model):
    """What a customer allows. A row of its own: it changes by its own topics, with its own dates."""

    __tablename__ = "consents"
    reached_by = ("customer_id",)

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    channel: Mapped[str] = mapped_column(primary_key=True)
    """email or sms."""
    state: Mapped[str]
    """subscribed, unsubscribed, not_subscribed, pending, redacted, invalid."""
    opt_in_level: Mapped[str | None]
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    seen_at: Mapped[datetime] = mapped_column(UtcTime)


class Product(Mirrored, Dated, Model):
    __tablename__ = "products"

    title: Mapped[str]
    handle: Mapped[str | None]
    image_url: Mapped[str | None]
    variant_images: Mapped[dict[str, str]] = mapped_column(JSON)
    """Variant id (as text) → address of its own picture, for those that have one."""
    fields: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    """[{"key": "custom.material", "name", "type", "value", "url"}], Shopify's metafields; None: not read yet."""
    fields_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When they were read."""
    deleted_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Sync(Work, Personal, Model):
    """Something to read from Shopify: the first import, the rounds that find what never came, a thing we miss."""

    __tablename__ = "syncs"
    queue = "sync"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"))
    kind: Mapped[str]
    """import, details, recent, nightly, order, product, return."""
    subject: Mapped[int] = mapped_column(BigInteger, default=0)
    """Shopify's number of the one thing to read; 0 for a round over many."""
    cursor: Mapped[str | None]
    """How far it came: a bulk operation's gid, or a time."""
    count: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    """Orders read, of how many as far as Shopify said."""
    misses: Mapped[int] = mapped_column(default=0)
    """What a round found that no webhook had told."""

    __table_args__ = (
        UniqueConstraint("shop_id", "kind", "subject"),
        Index("syncs_due", "due_at", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")),
    )

    @classmethod
    def about(cls, person: Person) -> ColumnElement[bool]:
        """What waits to be read again for a person's order, or for a return of it."""
        returns = select(Return.id).where(Return.about(person))
        order = (cls.kind == "order") & cls.subject.in_(person.orders)
        return cls.of_shop(person) & (order | (cls.kind == "return") & cls.subject.in_(returns))
