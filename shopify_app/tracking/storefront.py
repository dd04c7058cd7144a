"""What buyers see of their orders, inside the shop's own theme. Nothing here needs JavaScript or knows a cookie.

Shopify runs every page as Liquid: braces leave this module as HTML entities only, whoever wrote them.
"""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from shopify_app import clock
from shopify_app.addresses import web
from shopify_app.db import transaction
from shopify_app.language import choose, render, speak, words
from shopify_app.orders import links, read
from shopify_app.shopify import guards
from shopify_app.tracking import inquiries, lookups, promises
from shopify_app.tracking.page import NEWEST, OrderPage
from shopify_app.tracking.state import progress

pages = Blueprint("storefront", __name__, url_prefix="/proxy")
pages.before_request(guards.storefront)

LIQUID = str.maketrans({"{": "&#123;", "}": "&#125;"})
LATER = {"Retry-After": "600"}
TOO_LONG = words("This is longer than any order number or address.")


@pages.get("")
@pages.get("/")
@pages.get("/lookup")
def ask() -> Response:
    """The look-up. A link may bring the order number along, nothing else."""
    return _form(number=request.args.get("order", "")[: lookups.LONGEST_NUMBER])


@pages.post("/lookup")
def look_up() -> Response:
    """Every failure gets the same answer after the same work, so that nobody learns which orders there are."""
    try:
        asked = lookups.question(g.shop, request.form)
    except lookups.Unclear as unclear:
        return _form(400, number=_typed("number"), contact=_typed("contact"), field=unclear.field, error=unclear.text)
    if not lookups.is_allowed(g.shop, asked, request.remote_addr or ""):
        return _page("too_many", _visitor(), 429)
    order = read.find(g.shop, asked.number, asked.contact)
    if order is None:
        lookups.write(g.shop, asked.number)
        return _page("mailed", _visitor())
    return _page("found", order.locale, name=order.name, link=links.path(g.shop, order.id))


@pages.get("/orders/<token>")
def order(token: str) -> Response:
    try:
        order_id = links.order_id(g.shop, token)
    except links.Expired:
        return _page("expired", _visitor(), 410, token=token)
    whole = read.whole(g.shop, order_id) if order_id else None
    if whole is None:
        return missing()
    found = progress(whole, g.shop, clock.now())
    told = promises.first(g.shop, whole.order.id), inquiries.answered(g.shop, whole.order.id)
    page = OrderPage(found, speak(whole.order.locale), g.shop, *told)
    return _page("order", whole.order.locale, page=page, web=web, newest=NEWEST)


@pages.post("/orders/<token>/links")
def renew(token: str) -> Response:
    """Mail a new link for one that ran out, whoever holds it: it goes to the address on file."""
    try:
        order_id = links.order_id(g.shop, token)
    except links.Expired as expired:
        order_id = expired.order_id
    if order_id is None:
        return missing()
    with transaction():
        lookups.mail_link(g.shop, order_id)
    return _page("mailed", _visitor())


@pages.get("/storefront.css")
def sheet() -> Response:
    """From the shop's own address, so that a page needs no other host; its own address changes with its content."""
    return Response(_sheet(), headers={"Cache-Control": "public, max-age=31536000, immutable"}, mimetype="text/css")


@pages.get("/<path:_>")
def missing(_: str = "") -> Response:
    return _form(404, is_missing=True)


@pages.errorhandler(RequestEntityTooLarge)
def too_large(_: RequestEntityTooLarge) -> Response:
    return _form(413, field="number", error=TOO_LONG)


@pages.after_request
def keep_private(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _form(status: int = 200, **context: object) -> Response:
    return _page("lookup", _visitor(), status, **context)


def _typed(field: str) -> str:
    return request.form.get(field, "")[: lookups.LONGEST_CONTACT]


def _visitor() -> str:
    """The language of whoever is not known to belong to an order: what they ask for, else the shop's."""
    wished = [request.args.get("locale", ""), *request.accept_languages.values()]
    return choose(wished) or str(g.shop.locale)


def _page(template: str, locale: str, status: int = 200, **context: object) -> Response:
    html = render(f"tracking/{template}.html", locale, shop=g.shop, version=_version(), **context)
    headers = LATER if status == 429 else {}
    return Response(html.translate(LIQUID), status, headers, mimetype="application/liquid")


@cache
def _sheet() -> bytes:
    return (Path(__file__).parents[1] / "static" / "storefront.css").read_bytes()


@cache
def _version() -> str:
    """Of the style sheet: a new one gets a new address."""
    return hashlib.sha256(_sheet()).hexdigest()[:10]
