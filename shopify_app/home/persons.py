"""Whom a message is for, by everything that the shop knows of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import false, func, or_, select

from shopify_app import secrets
from shopify_app.addresses import email_key
from shopify_app.db import db
from shopify_app.mail import coming, journal, refusals
from shopify_app.mail.coming import Plan
from shopify_app.mail.models import Lifted, Message, Purpose, Refusal
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
    lifted: Sequence[Lifted]
    """What staff took back of them."""
    plans: Sequence[Plan]
    """What is to come, and what is decided against; what waits in the outbox is among the messages."""


def names(shop: Shop, messages: Sequence[Message]) -> dict[int, str]:
    """Message's id → a name; a message to the shop itself, or to somebody unknown, has none."""
    to_buyers = [one for one in messages if not _is_to_the_shop(one)]
    numbers = {one.customer_id for one in to_buyers if one.customer_id}
    indexes = {one.email_index for one in to_buyers if one.email_index}
    mirrored = _mirrored(shop, numbers, indexes)
    of_order = {one.id: one.person for one in _orders(shop, {one.order_id for one in to_buyers if one.order_id})}
    of_number = {one.id: one.person for one in mirrored}
    of_address = {one.email_index: one.person for one in _ordered(shop, indexes)}
    of_address |= {one.email_index: one.person for one in mirrored}
    found = {}
    for one in to_buyers:
        ways = (of_order.get(one.order_id or 0), of_number.get(one.customer_id or 0), of_address.get(one.email_index))
        if called := next((called for person in ways if (called := _called(person))), ""):
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
    orders = _orders(shop, order_ids)
    numbers = {one for one in (customer_id, *(order.customer_id for order in orders)) if one}
    indexes = {one for one in (index, *(order.email_index for order in orders)) if one}
    people = [order.person for order in orders] + [one.person for one in _mirrored(shop, numbers, indexes)]
    known = email or next((person["email"] for person in people if person["email"]), None)
    return Somebody(
        name=next((called for person in people if (called := _called(person))), known or ""),
        email=known,
        messages=journal.of_person(shop, list(indexes), list(numbers), list(order_ids)),
        refusals=refusals.of(shop, known) if known else (),
        lifted=refusals.lifted(shop, refusals.mark(shop, known)) if known else (),
        plans=coming.of(shop, coming.Person(known, list(indexes), list(numbers), list(order_ids))),
    )


def _orders(shop: Shop, ids: Collection[int]) -> Sequence[Order]:
    """Newest first."""
    found = select(Order).where(Order.shop_id == shop.id, Order.id.in_(ids))
    return db.session.scalars(found.order_by(Order.placed_at.desc())).all()


def _ordered(shop: Shop, indexes: set[bytes]) -> Sequence[Order]:
    """The newest order of each address."""
    newest = select(func.max(Order.id)).where(Order.shop_id == shop.id, Order.email_index.in_(indexes))
    return _orders(shop, db.session.scalars(newest.group_by(Order.email_index)).all())


def _mirrored(shop: Shop, numbers: set[int], indexes: set[bytes]) -> Sequence[Customer]:
    ways = ([Customer.id.in_(numbers)] if numbers else []) + ([Customer.email_index.in_(indexes)] if indexes else [])
    return db.session.scalars(select(Customer).where(Customer.shop_id == shop.id, or_(false(), *ways))).all()


def _called(person: dict[str, Any] | None) -> str:
    if person is None:
        return ""
    return " ".join(filter(None, (person.get("first_name"), person.get("last_name")))) or person.get("email") or ""


def _is_to_the_shop(message: Message) -> bool:
    return message.template.rpartition("/")[2] in ("staff", "late") or message.purpose == Purpose.TEST
