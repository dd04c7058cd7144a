"""Photos of what is wrong with a thing: taken in only as pictures that we made anew, kept sealed, shown to few.

What comes is judged by its content alone. A new JPEG holds nothing but the pixels: no place, no time, no camera, and
nothing that was hidden in the old file.
"""

import io
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

import structlog
from flask import current_app
from itsdangerous import BadSignature
from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import delete, func, select, update

from shopify_app import clock
from shopify_app.db import db, rest, transaction
from shopify_app.orders import read
from shopify_app.returns.models import Draft, Photo
from shopify_app.returns.photos.files import Unreachable, files
from shopify_app.secrets import box, dated
from shopify_app.shopify.models import Shop

log = structlog.get_logger()

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
"""What telephones make; a browser turns Apple's HEIC into JPEG when a form asks for pictures."""
MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST = 4
"""Photos of one piece."""
SIDE = 2000
"""Pixels; enough to see a scratch."""
PURPOSE = "return_photos.file"
SECONDS = 10 * 60
"""How long an address for staff opens its picture."""
KEPT = timedelta(days=30)
"""Drafts, and photos that never became part of a request."""
YOUNG = timedelta(days=1)
"""A file so new may belong to a row that is being written."""


class Unfit(Exception):
    """Not a picture that we take. `why`: large, pixels, format, broken, many."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Picture:
    jpeg: bytes
    width: int
    height: int


def made_anew(data: bytes) -> Picture:
    """The pixels of what came, upright, at most SIDE wide and high. Raises Unfit."""
    if len(data) > MOST_BYTES:
        raise Unfit("large")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Unfit("pixels")
            return _drawn(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unfit("pixels") from error
    except UnidentifiedImageError as error:
        raise Unfit("format") from error
    except Unfit:
        raise
    except Exception as error:
        # A broken file breaks its decoder in more ways than can be listed.
        raise Unfit("broken") from error


def _drawn(image: Image.Image) -> Picture:
    image.draft("RGB", (SIDE, SIDE))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((SIDE, SIDE))
    shown = upright.convert("RGBA")
    paper = Image.new("RGB", shown.size, "white")
    paper.paste(shown, mask=shown)
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=82, optimize=True)
    return Picture(out.getvalue(), *paper.size)


def add(shop: Shop, order_id: int, fulfillment_line_id: int, data: bytes) -> Photo | None:
    """A photo for the draft of an order; None when the order is gone. Raises Unfit, Unreachable."""
    picture = made_anew(data)
    if _count(shop, order_id, fulfillment_line_id) >= MOST:
        raise Unfit("many")
    key = secrets.token_hex(16)
    files().put(_name(key), box().seal(picture.jpeg, PURPOSE))
    with transaction():
        # Whoever erases a person holds the shop's row: an order that is still there afterwards may get a photo.
        db.session.refresh(shop, with_for_update={"read": True, "key_share": True})
        if read.get(shop, order_id) is None or _count(shop, order_id, fulfillment_line_id) >= MOST:
            return None
        photo = Photo(shop_id=shop.id, order_id=order_id, fulfillment_line_id=fulfillment_line_id, key=key)
        photo.size, photo.width, photo.height = len(picture.jpeg), picture.width, picture.height
        photo.taken_at = clock.now()
        db.session.add(photo)
    return photo


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


def keep(shop: Shop, photos: Iterable[Photo], request_id: int) -> None:
    """They belong to a request from now on. In its transaction."""
    ids = [photo.id for photo in photos]
    chosen = update(Photo).where(Photo.shop_id == shop.id, Photo.id.in_(ids), Photo.request_id.is_(None))
    db.session.execute(chosen.values(request_id=request_id).execution_options(synchronize_session=False))


def jpeg(photo: Photo) -> bytes:
    """Raises files.Gone, Unreachable."""
    return box().open(files().get(_name(photo.key)), PURPOSE)


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


def reseal() -> int:
    """After the keys were changed: seal with the first what another one opens; how many that were."""
    keys, sealed_anew = db.session.scalars(select(Photo.key)).all(), 0
    rest()
    for key in keys:
        sealed = files().get(_name(key))
        if not box().is_current(sealed):
            files().put(_name(key), box().seal(box().open(sealed, PURPOSE), PURPOSE))
            sealed_anew += 1
    return sealed_anew


def tidy() -> int:
    """Forget old drafts and their photos, and remove every file whose row is gone, by whatever way; returns how many
    files that were.
    """
    before = clock.now() - KEPT
    with transaction():
        db.session.execute(delete(Draft).where(Draft.updated_at < before))
        db.session.execute(delete(Photo).where(Photo.request_id.is_(None), Photo.taken_at < before))
    names, removed = files().names(_folder()), 0
    try:
        while some := list(islice(names, 500)):
            removed += _remove_orphans(some)
    except Unreachable as error:
        log.warning("photos_not_tidied", error=str(error))
    return removed


def _remove_orphans(found: Sequence[tuple[str, datetime]]) -> int:
    old = clock.now() - YOUNG
    keys = {name.rpartition("/")[2]: name for name, written in found if written < old}
    known = set(db.session.scalars(select(Photo.key).where(Photo.key.in_(keys))))
    rest()
    orphans = keys.keys() - known
    for key in orphans:
        files().remove(keys[key])
    return len(orphans)


def _count(shop: Shop, order_id: int, fulfillment_line_id: int) -> int:
    loose = select(func.count()).where(
        Photo.shop_id == shop.id,
        Photo.order_id == order_id,
        Photo.request_id.is_(None),
        Photo.fulfillment_line_id == fulfillment_line_id,
    )
    return db.session.scalar(loose) or 0


def _folder() -> str:
    """Of this installation alone: another one that was given the same bucket by mistake removes nothing here."""
    return box().index("photos").hex()


def _name(key: str) -> str:
    return f"{_folder()}/{key}"
