"""What every page of the portal has in common: a document of our own, styled as the pages in the shop's theme."""

from urllib.parse import urlsplit

from flask import Response, g, request

from shopify_app import statics, storefront
from shopify_app.language import choose, render
from shopify_app.shopify import guards
from shopify_app.shopify.models import Shop

POLICY = "default-src 'none'; style-src 'self'; img-src 'self' {pictures}; base-uri 'none'; frame-ancestors 'none';"
"""`pictures`: where Shopify keeps those of products."""


def show(template: str, locale: str, status: int = 200, **context: object) -> Response:
    context = {"is_portal": True, "shop": g.get("shop"), "buyer": "login" in g, "version": None} | context
    html = render(template, locale, asset=statics.address, link=storefront.link, **context)
    headers = storefront.LATER if status in (429, 503) else {}
    return Response(html, status, headers, mimetype="text/html")


def reader(shop: Shop | None, *tags: str) -> str:
    """In the order's language where one is given, else as the browser asks, else as the shop speaks."""
    wanted = (*tags, *request.accept_languages.values())
    return str(shop.voice(*wanted)) if shop else choose(wanted) or "en"


def keep_to_ourselves(response: Response) -> Response:
    """After every request: nobody keeps the page, nobody frames it, and only our own pages hear where one came from,
    which is how a POST proves to be theirs.
    """
    storefront.keep_private(response)
    response.headers["Referrer-Policy"] = "same-origin"
    cdn = urlsplit(guards.config().cdn_url)
    response.headers["Content-Security-Policy"] = POLICY.format(pictures=f"{cdn.scheme}://{cdn.netloc}")
    return response
