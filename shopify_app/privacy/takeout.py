"""Everything that a shop has with us as one ZIP file, written while it is sent, so that it never stands in memory.

Each table comes twice: as JSON lines, for programs, and as CSV, for people; photos lie in a folder of the name of the
table that tells of them. What is encrypted is in clear, for it is the merchant's; keys to Shopify, keyed hashes and the
columns of our own work are left out.
"""

import base64
import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, func, select, tuple_

from shopify_app import clock, photos
from shopify_app.db import db, rest, transaction
from shopify_app.language import speak
from shopify_app.privacy import datamap
from shopify_app.privacy.models import Mark, Takeout
from shopify_app.shopify.models import Shop
from shopify_app.work import Chore

BATCH = 500
"""Rows that are read at a time; each batch is a transaction of its own."""
FEW = 10
"""Of tables whose rows may have megabytes."""
HEAVY = {"webhooks", "privacy_requests"}
TOLD = timedelta(seconds=1)
"""So often it is written down how far it has come."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A table program would compute what begins like this."""
OURS = {"due_at", "tries", "owner", "token_owner", "token_lease_until"}
KEYS = {"shops.access_token", "shops.refresh_token"}

Row = dict[str, Any]


def begin(shop: Shop, user: str) -> Takeout:
    rows = sum(_count(shop, table) for table in tables())
    takeout = Takeout(shop_id=shop.id, user=user, began_at=clock.now(), total=rows, count=0)
    with transaction():
        db.session.add(takeout)
    return takeout


def latest(shop: Shop, limit: int = 10) -> Sequence[Takeout]:
    found = select(Takeout).where(Takeout.shop_id == shop.id)
    return db.session.scalars(found.order_by(Takeout.began_at.desc(), Takeout.id.desc()).limit(limit)).all()


def tables() -> list[Table]:
    """Those with rows of shops; marks of what was erased are hashes and nothing else."""
    left_out = (Mark.__tablename__, Chore.__tablename__)
    return [table for table in db.metadata.sorted_tables if table.name not in left_out]


def write(shop: Shop, takeout_id: int) -> Iterator[bytes]:
    """The file, piece by piece, as it is read."""
    out, progress = _Out(), _Progress(shop.id, takeout_id)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        archive.writestr("README.txt", _readme(shop))
        for table in tables():
            for name, lines in ((f"{table.name}.jsonl", _json(shop, table, progress)), _csv(shop, table)):
                with archive.open(name, "w", force_zip64=True) as file:
                    for line in lines:
                        file.write(line.encode())
                        yield from out.taken()
        for name, picture in _pictures(shop):
            archive.writestr(name, picture, zipfile.ZIP_STORED)
            yield from out.taken()
    yield from out.taken()
    progress.end()


class _Out(io.RawIOBase):
    """Where the archive writes to: what it wrote is taken away at once."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> Iterator[bytes]:
        pieces, self._pieces = self._pieces, []
        yield from pieces


class _Progress:
    """Says in the row how far it has come, now and then."""

    def __init__(self, shop_id: int, takeout_id: int) -> None:
        self._row, self._count, self._told_at = (shop_id, takeout_id), 0, clock.now()

    def add(self, rows: int) -> None:
        self._count += rows
        if clock.now() - self._told_at >= TOLD:
            self._told_at = clock.now()
            self._tell(count=self._count)

    def end(self) -> None:
        self._tell(count=self._count, done_at=clock.now())

    def _tell(self, **columns: Any) -> None:
        shop_id, takeout_id = self._row
        with transaction():
            mine = db.update(Takeout).where(Takeout.shop_id == shop_id, Takeout.id == takeout_id)
            db.session.execute(mine.values(columns).execution_options(synchronize_session=False))


def _pictures(shop: Shop) -> Iterator[tuple[str, bytes | str]]:
    """Those that cannot be had are named in a file of their own, so that nobody takes the rest for everything."""
    missing = []
    for kind in photos.kinds():
        table: Table = kind.__table__  # type: ignore[attr-defined]
        for rows in _batches(shop, table):
            for row in rows:
                name = f"{table.name}/{row['key']}.jpg"
                try:
                    yield name, photos.jpeg(row["key"])
                except (photos.Gone, photos.Unreachable):
                    missing.append(name)
    if missing:
        yield "missing-photos.txt", "\n".join((*missing, ""))


def _json(shop: Shop, table: Table, progress: _Progress) -> Iterator[str]:
    for rows in _batches(shop, table):
        progress.add(len(rows))
        yield "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _csv(shop: Shop, table: Table) -> tuple[str, Iterator[str]]:
    return f"{table.name}.csv", _csv_lines(shop, table)


def _csv_lines(shop: Shop, table: Table) -> Iterator[str]:
    names = [column.name for column in _columns(table)]
    yield _lines([names])
    for rows in _batches(shop, table):
        yield _lines([[_cell(row[name]) for name in names] for row in rows])


def _lines(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _cell(value: Any) -> str:
    """Only texts can be formulas: a number may well begin with a minus."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def _batches(shop: Shop, table: Table) -> Iterator[list[Row]]:
    """By the key, from the last one on: what is added meanwhile disturbs nothing, and no transaction stays open."""
    keys, columns = list(table.primary_key.columns), _columns(table)
    after: tuple[Any, ...] | None = None
    most = FEW if table.name in HEAVY else BATCH
    while True:
        page = select(*keys, *columns).where(_of_shop(shop, table)).order_by(*keys).limit(most)
        found = db.session.execute(page if after is None else page.where(tuple_(*keys) > after)).all()
        rest()
        if not found:
            return
        after = tuple(found[-1][: len(keys)])
        yield [
            {column.name: _plain(value) for column, value in zip(columns, row[len(keys) :], strict=True)}
            for row in found
        ]


def _columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if not _is_left_out(table, column)]


def _is_left_out(table: Table, column: Column[Any]) -> bool:
    is_hash = isinstance(column.type, LargeBinary) and column.name != "content"
    return column.name in OURS or is_hash or f"{table.name}.{column.name}" in KEYS


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return _text(value)
    return value


def _text(value: bytes) -> str:
    """A body as it came; a picture as base64."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return base64.b64encode(value).decode()


def _of_shop(shop: Shop, table: Table) -> ColumnElement[bool]:
    if "shop_domain" in table.c:
        return table.c.shop_domain == shop.domain
    return (table.c.id if table.name == Shop.__tablename__ else table.c.shop_id) == shop.id


def _count(shop: Shop, table: Table) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(_of_shop(shop, table))) or 0


def _readme(shop: Shop) -> str:
    """What each table is for, in the shop's language."""
    language = speak(shop.locale)
    titles = {table: purpose.title for purpose in datamap.PURPOSES for table in purpose.tables}
    rows = (f"{table.name}: {language.t(titles[table.name])}" for table in tables() if table.name in titles)
    return "\n".join((f"Aftercare, {shop.domain}, {clock.now().isoformat()}", "", *rows, ""))
