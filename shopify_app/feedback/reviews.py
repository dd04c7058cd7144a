"""What buyers say in public of what they bought. Everybody may, whatever they think of it.

A review is hidden only for one of WHYS, by a person whose name stands in its log; never for its stars.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from shopify_app import clock, photos
from shopify_app.db import db, transaction
from shopify_app.feedback import ratings
from shopify_app.feedback.answers import held
from shopify_app.feedback.models import SHOWN, Review, ReviewEntry, ReviewPhoto
from shopify_app.feedback.reading import kept_lines
from shopify_app.language import words
from shopify_app.orders.models import Line
from shopify_app.orders.read import Whole
from shopify_app.photos import Print, Unfit
from shopify_app.shopify.models import Shop

BUYER = "buyer"
PAGE = 20
"""Reviews of one page."""
WHYS: Mapping[str, str] = {
    "insult": words("It insults or threatens somebody"),
    "unlawful": words("Its content is against the law"),
    "personal": words("It tells personal data of somebody"),
    "advertising": words("It advertises something else"),
    "elsewhere": words("It is about something else than this product"),
    "rights": words("It violates somebody’s rights, as in a copied photo"),
}
"""Reason code → as staff reads it: what may be taken down by law. That somebody dislikes a product is not among it."""


@dataclass(frozen=True, slots=True)
class Draft:
    product_id: int
    stars: int
    text: str
    language: str


def products(whole: Whole) -> dict[int, Line]:
    """What may be reviewed: products of which the buyer has kept at least one piece."""
    found: dict[int, Line] = {}
    for line in kept_lines(whole):
        if line.product_id:
            found.setdefault(line.product_id, line)
    return found


def shown_name(person: Mapping[str, Any]) -> str:
    """First name and initial, as in "Mira S."; "" where no name is known."""
    first, last = ((person.get(name) or "").strip() for name in ("first_name", "last_name"))
    initial = f" {last[0].upper()}." if first and last else ""
    return f"{first.split()[0]}{initial}" if first else ""


def write(shop: Shop, whole: Whole, draft: Draft, chosen: Sequence[bytes]) -> Review | None:
    """Write it or change it; None when the order is gone meanwhile. Raises Unfit, Unreachable."""
    there = one(shop, whole.order.id, draft.product_id)
    before = pictures(shop, [there]).get(there.id, []) if there else []
    if len(before) + len(chosen) > photos.MOST:
        raise Unfit("many")
    prints = [photos.develop(data) for data in chosen]
    with transaction():
        order = held(shop, whole.order.id)
        if order is None:
            return None
        review, word = _row(shop, whole, draft)
        db.session.add(review)
        db.session.flush()
        for made in prints:
            db.session.add(_photo(review, made))
        _log(review, BUYER, word)
        ratings.want(shop, draft.product_id)
    return review


def _row(shop: Shop, whole: Whole, draft: Draft) -> tuple[Review, str]:
    now, line = clock.now(), products(whole)[draft.product_id]
    review, word = one(shop, whole.order.id, draft.product_id), "changed"
    if review is None:
        review, word = Review(shop_id=shop.id, order_id=whole.order.id, product_id=draft.product_id), "written"
        review.written_at = now
    review.variant, review.stars, review.language = line.variant_title, draft.stars, draft.language.partition("@")[0]
    review.content = {"name": shown_name(whole.order.person), "text": draft.text}
    review.changed_at, review.withdrawn_at = now, None
    return review, word


def _photo(review: Review, made: Print) -> ReviewPhoto:
    about = {"shop_id": review.shop_id, "order_id": review.order_id, "review_id": review.id, "taken_at": clock.now()}
    return ReviewPhoto(key=made.key, size=made.size, width=made.width, height=made.height, **about)


def withdraw(shop: Shop, order_id: int, product_id: int) -> bool:
    """By its writer, who may write it anew; False when there is nothing to take back."""
    with transaction():
        review = one(shop, order_id, product_id)
        if review is None or review.withdrawn_at is not None:
            return False
        review.withdrawn_at = clock.now()
        _log(review, BUYER, "withdrawn")
        ratings.want(shop, product_id)
    return True


def drop(shop: Shop, order_id: int, product_id: int, key: str) -> None:
    """A photo out of one's own review. The file goes with the next sweep."""
    with transaction():
        review = one(shop, order_id, product_id)
        if review is not None:
            mine = (ReviewPhoto.shop_id == shop.id, ReviewPhoto.review_id == review.id, ReviewPhoto.key == key)
            db.session.execute(delete(ReviewPhoto).where(*mine))


def hide(shop: Shop, review_id: int, user: str, why: str) -> bool:
    """By staff; False for a reason that is none, and where it is hidden already."""
    if why not in WHYS:
        return False
    with transaction():
        review = _held(shop, review_id)
        if review is None or review.hidden_at is not None:
            return False
        review.hidden_at, review.hidden_why = clock.now(), why
        _log(review, user, "hidden", why)
        ratings.want(shop, review.product_id)
    return True


def show(shop: Shop, review_id: int, user: str) -> bool:
    """Again; False when it was not hidden."""
    with transaction():
        review = _held(shop, review_id)
        if review is None or review.hidden_at is None:
            return False
        review.hidden_at = review.hidden_why = None
        _log(review, user, "shown")
        ratings.want(shop, review.product_id)
    return True


def _held(shop: Shop, review_id: int) -> Review | None:
    """Under a lock, so that two clicks are one deed."""
    return db.session.scalar(select(Review).where(Review.shop_id == shop.id, Review.id == review_id).with_for_update())


def _log(review: Review, by: str, word: str, why: str | None = None) -> None:
    about = {"shop_id": review.shop_id, "review_id": review.id, "order_id": review.order_id}
    db.session.add(ReviewEntry(**about, at=clock.now(), by=by, word=word, why=why))


def one(shop: Shop, order_id: int, product_id: int) -> Review | None:
    found = select(Review).where(
        Review.shop_id == shop.id, Review.order_id == order_id, Review.product_id == product_id
    )
    return db.session.scalar(found)


def of_order(shop: Shop, order_id: int) -> Sequence[Review]:
    return db.session.scalars(select(Review).where(Review.shop_id == shop.id, Review.order_id == order_id)).all()


def newest(shop: Shop, before: int | None) -> Sequence[Review]:
    """Of staff's list, hidden and withdrawn ones too; one more than a page holds when there are more."""
    found = select(Review).where(Review.shop_id == shop.id)
    if before is not None:
        found = found.where(Review.id < before)
    return db.session.scalars(found.order_by(Review.id.desc()).limit(PAGE + 1)).all()


def entries(shop: Shop, reviews: Collection[Review]) -> dict[int, list[ReviewEntry]]:
    """Review → its log, oldest first."""
    ids = [review.id for review in reviews]
    logged = select(ReviewEntry).where(ReviewEntry.shop_id == shop.id, ReviewEntry.review_id.in_(ids))
    found: dict[int, list[ReviewEntry]] = {number: [] for number in ids}
    for entry in db.session.scalars(logged.order_by(ReviewEntry.at, ReviewEntry.id)):
        found[entry.review_id].append(entry)
    return found


def pictures(shop: Shop, reviews: Iterable[Review]) -> dict[int, list[ReviewPhoto]]:
    """Review → its photos, oldest first."""
    ids = [review.id for review in reviews]
    taken = select(ReviewPhoto).where(ReviewPhoto.shop_id == shop.id, ReviewPhoto.review_id.in_(ids))
    found: dict[int, list[ReviewPhoto]] = {number: [] for number in ids}
    for photo in db.session.scalars(taken.order_by(ReviewPhoto.id)):
        found[photo.review_id].append(photo)
    return found


def photo(shop: Shop, key: str) -> ReviewPhoto | None:
    return db.session.scalar(select(ReviewPhoto).where(ReviewPhoto.shop_id == shop.id, ReviewPhoto.key == key))


def is_public(shop: Shop, photo: ReviewPhoto) -> bool:
    """Whether everybody may see it: as long as its review is shown."""
    shown = select(Review.id).where(Review.shop_id == shop.id, Review.id == photo.review_id, SHOWN)
    return db.session.scalar(shown) is not None
