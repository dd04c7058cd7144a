"""One SQLite file that outlives the process: every record as JSON under its kind and id, and a few values."""

import json
import sqlite3
import types
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from devstore import records

TABLES = """
CREATE TABLE IF NOT EXISTS record (kind TEXT, id INTEGER, body TEXT NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE IF NOT EXISTS value (name TEXT PRIMARY KEY, body TEXT NOT NULL);
"""


class Keep:
    """data None keeps nothing. The caller holds a lock around every call."""

    def __init__(self, data: Path | None) -> None:
        if data is not None:
            data.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(data / "store.sqlite" if data else ":memory:", check_same_thread=False)
        self._kept = data is not None
        self._file.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + TABLES)

    def records(self) -> Iterator[Any]:
        for kind, body in self._file.execute("SELECT kind, body FROM record ORDER BY id").fetchall():
            yield from_plain(getattr(records, kind), json.loads(body))

    def value(self, name: str) -> str | None:
        row = self._file.execute("SELECT body FROM value WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set(self, name: str, body: str) -> None:
        self.write([], [], {name: body})

    def write(self, touched: Iterable[Any], dropped: Iterable[Any], values: dict[str, str]) -> None:
        if not self._kept:
            return
        with self._file:
            rows = [(type(r).__name__, r.id, json.dumps(asdict(r), default=datetime.isoformat)) for r in touched]
            self._file.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", rows)
            gone = [(type(r).__name__, r.id) for r in dropped]
            self._file.executemany("DELETE FROM record WHERE kind = ? AND id = ?", gone)
            self._file.executemany("INSERT OR REPLACE INTO value VALUES (?, ?)", values.items())

    def close(self) -> None:
        """What comes later, from a thread that was not done, is not kept."""
        self._kept = False
        self._file.close()


def from_plain(wanted: Any, plain: Any) -> Any:
    """Build a record of type `wanted` from what json.loads gave; unknown keys are dropped."""
    if plain is None or wanted is Any:
        return plain
    if isinstance(wanted, types.UnionType):
        return from_plain(next(kind for kind in get_args(wanted) if kind is not types.NoneType), plain)
    if get_origin(wanted) is list:
        return [from_plain(get_args(wanted)[0], item) for item in plain]
    if wanted is datetime:
        return datetime.fromisoformat(plain)
    if isinstance(wanted, type) and is_dataclass(wanted):
        hints = get_type_hints(wanted)
        return wanted(**{f.name: from_plain(hints[f.name], plain[f.name]) for f in fields(wanted) if f.name in plain})
    return plain
