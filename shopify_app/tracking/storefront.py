"""What buyers see of their orders, inside the shop's own theme. Nothing here needs JavaScript or knows a cookie."""

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from shopify_app import clock, storefront
from shopify_app.addresses import web
from shopify_app.db import transaction
from shopify_app.language import speak, words
from shopify_app.orders import links, read
from shopify_app.shopify import guards
from shopify_app.tracking import lookups, promises
from shopify_app.tracking.page import NEWEST, OrderPage
from shopify_app.tracking.state import progress

pages = Blueprint("storefront", __name__, url_prefix="/proxy")
pages.before_request(guards.storefront)
pages.after_request(storefront.keep_private)

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
        answer = _page("too_many", storefront.visitor(), 429)
        answer.headers.update(LATER)
        return answer
    order = read.find(g.shop, asked.number, asked.contact)
    if order is None:
        lookups.write(g.shop, asked.number)
        return _page("mailed", storefront.visitor())
    return _page("found", order.locale, name=order.name, link=links.path(g.shop, order.id))


@pages.get("/orders/<token>")
def order(token: str) -> Response:
    try:
        order_id = links.order_id(g.shop, token)
    except links.Expired:
        return storefront.expired(token)
    whole = read.whole(g.shop, order_id) if order_id else None
    if whole is None:
        return storefront.missing()
    found = progress(whole, g.shop, clock.now())
    page = OrderPage(found, speak(whole.order.locale), g.shop, promises.first(g.shop, whole.order.id))
    return _page("order", whole.order.locale, page=page, web=web, newest=NEWEST)


@pages.post("/orders/<token>/links")
def renew(token: str) -> Response:
    """Mail a new link for one that ran out, whoever holds it: it goes to the address on file."""
    try:
        order_id = links.order_id(g.shop, token)
    except links.Expired as expired:
        order_id = expired.order_id
    if order_id is None:
        return storefront.missing()
    with transaction():
        lookups.mail_link(g.shop, order_id)
    return _page("mailed", storefront.visitor())


@pages.get("/storefront.css")
def sheet() -> Response:
    """From the shop's own address, so that a page needs no other host; its own address changes with its content."""
    unchanging = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(storefront.sheet(), headers=unchanging, mimetype="text/css")


@pages.get("/<path:_>")
def missing(_: str) -> Response:
    return storefront.missing()


@pages.errorhandler(RequestEntityTooLarge)
def too_large(_: RequestEntityTooLarge) -> Response:
    return _form(413, field="number", error=TOO_LONG)


def _form(status: int = 200, **context: object) -> Response:
    return _page("lookup", storefront.visitor(), status, **context)


def _typed(field: str) -> str:
    return request.form.get(field, "")[: lookups.LONGEST_CONTACT]


def _page(template: str, locale: str, status: int = 200, **context: object) -> Response:
    return storefront.show(f"tracking/{template}.html", locale, status, **context)
