"""Where a buyer answers: by the signed link of a mail. Opening a page changes nothing, only sending a form does."""

from typing import Any

from flask import Blueprint, Response, abort, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from shopify_app import photos, storefront
from shopify_app.feedback import answers, links, reading, reviews, typed
from shopify_app.feedback.answers import Said
from shopify_app.feedback.causes import CAUSES
from shopify_app.feedback.models import VERDICTS, WRONG
from shopify_app.language import words
from shopify_app.orders import read
from shopify_app.orders.read import Whole
from shopify_app.shopify import guards

MOST_BYTES = photos.MOST * photos.MOST_BYTES + 1024 * 1024
"""Of the one form that takes files."""

pages = Blueprint("feedback", __name__, url_prefix="/proxy/feedback/<token>")
pages.before_request(guards.storefront)
pages.after_request(storefront.keep_private)


@pages.get("")
def look(token: str) -> Response:
    whole, tapped = _opened(token)
    return _tap(token, whole, tapped)


@pages.get("/wrong")
def what_is_wrong(token: str) -> Response:
    """For who was about to say that all is well. The link stays the same: a new one would begin its life anew."""
    whole, _ = _opened(token)
    return _tap(token, whole, WRONG)


@pages.post("")
def say(token: str) -> Response:
    whole, _ = _opened(token)
    verdict, cause = request.form.get("verdict", ""), request.form.get("cause", "")
    if verdict not in VERDICTS or (cause and cause not in CAUSES):
        abort(422)
    said = Said(verdict=verdict)
    if verdict == WRONG:
        said = Said(verdict=verdict, cause=cause or None, wrong=typed.text(request.form, "wrong"))
    answers.keep(g.shop, whole.order.id, said)
    return _next(token, whole, "answers")


@pages.get("/answers")
def questions(token: str) -> Response:
    whole, _ = _opened(token)
    return _show("questions", token, whole, answer=answers.of(g.shop, whole.order.id))


@pages.post("/answers")
def answer(token: str) -> Response:
    whole, _ = _opened(token)
    form = request.form
    try:
        items, delivery = (typed.stars(form, name) for name in answers.ASKED)
    except ValueError:
        abort(422)
    texts = {f"{name}_text": typed.text(form, f"{name}_text") for name in answers.ASKED}
    if items or delivery or any(texts.values()):
        answers.keep(g.shop, whole.order.id, Said(items=items, delivery=delivery, **texts))
    return _next(token, whole, "reviews")


@pages.get("/reviews")
def invite(token: str) -> Response:
    """For everybody alike, whatever they have answered."""
    whole, _ = _opened(token)
    return _reviews(token, whole)


@pages.post("/reviews/<int:product_id>")
def review(token: str, product_id: int) -> Response:
    """The one form with files; who may send it is known before any of it is read."""
    whole, _ = _opened(token)
    if product_id not in reviews.products(whole):
        abort(404)
    request.max_content_length = MOST_BYTES
    try:
        stars = typed.stars(request.form, "stars")
    except ValueError:
        abort(422)
    if stars is None:
        return _reviews(token, whole, 422, {product_id: words("Please choose one to five stars.")})
    draft = reviews.Draft(product_id, stars, typed.text(request.form, "text"), storefront.reader(whole.order.locale))
    chosen = [file.stream.read(photos.MOST_BYTES + 1) for file in request.files.getlist("photo") if file.filename]
    try:
        reviews.write(g.shop, whole, draft, chosen)
    except photos.Unfit as unfit:
        return _reviews(token, whole, 422, {product_id: photos.UNFIT[unfit.why]}, typed={product_id: draft})
    except photos.Unreachable:
        return _reviews(token, whole, 503, {product_id: photos.UNKEPT}, typed={product_id: draft})
    return _next(token, whole, "reviews")


@pages.post("/reviews/<int:product_id>/withdrawal")
def withdraw(token: str, product_id: int) -> Response:
    whole, _ = _opened(token)
    reviews.withdraw(g.shop, whole.order.id, product_id)
    return _next(token, whole, "reviews")


@pages.post("/reviews/<int:product_id>/photos/<key>/removal")
def drop(token: str, product_id: int, key: str) -> Response:
    whole, _ = _opened(token)
    reviews.drop(g.shop, whole.order.id, product_id, key)
    return _next(token, whole, "reviews")


@pages.get("/photos/<key>")
def photo(token: str, key: str) -> Response:
    """The buyer's own, shown in public or not."""
    whole, _ = _opened(token)
    found = reviews.photo(g.shop, key)
    return photos.picture(found) if found and found.order_id == whole.order.id else abort(404)


@pages.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    told = request.view_args or {}
    whole, _ = _opened(told["token"])
    return _reviews(told["token"], whole, 413, {told.get("product_id", 0): photos.UNFIT["large"]})


def _opened(token: str) -> tuple[Whole, str]:
    """The order of a link and what was tapped; whoever comes with one that opens nothing is answered here."""
    try:
        found = links.opened(g.shop, token)
    except links.Expired:
        abort(storefront.show("feedback/expired.html", storefront.reader(), 410))
    whole = read.whole(g.shop, found.order_id) if found else None
    if found is None or whole is None:
        abort(storefront.missing())
    return whole, found.tapped


def _tap(token: str, whole: Whole, tapped: str) -> Response:
    return _show("tap", token, whole, tapped=tapped, answer=answers.of(g.shop, whole.order.id), causes=CAUSES)


def _reviews(
    token: str, whole: Whole, status: int = 200, errors: dict[int, str] | None = None, **context: Any
) -> Response:
    """Each product that the buyer has kept, with what they have said of it."""
    written = {one.product_id: one for one in reviews.of_order(g.shop, whole.order.id)}
    context = {
        "typed": {},
        "errors": errors or {},
        "written": written,
        "photos": reviews.pictures(g.shop, written.values()),
    } | context
    name = reviews.shown_name(whole.order.person)
    products = reviews.products(whole)
    return _show(
        "reviews", token, whole, status, products=products, name=name, most=photos.MOST, whys=reviews.WHYS, **context
    )


def _show(page: str, token: str, whole: Whole, status: int = 200, **context: Any) -> Response:
    voice = storefront.reader(whole.order.locale)
    told = {"token": token, "order": whole.order, "whole": whole, "lines": reading.kept_lines(whole)}
    told |= {"longest": typed.LONGEST}
    return storefront.show(f"feedback/{page}.html", voice, status, **(told | context))


def _next(token: str, whole: Whole, page: str) -> Response:
    """A page between, so that a reload sends nothing twice: a redirect Shopify's proxy would follow itself."""
    there = storefront.link(f"feedback/{token}/{page}")
    return _show("next", token, whole, there=there)
