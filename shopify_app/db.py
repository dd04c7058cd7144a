"""The database: one session, one way to commit, one way to upsert. The same SQL runs on SQLite and PostgreSQL."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Connection, DateTime, Dialect, Executable, FromClause, Integer, TypeDecorator, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:

    class Model(Base):
        """What the checker takes for Flask-SQLAlchemy's base, which is made at run time."""

        __abstract__ = True

else:
    Model = db.Model

migrate = Migrate(directory="shopify_app/migrations")

BigId = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only when the key is spelled INTEGER."""


class UtcTime(TypeDecorator[datetime]):
    """A moment, aware and in UTC on both databases (SQLite would forget the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


_after: ContextVar[list[Callable[[], None]] | None] = ContextVar("after", default=None)
"""Inside transaction(): what to do once it is committed. None: not inside."""


@contextmanager
def transaction() -> Iterator[None]:
    """The only way to commit. Inside another one it joins it; an exception undoes everything.

    What was read before it began is read again inside, so no decision rests on a stale row.
    """
    if _after.get() is not None:
        yield
        return
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("rows were changed outside of transaction()")
    _forget(session)
    token = _after.set([])
    try:
        yield
        session.commit()
        hooks = _after.get() or []
    except BaseException:
        session.rollback()
        raise
    finally:
        _after.reset(token)
    for hook in hooks:
        hook()


def on_commit(hook: Callable[[], None]) -> None:
    """Do it once the transaction is committed, never when it is undone; at once outside of one."""
    hooks = _after.get()
    if hooks is None:
        hook()
    else:
        hooks.append(hook)


def rest() -> None:
    """End the reading transaction: called before every call to the outside. Raises inside transaction()."""
    if _after.get() is not None:
        raise RuntimeError("no call to the outside while a transaction is open")
    _forget(db.session())


def _forget(session: Session) -> None:
    """End the reading transaction, if there is one; what was read is read again when it is looked at."""
    session.rollback()
    session.expire_all()


def upsert(
    model: type[Model],
    rows: Sequence[dict[str, Any]],
    keys: Sequence[str],
    *,
    newer: Sequence[str] = (),
    keep: bool = False,
) -> int:
    """Insert the rows; where one with the same keys stands already, update it unless what stands is newer.

    newer: the columns that date a row, compared in their order; an equal date updates.
    keep: leave what stands as it is. All rows have the same columns. Returns how many were written.
    """
    if not rows:
        return 0
    statement = _upsert(model, db.engine.dialect.name, tuple(rows[0]), tuple(keys), tuple(newer), keep)
    # One row goes as one statement whose row count can be trusted; many go as a batch. Unless it is asked for, the
    # count of an INSERT is gone with its cursor: psycopg then says -1, which reads as "written".
    given = list(rows) if len(rows) > 1 else rows[0]
    result = db.session.connection().execute(statement, given, execution_options={"preserve_rowcount": True})
    return result.rowcount


@cache
def _upsert(
    model: type[Model],
    dialect: str,
    columns: tuple[str, ...],
    keys: tuple[str, ...],
    newer: tuple[str, ...],
    keep: bool,
) -> Executable:
    """Made once for each shape: making a statement costs more than running it."""
    table = model.__table__
    insert: Any = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    statement: Executable
    if keep:
        statement = insert.on_conflict_do_nothing(index_elements=keys)
    else:
        values = {name: insert.excluded[name] for name in columns if name not in keys}
        older = _older(table, insert.excluded, newer) if newer else None
        statement = insert.on_conflict_do_update(index_elements=keys, set_=values, where=older)
    return statement


def _older(table: FromClause, excluded: Any, newer: Sequence[str]) -> Any:
    first, *others = newer
    older, equal = table.c[first] < excluded[first], table.c[first] == excluded[first]
    return older | (equal & _older(table, excluded, others) if others else equal)


def init_app(app: Flask, url: str) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    own = {"connect_args": {"timeout": 15}} if url.startswith("sqlite") else {"pool_pre_ping": True}
    # An error's text would quote what was to be written, and with it a buyer.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True} | own
    db.init_app(app)
    migrate.init_app(app, db, render_as_batch=True)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _on_sqlite_connect)
            event.listen(db.engine, "begin", _on_sqlite_begin)


def _on_sqlite_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """FULL: a committed row survives the loss of power, not only of the process."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    """A writer takes the lock at once: no waiting time saves a reader that turns into a writer halfway."""
    connection.exec_driver_sql("BEGIN" if _after.get() is None else "BEGIN IMMEDIATE")
