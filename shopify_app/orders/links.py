"""Signed links to one order: the buyer's key to its page.

A link names a shop, an order and when it was made, nothing personal. It may be opened as often as one likes while it
lives (mail scanners open every link first), and opens nothing but this one page.
"""

from flask import current_app
from itsdangerous import BadSignature, SignatureExpired

from shopify_app.config import Config
from shopify_app.secrets import dated
from shopify_app.shopify.models import Shop

FRESH = 14 * 86_400
"""Seconds; so long Shopify too opens its own page of an order to whoever comes by a mailed link."""


class Expired(Exception):
    """The link was ours, and is too old; `order_id` says for which order a new one may be mailed."""

    def __init__(self, order_id: int) -> None:
        super().__init__("expired")
        self.order_id = order_id


def token(shop: Shop, order_id: int) -> str:
    return str(dated("links").dumps([shop.id, order_id]))


def path(shop: Shop, order_id: int) -> str:
    """The order's page, on whichever of the shop's domains the buyer is."""
    return f"{shop.proxy_path}/orders/{token(shop, order_id)}"


def url(shop: Shop, order_id: int) -> str:
    """The order's page on the shop's own storefront."""
    return shop.storefront + path(shop, order_id)


def order_id(shop: Shop, given: str) -> int | None:
    """The order a link opens in this shop; None for one that is not ours. Raises Expired."""
    try:
        shop_id, order = dated("links").loads(given, max_age=days() * 86_400)
    except SignatureExpired as error:
        shop_id, order = dated("links").loads(given)
        if shop_id == shop.id:
            raise Expired(order) from error
        return None
    except BadSignature:
        return None
    return int(order) if shop_id == shop.id else None


def is_fresh(given: str) -> bool:
    """Whether a link of ours was made in the last two weeks: an older one has had time to be passed on."""
    try:
        dated("links").loads(given, max_age=FRESH)
    except BadSignature:
        return False
    return True


def days() -> int:
    """How long a link lives."""
    config: Config = current_app.extensions["config"]
    return config.link_days
