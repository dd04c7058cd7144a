"""The label that staff gives a buyer for the way back: a file judged by its content, or an address of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import FileStorage

from shopify_app.language import words
from shopify_app.returns import papers
from shopify_app.returns.papers import MOST_BYTES, File
from shopify_app.returns.staff import typed
from shopify_app.sources import source


class Unfit(Exception):
    """What was given is no label; `sentence` says why, and takes {megabytes}."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(field)
        self.field, self.sentence = field, sentence


@dataclass(frozen=True, slots=True)
class Label:
    """One of `file` and `url`, or neither where the number is all there is."""

    file: File | None
    number: str | None
    url: str | None
    until: date | None
    """Its last day."""
    carrier: str | None
    """One of those that can be asked where a parcel is."""


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
    return Label(checked(content) if content else None, number or None, url or None, until, _carrier(form))


def carriers() -> Sequence[str]:
    """Who can be asked where a parcel is."""
    at = source()
    return at.carriers if at else ()


def _carrier(form: Mapping[str, str]) -> str | None:
    name = form.get("carrier", "")
    return name if name in carriers() else None


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
    """Raises Unfit."""
    if len(content) > MOST_BYTES:
        raise Unfit("file", words("This file is too large: {megabytes} MB at most."))
    file = papers.read(content)
    if file is None:
        raise Unfit("file", words("This is no label: a PDF, a PNG or a JPEG, please."))
    return file
