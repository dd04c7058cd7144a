"""Whom a message is for, by everything that the shop knows of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import false, or_, select

from shopify_app import secrets
from shopify_app.addresses import email_key
from shopify_app.db import db
from shopify_app.mail import journal, refusals
from shopify_app.mail.models import Message, Refusal
from shopify_app.orders import read
from shopify_app.orders.models import Customer, Order
from shopify_app.shopify.models import Shop


@dataclass(frozen=True, slots=True)
class Somebody:
    name: str
    """With the address where no name is known; "" where neither is."""
    email: str | None
    messages: Sequence[Message]
    """Newest first."""
    refusals: Sequence[Refusal]


def names(shop: Shop, messages: Sequence[Message]) -> dict[int, str]:
    """Message's id → a name; a message to the shop itself, or to somebody unknown, has none."""
    of_orders = _orders(shop, {one.order_id for one in messages if one.order_id})
    of_customers = _customers(shop, messages)
    found = {}
    for one in messages:
        order = of_orders.get(one.order_id or 0)
        person = order.person if order and not _is_to_the_shop(one) else of_customers.get(one.customer_id or 0)
        if called := _called(person):
            found[one.id] = called
    return found


def of_message(shop: Shop, message: Message) -> Somebody:
    """Everybody who shares the address or Shopify's number with it is the same person."""
    order = read.get(shop, message.order_id) if message.order_id else None
    customer_id = message.customer_id or (order.customer_id if order else None)
    index = message.email_index or (order.email_index if order else None)
    return _somebody(shop, index, customer_id)


def of_email(shop: Shop, email: str) -> Somebody:
    return _somebody(shop, secrets.index(shop.id, "email", email_key(email)), None, email)


def _somebody(shop: Shop, index: bytes | None, customer_id: int | None, email: str | None = None) -> Somebody:
    order_ids = read.of_person(shop, index, customer_id)
    orders = list(_orders(shop, set(order_ids)).values())
    numbers = {one for one in (customer_id, *(order.customer_id for order in orders)) if one}
    indexes = {one for one in (index, *(order.email_index for order in orders)) if one}
    people = [order.person for order in orders] + [one.person for one in _mirrored(shop, numbers, indexes)]
    known = email or next((person["email"] for person in people if person["email"]), None)
    return Somebody(
        name=next((called for person in people if (called := _called(person))), known or ""),
        email=known,
        messages=journal.of_person(shop, list(indexes), list(numbers), list(order_ids)),
        refusals=refusals.of(shop, known) if known else (),
    )


def _orders(shop: Shop, ids: set[int]) -> dict[int, Order]:
    found = select(Order).where(Order.shop_id == shop.id, Order.id.in_(ids)).order_by(Order.placed_at.desc())
    return {order.id: order for order in db.session.scalars(found)}


def _customers(shop: Shop, messages: Sequence[Message]) -> dict[int, dict[str, Any]]:
    numbers = {one.customer_id for one in messages if one.customer_id}
    return {one.id: one.person for one in _mirrored(shop, numbers, set())}


def _mirrored(shop: Shop, numbers: set[int], indexes: set[bytes]) -> Sequence[Customer]:
    ways = ([Customer.id.in_(numbers)] if numbers else []) + ([Customer.email_index.in_(indexes)] if indexes else [])
    return db.session.scalars(select(Customer).where(Customer.shop_id == shop.id, or_(false(), *ways))).all()


def _called(person: dict[str, Any] | None) -> str:
    if person is None:
        return ""
    return " ".join(filter(None, (person.get("first_name"), person.get("last_name")))) or person.get("email") or ""


def _is_to_the_shop(message: Message) -> bool:
    return message.template.rpartition("/")[2] in ("staff", "late")
