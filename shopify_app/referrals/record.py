"""Notice the orders that were placed with a code for friends."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from shopify_app import secrets
from shopify_app.codes import friends, making
from shopify_app.codes.models import FRIEND, Code
from shopify_app.db import upsert
from shopify_app.orders import read
from shopify_app.orders.models import Order
from shopify_app.referrals.models import Referral
from shopify_app.shopify.models import Shop

SHORT: Mapping[str, str] = {"strasse": "str", "street": "st", "road": "rd", "avenue": "ave"}
"""What people type in full as often as not. Inside other words it does no harm: all are shortened alike."""


def order_news(shop: Shop, order_id: int, texts: Sequence[str]) -> None:
    """Called in the transaction of the news. texts: the codes that the buyer used, as Shopify tells them."""
    terms, code = friends.of(shop), _friends(shop, texts)
    order = read.get(shop, order_id) if code else None
    if code is None or order is None or terms.since is None or order.placed_at < terms.since:
        return
    row = {
        "shop_id": shop.id,
        "order_id": order.id,
        "code_index": code.code_index,
        "customer_id": order.customer_id,
        "email_index": order.email_index,
        "phone_index": order.phone_index,
        "place_index": place(shop, order),
        "placed_at": order.placed_at,
        "due_at": order.placed_at + timedelta(days=terms.wait),
        "tries": 0,
    }
    upsert(Referral, [row], ("shop_id", "order_id"), keep=True)


def _friends(shop: Shop, texts: Sequence[str]) -> Code | None:
    found = (making.known(shop, text) for text in texts)
    return next((code for code in found if code and code.kind == FRIEND), None)


def place(shop: Shop, order: Order) -> bytes | None:
    """Where it goes to, in whatever case, with whatever spaces and however short it was typed, whatever stands on the
    second line; None: nobody has said.
    """
    address = order.person["address"] or {}
    parts = [str(address.get(name) or "") for name in ("country_code", "zip", "address1")]
    if not parts[2]:
        return None
    plain = "/".join("".join(sign for sign in part.casefold() if sign.isalnum()) for part in parts)
    for long, short in SHORT.items():
        plain = plain.replace(long, short)
    return secrets.index(shop.id, "place", plain)
