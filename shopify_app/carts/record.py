"""Keep the checkouts as Shopify tells them. Older news changes nothing."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update

from shopify_app import clock, periods, secrets, zones
from shopify_app.carts import timer
from shopify_app.carts.models import Cart, Reminder
from shopify_app.db import db, transaction, upsert
from shopify_app.money import minor
from shopify_app.orders.facts import email_key, moment, phone_index, phone_key
from shopify_app.shopify.models import Shop

Payload = dict[str, Any]

_DONE = (
    update(Cart)
    .where(Cart.shop_id == bindparam("shop"), Cart.token == bindparam("checkout"), Cart.completed_at.is_(None))
    .values(completed_at=bindparam("now"))
)


def record(shop: Shop, payload: Payload, seen_at: datetime) -> None:
    """And move its timer, where the merchant has switched reminders on."""
    row = _row(shop, payload, seen_at)
    if upsert(Cart, [row], ("shop_id", "token"), newer=("updated_at", "seen_at")):
        timer.moved(shop, row)


def _row(shop: Shop, payload: Payload, seen_at: datetime) -> dict[str, Any]:
    buyer: Payload = payload.get("customer") or {}
    address: Payload = payload.get("shipping_address") or payload.get("billing_address") or {}
    email = payload.get("email") or buyer.get("email") or None
    phone = payload.get("phone") or buyer.get("phone") or address.get("phone")
    key = phone_key(phone, address.get("country_code") or shop.country)
    return _goods(payload) | {
        "shop_id": shop.id,
        "token": str(payload["token"]),
        "checkout_id": payload.get("id"),
        "cart_token": payload.get("cart_token"),
        "customer_id": buyer.get("id"),
        "email_index": email and secrets.index(shop.id, "email", email_key(email)),
        "phone_index": phone_index(shop.id, key),
        "person": {
            "email": email,
            "phone": phone,
            "first_name": buyer.get("first_name") or address.get("first_name"),
            "locale": payload.get("customer_locale"),
            "url": payload.get("abandoned_checkout_url"),
        },
        "began_at": moment(payload.get("created_at")),
        "updated_at": moment(payload.get("updated_at")) or seen_at,
        "seen_at": seen_at,
        "completed_at": moment(payload.get("completed_at")),
        "source": payload.get("source_name"),
        "country": address.get("country_code"),
        "zone": zones.name({**address, "country": address.get("country_code")}, seen_at),
        "accepts_marketing": bool(payload.get("buyer_accepts_marketing")),
    }


def _goods(payload: Payload) -> dict[str, Any]:
    """What is in it, and what it costs in the buyer's own money."""
    currency = str(payload.get("presentment_currency") or payload.get("currency") or "USD")
    items = [
        {
            "title": str(line.get("presentment_title") or line.get("title") or ""),
            "variant_title": line.get("presentment_variant_title") or line.get("variant_title") or None,
            "quantity": int(line.get("quantity") or 0),
            "price": minor(line.get("price"), currency),
            "product_id": line.get("product_id"),
            "variant_id": line.get("variant_id"),
        }
        for line in payload.get("line_items") or []
    ]
    total = minor(payload.get("total_price"), currency)
    return {"currency": currency, "total": total, "items": items, "obstacle": _obstacle(payload)}


def _obstacle(payload: Payload) -> str | None:
    """A gateway is named once a payment was tried, and a way of delivery is chosen by itself where there is one."""
    if payload.get("gateway"):
        return "payment"
    must_be_sent = any(line.get("requires_shipping") for line in payload.get("line_items") or [])
    address: Payload = payload.get("shipping_address") or {}
    has_rate = bool(payload.get("shipping_lines"))
    return "no_rate" if must_be_sent and address.get("country_code") and not has_rate else None


def forget(shop: Shop, payload: Payload) -> None:
    """A checkout deleted at Shopify; its topic names it by whatever it has."""
    names = {Cart.token: "token", Cart.checkout_id: "id", Cart.cart_token: "cart_token"}
    known = [column == payload[name] for column, name in names.items() if payload.get(name)]
    if known:
        db.session.execute(delete(Cart).where(Cart.shop_id == shop.id, or_(*known)))


def order_created(shop: Shop, order_id: int, checkout_token: str | None) -> None:
    """Its checkout is no longer abandoned, and what its buyer left elsewhere is bought, or was won back."""
    if checkout_token:
        bound = {"shop": shop.id, "checkout": checkout_token, "now": clock.now()}
        db.session.connection().execute(_DONE, bound)
    timer.bought(shop, order_id, checkout_token)


def purge() -> int:
    """Forget the checkouts that had no news for so long, and twice as old reminders; returns how many rows."""
    return sum(_purge(shop) for shop in db.session.scalars(select(Shop)).all())


def _purge(shop: Shop) -> int:
    now, kept = clock.now(), periods.of(shop.settings, periods.CARTS)
    old = (
        delete(Cart).where(Cart.shop_id == shop.id, Cart.seen_at < now - kept),
        delete(Reminder).where(Reminder.shop_id == shop.id, Reminder.active_at < now - 2 * kept),
    )
    with transaction():
        gone: list[Any] = [db.session.execute(statement) for statement in old]
        return sum(result.rowcount for result in gone)
