"""Invented people, and all that Shopify tells about them in the course of one order."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shopify_app import clock

Payload = dict[str, Any]
News = tuple[str, Payload | bytes]


@dataclass(frozen=True)
class Somebody:
    first: str
    last: str
    email: str
    phone: str
    street: str
    order: int
    customer: int | None = None
    """None: a guest, known by an e-mail address only."""

    @property
    def needles(self) -> list[str]:
        """All by which they could be recognised."""
        known = [self.email, self.phone, f"{self.first} {self.last}", self.last, self.street, self.token]
        numbers = [self.order, self.customer] if self.customer else [self.order]
        return [*known, self.tracking, self.neighbour, self.number, *(str(number) for number in numbers)]

    @property
    def number(self) -> str:
        return f"#{self.order % 10_000}-{self.last[:2].upper()}"

    @property
    def token(self) -> str:
        return f"{self.order:x}c0ffee"

    @property
    def tracking(self) -> str:
        return f"CB{self.order}FR"

    @property
    def neighbour(self) -> str:
        """What the carrier wrote down at the door."""
        return f"left with a neighbour of {self.last}"


ANN = Somebody("Ann", "Ångström", "Ann@Example.com", "+33612345678", "7 Quai d'Invention", 810_000_001, 910_000_001)
GUEST = Somebody("Gustav", "Gästgivare", "gustav+shop@example.org", "+49301234567", "Musterweg 3", 810_000_003)
JOANN = Somebody(
    "Joann", "Nilsson", "joann@example.com", "+33699999999", "8 Quai d'Invention", 810_000_002, 910_000_002
)
"""Lives next door; her address ends like Ann's."""


def buyer(person: Somebody) -> Payload | None:
    if person.customer is None:
        return None
    named = {"first_name": person.first, "last_name": person.last, "email": person.email, "phone": person.phone}
    return {"id": person.customer, "created_at": now(), "updated_at": now()} | named


def address(person: Somebody) -> Payload:
    named = {"first_name": person.first, "last_name": person.last, "name": f"{person.first} {person.last}"}
    place = {"address1": person.street, "city": "Lyon", "zip": "69001", "country_code": "FR"}
    return named | place | {"phone": person.phone}


def line(order: int) -> Payload:
    return {"id": order * 10, "title": "Desk lamp", "quantity": 1, "price": "95.00", "product_id": 51, "variant_id": 52}


def order(person: Somebody, **fields: Any) -> Payload:
    return {
        "id": person.order,
        "admin_graphql_api_id": f"gid://shopify/Order/{person.order}",
        "name": person.number,
        "email": person.email,
        "phone": person.phone,
        "created_at": now(),
        "processed_at": now(),
        "updated_at": now(),
        "financial_status": "paid",
        "currency": "EUR",
        "current_total_price": "95.00",
        "customer_locale": "fr",
        "checkout_token": person.token,
        "customer": buyer(person),
        "shipping_address": address(person),
        "line_items": [line(person.order)],
    } | fields


def checkout(person: Somebody, **fields: Any) -> Payload:
    return {
        "id": person.order + 5,
        "token": person.token,
        "email": person.email,
        "phone": person.phone,
        "customer": buyer(person),
        "updated_at": now(),
        "abandoned_checkout_url": f"https://lumen-goods.example/checkouts/{person.token}/recover?email={person.email}",
    } | fields


def parcel(person: Somebody, **fields: Any) -> Payload:
    return {
        "id": person.order + 1000,
        "order_id": person.order,
        "status": "success",
        "created_at": now(),
        "updated_at": now(),
        "tracking_company": "Colissimo",
        "tracking_number": person.tracking,
        "tracking_url": f"https://carrier.example.com/{person.tracking}",
        "destination": address(person),
        "line_items": [line(person.order)],
    } | fields


def scanned(person: Somebody, **fields: Any) -> Payload:
    return {
        "id": person.order + 2000,
        "order_id": person.order,
        "fulfillment_id": person.order + 1000,
        "status": "delivered",
        "message": person.neighbour,
        "happened_at": now(),
        "address1": person.street,
        "city": "Lyon",
    } | fields


def refund(person: Somebody) -> Payload:
    paid = [{"kind": "refund", "status": "success", "amount": "20.00", "currency": "EUR"}]
    times = {"created_at": now(), "note": f"{person.first} {person.last} was unhappy"}
    return {"id": person.order + 3000, "order_id": person.order, "transactions": paid} | times


def returned(person: Somebody, status: str) -> Payload:
    gid = f"gid://shopify/Return/{person.order + 4000}"
    return {"admin_graphql_api_id": gid, "order": {"id": person.order}, "name": f"{person.number}-R1", "status": status}


def consent(person: Somebody, channel: str) -> Payload:
    told = {"state": "subscribed", "consent_updated_at": now(), "opt_in_level": "single_opt_in"}
    named = {"email_address": person.email} if channel == "email" else {"phone": person.phone}
    return {"customer_id": person.customer, f"{channel}_marketing_consent": told} | named


def life(person: Somebody) -> Iterator[News]:
    """From the first visit to the return; the bodies say when they were written."""
    if person.customer is not None:
        yield "customers/create", buyer(person) or {}
        yield "customers/update", buyer(person) or {}
        yield "customers_email_marketing_consent/update", consent(person, "email")
        yield "customers_marketing_consent/update", consent(person, "sms")
    yield "checkouts/create", checkout(person)
    yield "checkouts/update", checkout(person)
    for topic in ("create", "updated", "paid"):
        yield f"orders/{topic}", order(person)
    yield "orders/edited", {"order_edit": {"id": 1, "order_id": person.order}}
    yield "orders/link_requested", {"id": person.order}
    yield "fulfillments/create", parcel(person)
    yield "fulfillments/update", parcel(person)
    yield "fulfillment_events/create", scanned(person)
    yield "refunds/create", refund(person)
    yield "returns/request", returned(person, "REQUESTED")
    yield "returns/approve", returned(person, "OPEN")


def broken(person: Somebody) -> Iterator[News]:
    """What comes to nothing, and is kept to be looked at."""
    yield "orders/updated", json.dumps(order(person)).encode()[:-1]
    yield "orders/create", {"id": person.order, "email": person.email, "note": "has no time at all"}
    yield "customers/update", [buyer(person) or person.email]
    yield "customers/metafields", {"owner": f"gid://shopify/Order/{person.order}", "value": f"mail {person.email}!"}


def redaction(person: Somebody, shop: str, **fields: Any) -> Payload:
    customer = {"id": person.customer, "email": person.email, "phone": person.phone}
    if person.customer is None:
        customer = {"email": person.email}
    return {"shop_id": 1, "shop_domain": shop, "customer": customer, "orders_to_redact": []} | fields


def data_request(person: Somebody, shop: str) -> Payload:
    asked = {"data_request": {"id": 9999}, "orders_requested": [person.order]}
    return redaction(person, shop) | asked


def now() -> str:
    return clock.now().isoformat()
