"""What buyers see of their orders: the look-up, and the page of one order."""

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from shopify_app import statics
from shopify_app.addresses import web
from shopify_app.db import transaction
from shopify_app.language import speak, words
from shopify_app.orders import links, read
from shopify_app.shopify import guards
from shopify_app.storefront import SHEET, keep_private, missing, reader, show, visit
from shopify_app.tracking import lookups
from shopify_app.tracking import page as order_page
from shopify_app.tracking.line import LinePage
from shopify_app.tracking.page import NEWEST
from shopify_app.tracking.unclear import Unclear

pages = Blueprint("storefront", __name__, url_prefix="/proxy")
pages.before_request(guards.storefront)
pages.after_request(keep_private)

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
    except Unclear as unclear:
        return _form(400, number=_typed("number"), contact=_typed("contact"), field=unclear.field, error=unclear.text)
    if not lookups.is_allowed(g.shop, asked, request.remote_addr or ""):
        return show("tracking/too_many.html", reader(), 429)
    order = read.find(g.shop, asked.number, asked.contact)
    if order is None:
        lookups.write(g.shop, asked.number)
        return show("tracking/mailed.html", reader())
    lookups.found(g.shop, order.id)
    return show("tracking/found.html", reader(order.locale), name=order.name, there=links.path(g.shop, order.id))


@pages.get("/orders/<token>")
def order(token: str) -> Response:
    found = visit(token)
    voice = reader(found.whole.order.locale)
    page = order_page.of(g.shop, found.whole, voice, found.level)
    return show("tracking/order.html", voice, page=page, web=web, newest=NEWEST, token=token, proof=found.word)


@pages.get("/orders/<token>/lines/<int:line_id>")
def line(token: str, line_id: int) -> Response:
    """All about one product of the order."""
    found = visit(token)
    ordered = next((one for one in found.whole.lines if one.id == line_id), None)
    if ordered is None:
        return missing()
    voice = reader(found.whole.order.locale)
    page = LinePage(ordered, found.whole, g.shop, speak(voice))
    return show("tracking/line.html", voice, page=page, web=web, token=token, proof=found.word)


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
    return show("tracking/mailed.html", reader())


@pages.get("/storefront.css")
def style() -> Response:
    """From the shop's own address, so that a page needs no other host; its own address changes with its content."""
    return Response(statics.content(SHEET), headers={"Cache-Control": statics.FOREVER}, mimetype="text/css")


@pages.get("/<path:_>")
def nowhere(_: str) -> Response:
    return missing()


@pages.errorhandler(RequestEntityTooLarge)
def too_large(_: RequestEntityTooLarge) -> Response:
    return _form(413, field="number", error=TOO_LONG)


def _form(status: int = 200, **context: object) -> Response:
    return show("tracking/lookup.html", reader(), status, **context)


def _typed(field: str) -> str:
    return request.form.get(field, "")[: lookups.LONGEST_CONTACT]
