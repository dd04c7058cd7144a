"""Read the mirror. Every function starts from the shop: another shop's rows cannot be reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from shopify_app import secrets
from shopify_app.db import db
from shopify_app.orders import facts
from shopify_app.orders.models import Line, Order, ParcelEvent, Product, Refund, Return, Shipment
from shopify_app.shopify.models import Shop

PAGE = 50

Part = TypeVar("Part", Line, Shipment, ParcelEvent, Refund, Return)


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
    returns: Sequence[Return]
    products: dict[int, Product]

    def picture(self, line: Line) -> str | None:
        """Address of the variant's own picture, else the product's."""
        product = self.products.get(line.product_id or 0)
        if product is None:
            return None
        return product.variant_images.get(str(line.variant_id)) or product.image_url


def get(shop: Shop, order_id: int) -> Order | None:
    found = select(Order).where(Order.shop_id == shop.id, Order.id == order_id, Order.deleted_at.is_(None))
    return db.session.scalar(found)


def whole(shop: Shop, order_id: int) -> Whole | None:
    order = get(shop, order_id)
    if order is None:
        return None
    lines = _of(Line, shop, order_id, Line.position)
    shipments = _of(Shipment, shop, order_id, Shipment.created_at)
    events = _of(ParcelEvent, shop, order_id, ParcelEvent.happened_at)
    return Whole(
        order=order,
        lines=lines,
        shipments=[one for one in shipments if one.status not in ("cancelled", "error", "failure")],
        events=[one for one in events if one.deleted_at is None],
        refunds=_of(Refund, shop, order_id, Refund.created_at),
        returns=_of(Return, shop, order_id, Return.id),
        products=_products(shop, {line.product_id for line in lines if line.product_id}),
    )


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


def page(shop: Shop, before: datetime | None = None, search: str | None = None) -> Sequence[Order]:
    """The newest orders, one more than a page holds when there are more; or those found by number or e-mail."""
    found = select(Order).where(Order.shop_id == shop.id, Order.deleted_at.is_(None))
    if before is not None:
        found = found.where(Order.placed_at < before)
    if search:
        by_email = secrets.index(shop.id, "email", facts.email_key(search))
        by_name = secrets.index(shop.id, "name", facts.name_key(search))
        found = found.where(Order.email_index == by_email if "@" in search else Order.name_index == by_name)
    return db.session.scalars(found.order_by(Order.placed_at.desc()).limit(PAGE + 1)).all()


def _of(model: type[Part], shop: Shop, order_id: int, by: InstrumentedAttribute[Any]) -> Sequence[Part]:
    found = select(model).where(model.shop_id == shop.id, model.order_id == order_id)
    return db.session.scalars(found.order_by(by)).all()


def _products(shop: Shop, ids: set[int]) -> dict[int, Product]:
    if not ids:
        return {}
    found = select(Product).where(Product.shop_id == shop.id, Product.id.in_(ids))
    return {product.id: product for product in db.session.scalars(found)}
