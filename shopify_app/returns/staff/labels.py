"""The label that staff gives a buyer for the way back: a file judged by its content, or an address of one."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from PIL import Image
from werkzeug.datastructures import FileStorage

from shopify_app.language import words
from shopify_app.returns.staff import typed

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg"}
PDF = "application/pdf"


class Unfit(Exception):
    """What was given is no label; `sentence` says why, and takes {megabytes}."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(field)
        self.field, self.sentence = field, sentence


File = tuple[str, bytes]
"""Its media type, PDF or one of PICTURES, and its content."""


@dataclass(frozen=True, slots=True)
class Label:
    """One of `file` and `url`, or neither where the number is all there is."""

    file: File | None
    number: str | None
    url: str | None
    until: date | None
    """Its last day."""


def chosen(upload: FileStorage | None, form: Mapping[str, str], today: date) -> Label:
    """Raises Unfit."""
    number, url = typed.number(form.get("number", "")), typed.address(form.get("url", ""))
    if number is None:
        raise Unfit("number", words("This is no number of a parcel."))
    if url is None:
        raise Unfit("url", words("This is no address of a page: it begins with https://."))
    content = upload.stream.read(MOST_BYTES + 1) if upload else b""
    if content and url:
        raise Unfit("url", words("A file or an address, please, not both."))
    if not (content or url or number):
        raise Unfit("url", words("Please choose a file, or give an address or a number."))
    until = _day(form.get("until", ""), today)
    return Label(checked(content) if content else None, number or None, url or None, until)


def _day(typed: str, today: date) -> date | None:
    """None where none is typed."""
    try:
        day = date.fromisoformat(typed.strip()) if typed.strip() else None
    except ValueError:
        day = date.min
    if day is not None and day < today:
        raise Unfit("until", words("Please enter a day from today on, or none."))
    return day


def checked(content: bytes) -> File:
    """By what stands in it, whatever its name says. Raises Unfit."""
    if len(content) > MOST_BYTES:
        raise Unfit("file", words("This file is too large: {megabytes} MB at most."))
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]:
        return PDF, content
    kind = _picture(content)
    if kind is None:
        raise Unfit("file", words("This is no label: a PDF, a PNG or a JPEG, please."))
    return kind, content


def _picture(content: bytes) -> str | None:
    try:
        with Image.open(io.BytesIO(content), formats=tuple(PICTURES)) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.load()
            return PICTURES[image.format or ""]
    except Exception:
        # A broken file breaks its decoder in more ways than can be listed.
        return None
