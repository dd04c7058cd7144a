"""The steps of a return, and of a withdrawal, on the order's page: for whoever has proven to be its buyer."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from shopify_app import storefront
from shopify_app.photos import MOST, picture
from shopify_app.photos import MOST_BYTES as PHOTO_BYTES
from shopify_app.returns import photos
from shopify_app.returns.buyer import flow, withdrawal
from shopify_app.returns.buyer.flow import Answer, Page, Visitor
from shopify_app.shopify import guards

PAGE = "page"
"""This door, as in models.Request.door."""
MOST_BYTES = MOST * PHOTO_BYTES + 1024 * 1024
"""Of the one form that takes files."""
STEP = "<any(details, more, check):step>"
CHANGE = "/requests/<int:number>/change"
"""Of a request that is open, by the same steps."""

BELOW = {"returns": "return", "withdrawals": "withdrawal"}
"""Blueprint → where its pages lie below the order's."""

pages = Blueprint("returns", __name__, url_prefix="/proxy/orders/<token>/return")
pages.before_request(guards.storefront)
pages.after_request(storefront.keep_private)
withdrawals = Blueprint("withdrawals", __name__, url_prefix="/proxy/orders/<token>/withdrawal")
withdrawals.before_request(guards.storefront)
withdrawals.after_request(storefront.keep_private)


@pages.get("", defaults={"step": flow.WHAT})
@pages.get(f"/{STEP}")
@pages.get(CHANGE, defaults={"step": flow.WHAT})
@pages.get(f"{CHANGE}/{STEP}")
def look(token: str, step: str, number: int | None = None) -> Response:
    visitor = _changing(token, number, step)
    return _answer(visitor, flow.show(visitor, step))


@pages.post("", defaults={"step": flow.WHAT})
@pages.post("/<any(details):step>")
@pages.post(CHANGE, defaults={"step": flow.WHAT})
@pages.post(f"{CHANGE}/<any(details):step>")
def choose(token: str, step: str, number: int | None = None) -> Response:
    visitor = _changing(token, number, step)
    return _answer(visitor, flow.take(visitor, step, storefront.typed(visitor.whole.order.id)))


@pages.post("/more")
@pages.post(f"{CHANGE}/more")
def complete(token: str, number: int | None = None) -> Response:
    """The one form with files; who may send it is known before any of it is read."""
    visitor = _changing(token, number, flow.MORE)
    request.max_content_length = MOST_BYTES
    return _answer(visitor, flow.take(visitor, flow.MORE, storefront.typed(visitor.whole.order.id), request.files))


@pages.post("/check")
@pages.post(f"{CHANGE}/check")
def send(token: str, number: int | None = None) -> Response:
    visitor = _changing(token, number, flow.CHECK)
    return _answer(visitor, flow.send(visitor, storefront.typed(visitor.whole.order.id).get("seen", "")))


@pages.get("/photos/<key>")
@withdrawals.get("/photos/<key>")
def photo(token: str, key: str) -> Response:
    """The buyer's, or what staff took of what came back."""
    found = photos.keyed(g.shop, _at(token).whole.order.id, key)
    return picture(found) if found else abort(404)


@pages.get("/requests/<int:number>")
@withdrawals.get("/requests/<int:number>")
def requested(token: str, number: int) -> Response:
    visitor = _at(token, f"requests/{number}")
    return _answer(visitor, flow.requested(visitor, number))


@pages.get("/requests/<int:number>/slip")
@withdrawals.get("/requests/<int:number>/slip")
def slip(token: str, number: int) -> Response:
    visitor = _at(token, f"requests/{number}/slip")
    return _answer(visitor, flow.packed(visitor, number))


@pages.post("/requests/<int:number>/<any(answer, cancellation, label):deed>")
@withdrawals.post("/requests/<int:number>/<any(label):deed>")
def follow_up(token: str, number: int, deed: str) -> Response:
    visitor = _at(token, f"requests/{number}/{deed}")
    return _answer(visitor, flow.follow_up(visitor, number, deed, storefront.typed(visitor.whole.order.id)))


@withdrawals.get("", defaults={"step": withdrawal.STATEMENT})
@withdrawals.get("/<any(confirmation):step>")
def withdrawing(token: str, step: str) -> Response:
    visitor = _visitor(token, "withdrawal", step)
    return _answer(visitor, withdrawal.show(visitor, step))


@withdrawals.post("")
def state(token: str) -> Response:
    visitor = _visitor(token, "withdrawal")
    return _answer(visitor, withdrawal.state(visitor, storefront.typed(visitor.whole.order.id)))


@withdrawals.post("/confirmation")
def confirm(token: str) -> Response:
    visitor = _visitor(token, "withdrawal", withdrawal.CONFIRMATION)
    return _answer(visitor, withdrawal.confirm(visitor))


@pages.errorhandler(RequestEntityTooLarge)
def too_large(_: RequestEntityTooLarge) -> Response:
    """Only who may write is read at all, so there is a visitor."""
    told = request.view_args or {}
    step = flow.MORE if request.endpoint == "returns.complete" else told.get("step", flow.WHAT)
    visitor = _changing(told["token"], told.get("number"), step)
    return _answer(visitor, flow.too_large(visitor, step))


@withdrawals.errorhandler(RequestEntityTooLarge)
def too_long(_: RequestEntityTooLarge) -> Response:
    visitor = _visitor((request.view_args or {})["token"], "withdrawal")
    return _answer(visitor, withdrawal.too_large(visitor))


def _at(token: str, path: str = "") -> Visitor:
    """At a page that a return and a withdrawal have alike."""
    return _visitor(token, BELOW[request.blueprint or ""], path)


def _changing(token: str, number: int | None, step: str) -> Visitor:
    """At a step of a new return, or with a number of one that is to be changed."""
    if number is None:
        return _visitor(token, "return", step)
    path = "/".join(filter(None, (f"requests/{number}/change", step)))
    return replace(_visitor(token, "return", path), amends=number)


def _visitor(token: str, below: str, path: str = "") -> Visitor:
    """For the order's buyer; everybody else is answered here. `below`: where a flow lives under the order's page."""
    found = storefront.visit(token)
    if found.level != "verified":
        abort(_prove(found, "/".join(filter(None, (below, path)))))
    order = found.whole.order

    def to(page: str) -> str:
        return storefront.link("/".join(filter(None, (f"orders/{token}", below, page))), proof=found.word)

    return Visitor(
        shop=g.shop,
        whole=found.whole,
        door=PAGE,
        is_guest=g.customer is None or g.customer != order.customer_id,
        locale=storefront.reader(order.locale),
        order_page=storefront.link(f"orders/{token}", proof=found.word),
        to=to,
    )


def _prove(found: storefront.Visit, path: str) -> Response:
    """The way to the code, and from there to where they wanted to go."""
    order = found.whole.order
    told = {"token": found.token, "order": order, "door": path, "proof": "", "typed": storefront.sealed(order.id)}
    return storefront.show("tracking/prove.html", storefront.reader(order.locale), 403, **told)


def _answer(visitor: Visitor, answer: Answer) -> Response:
    """A page between leads on, so that a reload sends nothing twice: a redirect Shopify's proxy would follow itself."""
    told: dict[str, Any] = {"visitor": visitor, "order": visitor.whole.order, "to": visitor.to, "errors": {}}
    if isinstance(answer, Page):
        told |= answer.context
        return storefront.show(f"returns/{answer.template}.html", visitor.locale, answer.status, **told)
    return storefront.show("returns/next.html", visitor.locale, **told, there=visitor.to(answer.path))
