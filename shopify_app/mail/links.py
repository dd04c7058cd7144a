"""The way out of marketing: a link for each person and shop. It holds a keyed hash and our signature, tells nothing and
never runs out, for a message may be read years later.
"""

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from flask import current_app

from shopify_app.config import Config
from shopify_app.mail import refusals
from shopify_app.secrets import box
from shopify_app.shopify.models import Shop

PATH = "/unsubscribe"
FORM = ">Q16s"
"""The shop's number and a mark of refusals.py."""
SIGNED = struct.calcsize(FORM)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever has the link."""

    shop_id: int
    mark: bytes


def page(shop: Shop, email: str) -> str:
    """For people: a page in the shop's own theme."""
    return f"{shop.storefront}{shop.proxy_path}{PATH}/{token(shop, email)}"


def one_click(shop: Shop, email: str) -> str:
    """For mail programs (RFC 8058): at our own address, which answers whatever happens to the storefront."""
    config: Config = current_app.extensions["config"]
    return f"{config.app_url}{PATH}/{token(shop, email)}"


def holder(token: str) -> Holder | None:
    """None for what we have not signed."""
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        shop_id, mark = struct.unpack(FORM, raw[:SIGNED])
    except (ValueError, struct.error):
        return None
    return Holder(shop_id, mark) if hmac.compare_digest(raw[SIGNED:], _signature(raw[:SIGNED])) else None


def token(shop: Shop, email: str) -> str:
    """Names a reader of a shop to us alone."""
    plain = struct.pack(FORM, shop.id, refusals.mark(shop, email))
    return urlsafe_b64encode(plain + _signature(plain)).decode().rstrip("=")


def _signature(plain: bytes) -> bytes:
    return hmac.digest(box().derive("unsubscribe"), plain, "sha256")[:16]
