"""What every page for buyers has in common. Each stands inside the shop's own theme; none needs JavaScript, none knows
a cookie.

Shopify runs every page as Liquid: braces leave this module as HTML entities only, whoever wrote them.
"""

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from flask import Response, g, request

from shopify_app.language import choose, render

LIQUID = str.maketrans({"{": "&#123;", "}": "&#125;"})
LATER = {"Retry-After": "600"}


def show(template: str, locale: str, status: int = 200, **context: object) -> Response:
    html = render(template, locale, shop=g.shop, version=version(), link=link, **context)
    headers = LATER if status == 429 else {}
    return Response(html.translate(LIQUID), status, headers, mimetype="application/liquid")


def link(path: str, **query: str) -> str:
    """A page of ours on whichever of the shop's domains the visitor is; what is empty is left out of the query."""
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"{g.shop.proxy_path}/{path}" + (f"?{asked}" if asked else "")


def visitor() -> str:
    """The language of whoever is not known to belong to an order: what they ask for, else the shop's."""
    wished = [request.args.get("locale", ""), *request.accept_languages.values()]
    return choose(wished) or str(g.shop.locale)


def keep_private(response: Response) -> Response:
    """After every request of a blueprint for buyers."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@cache
def sheet() -> bytes:
    """The style of all these pages."""
    return (Path(__file__).parent / "static" / "storefront.css").read_bytes()


@cache
def version() -> str:
    """Of the style sheet: a new one gets a new address."""
    return hashlib.sha256(sheet()).hexdigest()[:10]
