"""What every page on the storefront has in common: the visitor's language, Shopify's Liquid, private headers.

Shopify runs every page as Liquid: braces leave this module as HTML entities only, whoever wrote them.
"""

import hashlib
from functools import cache
from pathlib import Path

from flask import Response, g, request

from shopify_app.language import choose, render

LIQUID = str.maketrans({"{": "&#123;", "}": "&#125;"})


def show(template: str, locale: str, status: int = 200, **context: object) -> Response:
    """A page inside the shop's theme, in the language of `locale`."""
    html = render(template, locale, shop=g.shop, version=version(), **context)
    return Response(html.translate(LIQUID), status, mimetype="application/liquid")


def missing() -> Response:
    """For every link that opens nothing here: the look-up."""
    return show("tracking/lookup.html", visitor(), 404, is_missing=True)


def expired(token: str) -> Response:
    """For a link that was ours and is too old: a new one can be mailed."""
    return show("tracking/expired.html", visitor(), 410, token=token)


def visitor() -> str:
    """The language of whoever is not known to belong to an order: what they ask for, else the shop's."""
    wished = [request.args.get("locale", ""), *request.accept_languages.values()]
    return choose(wished) or str(g.shop.locale)


def keep_private(response: Response) -> Response:
    """After every page: no cache, no search engine and no other host hears of it."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@cache
def sheet() -> bytes:
    return (Path(__file__).parent / "static" / "storefront.css").read_bytes()


@cache
def version() -> str:
    """Of the style sheet: a new one gets a new address."""
    return hashlib.sha256(sheet()).hexdigest()[:10]
