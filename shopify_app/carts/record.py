"""Keep the checkouts as Shopify tells them. Older news changes nothing."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, or_, update

from shopify_app import clock, secrets
from shopify_app.carts.models import Cart
from shopify_app.db import db, transaction, upsert
from shopify_app.orders.facts import email_key, moment, phone_index, phone_key
from shopify_app.shopify.models import Shop

KEPT = timedelta(days=90)
"""After so long nobody comes back to a checkout."""

_DONE = (
    update(Cart)
    .where(Cart.shop_id == bindparam("shop"), Cart.token == bindparam("checkout"), Cart.completed_at.is_(None))
    .values(completed_at=bindparam("now"))
)


def record(shop: Shop, payload: dict[str, Any], seen_at: datetime) -> None:
    email = payload.get("email") or (payload.get("customer") or {}).get("email") or None
    row = {
        "shop_id": shop.id,
        "token": str(payload["token"]),
        "checkout_id": payload.get("id"),
        "cart_token": payload.get("cart_token"),
        "customer_id": (payload.get("customer") or {}).get("id"),
        "email_index": email and secrets.index(shop.id, "email", email_key(email)),
        "phone_index": phone_index(shop.id, phone_key(payload.get("phone"), shop.country)),
        "person": {
            "email": email,
            "phone": payload.get("phone"),
            "locale": payload.get("customer_locale"),
            "url": payload.get("abandoned_checkout_url"),
        },
        "updated_at": moment(payload.get("updated_at")) or seen_at,
        "seen_at": seen_at,
        "completed_at": moment(payload.get("completed_at")),
    }
    upsert(Cart, [row], ("shop_id", "token"), newer=("updated_at", "seen_at"))


def forget(shop: Shop, payload: dict[str, Any]) -> None:
    """A checkout deleted at Shopify; its topic names it by whatever it has."""
    names = {Cart.token: "token", Cart.checkout_id: "id", Cart.cart_token: "cart_token"}
    known = [column == payload[name] for column, name in names.items() if payload.get(name)]
    if known:
        db.session.execute(delete(Cart).where(Cart.shop_id == shop.id, or_(*known)))


def order_created(shop: Shop, checkout_token: str) -> None:
    """Its checkout is no longer abandoned."""
    db.session.connection().execute(_DONE, {"shop": shop.id, "checkout": checkout_token, "now": clock.now()})


def purge() -> int:
    """Forget the checkouts that had no news for so long; returns how many."""
    with transaction():
        old = delete(Cart).where(Cart.seen_at < clock.now() - KEPT)
        return int(db.session.execute(old).rowcount)  # type: ignore[attr-defined]
