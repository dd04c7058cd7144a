"""What a shop tells in a busy hour: orders of believable size, each in several states, as Shopify's webhooks."""

import json
import random
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

SHOP = "lumen-goods.myshopify.com"
PRODUCTS = {
    8101: ("Desk lamp", 8990),
    8102: ("Reading light", 4550),
    8103: ("Paper lantern", 1990),
    8104: ("Bulb", 790),
}
"""Shopify's number → title and price in cents."""
FIRST = ["Mira", "Jonas", "Camille", "Lucía", "Oskar", "Inés", "Théo", "Greta"]
LAST = ["Sommer", "Brandt", "Moreau", "Vega", "Lindholm", "Prieto", "Lefèvre", "Adler"]
LOCALES = ["en", "fr-FR", "de-DE", "es-ES"]

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """One webhook: what is sent, however often."""

    webhook_id: str
    topic: str
    order_id: int
    updated_at: datetime
    triggered_at: datetime
    body: bytes
    truth: tuple[Any, ...]
    """What the mirror shows when this is the newest state: see `Story`."""


@dataclass(frozen=True, slots=True)
class Story:
    """All that happened, and what the mirror must show in the end."""

    news: list[News]
    orders: dict[int, tuple[Any, ...]]
    """Order id → (updated_at, financial, fulfillment, total in cents, is cancelled, pieces, parcels), of its newest
    state."""


def tell(count: int, seed: int) -> Story:
    """`count` webhooks about orders of one to four states each."""
    rng = random.Random(seed)
    news: list[News] = []
    order_id = 5_600_000_000_000 + seed
    while len(news) < count:
        order_id += 7
        news += _order_news(rng, order_id, len(news))
    news = news[:count]
    newest: dict[int, News] = {}
    for one in sorted(news, key=lambda one: (one.updated_at, one.triggered_at)):
        newest[one.order_id] = one
    return Story(news, {order_id: one.truth for order_id, one in newest.items()})


def _order_news(rng: random.Random, order_id: int, number: int) -> list[News]:
    """The life of one order: states follow each other by seconds, some within the same second."""
    order = _order(rng, order_id, 1001 + number)
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=rng.randint(20, 90))
    order["created_at"] = order["processed_at"] = at.isoformat()
    told = []
    for step in ["orders/create", *rng.choice(LIVES)]:
        sent = at + timedelta(milliseconds=rng.randint(100, 400))
        STEPS[step](rng, order, at)
        order["updated_at"] = at.isoformat()
        told.append(_news(step.partition("!")[0], order, at, sent))
        if rng.random() < 0.3:  # the next one within the same second: only the time of sending tells them apart
            STEPS["orders/updated"](rng, order, at)
            told.append(_news("orders/updated", order, at, sent + timedelta(milliseconds=rng.randint(1, 500))))
        at += timedelta(seconds=rng.randint(1, 300))
    return told


LIVES = [
    [],
    ["orders/paid"],
    ["orders/paid", "orders/fulfilled"],
    ["orders/updated", "orders/cancelled"],
    ["orders/paid", "orders/partially_fulfilled", "orders/fulfilled"],
]


def _news(topic: str, order: Payload, updated_at: datetime, sent: datetime) -> News:
    webhook_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{topic}/{order['id']}/{sent.isoformat()}"))
    return News(webhook_id, topic, order["id"], updated_at, sent, json.dumps(order).encode(), _truth(order, updated_at))


def _truth(order: Payload, updated_at: datetime) -> tuple[Any, ...]:
    return (
        updated_at,
        order["financial_status"],
        order["fulfillment_status"],
        round(float(order["current_total_price"]) * 100),
        order["cancelled_at"] is not None,
        sum(line["current_quantity"] for line in order["line_items"]),
        len(order["fulfillments"]),
    )


def _touch(rng: random.Random, order: Payload, _at: datetime) -> None:
    """The merchant edits a piece away, as long as one stays."""
    line = rng.choice(order["line_items"])
    if line["current_quantity"] > 1 and order["cancelled_at"] is None:
        line["current_quantity"] -= 1
    order["tags"] = f"edited-{rng.randint(1, 9999)}"
    _add_up(order)


def _pay(_rng: random.Random, order: Payload, _at: datetime) -> None:
    order["financial_status"], order["total_outstanding"] = "paid", "0.00"


def _ship(rng: random.Random, order: Payload, at: datetime) -> None:
    order["fulfillments"] = [*order["fulfillments"], _parcel(rng, order, at)]
    order["fulfillment_status"] = "fulfilled"


def _ship_part(rng: random.Random, order: Payload, at: datetime) -> None:
    _ship(rng, order, at)
    order["fulfillment_status"] = "partial"


def _cancel(_rng: random.Random, order: Payload, at: datetime) -> None:
    order["cancelled_at"], order["cancel_reason"] = at.isoformat(), "customer"
    order["financial_status"] = "voided"


STEPS = {
    "orders/create": lambda _rng, order, _at: _add_up(order),
    "orders/updated": _touch,
    "orders/paid": _pay,
    "orders/partially_fulfilled": _ship_part,
    "orders/fulfilled": _ship,
    "orders/cancelled": _cancel,
}


def _order(rng: random.Random, order_id: int, number: int) -> Payload:
    person, street = _person(rng), _address(rng)
    email = f"buyer-{order_id}@example.com"
    lines = [_line(rng, order_id * 10 + at) for at in range(rng.randint(2, 3))]
    return {
        "id": order_id,
        "admin_graphql_api_id": f"gid://shopify/Order/{order_id}",
        "browser_ip": "192.0.2.17",
        "buyer_accepts_marketing": rng.random() < 0.4,
        "cancel_reason": None,
        "cancelled_at": None,
        "cart_token": uuid.UUID(int=rng.getrandbits(128)).hex,
        "checkout_id": order_id + 1,
        "checkout_token": uuid.UUID(int=rng.getrandbits(128)).hex,
        "client_details": {"accept_language": "de-DE", "browser_ip": "192.0.2.17", "user_agent": "Mozilla/5.0 (X11)"},
        "confirmation_number": f"L{rng.randint(10**8, 10**9)}",
        "confirmed": True,
        "contact_email": email,
        "currency": "EUR",
        "customer_locale": rng.choice(LOCALES),
        "discount_codes": [{"code": "WELCOME", "amount": "0.00", "type": "fixed_amount"}],
        "email": email,
        "financial_status": "pending",
        "fulfillment_status": None,
        "name": f"#{number}",
        "number": number - 1000,
        "order_number": number,
        "order_status_url": f"https://lumen-goods.example/7001/orders/{order_id:x}/authenticate?key=0",
        "payment_gateway_names": ["shopify_payments"],
        "phone": None,
        "presentment_currency": "EUR",
        "source_name": "web",
        "tags": "",
        "tax_lines": [{"price": "0.00", "rate": 0.19, "title": "VAT", "price_set": _money(0), "channel_liable": False}],
        "taxes_included": True,
        "test": False,
        "token": uuid.UUID(int=rng.getrandbits(128)).hex,
        "total_outstanding": "0.00",
        "total_weight": 900,
        "billing_address": person | street,
        "customer": _customer(order_id, email, person, street),
        "discount_applications": [],
        "fulfillments": [],
        "line_items": lines,
        "payment_terms": None,
        "refunds": [],
        "shipping_address": person | street,
        "shipping_lines": [_shipping(order_id)],
    }


def _customer(order_id: int, email: str, person: Payload, street: Payload) -> Payload:
    consent = {"state": "not_subscribed", "opt_in_level": "single_opt_in", "consent_updated_at": None}
    return {
        "id": order_id + 3,
        "email": email,
        "created_at": "2026-01-11T09:00:00+01:00",
        "updated_at": "2026-01-11T09:00:00+01:00",
        **person,
        "state": "disabled",
        "verified_email": True,
        "email_marketing_consent": consent,
        "sms_marketing_consent": consent | {"consent_collected_from": "SHOPIFY"},
        "tags": "",
        "currency": "EUR",
        "admin_graphql_api_id": f"gid://shopify/Customer/{order_id + 3}",
        "default_address": person | street | {"id": order_id + 4, "default": True},
    }


def _line(rng: random.Random, line_id: int) -> Payload:
    product_id, (title, cents) = rng.choice(list(PRODUCTS.items()))
    quantity = rng.randint(1, 4)
    return {
        "id": line_id,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{line_id}",
        "attributed_staffs": [],
        "current_quantity": quantity,
        "fulfillable_quantity": quantity,
        "fulfillment_service": "manual",
        "fulfillment_status": None,
        "gift_card": False,
        "grams": 450,
        "name": f"{title} - Brass",
        "price": _text(cents),
        "price_set": _money(cents),
        "product_exists": True,
        "product_id": product_id,
        "properties": [{"name": "Gift note", "value": "A warm light for long evenings"}],
        "quantity": quantity,
        "requires_shipping": True,
        "sku": f"LG-{product_id}",
        "taxable": True,
        "title": title,
        "total_discount": "0.00",
        "total_discount_set": _money(0),
        "variant_id": product_id * 10 + 1,
        "variant_inventory_management": "shopify",
        "variant_title": "Brass",
        "vendor": "Lumen Goods",
        "tax_lines": [{"price": "0.00", "rate": 0.19, "title": "VAT", "price_set": _money(0), "channel_liable": False}],
        "duties": [],
        "discount_allocations": [],
    }


def _parcel(rng: random.Random, order: Payload, at: datetime) -> Payload:
    number = f"LG{rng.randint(10**9, 10**10)}DE"
    return {
        "id": order["id"] * 10 + 5 + len(order["fulfillments"]),
        "created_at": at.isoformat(),
        "updated_at": at.isoformat(),
        "location_id": 6500,
        "name": f"{order['name']}.{len(order['fulfillments']) + 1}",
        "order_id": order["id"],
        "service": "manual",
        "shipment_status": None,
        "status": "success",
        "tracking_company": "DHL",
        "tracking_number": number,
        "tracking_numbers": [number],
        "tracking_url": f"https://tracking.example/{number}",
        "tracking_urls": [f"https://tracking.example/{number}"],
        "line_items": order["line_items"],
    }


def _shipping(order_id: int) -> Payload:
    price = {"price": "4.90", "price_set": _money(490), "discounted_price": "4.90", "discounted_price_set": _money(490)}
    return {"id": order_id + 5, "code": "Standard", "title": "Standard", "source": "shopify", "tax_lines": [], **price}


def _person(rng: random.Random) -> Payload:
    first, last = rng.choice(FIRST), rng.choice(LAST)
    return {"first_name": first, "last_name": last, "phone": f"+4915{rng.randint(10**8, 10**9)}"}


def _address(rng: random.Random) -> Payload:
    return {
        "address1": f"Lindenweg {rng.randint(1, 90)}",
        "address2": "",
        "city": "Leipzig",
        "company": None,
        "country": "Germany",
        "country_code": "DE",
        "latitude": 51.33,
        "longitude": 12.37,
        "province": None,
        "province_code": None,
        "zip": "04109",
    }


def _add_up(order: Payload) -> None:
    """Totals as Shopify gives them: as ordered, and as they stand now."""
    ordered = sum(round(float(line["price"]) * 100) * line["quantity"] for line in order["line_items"])
    now = sum(round(float(line["price"]) * 100) * line["current_quantity"] for line in order["line_items"])
    amounts = {"subtotal_price": ordered, "total_line_items_price": ordered, "total_price": ordered + 490}
    amounts |= {"current_subtotal_price": now, "current_total_price": now + 490, "total_shipping_price": 490}
    amounts |= {"total_tax": 0, "current_total_tax": 0, "total_discounts": 0, "current_total_discounts": 0}
    for name, cents in amounts.items():
        order[name], order[f"{name}_set"] = _text(cents), _money(cents)


def _money(cents: int) -> Payload:
    amount = {"amount": _text(cents), "currency_code": "EUR"}
    return {"shop_money": amount, "presentment_money": amount}


def _text(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
