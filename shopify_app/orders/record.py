"""Write the mirror. Every function may run twice and in any order: older news changes nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from shopify_app import clock
from shopify_app.db import db, upsert
from shopify_app.orders import facts
from shopify_app.orders.facts import Payload, Row
from shopify_app.orders.models import (
    Consent,
    Customer,
    Line,
    Order,
    ParcelEvent,
    Product,
    Refund,
    Return,
    Shipment,
)

KEYS = ("shop_id", "id")
DATES = ("updated_at", "seen_at")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""Older than any news."""
FIELDS_LAST = timedelta(days=1)
"""A product's news come with every piece sold; its own fields change a few times a year."""


_KNOWN = select(Order.id).where(Order.shop_id == bindparam("shop"), Order.id == bindparam("order"))
_KNOWN_PRODUCTS = select(Product.id).where(
    Product.shop_id == bindparam("shop"),
    Product.id.in_(bindparam("products", expanding=True)),
    Product.fields.is_not(None),
)


def order(shop_id: int, payload: Payload, seen_at: datetime) -> bool:
    """The order with all that the payload carries along. True when we had not heard of it before."""
    row = facts.order(shop_id, payload, seen_at)
    is_new = not knows(shop_id, row["id"])
    if upsert(Order, [row], KEYS, newer=DATES):
        upsert(Line, facts.lines(shop_id, payload), KEYS)
    for parcel in payload.get("fulfillments") or []:
        shipment(shop_id, {"order_id": row["id"]} | parcel, seen_at)
    for money in payload.get("refunds") or []:
        refund(shop_id, {"order_id": row["id"]} | money)
    return is_new


def knows(shop_id: int, order_id: int) -> bool:
    return db.session.scalar(_KNOWN, {"shop": shop_id, "order": order_id}) is not None


def knows_shipment(shop_id: int, shipment_id: int) -> bool:
    found = select(Shipment.id).where(Shipment.shop_id == shop_id, Shipment.id == shipment_id)
    return db.session.scalar(found) is not None


def unknown_products(shop_id: int, payload: Payload) -> set[int]:
    """Products of the order's lines of which the mirror does not know all yet."""
    wanted = {int(line["product_id"]) for line in payload.get("line_items") or [] if line.get("product_id")}
    if not wanted:
        return set()
    return wanted - set(db.session.scalars(_KNOWN_PRODUCTS, {"shop": shop_id, "products": list(wanted)}))


def delete_order(shop_id: int, order_id: int) -> None:
    """It stays in the mirror as deleted, so that no late news revives it, not even that of its beginning."""
    blank = facts.order(shop_id, {"id": order_id, "updated_at": LONG_AGO}, LONG_AGO)
    upsert(Order, [blank], KEYS, keep=True)
    gone = update(Order).where(Order.shop_id == shop_id, Order.id == order_id)
    db.session.execute(gone.values(deleted_at=clock.now()))


def shipment(shop_id: int, payload: Payload, seen_at: datetime) -> None:
    """Events come with it when the Admin API told us; webhooks send them one by one."""
    row = facts.shipment(shop_id, payload, seen_at)
    upsert(Shipment, [row], KEYS, newer=DATES)
    for event in payload.get("events") or []:
        parcel_event(shop_id, {"order_id": row["order_id"], "fulfillment_id": row["id"]} | event)


def parcel_event(shop_id: int, payload: Payload) -> None:
    """Carriers correct themselves by new events, never by editing one; a deleted one stays deleted."""
    upsert(ParcelEvent, [facts.parcel_event(shop_id, payload)], KEYS)


def delete_parcel_event(shop_id: int, payload: Payload) -> None:
    """Its news may still be on the way: it is written down first, and stays deleted."""
    row = facts.parcel_event(shop_id, payload)
    upsert(ParcelEvent, [row], KEYS, keep=True)
    gone = update(ParcelEvent).where(ParcelEvent.shop_id == shop_id, ParcelEvent.id == row["id"])
    db.session.execute(gone.values(deleted_at=clock.now()))


def answered(shop_id: int, shipment_id: int, source: str, rows: list[Row]) -> bool:
    """All that a source says of a parcel, in place of what it said before; whether anything is new. `rows` as
    facts.parcel_event makes them, with ids of their own.
    """
    theirs = (
        ParcelEvent.shop_id == shop_id,
        ParcelEvent.shipment_id == shipment_id,
        ParcelEvent.asked_of == source,
    )
    known = set(db.session.scalars(select(ParcelEvent.id).where(*theirs)))
    said = {row["id"] for row in rows}
    if gone := known - said:
        db.session.execute(delete(ParcelEvent).where(*theirs, ParcelEvent.id.in_(gone)))
    upsert(ParcelEvent, [row | {"asked_of": source} for row in rows], KEYS)
    return bool(said ^ known)


def refund(shop_id: int, payload: Payload) -> None:
    upsert(Refund, [facts.refund(shop_id, payload)], KEYS)


def returned(shop_id: int, payload: Payload, seen_at: datetime) -> int | None:
    """A return's news; the order's number if it was told. What a topic leaves out stays as it was; one without a
    status only says that the return exists."""
    order_id = payload.get("order_id") or (payload.get("order") or {}).get("id")
    told = {
        "order_id": order_id and int(order_id),
        "name": payload.get("name"),
        "pieces": payload.get("total_return_line_items"),
    }
    row: dict[str, Any] = {"shop_id": shop_id, "id": gid_number(payload), "seen_at": seen_at, "status": "requested"}
    row |= {name: value for name, value in told.items() if value is not None}
    if status := payload.get("status"):
        row["status"] = str(status).lower()
    upsert(Return, [row], KEYS, newer=("seen_at",), keep=not status)
    return row.get("order_id")


def gid_number(payload: Payload) -> int:
    """The number of a thing that may come with an id, with a gid, or with both."""
    number = payload.get("id") or str(payload["admin_graphql_api_id"]).rpartition("/")[2]
    return int(number)


def customer(shop_id: int, payload: Payload, seen_at: datetime) -> None:
    """Older payloads carry consent along; newer ones leave it to the consent topics."""
    row = facts.customer(shop_id, payload, seen_at)
    upsert(Customer, [row], KEYS, newer=DATES)
    for channel in ("email", "sms"):
        if told := payload.get(f"{channel}_marketing_consent"):
            consent(shop_id, row["id"], channel, told, seen_at)


def delete_customer(shop_id: int, customer_id: int) -> None:
    """The person is gone from the shop; the orders stay until Shopify asks for their erasure."""
    for model, column in ((Customer, Customer.id), (Consent, Consent.customer_id)):
        db.session.execute(delete(model).where(model.shop_id == shop_id, column == customer_id))


def consent(shop_id: int, customer_id: int, channel: str, payload: Payload, seen_at: datetime) -> None:
    row = facts.consent(shop_id, customer_id, channel, payload, seen_at)
    upsert(Consent, [row], ("shop_id", "customer_id", "channel"), newer=DATES)


def product(shop_id: int, payload: Payload, seen_at: datetime) -> None:
    upsert(Product, [facts.product(shop_id, payload, seen_at)], KEYS, newer=DATES)


def is_outdated(shop_id: int, product_id: int) -> bool:
    """Whether an order shows it and its own fields were read long ago: its news leave them out."""
    fields_at = db.session.scalar(select(Product.fields_at).where(Product.shop_id == shop_id, Product.id == product_id))
    return fields_at is not None and fields_at < clock.now() - FIELDS_LAST


def delete_product(shop_id: int, product_id: int) -> None:
    """Orders still show it; its picture is gone with it."""
    gone = update(Product).where(Product.shop_id == shop_id, Product.id == product_id)
    db.session.execute(gone.values(deleted_at=clock.now(), image_url=None, variant_images={}))
