"""How much do we know of who looks at an order? Shopify's own three levels, for our pages.

A link to the page of an order proves little: links are passed on. Proven is who is logged in with Shopify as the
order's customer, and who typed the code that was mailed to the order's address. The second is carried from page to page
in a short-lived word of ours: the storefront's proxy knows no cookies.
"""

from typing import Literal

from itsdangerous import BadSignature

from shopify_app import clock
from shopify_app.orders import links
from shopify_app.orders.models import Order
from shopify_app.secrets import dated
from shopify_app.shopify.models import Shop

Level = Literal["unverified", "pre-verified", "verified"]
"""An old link; a fresh one, from a mail of ours or from the look-up; the buyer."""

SECONDS = 30 * 60
"""How long a typed code counts; each page that its buyer opens meanwhile begins that anew."""
LONGEST = 12 * 60 * 60
"""Seconds after which a code has to be typed again in any case."""


def level(shop: Shop, order: Order, token: str, customer: int | None, given: str) -> Level:
    """`token`: of the link; the others as in `holds`."""
    if holds(shop, order, customer, given):
        return "verified"
    return "pre-verified" if links.is_fresh(token) else "unverified"


def word(shop: Shop, order_id: int) -> str:
    """Says that whoever holds it has proven to be this order's buyer."""
    return _written(shop, order_id, int(clock.now().timestamp()))


def renewed(shop: Shop, order_id: int, given: str) -> str:
    """The same for another while, as long as it counts; else what was given."""
    said = _said(shop, order_id, given)
    return _written(shop, order_id, said[2]) if said else given


def _written(shop: Shop, order_id: int, began: int) -> str:
    return str(dated("proof").dumps([shop.id, order_id, began]))


def holds(shop: Shop, order: Order, customer: int | None, given: str) -> bool:
    """`customer`: who is logged in with Shopify, None for nobody. `given`: what came in place of a word, or ""."""
    if customer is not None and customer == order.customer_id:
        return True
    return _said(shop, order.id, given) is not None


def _said(shop: Shop, order_id: int, given: str) -> list[int] | None:
    """None for what does not count (any more)."""
    try:
        said: list[int] = dated("proof").loads(given, max_age=SECONDS)
    except BadSignature:
        return None
    is_young = len(said) == 3 and clock.now().timestamp() - said[2] <= LONGEST
    return said if is_young and said[:2] == [shop.id, order_id] else None
