"""What staff sees of reviews, and the little it may do about them."""

from collections.abc import Iterator

from flask import Blueprint, Response, abort, current_app, g, request, stream_with_context
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature
from sqlalchemy import select

from shopify_app import photos, roles
from shopify_app.db import db
from shopify_app.feedback import exporting, ratings, reviews, typed
from shopify_app.feedback.models import Review, ReviewPhoto
from shopify_app.frame import language, say, show
from shopify_app.orders import read
from shopify_app.orders.models import Product
from shopify_app.secrets import dated
from shopify_app.shopify import guards
from shopify_app.shopify.errors import ShopifyError

desk = Blueprint("reviews_admin", __name__, url_prefix="/feedback/reviews")
desk.before_request(guards.merchant)
album = Blueprint("review_photos", __name__, url_prefix="/review-photos")
album.before_request(guards.anyone)

SECONDS = 10 * 60
"""How long an address for staff opens its picture: an image cannot send the admin's token."""


@desk.get("")
def page() -> ResponseReturnValue:
    found = reviews.newest(g.shop, typed.number(request.args.get("before", "")))
    listed = found[: reviews.PAGE]
    taken = reviews.pictures(g.shop, listed)
    return show(
        "feedback/staff/reviews.html",
        reviews=listed,
        older=listed[-1].id if len(found) > len(listed) else None,
        logs=reviews.entries(g.shop, listed),
        photos={number: [_address(photo) for photo in some] for number, some in taken.items()},
        names=read.names(g.shop, {review.order_id for review in listed}),
        titles=_titles({review.product_id for review in listed}),
        whys=reviews.WHYS,
        public=f"{g.shop.storefront}{g.shop.proxy_path}/reviews",
        has_ratings=ratings.is_on(g.shop),
        may_write=ratings.may_write(g.shop),
        scope=ratings.SCOPE,
    )


@desk.post("/ratings")
def switch_ratings() -> ResponseReturnValue:
    """Write each product's rating into Shopify's fields from now on, or take them all away."""
    roles.check(g.shop, roles.SETTINGS)
    is_on = request.form.get("on") == "yes"
    if is_on and not ratings.may_write(g.shop):
        return say(language().t("Shopify has not allowed Aftercare to write to products yet"), status=409)
    try:
        ratings.switch(g.shop, to=is_on)
    except ShopifyError:
        return say(language().t("Shopify does not answer. Please try again in a minute."), status=503)
    return say(language().t("Ratings are written.") if is_on else language().t("Ratings are taken away."))


@desk.post("/<int:review_id>/hiding")
def hide(review_id: int) -> ResponseReturnValue:
    _known(review_id)
    why = request.form.get("why", "")
    if why not in reviews.WHYS:
        said = language().t("Please choose one of these.")
        return say(said, status=422, errors={"why": said})
    return _did(reviews.hide(g.shop, review_id, str(g.user), why))


@desk.post("/<int:review_id>/showing")
def show_again(review_id: int) -> ResponseReturnValue:
    _known(review_id)
    return _did(reviews.show(g.shop, review_id, str(g.user)))


@desk.get("/reviews.csv")
def as_csv() -> Response:
    roles.check(g.shop, roles.DATA)
    return _file(exporting.as_csv(g.shop), "reviews.csv", "text/csv")


@desk.get("/reviews.json")
def as_json() -> Response:
    roles.check(g.shop, roles.DATA)
    return _file(exporting.as_json(g.shop), "reviews.json", "application/json")


@album.get("/<word>")
def picture(word: str) -> Response:
    try:
        shop_id, photo_id = dated("review photo").loads(word, max_age=SECONDS)
    except BadSignature:
        abort(404)
    photo = db.session.scalar(select(ReviewPhoto).where(ReviewPhoto.shop_id == shop_id, ReviewPhoto.id == photo_id))
    return photos.picture(photo) if photo else abort(404)


def _address(photo: ReviewPhoto) -> str:
    word = dated("review photo").dumps([photo.shop_id, photo.id])
    return f"{current_app.extensions['config'].app_url}/review-photos/{word}"


def _file(parts: Iterator[str], name: str, kind: str) -> Response:
    answer = Response(stream_with_context(parts), mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _titles(ids: set[int]) -> dict[int, str]:
    known = select(Product.id, Product.title).where(Product.shop_id == g.shop.id, Product.id.in_(ids))
    return {row.id: row.title for row in db.session.execute(known)}


def _known(review_id: int) -> None:
    """404 for another shop's, whether or not there is one."""
    if db.session.scalar(select(Review.id).where(Review.shop_id == g.shop.id, Review.id == review_id)) is None:
        abort(404)


def _did(is_done: bool) -> ResponseReturnValue:
    """A second click, or one that a colleague was faster than, changes nothing."""
    if is_done:
        return say(language().t("Saved"))
    return say(language().t("This review is so already."), status=409)
