"""From what Shopify sends to rows of the mirror. Pure: a payload in, dictionaries out.

Webhooks speak in REST-shaped JSON, the Admin API in GraphQL; `orders/graph.py` turns the second into the first, so this
is the only place that knows which field becomes which column. Keys may be missing and null: read with defaults. What
cannot be a fact at all (no id, no time) raises ValueError, KeyError or TypeError: the payload is not what it says.
"""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import phonenumbers

from shopify_app import secrets, zones
from shopify_app.addresses import email_key as email_key
from shopify_app.money import minor

Payload = dict[str, Any]
Row = dict[str, Any]

ADDRESS = (
    "first_name",
    "last_name",
    "name",
    "company",
    "address1",
    "address2",
    "city",
    "province",
    "province_code",
    "country",
    "country_code",
    "zip",
    "phone",
)
"""What is kept of an address, in Shopify's words."""


def order(shop_id: int, payload: Payload, seen_at: datetime) -> Row:
    currency = _currency(payload)
    person = _person(payload)
    country = (person["address"] or {}).get("country_code")
    number = phone_key(person["phone"], country)
    name = _text(payload.get("name")) or f"#{int(payload['id'])}"
    return {
        "shop_id": shop_id,
        "id": int(payload["id"]),
        "updated_at": _updated(payload),
        "seen_at": seen_at,
        "name": name,
        "confirmation_number": _text(payload.get("confirmation_number")),
        "created_at": moment(payload.get("created_at")) or _updated(payload),
        "placed_at": moment(payload.get("processed_at") or payload.get("created_at")) or _updated(payload),
        "cancelled_at": moment(payload.get("cancelled_at")),
        "cancel_reason": _text(payload.get("cancel_reason")),
        "financial_status": _text(payload.get("financial_status")),
        "fulfillment_status": _text(payload.get("fulfillment_status")),
        "currency": currency,
        "total": _amount(payload, ("current_total_price", "total_price"), currency),
        "subtotal": _amount(payload, ("current_subtotal_price", "subtotal_price"), currency),
        "shipping": _amount(payload, ("current_shipping_price", "total_shipping_price"), currency),
        "tax": _amount(payload, ("current_total_tax", "total_tax"), currency),
        "discounts": _amount(payload, ("current_total_discounts", "total_discounts"), currency),
        "locale": _text(payload.get("customer_locale")) or "en",
        "customer_id": _id(payload.get("customer")),
        "is_test": bool(payload.get("test")),
        "gateways": [_text(gateway) for gateway in payload.get("payment_gateway_names") or []],
        "shipping_method": _text(_first(payload.get("shipping_lines")).get("title")),
        "country": country,
        "person": person,
        "name_index": secrets.index(shop_id, "name", name_key(name)),
        "email_index": person["email"] and secrets.index(shop_id, "email", email_key(person["email"])),
        "phone_index": phone_index(shop_id, number),
        "email_lookup": person["email"] and lookup(shop_id, name, email_key(person["email"])),
        "phone_lookup": number and lookup(shop_id, name, number),
        "checkout_index": checkout_index(shop_id, _text(payload.get("checkout_token"))),
    }


def lines(shop_id: int, payload: Payload) -> list[Row]:
    currency = _currency(payload)
    return [
        {
            "shop_id": shop_id,
            "id": int(line["id"]),
            "order_id": int(payload["id"]),
            "position": position,
            "product_id": line.get("product_id"),
            "variant_id": line.get("variant_id"),
            "title": _text(line.get("title") or line.get("name")) or "",
            "variant_title": _text(line.get("variant_title")) or None,
            "sku": _text(line.get("sku")) or None,
            "quantity": int(line.get("quantity") or 0),
            "current_quantity": int(_default(line.get("current_quantity"), line.get("quantity") or 0)),
            "price": _amount(line, ("price",), currency),
            "paid": _paid(line, currency),
            "requires_shipping": bool(_default(line.get("requires_shipping"), True)),
        }
        for position, line in enumerate(payload.get("line_items") or [])
    ]


def shipment(shop_id: int, payload: Payload, seen_at: datetime) -> Row:
    return {
        "shop_id": shop_id,
        "id": int(payload["id"]),
        "order_id": int(payload["order_id"]),
        "updated_at": _updated(payload),
        "seen_at": seen_at,
        "name": _text(payload.get("name")),
        "status": (_text(payload.get("status")) or "success").lower(),
        "shipment_status": (_text(payload.get("shipment_status")) or "").lower() or None,
        "created_at": moment(payload.get("created_at")) or _updated(payload),
        "estimated_delivery_at": moment(payload.get("estimated_delivery_at")),
        "carrier": _text(payload.get("tracking_company")) or None,
        "tracking": _tracking(payload),
        "lines": [
            {"id": int(line["id"]), "quantity": int(line.get("quantity") or 0)}
            for line in payload.get("line_items") or []
        ],
        "is_partial": bool(payload.get("is_partial")),
    }


def parcel_event(shop_id: int, payload: Payload) -> Row:
    place = {name: _text(payload.get(name)) for name in ("message", "address1", "city", "province", "country", "zip")}
    return {
        "shop_id": shop_id,
        "id": int(payload["id"]),
        "order_id": int(payload["order_id"]),
        "shipment_id": int(payload["fulfillment_id"]),
        "status": (_text(payload.get("status")) or "unknown").lower(),
        "happened_at": _required(payload.get("happened_at") or payload.get("created_at")),
        "estimated_delivery_at": moment(payload.get("estimated_delivery_at")),
        "place": place | {name: payload.get(name) for name in ("latitude", "longitude")},
    }


def refund(shop_id: int, payload: Payload) -> Row:
    """Only successful refund transactions are money that went back; a refund may also move none."""
    paid = [
        one
        for one in payload.get("transactions") or []
        if one.get("kind") == "refund" and one.get("status") == "success"
    ]
    currency = _currency(paid[0]) if paid else "USD"
    # Only some payloads tell it; the others must not take it away again.
    cause = {"return_id": _id(payload["return"])} if "return" in payload else {}
    return cause | {
        "shop_id": shop_id,
        "id": int(payload["id"]),
        "order_id": int(payload["order_id"]),
        "created_at": _required(payload.get("created_at") or payload.get("processed_at")),
        "currency": currency,
        "amount": sum(minor(one.get("amount"), currency) for one in paid),
        "lines": [
            {"id": int(line["line_item_id"]), "quantity": int(line.get("quantity") or 0)}
            for line in payload.get("refund_line_items") or []
        ],
    }


def customer(shop_id: int, payload: Payload, seen_at: datetime) -> Row:
    person = {name: _text(payload.get(name)) or None for name in ("email", "phone", "first_name", "last_name")}
    return {
        "shop_id": shop_id,
        "id": int(payload["id"]),
        "updated_at": _updated(payload),
        "seen_at": seen_at,
        "person": person,
        "email_index": person["email"] and secrets.index(shop_id, "email", email_key(person["email"])),
        "phone_index": phone_index(shop_id, phone_key(person["phone"], None)),
    }


def consent(shop_id: int, customer_id: int, channel: str, payload: Payload, seen_at: datetime) -> Row:
    return {
        "shop_id": shop_id,
        "customer_id": customer_id,
        "channel": channel,
        "state": (_text(payload.get("state")) or "not_subscribed").lower(),
        "opt_in_level": _text(payload.get("opt_in_level")),
        "updated_at": moment(payload.get("consent_updated_at")) or datetime(2000, 1, 1, tzinfo=UTC),
        "seen_at": seen_at,
    }


def product(shop_id: int, payload: Payload, seen_at: datetime) -> Row:
    images: list[Payload] = payload.get("images") or []
    fields = {"fields": payload["fields"], "fields_at": seen_at} if "fields" in payload else {}
    return fields | {
        "shop_id": shop_id,
        "id": int(payload["id"]),
        "updated_at": _updated(payload),
        "seen_at": seen_at,
        "title": _text(payload.get("title")) or "",
        "handle": _text(payload.get("handle")),
        "image_url": _text((payload.get("image") or _first(images)).get("src")),
        "variant_images": {
            str(variant): _text(image["src"])
            for image in images
            for variant in image.get("variant_ids") or []
            if image.get("src")
        },
    }


def lookup(shop_id: int, name: str, contact: str) -> bytes:
    """The keyed hash by which an order is found: number and e-mail (or phone) in one, so neither can be tried alone."""
    return secrets.index(shop_id, "lookup", name_key(name), contact)


def name_key(name: str) -> str:
    """What a buyer may type for the same order: with or without #, in any case, with spaces around."""
    return unicodedata.normalize("NFKC", name).strip().lstrip("#").strip().casefold()


def phone_key(phone: str | None, region: str | None) -> str | None:
    """The last eight digits: the same however a number is written, at home or from abroad (06 12 34 56 78 and
    +33 6 12 34 56 78). `region` (two letters) tells how long a number without a + may be. None for what is no number.
    """
    try:
        number = phonenumbers.parse(phone or "", region)
    except phonenumbers.NumberParseException:
        number = None
    if number is not None and phonenumbers.is_possible_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[-8:]
    digits = "".join(sign for sign in phone or "" if sign.isascii() and sign.isdigit())
    return digits[-8:] if 8 <= len(digits) <= 15 else None


def phone_index(shop_id: int, key: str | None) -> bytes | None:
    """Keyed hash of a phone_key."""
    return secrets.index(shop_id, "phone", key) if key else None


def checkout_index(shop_id: int, token: str | None) -> bytes | None:
    """Keyed hash of the secret that the buyer's browser shares with the checkout."""
    return secrets.index(shop_id, "checkout", token) if token else None


def moment(text: Any) -> datetime | None:
    """An ISO 8601 time with its offset, in UTC; None for nothing. Raises ValueError on other text."""
    if not text:
        return None
    value = datetime.fromisoformat(str(text))
    value = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if not 1900 < value.year < 3000:
        raise ValueError("a time at the edge of the calendar: it has no hour in every zone")
    return value


def _required(text: Any) -> datetime:
    value = moment(text)
    if value is None:
        raise ValueError("no time")
    return value


def _updated(payload: Payload) -> datetime:
    return _required(payload.get("updated_at") or payload.get("created_at"))


def _person(payload: Payload) -> dict[str, Any]:
    """Who ordered, as far as we may know: without level 2 approval Shopify leaves all of it out."""
    buyer: Payload = payload.get("customer") or {}
    address: Payload | None = payload.get("shipping_address") or None
    named = address or payload.get("billing_address") or {}
    return {
        "email": _text(payload.get("email") or payload.get("contact_email") or buyer.get("email")) or None,
        "phone": _text(payload.get("phone") or buyer.get("phone") or named.get("phone")) or None,
        "first_name": _text(buyer.get("first_name") or named.get("first_name")),
        "last_name": _text(buyer.get("last_name") or named.get("last_name")),
        "address": address and {name: _text(address.get(name)) for name in ADDRESS},
        "zone": zones.name({**named, "country": named.get("country_code")}, _updated(payload)),
        "status_url": _text(payload.get("order_status_url")),
    }


def _amount(payload: Payload, names: Sequence[str], currency: str) -> int:
    """Minor units in `currency` of the first field that is there; the buyer's money before the shop's."""
    for name in names:
        pair: Payload = payload.get(f"{name}_set") or {}
        for money in (pair.get("presentment_money"), pair.get("shop_money")):
            if money and money.get("currency_code", currency) == currency:
                return minor(money.get("amount"), currency)
        if payload.get(name) is not None:
            return minor(payload[name], currency)
    return 0


def _paid(line: Payload, currency: str) -> int:
    """Minor units for one piece after all discounts: the Admin API tells it, a webhook each discount's share."""
    if line.get("paid_price_set"):
        return _amount(line, ("paid_price",), currency)
    price, pieces = _amount(line, ("price",), currency), int(line.get("quantity") or 0)
    shares = sum(_amount(share, ("amount",), currency) for share in line.get("discount_allocations") or [])
    return round(price - Decimal(shares) / pieces) if pieces else price


def _tracking(payload: Payload) -> list[dict[str, Any]]:
    numbers: list[Any] = payload.get("tracking_numbers") or [payload.get("tracking_number")]
    urls: list[Any] = payload.get("tracking_urls") or [payload.get("tracking_url")]
    width = max(len(numbers), len(urls))
    numbers, urls = numbers + [None] * (width - len(numbers)), urls + [None] * (width - len(urls))
    pairs = zip(numbers, urls, strict=True)
    return [{"number": _text(number), "url": _text(url)} for number, url in pairs if number or url]


def _currency(payload: Payload) -> str:
    """What the buyer paid in; three letters."""
    return _text(payload.get("presentment_currency") or payload.get("currency")) or "USD"


def _text(value: Any) -> str | None:
    """A text, also one that came as a number. Raises TypeError and ValueError for what no page could show and not
    every database could hold."""
    if value is None or (isinstance(value, str) and "\0" not in value):
        return value
    if isinstance(value, str):
        raise ValueError("a text with a zero in it")
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise TypeError("not a text")
    return str(value)


def _id(thing: Payload | None) -> int | None:
    return int(thing["id"]) if thing and thing.get("id") else None


def _first(things: Sequence[Payload] | None) -> Payload:
    return things[0] if things else {}


def _default(value: Any, otherwise: Any) -> Any:
    return otherwise if value is None else value
