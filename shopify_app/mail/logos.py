"""Logos that merchants upload. Each stays for as long as the shop does: mails that went out show it."""

import hashlib
from io import BytesIO

from PIL import Image, UnidentifiedImageError
from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app.db import Model, db, upsert
from shopify_app.shopify.models import Shop

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 16_000_000
BOX = (640, 320)
"""Pixels: twice as large as it is shown, for screens that show two for one."""
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
BROKEN = (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError)
"""What Pillow says of files that are no picture, or a trap."""


class Logo(Model):
    __tablename__ = "logos"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    """Of its content: the name it is fetched by."""
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """A PNG, made anew from what was uploaded."""
    width: Mapped[int]
    height: Mapped[int]


class Unfit(Exception):
    """No picture, or too large a one."""


def keep(shop: Shop, content: bytes) -> str:
    """The digest it can be fetched by; inside a transaction. Raises Unfit."""
    picture = _read(content)
    picture.thumbnail(BOX)
    made = BytesIO()
    picture.save(made, "PNG", optimize=True)
    digest = hashlib.sha256(made.getvalue()).hexdigest()[:32]
    row = {"shop_id": shop.id, "digest": digest, "content": made.getvalue()}
    upsert(Logo, [row | {"width": picture.width, "height": picture.height}], ("shop_id", "digest"), keep=True)
    return digest


def find(domain: str, digest: str) -> bytes | None:
    """The PNG of this name; None where the shop has no such logo."""
    named = select(Logo.content).join(Shop, Shop.id == Logo.shop_id).where(Shop.domain == domain)
    return db.session.scalar(named.where(Logo.digest == digest))


def _read(content: bytes) -> Image.Image:
    """Without anything that a file holds besides its picture. Raises Unfit."""
    if len(content) > MOST_BYTES:
        raise Unfit("too large")
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Unfit("too many pixels")
            return opened.convert("RGBA")
    except BROKEN as error:
        raise Unfit("no picture") from error
