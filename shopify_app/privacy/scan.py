"""Look for texts in every table and every column, the encrypted ones opened: the proof that nothing was left.

It trusts none of the declarations by which rows are erased: tables and columns are those that the database has.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, select, type_coerce
from sqlalchemy.types import NullType

from shopify_app.db import db
from shopify_app.orders.facts import phone_key
from shopify_app.privacy.words import PHONE
from shopify_app.secrets import Encrypted, SecretsError, box
from shopify_app.shopify import models as shops


class Place(NamedTuple):
    table: str
    column: str
    key: str
    """The row's primary key."""
    needle: int | None
    """Which of the texts stands there, counted from 0; None: the value does not open, so nobody knows."""


BOUNDS = {"number": (r"(?<!\d)", r"(?!\d)"), "email": (r"(?<![\w.+-])", r"(?![\w-]|\.\w)"), "text": ("", "")}
"""What may not stand before and after: joann@example.com is not ann@example.com."""


class Needle:
    """A number or an e-mail address is found as a whole, a telephone however it is written, any other text anywhere
    and in any case.
    """

    def __init__(self, text: str) -> None:
        folded = _fold(text.strip())
        before, after = BOUNDS["number" if folded.isdecimal() else "email" if "@" in folded else "text"]
        self._pattern = re.compile(before + re.escape(folded) + after)
        is_phone = not folded.isdecimal() and re.fullmatch(r"[\d\s+().\u00a0/-]+", folded)
        self._phone = phone_key(text, None) if is_phone else None

    def is_in(self, text: str) -> bool:
        if self._pattern.search(text):
            return True
        return self._phone is not None and any(phone_key(run, None) == self._phone for run in PHONE.findall(text))


def scan(domain: str | None, needles: Sequence[str]) -> Iterator[Place]:
    """Every place in one shop's rows, or in everybody's (None), and in the rows that are no shop's."""
    wanted = [Needle(needle) for needle in needles if needle.strip()]
    found = MetaData()
    found.reflect(db.engine)
    for table in found.sorted_tables:
        yield from _scan_table(table, domain, wanted)


def _scan_table(table: Table, domain: str | None, needles: Sequence[Needle]) -> Iterator[Place]:
    keys = [column for column in table.columns if column.primary_key]
    values = [type_coerce(column, NullType()) for column in table.columns]
    rows = select(*keys, *values)
    if domain is not None:
        rows = rows.where(*_of_shop(table, domain))
    for row in db.session.execute(rows.execution_options(yield_per=50)):
        key = "/".join(str(part) for part in row[: len(keys)])
        for column, value in zip(table.columns, row[len(keys) :], strict=True):
            for needle in _found(table, column, value, needles):
                yield Place(table.name, column.name, key, needle)


def _of_shop(table: Table, domain: str) -> Iterator[Any]:
    """Nothing for a table that knows no shops: all of it is looked through."""
    if "shop_domain" in table.c:
        yield table.c.shop_domain == domain
    elif "shop_id" in table.c:
        shop = shops.find(domain)
        yield type_coerce(table.c.shop_id, Integer()) == (shop.id if shop else None)
    elif table.name == "shops":
        yield table.c.domain == domain


def _found(table: Table, column: Column[Any], value: Any, needles: Sequence[Needle]) -> Iterator[int | None]:
    if value is None:
        return
    try:
        text = "\n".join(_texts(_opened(table, column, value)))
    except SecretsError:
        yield None
        return
    text = _fold(f"{text}\n{unquote(text)}" if "%" in text else text)
    yield from (number for number, needle in enumerate(needles) if needle.is_in(text))


def _opened(table: Table, column: Column[Any], value: Any) -> Any:
    declared = db.metadata.tables.get(table.name)
    kind = declared.c[column.name].type if declared is not None and column.name in declared.c else None
    if isinstance(kind, Encrypted):
        return box().open(bytes(value), kind.purpose)
    return bytes(value) if isinstance(column.type, LargeBinary) else value


def _texts(value: Any) -> Iterator[str]:
    """The value as it stands, and what JSON in it says once its escapes are undone."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        yield value
        value = _read(value)
    rest = [value]
    while rest:
        one = rest.pop()
        if isinstance(one, dict):
            rest += [*one, *one.values()]
        elif isinstance(one, list):
            rest += one
        elif one is not None:
            yield str(one)


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
