"""What every page for buyers has in common. Each stands inside the shop's own theme; none needs JavaScript, none knows
a cookie.

Shopify runs every page as Liquid: braces leave this module as HTML entities only, whoever wrote them. The one exception
is data for search engines, which stands where Liquid does not look, with no brace and no "<" in any of its texts.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from shopify_app import statics
from shopify_app.language import render
from shopify_app.orders import links, proof, read
from shopify_app.orders.proof import Level
from shopify_app.orders.read import Whole
from shopify_app.secrets import SecretsError, box

LIQUID = str.maketrans({"{": "&#123;", "}": "&#125;"})
OPEN, CLOSE = "\ue000", "\ue001"
"""Signs that stand in no text."""
LATER = {"Retry-After": "600"}
SHEET = "storefront.css"
"""The style of all these pages."""
TYPED = "aftercare-typed"
"""The field in which a form travels that was typed before its writer had to prove anew."""
MOST_TYPED = 50_000
"""Bytes of such a form."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody follows the link to an order: which one, and how much we know of who it is."""

    whole: Whole
    token: str
    """Of the link."""
    level: Level
    word: str
    """Carried on from page to page by who has proven to be the buyer; "" for others."""


def visit(token: str) -> Visit:
    """Whoever comes with a link that opens no order of this shop is answered here."""
    try:
        order_id = links.order_id(g.shop, token)
    except links.Expired:
        abort(expired(token))
    whole = read.whole(g.shop, order_id) if order_id else None
    if whole is None:
        abort(missing())
    given = request.args.get("proof", "")
    level = proof.level(g.shop, whole.order, token, g.customer, given)
    return Visit(whole, token, level, proof.renewed(g.shop, whole.order.id, given))


def sealed(order_id: int) -> str:
    """What was typed by somebody who has to prove anew who they are: readable to us alone, good for this order only."""
    if request.method != "POST":
        return ""
    try:
        typed = {name: value for name, value in request.form.items() if name != TYPED}
    except RequestEntityTooLarge:
        return ""
    plain = json.dumps(typed).encode()
    return urlsafe_b64encode(box().seal(plain, _purpose(order_id))).decode() if len(plain) <= MOST_TYPED else ""


def typed(order_id: int) -> Mapping[str, str]:
    """The form of this request, or the one that was sealed on the way to it."""
    carried = request.form.get(TYPED)
    if carried is None:
        return request.form
    try:
        found: dict[str, str] = json.loads(box().open(urlsafe_b64decode(carried), _purpose(order_id)))
    except (SecretsError, ValueError):
        return {}
    return found


def _purpose(order_id: int) -> str:
    return f"typed/{g.shop.id}/{order_id}"


def show(template: str, locale: str, status: int = 200, **context: object) -> Response:
    html = render(template, locale, shop=g.shop, version=statics.version(SHEET), link=link, **context).translate(LIQUID)
    return Response(html, status, LATER if status == 429 else {}, mimetype="application/liquid")


def show_to_search(told: Mapping[str, Any], template: str, locale: str, **context: object) -> Response:
    """The same with JSON-LD at the end of the page."""
    page = show(template, locale, 200, **context)
    page.set_data(page.get_data(as_text=True) + _data(told))
    return page


def _data(told: Mapping[str, Any]) -> str:
    """Inside a script nothing reads entities, so braces of texts are escaped as JSON escapes them: no text can end the
    script, nor Liquid's `raw`.
    """
    safe = json.dumps(_mapped(told), ensure_ascii=False).replace("<", "\\u003c")
    safe = safe.replace(OPEN, "\\u007b").replace(CLOSE, "\\u007d")
    return f'<script type="application/ld+json">{{% raw %}}{safe}{{% endraw %}}</script>\n'


def _mapped(value: Any) -> Any:
    """With the braces of its texts marked, to be told from those of JSON itself."""
    if isinstance(value, Mapping):
        return {name: _mapped(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_mapped(one) for one in value]
    return value.replace("{", OPEN).replace("}", CLOSE) if isinstance(value, str) else value


def missing() -> Response:
    """For every link that opens nothing here: the look-up."""
    return show("tracking/lookup.html", reader(), 404, is_missing=True)


def expired(token: str) -> Response:
    """For a link that was ours and is too old: a new one can be mailed."""
    return show("tracking/expired.html", reader(), 410, token=token)


def link(path: str, **query: str) -> str:
    """A page of ours on whichever of the shop's domains the visitor is; what is empty is left out of the query."""
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"{g.shop.proxy_path}/{path}" + (f"?{asked}" if asked else "")


def reader(*tags: str) -> str:
    """Whom a page speaks to: in the order's language where one is given, else in the one that the visitor chose, else
    in the browser's or the shop's.
    """
    return str(g.shop.voice(*tags, request.args.get("locale", ""), *request.accept_languages.values()))


def keep_private(response: Response) -> Response:
    """After every request of a blueprint for buyers."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
