"""Photos are taken in only as pictures that we made anew, and lie sealed in the store of files.

What comes is judged by its content alone. A new JPEG holds nothing but the pixels: no place, no time, no camera, and
nothing that was hidden in the old file. A file lives as long as a row of some table names its key.
"""

import io
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

import structlog
from flask import Response, abort
from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app import clock
from shopify_app.db import Model, UtcTime, db, rest
from shopify_app.language import words
from shopify_app.photos.files import Gone, Unreachable, files
from shopify_app.secrets import box

log = structlog.get_logger()

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
"""What telephones make; a browser turns Apple's HEIC into JPEG when a form asks for pictures."""
MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST = 4
"""Photos of one thing."""
SIDE = 2000
"""Pixels; enough to see a scratch."""
PURPOSE = "return_photos.file"
"""What the files are sealed for, whatever they show: returns had photos first."""
YOUNG = timedelta(days=1)
"""A file so new may belong to a row that is being written."""


class Unfit(Exception):
    """Not a picture that we take. `why`: large, pixels, format, broken, many."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


UNFIT: Mapping[str, str] = {
    "large": words("This file is too large: a photo may have 12 MB."),
    "pixels": words("This picture is too large. Please take a smaller one."),
    "format": words("This is not a picture that we can read. Please choose a photo, as in JPEG or PNG."),
    "broken": words("This picture is damaged. Please take another one."),
    "many": words("There are enough photos of this item now."),
}
"""Why a picture is not taken, to whoever brought it."""
UNKEPT = words("The photo could not be stored at the moment. Please try again soon.")


class Kept:
    """Columns of a row that names a photo."""

    key: Mapped[str]
    """Random; nothing can be learned from it."""
    size: Mapped[int]
    """Bytes, of a JPEG made anew."""
    width: Mapped[int]
    height: Mapped[int]
    taken_at: Mapped[datetime] = mapped_column(UtcTime)
    """When it came to us."""


@dataclass(frozen=True, slots=True)
class Picture:
    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Print:
    """A picture that lies in the store of files; one that never gets a row is swept away."""

    key: str
    size: int
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


def develop(data: bytes) -> Print:
    """A picture of what came, kept and not yet of anything. Raises Unfit, Unreachable."""
    made = made_anew(data)
    key = secrets.token_hex(16)
    files().put(_name(key), box().seal(made.jpeg, PURPOSE))
    return Print(key, len(made.jpeg), made.width, made.height)


def jpeg(key: str) -> bytes:
    """Raises Gone, Unreachable."""
    return box().open(files().get(_name(key)), PURPOSE)


def picture(photo: Kept) -> Response:
    """The picture itself, for who has proven to be allowed to see it."""
    try:
        data = jpeg(photo.key)
    except Gone:
        abort(404)
    except Unreachable:
        abort(503)
    headers = {"Cache-Control": "private, no-store", "Content-Security-Policy": "default-src 'none'"}
    return Response(data, headers=headers, mimetype="image/jpeg")


def reseal() -> int:
    """After the keys were changed: seal with the first what another one opens; how many that were."""
    keys, sealed_anew = [key for kind in kinds() for key in db.session.scalars(select(kind.key))], 0
    rest()
    for key in keys:
        sealed = files().get(_name(key))
        if not box().is_current(sealed):
            files().put(_name(key), box().seal(box().open(sealed, PURPOSE), PURPOSE))
            sealed_anew += 1
    return sealed_anew


def sweep() -> int:
    """Remove every file whose row is gone, by whatever way; returns how many files that were."""
    names, removed = files().names(_folder()), 0
    try:
        while some := list(islice(names, 500)):
            removed += _remove_orphans(some)
    except Unreachable as error:
        log.warning("photos_not_swept", error=str(error))
    return removed


def _remove_orphans(found: Sequence[tuple[str, datetime]]) -> int:
    old = clock.now() - YOUNG
    keys = {name.rpartition("/")[2]: name for name, written in found if written < old}
    known = {key for kind in kinds() for key in db.session.scalars(select(kind.key).where(kind.key.in_(keys)))}
    rest()
    orphans = keys.keys() - known
    for key in orphans:
        files().remove(keys[key])
    return len(orphans)


def kinds() -> Iterator[type[Kept]]:
    """Every table that names photos."""
    yield from (mapper.class_ for mapper in Model.registry.mappers if issubclass(mapper.class_, Kept))


def _folder() -> str:
    """Of this installation alone: another one that was given the same bucket by mistake removes nothing here."""
    return box().index("photos").hex()


def _name(key: str) -> str:
    return f"{_folder()}/{key}"
