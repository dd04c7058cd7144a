"""How data is kept, for buyers: made from the map, so that it cannot say anything else than what is so."""

from flask import Blueprint, Response, g
from markupsafe import Markup

from shopify_app import storefront
from shopify_app.language import render, words
from shopify_app.privacy import datamap
from shopify_app.shopify import guards
from shopify_app.shopify.models import Shop

pages = Blueprint("notice", __name__, url_prefix="/proxy/privacy")
pages.before_request(guards.storefront)

TITLE = words("How data is kept after an order")


@pages.get("")
def notice() -> Response:
    return storefront.show("privacy/page.html", storefront.reader(), **datamap.told(g.shop))


def text(shop: Shop, locale: str) -> Markup:
    return Markup(render("privacy/notice.html", locale, shop=shop, **datamap.told(shop)))  # noqa: S704


def address(shop: Shop) -> str:
    return f"{shop.storefront}{shop.proxy_path}/privacy"
