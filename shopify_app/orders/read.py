"""Read the mirror. Every function starts from the shop: another shop's rows cannot be reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypedDict, TypeVar

from sqlalchemy import BindParameter, Select, bindparam, false, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from shopify_app import secrets
from shopify_app.db import db
from shopify_app.orders import facts
from shopify_app.orders.models import Line, Order, ParcelEvent, Product, Refund, Return, Shipment
from shopify_app.orders.places import Place
from shopify_app.shopify.models import Shop

PAGE = 50
RECENT = 2_000
"""Orders that are looked at for what a shop does usually."""
FRUITLESS = ("cancelled", "error", "failure")
"""States of a shipment that never became a parcel."""

Part = TypeVar("Part", Line, Shipment, ParcelEvent, Refund, Return)


class Whose(TypedDict):
    to: str | None
    customer_id: int | None


@dataclass(frozen=True, slots=True)
class Whole:
    """An order with all that belongs to it."""

    order: Order
    lines: Sequence[Line]
    shipments: Sequence[Shipment]
    """Oldest first; cancelled and failed ones left out."""
    events: Sequence[ParcelEvent]
    """Oldest first, whatever order they came in."""
    refunds: Sequence[Refund]
    """Oldest first; those that moved no money left out."""
    returns: Sequence[Return]
    products: dict[int, Product]

    def picture(self, line: Line) -> str | None:
        """Address of the variant's own picture, else the product's."""
        product = self.products.get(line.product_id or 0)
        if product is None:
            return None
        return product.variant_images.get(str(line.variant_id)) or product.image_url


_ONE = select(Order).where(
    Order.shop_id == bindparam("shop"), Order.id == bindparam("order"), Order.deleted_at.is_(None)
)


def get(shop: Shop, order_id: int) -> Order | None:
    return db.session.scalar(_ONE, {"shop": shop.id, "order": order_id})


def whose(order: Order | None) -> Whose:
    """Whom a message about the order is for, in the words of outbox.write."""
    if order is None:
        return {"to": None, "customer_id": None}
    return {"to": order.person["email"] or None, "customer_id": order.customer_id}


def of_person(shop: Shop, email_index: bytes | None, customer_id: int | None) -> Sequence[int]:
    """The newest orders of whoever has this address or this number of Shopify's; the address None: unknown."""
    same = [
        *([Order.email_index == email_index] if email_index is not None else ()),
        *([Order.customer_id == customer_id] if customer_id is not None else ()),
    ]
    found = select(Order.id).where(Order.shop_id == shop.id, or_(false(), *same), Order.deleted_at.is_(None))
    return db.session.scalars(found.order_by(Order.placed_at.desc()).limit(PAGE)).all()


def whole(shop: Shop, order_id: int) -> Whole | None:
    order = get(shop, order_id)
    return wholes(shop, [order])[0] if order else None


def wholes(shop: Shop, orders: Sequence[Order]) -> Sequence[Whole]:
    """Each with all that belongs to it, in as many queries as for one."""
    ids = [order.id for order in orders]
    lines = _of(Line, shop, ids, Line.position)
    shipments = _of(Shipment, shop, ids, Shipment.created_at)
    events = _of(ParcelEvent, shop, ids, ParcelEvent.happened_at)
    refunds = _of(Refund, shop, ids, Refund.created_at)
    returns = _of(Return, shop, ids, Return.id)
    products = _products(shop, {line.product_id for some in lines.values() for line in some if line.product_id})
    return [
        Whole(
            order=order,
            lines=lines[order.id],
            shipments=[one for one in shipments[order.id] if one.status not in FRUITLESS],
            events=[one for one in events[order.id] if one.deleted_at is None],
            refunds=[one for one in refunds[order.id] if one.amount],
            returns=returns[order.id],
            products=products,
        )
        for order in orders
    ]


def find(shop: Shop, name: str, contact: str) -> Order | None:
    """The order of this number whose buyer has this e-mail or phone. One look into one index, whoever asks for what."""
    if "@" in contact:
        column, key = Order.email_lookup, facts.email_key(contact)
    else:
        column, key = Order.phone_lookup, facts.phone_key(contact, shop.country) or ""
    looked_up = select(Order).where(
        Order.shop_id == shop.id, column == facts.lookup(shop.id, name, key), Order.deleted_at.is_(None)
    )
    return db.session.scalars(looked_up.order_by(Order.placed_at.desc()).limit(1)).first()


def named(shop: Shop, name: str) -> Sequence[Order]:
    """Orders of this number: as a rule one, but a shop may use a number twice."""
    index = secrets.index(shop.id, "name", facts.name_key(name))
    found = select(Order).where(Order.shop_id == shop.id, Order.name_index == index, Order.deleted_at.is_(None))
    return db.session.scalars(found.order_by(Order.placed_at.desc()).limit(5)).all()


def page(shop: Shop, older: Place | None = None, newer: Place | None = None) -> Sequence[Order]:
    """The newest orders, or those next to a place; newest first, one more than a page holds when there are more.

    With `newer` that one stands at the beginning, else at the end.
    """
    found = select(Order).where(Order.shop_id == shop.id, Order.deleted_at.is_(None))
    place = tuple_(Order.placed_at, Order.id)
    if newer is not None:
        rising = found.where(place > newer).order_by(Order.placed_at, Order.id).limit(PAGE + 1)
        return db.session.scalars(rising).all()[::-1]
    if older is not None:
        found = found.where(place < older)
    return db.session.scalars(found.order_by(Order.placed_at.desc(), Order.id.desc()).limit(PAGE + 1)).all()


def of_customer(shop: Shop, customer: int, count: int, older: Place | None = None) -> Sequence[Order]:
    """The newest of a customer's orders, or those that are older than a place; newest first."""
    found = select(Order).where(Order.shop_id == shop.id, Order.customer_id == customer, Order.deleted_at.is_(None))
    if older is not None:
        found = found.where(tuple_(Order.placed_at, Order.id) < older)
    return db.session.scalars(found.order_by(Order.placed_at.desc(), Order.id.desc()).limit(count)).all()


def search(shop: Shop, text: str) -> Sequence[Order]:
    """The newest orders of this number or e-mail, whole: what is encrypted is found by its keyed hash only."""
    if "@" in text:
        column, index = Order.email_index, secrets.index(shop.id, "email", facts.email_key(text))
    else:
        column, index = Order.name_index, secrets.index(shop.id, "name", facts.name_key(text))
    found = select(Order).where(Order.shop_id == shop.id, column == index, Order.deleted_at.is_(None))
    return db.session.scalars(found.order_by(Order.placed_at.desc()).limit(PAGE)).all()


def names(shop: Shop, order_ids: set[int], *, deleted: bool = True) -> dict[int, str]:
    """The orders' numbers as buyers know them; with those that are deleted, or without."""
    known = select(Order.id, Order.name).where(Order.shop_id == shop.id, Order.id.in_(order_ids))
    if not deleted:
        known = known.where(Order.deleted_at.is_(None))
    return {row.id: row.name for row in db.session.execute(known)}


def shipping_methods(shop: Shop) -> Sequence[str]:
    """Titles of the delivery methods in the newest orders, the commonest first."""
    newest = select(Order.shipping_method).where(Order.shop_id == shop.id, Order.deleted_at.is_(None))
    recent = newest.order_by(Order.placed_at.desc()).limit(RECENT).subquery()
    used = select(recent.c.shipping_method).where(recent.c.shipping_method.is_not(None))
    counted = used.group_by(recent.c.shipping_method).order_by(func.count().desc(), recent.c.shipping_method)
    return db.session.scalars(counted.limit(PAGE)).all()


def parcels(shop: Shop, order_ids: Sequence[int]) -> dict[int, list[str]]:
    """For each order Shopify's newest word on each of its parcels; "shipped" for one without a word."""
    sent = select(Shipment.id, Shipment.order_id, Shipment.shipment_status).where(
        Shipment.shop_id == shop.id, Shipment.order_id.in_(order_ids), Shipment.status.not_in(FRUITLESS)
    )
    scans = select(ParcelEvent.shipment_id, ParcelEvent.status).where(
        ParcelEvent.shop_id == shop.id, ParcelEvent.order_id.in_(order_ids), ParcelEvent.deleted_at.is_(None)
    )
    rising = scans.order_by(ParcelEvent.happened_at, ParcelEvent.id)
    newest = {row.shipment_id: row.status for row in db.session.execute(rising)}
    words: dict[int, list[str]] = {order_id: [] for order_id in order_ids}
    for row in db.session.execute(sent.order_by(Shipment.created_at)):
        # Shopify's own "delivered" counts even where the scan never came.
        is_there = row.shipment_status in ("delivered", "picked_up")
        word = row.shipment_status if is_there else newest.get(row.id) or row.shipment_status
        words[row.order_id].append(word or "shipped")
    return words


def _of(
    model: type[Part], shop: Shop, ids: Sequence[int], by: InstrumentedAttribute[Any]
) -> dict[int | None, list[Part]]:
    """The parts of each order."""
    parts: dict[int | None, list[Part]] = {order_id: [] for order_id in ids}
    for part in db.session.scalars(_parts(model, by), {"shop": shop.id, "orders": list(ids)}):
        parts[part.order_id].append(part)
    return parts


@cache
def _parts(model: type[Part], by: InstrumentedAttribute[Any]) -> Select[Part]:
    """Made once: making a statement costs as much as running it."""
    orders: BindParameter[list[int]] = bindparam("orders", expanding=True)
    # Shopify's times are whole seconds, its numbers rise.
    return select(model).where(model.shop_id == bindparam("shop"), model.order_id.in_(orders)).order_by(by, model.id)


_PRODUCTS = select(Product).where(
    Product.shop_id == bindparam("shop"), Product.id.in_(bindparam("products", expanding=True))
)


def _products(shop: Shop, ids: set[int]) -> dict[int, Product]:
    if not ids:
        return {}
    found = db.session.scalars(_PRODUCTS, {"shop": shop.id, "products": sorted(ids)})
    return {product.id: product for product in found}
