"""The portal: a buyer who logged in with the shop's customer account, their orders, and the way to a return of each.

The steps are those of the order's page. What is sent is filed at Shopify in the buyer's own name.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from shopify_app.language import Language, speak, zone
from shopify_app.orders import links, places, proof, read
from shopify_app.orders.read import Whole
from shopify_app.photos import picture
from shopify_app.returns import photos, requests
from shopify_app.returns.buyer import by_buyer, flow, sheet, timeline
from shopify_app.returns.buyer.flow import Answer, Page, Visitor
from shopify_app.returns.buyer.storefront import CHANGE, MOST_BYTES, STEP
from shopify_app.returns.models import Request
from shopify_app.shopify import customer_api, guards, logins
from shopify_app.shopify.errors import ShopifyError

PORTAL = "portal"
"""This door, as in models.Request.door."""
COUNT = 20
"""Orders on a page."""
ORDER = "/orders/<int:number>/return"
AGAIN = ORDER + CHANGE.replace("number", "wanted")
"""Where a request that is open is changed."""

portal = Blueprint("portal", __name__, url_prefix=f"{logins.PATH}/<handle>")
portal.before_request(guards.customer)
portal.after_request(sheet.keep_to_ourselves)


@portal.get("/orders")
def orders(handle: str) -> Response:
    """Theirs, newest first; `older` names the next page."""
    found = read.of_customer(g.shop, g.customer, COUNT + 1, places.find(request.args.get("older", "")))
    shown = found[:COUNT]
    older = places.name(shown[-1]) if len(found) > COUNT else None
    locale = sheet.reader(g.shop)
    asked = requests.of_orders(g.shop, [one.id for one in shown])
    rows = [
        _row(whole, [one for one in asked if one.order_id == whole.order.id], speak(locale))
        for whole in read.wholes(g.shop, shown)
    ]
    return sheet.show("returns/orders.html", locale, rows=rows, older=older, here=_home())


@portal.post("/logout")
def log_out(handle: str) -> ResponseReturnValue:
    """Here at once, and at Shopify: that the browser is the buyer's own is not known."""
    id_token, there = logins.leaving(g.shop), f"{logins.PATH}/login/over"
    if id_token:
        with suppress(ShopifyError):  # the buyer is logged out here all the same
            there = customer_api.goodbye(g.shop, id_token, f"{guards.config().app_url}{there}")
    answer = redirect(there, 303)
    logins.leave(answer, g.shop)
    return answer


@portal.get(ORDER, defaults={"step": flow.WHAT})
@portal.get(f"{ORDER}/{STEP}")
@portal.get(AGAIN, defaults={"step": flow.WHAT})
@portal.get(f"{AGAIN}/{STEP}")
def look(handle: str, number: int, step: str, wanted: int | None = None) -> ResponseReturnValue:
    visitor = _visitor(number, wanted)
    return _answer(visitor, flow.show(visitor, step))


@portal.post(ORDER, defaults={"step": flow.WHAT})
@portal.post(f"{ORDER}/<any(details):step>")
@portal.post(AGAIN, defaults={"step": flow.WHAT})
@portal.post(f"{AGAIN}/<any(details):step>")
def choose(handle: str, number: int, step: str, wanted: int | None = None) -> ResponseReturnValue:
    visitor = _visitor(number, wanted)
    return _answer(visitor, flow.take(visitor, step, request.form))


@portal.post(f"{ORDER}/more")
@portal.post(f"{AGAIN}/more")
def complete(handle: str, number: int, wanted: int | None = None) -> ResponseReturnValue:
    """The one form with files."""
    visitor = _visitor(number, wanted)
    request.max_content_length = MOST_BYTES
    try:
        form, files = request.form, request.files
    except RequestEntityTooLarge:
        return _answer(visitor, flow.too_large(visitor))
    return _answer(visitor, flow.take(visitor, flow.MORE, form, files))


@portal.post(f"{ORDER}/check")
def send(handle: str, number: int) -> ResponseReturnValue:
    """Written down with us first, then filed at Shopify as the buyer. Should that fail, the worker files it."""
    visitor = _visitor(number)
    answer = flow.send(visitor, request.form.get("seen", ""))
    if isinstance(answer, flow.Next) and (sent := answer.path.removeprefix("requests/")).isdigit():
        by_buyer.file(g.shop, int(sent), g.login)
    return _answer(visitor, answer)


@portal.post(f"{AGAIN}/check")
def change(handle: str, number: int, wanted: int) -> ResponseReturnValue:
    """The worker puts the changed return in the place of the old one."""
    visitor = _visitor(number, wanted)
    return _answer(visitor, flow.send(visitor, request.form.get("seen", "")))


@portal.get(f"{ORDER}/photos/<key>")
def photo(handle: str, number: int, key: str) -> ResponseReturnValue:
    found = photos.keyed(g.shop, _visitor(number).whole.order.id, key)
    return picture(found) if found else abort(404)


@portal.get(f"{ORDER}/requests/<int:wanted>")
def requested(handle: str, number: int, wanted: int) -> ResponseReturnValue:
    visitor = _visitor(number)
    return _answer(visitor, flow.requested(visitor, wanted))


@portal.get(f"{ORDER}/requests/<int:wanted>/slip")
def slip(handle: str, number: int, wanted: int) -> ResponseReturnValue:
    visitor = _visitor(number)
    return _answer(visitor, flow.packed(visitor, wanted))


@portal.post(f"{ORDER}/requests/<int:wanted>/<any(answer, cancellation, label):deed>")
def follow_up(handle: str, number: int, wanted: int, deed: str) -> ResponseReturnValue:
    visitor = _visitor(number)
    return _answer(visitor, flow.follow_up(visitor, wanted, deed, request.form))


def _visitor(number: int, wanted: int | None = None) -> Visitor:
    """For the order's own customer; for everybody else there is no such order. `wanted`: a request to be changed."""
    whole = read.whole(g.shop, number)
    if whole is None or whole.order.customer_id != g.customer:
        abort(404)
    here = f"{_home()}/{number}/return"
    return Visitor(
        shop=g.shop,
        whole=whole,
        door=PORTAL,
        is_guest=False,
        locale=sheet.reader(g.shop, whole.order.locale or ""),
        order_page=_order_page(number),
        to=lambda path: f"{here}/{path}" if path else here,
        amends=wanted,
    )


def _order_page(order_id: int) -> str:
    """On the shop's storefront, where the login of the portal counts for this order for a while."""
    return f"{links.url(g.shop, order_id)}?{urlencode({'proof': proof.word(g.shop, order_id)})}"


def _home() -> str:
    return f"{logins.PATH}/{g.shop.handle}/orders"


def _answer(visitor: Visitor, answer: Answer) -> ResponseReturnValue:
    if not isinstance(answer, Page):
        return redirect(visitor.to(answer.path), 303)
    told: dict[str, Any] = {"visitor": visitor, "order": visitor.whole.order, "to": visitor.to, **answer.context}
    return sheet.show(f"returns/{answer.template}.html", visitor.locale, answer.status, **told)


def _row(whole: Whole, asked: Sequence[Request], language: Language) -> dict[str, Any]:
    order, here = whole.order, f"{_home()}/{whole.order.id}/return"
    journeys = [(one, timeline.journey(g.shop, whole, one, language)) for one in asked]
    return {
        "order": order,
        "placed": language.day(order.placed_at, zone(g.shop.timezone)),
        "contents": [f"{line.quantity} × {line.title}" for line in whole.lines],
        "is_sent": bool(whole.shipments),
        "page": _order_page(order.id),
        "back": here,
        "asked": [
            {"page": f"{here}/requests/{one.id}", "name": way.name, "status": way.status} for one, way in journeys
        ],
    }
