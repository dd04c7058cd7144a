"""Photos of what is wrong with a thing, while a return is filled in and after: shown to its buyer and to staff."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature
from sqlalchemy import delete, func, select, update

from shopify_app import clock, photos
from shopify_app.db import db, transaction
from shopify_app.orders import read
from shopify_app.photos import MOST, Print, Unfit
from shopify_app.returns.models import Draft, Photo, Request
from shopify_app.secrets import dated
from shopify_app.shopify.models import Shop

BUYER = "buyer"
"""Who a photo is of, where it is not of staff."""
SECONDS = 10 * 60
"""How long an address for staff opens its picture."""
KEPT = timedelta(days=30)
"""Drafts, and photos that never became part of a request."""


def add(shop: Shop, order_id: int, fulfillment_line_id: int, data: bytes) -> Photo | None:
    """A photo for the draft of an order; None when the order is gone. Raises Unfit, Unreachable."""
    if _count(shop, order_id, fulfillment_line_id) >= MOST:
        raise Unfit("many")
    made = photos.develop(data)
    with transaction():
        # Whoever erases a person holds the shop's row: an order that is still there afterwards may get a photo.
        db.session.refresh(shop, with_for_update={"read": True, "key_share": True})
        if read.get(shop, order_id) is None or _count(shop, order_id, fulfillment_line_id) >= MOST:
            return None
        photo = _row(shop, order_id, fulfillment_line_id, made, BUYER)
        db.session.add(photo)
    return photo


def attach(shop: Shop, request: Request, fulfillment_line_id: int, prints: Iterable[Print], by: str) -> None:
    """What staff took of a piece that came back; in a transaction. `by`: Shopify's number of the staff member."""
    for made in prints:
        photo = _row(shop, request.order_id, fulfillment_line_id, made, by)
        photo.request_id = request.id
        db.session.add(photo)


def _row(shop: Shop, order_id: int, fulfillment_line_id: int, made: Print, by: str) -> Photo:
    return Photo(
        shop_id=shop.id,
        order_id=order_id,
        by=by,
        fulfillment_line_id=fulfillment_line_id,
        key=made.key,
        size=made.size,
        width=made.width,
        height=made.height,
        taken_at=clock.now(),
    )


def drop(shop: Shop, order_id: int, key: str) -> bool:
    """Out of a draft; what was sent stays. The file goes with the next sweep."""
    with transaction():
        gone = delete(Photo).where(
            Photo.shop_id == shop.id, Photo.order_id == order_id, Photo.key == key, Photo.request_id.is_(None)
        )
        return bool(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]


def of_draft(shop: Shop, order_id: int) -> Sequence[Photo]:
    """Oldest first."""
    loose = select(Photo).where(Photo.shop_id == shop.id, Photo.order_id == order_id, Photo.request_id.is_(None))
    return db.session.scalars(loose.order_by(Photo.id)).all()


def of_request(shop: Shop, request_id: int) -> Sequence[Photo]:
    """Oldest first."""
    kept = select(Photo).where(Photo.shop_id == shop.id, Photo.request_id == request_id)
    return db.session.scalars(kept.order_by(Photo.id)).all()


def keyed(shop: Shop, order_id: int, key: str) -> Photo | None:
    found = select(Photo).where(Photo.shop_id == shop.id, Photo.order_id == order_id, Photo.key == key)
    return db.session.scalar(found)


def keep(shop: Shop, chosen: Iterable[Photo], request_id: int) -> None:
    """They belong to a request from now on. In its transaction."""
    ids = [photo.id for photo in chosen]
    loose = update(Photo).where(Photo.shop_id == shop.id, Photo.id.in_(ids), Photo.request_id.is_(None))
    db.session.execute(loose.values(request_id=request_id).execution_options(synchronize_session=False))


def address(photo: Photo) -> str:
    """For a page of staff, which cannot send its token along with a picture: opens it for ten minutes."""
    word = dated("photo").dumps([photo.shop_id, photo.id])
    return f"{current_app.extensions['config'].app_url}/return-photos/{word}"


def addressed(word: str) -> Photo | None:
    """The photo that an address of ours opens; None for one that is forged or too old."""
    try:
        shop_id, photo_id = dated("photo").loads(word, max_age=SECONDS)
    except BadSignature:
        return None
    return db.session.scalar(select(Photo).where(Photo.shop_id == shop_id, Photo.id == photo_id))


def tidy() -> int:
    """Forget old drafts and their photos, and remove every file whose row is gone; returns how many files that were."""
    before = clock.now() - KEPT
    with transaction():
        db.session.execute(delete(Draft).where(Draft.updated_at < before))
        db.session.execute(delete(Photo).where(Photo.request_id.is_(None), Photo.taken_at < before))
    return photos.sweep()


def _count(shop: Shop, order_id: int, fulfillment_line_id: int) -> int:
    loose = select(func.count()).where(
        Photo.shop_id == shop.id,
        Photo.order_id == order_id,
        Photo.request_id.is_(None),
        Photo.fulfillment_line_id == fulfillment_line_id,
    )
    return db.session.scalar(loose) or 0
