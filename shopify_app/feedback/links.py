"""Signed links by which a buyer answers: each names a shop, an order and the answer that was tapped, nothing personal.

Opening one changes nothing, however often: scanners of mail open every link first.
"""

from typing import NamedTuple

from itsdangerous import BadSignature, SignatureExpired

from shopify_app.feedback.models import VERDICTS
from shopify_app.secrets import dated
from shopify_app.shopify.models import Shop

DAYS = 180
"""How long a link lives: so long may a review be changed or taken back."""


class Expired(Exception):
    """The link was ours, and is too old."""


class Opened(NamedTuple):
    order_id: int
    tapped: str
    """good, wrong, or "" where nothing was said yet."""


def token(shop: Shop, order_id: int, tapped: str = "") -> str:
    return str(dated("feedback").dumps([shop.id, order_id, tapped]))


def url(shop: Shop, order_id: int, tapped: str = "", page: str = "") -> str:
    """On the shop's own storefront."""
    below = f"/{page}" if page else ""
    return f"{shop.storefront}{shop.proxy_path}/feedback/{token(shop, order_id, tapped)}{below}"


def opened(shop: Shop, given: str) -> Opened | None:
    """None for a link that is not ours, or another shop's. Raises Expired."""
    try:
        shop_id, order_id, tapped = dated("feedback").loads(given, max_age=DAYS * 86_400)
    except SignatureExpired as error:
        raise Expired from error
    except (BadSignature, ValueError):
        return None
    return Opened(int(order_id), tapped) if shop_id == shop.id and tapped in ("", *VERDICTS) else None
