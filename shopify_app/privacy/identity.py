"""Who is meant: from the few words of a request to everything in one shop that is the same person."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import select

from shopify_app import secrets
from shopify_app.db import db
from shopify_app.orders.facts import email_key, phone_index, phone_key
from shopify_app.orders.models import Customer, Order
from shopify_app.persons import Person
from shopify_app.privacy import words
from shopify_app.shopify.models import Shop


@dataclass(frozen=True, slots=True)
class Identity:
    """In one shop. All of it is personal, so it is only ever stored encrypted."""

    customers: tuple[int, ...] = ()
    orders: tuple[int, ...] = ()
    emails: tuple[str, ...] = ()
    """As email_key writes them."""
    phones: tuple[str, ...] = ()
    """As phone_key writes them."""
    numbers: tuple[str, ...] = ()
    """The orders' numbers as buyers know them."""

    def person(self, shop: Shop | None, domain: str) -> Person:
        """How the tables know them."""
        if shop is None:
            return Person(None, domain, frozenset(self.orders), frozenset(self.customers))
        emails = (secrets.index(shop.id, "email", email) for email in self.emails)
        phones = (phone_index(shop.id, phone) for phone in self.phones)
        known = (frozenset(self.orders), frozenset(self.customers), frozenset(emails), frozenset(filter(None, phones)))
        return Person(shop.id, domain, *known)

    def words(self) -> set[str]:
        """How a text may name them; their orders' numbers are left out: 1001 is many things in many texts."""
        return {word for _, word in self.by_kind()}

    def by_kind(self) -> Iterator[tuple[str, str]]:
        """Each word with its kind: order, customer, email, phone."""
        kinds: dict[str, Iterable[object]] = {
            "order": self.orders,
            "customer": self.customers,
            "email": self.emails,
            "phone": self.phones,
        }
        for kind, values in kinds.items():
            yield from ((kind, f"{kind}:{value}") for value in values)

    def typed(self) -> set[str]:
        """How whoever looks for one of their orders names it."""
        return {words.of_number(number) for number in self.numbers}

    def json(self) -> dict[str, Any]:
        return {field.name: list(getattr(self, field.name)) for field in fields(self)}

    def __or__(self, other: "Identity") -> "Identity":
        """Both together; the order of what was there stays, so that work can go on from a place in it."""
        joined = {field.name: _joined(getattr(self, field.name), getattr(other, field.name)) for field in fields(self)}
        return replace(self, **joined)


def stored(person: dict[str, Any] | None) -> Identity:
    return Identity(**{name: tuple(values) for name, values in (person or {}).items()})


def _id(number: Any) -> int:
    """Raises ValueError for one that no column holds: the request could never be carried out."""
    if not 0 <= (value := int(number)) < 2**63:
        raise ValueError("no number of Shopify's")
    return value


def told(payload: dict[str, Any], orders: str) -> Identity:
    """What a compliance webhook says; a guest has no more than an e-mail address. `orders` is the key of their list."""
    customer: dict[str, Any] = payload.get("customer") or {}
    return Identity(
        customers=tuple(_id(number) for number in (customer.get("id"),) if number),
        orders=tuple(_id(number) for number in payload.get(orders) or ()),
        emails=tuple(email_key(email) for email in (customer.get("email"),) if email),
        phones=tuple(key for key in (phone_key(customer.get("phone"), None),) if key),
    )


def widened(identity: Identity, shop: Shop | None) -> Identity:
    """With the customer of this address, the addresses of this customer, and all orders of either.

    One step and no further: whoever once typed a friend's address into an order of their own is not that friend.
    """
    if shop is None:
        return identity
    wider = identity | _customers(identity, shop)
    return wider | _orders(wider, shop)


def _customers(identity: Identity, shop: Shop) -> Identity:
    rows = db.session.execute(
        select(Customer.id, Customer.person).where(Customer.about(identity.person(shop, shop.domain)))
    ).all()
    emails, phones = [row.person["email"] for row in rows], [row.person["phone"] for row in rows]
    return Identity(
        customers=tuple(row.id for row in rows),
        emails=tuple(email_key(email) for email in emails if email),
        phones=tuple(key for phone in phones if (key := phone_key(phone, None))),
    )


def _orders(identity: Identity, shop: Shop) -> Identity:
    about = Order.about(identity.person(shop, shop.domain))
    rows = db.session.execute(select(Order.id, Order.name).where(about).order_by(Order.id)).all()
    return Identity(orders=tuple(row.id for row in rows), numbers=tuple(row.name for row in rows))


def _joined(mine: tuple[Any, ...], others: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(mine + others))
