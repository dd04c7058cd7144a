"""Work that must happen: rows with a due time, claimed under a lease, finished once.

A row is waiting (done_at is None), or done with a result. Whoever claims it becomes its owner for a lease; every later
write repeats the owner, so a process that was stopped and woke up late changes nothing. A row that failed comes
back later and later; after the last of its tries it is parked with the result "dead", shown to the merchant and
replayable, never deleted and never in the way of others.
"""

import random
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import ColumnElement, Executable, Integer, Select, Table, bindparam, func, select, true, update
from sqlalchemy.orm import Mapped, mapped_column

from shopify_app import clock
from shopify_app.db import Model, UtcTime, db, rest, transaction, upsert
from shopify_app.queue import ring

BACKOFF = (10, 60, 300, 1_200, 3_600, 10_800, 25_200, 43_200)
"""Seconds until a row that failed once, twice, ... is due again: eight tries in about a day."""

DEAD = "dead"


class LostLease(Exception):
    """Another worker has taken the row over; what was done here must be undone."""


class Work:
    """Columns of a row that is work. `queue` names the bell that announces it."""

    queue: str

    id: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(UtcTime, default=clock.now)
    tries: Mapped[int] = mapped_column(default=0)
    """How often it failed or its owner died with it."""
    owner: Mapped[str | None]
    """None: nobody is at it."""
    done_at: Mapped[datetime | None] = mapped_column(UtcTime)
    result: Mapped[str | None]
    """What came of it in one word, once done."""
    error: Mapped[str | None]
    """What went wrong last, without personal data."""

    @classmethod
    def turns(cls) -> Sequence[ColumnElement[bool]]:
        """Which rows go before which, however long the others have been due; an index serves each."""
        return (true(),)


W = TypeVar("W", bound=Work)


def kinds() -> Sequence[type[Work]]:
    """Every table of work that the app has."""
    mapped = (mapper.class_ for mapper in Model.registry.mappers)
    return [model for model in mapped if issubclass(model, Work)]


def claim(model: type[W], limit: int = 100) -> Sequence[W]:
    """Take up to `limit` due rows of one turn for one lease, oldest first.

    Rows whose owner died are taken one at a time, after the fresh ones: one that kills its worker kills only itself.
    """
    if _is_idle(model):
        return []
    for turn in range(len(model.turns())):
        if rows := _take(model, limit, turn):
            return rows
    return _take(model, 1, LEFT)


def _is_idle(model: type[W]) -> bool:
    """Look before you take: most of the time there is nothing, and on SQLite every other writer waits for who takes."""
    rest()  # what was read before this would be all that SQLite shows us
    found = db.session.scalar(_due_one(model), {"now": clock.now()})  # type: ignore[arg-type]  # any class is hashable
    rest()
    return found is None


@cache
def _due_one(model: type[Work]) -> Select[int]:
    # In order, or PostgreSQL reads the table from its beginning, past all that waits for a later day.
    due = select(model.id).where(model.done_at.is_(None), model.due_at <= bindparam("now"))
    return due.order_by(model.due_at).limit(1)


LEFT = -1
"""The turn of what somebody left."""


def _take(model: type[W], limit: int, turn: int) -> Sequence[W]:
    given = {"now": clock.now(), "new_owner": secrets.token_hex(8), "until": lease(), "most": limit}
    with transaction():
        taken = db.session.scalars(_taking(model, turn), given)  # type: ignore[arg-type]  # any class is hashable
        rows = [row for row in taken.all() if not _bury(row)]
    for row in rows:
        # Out of the session, so that `owner` stays what we wrote and is never read again as somebody else's.
        db.session.expunge(row)
    return sorted(rows, key=lambda row: row.id)


@cache
def _taking(model: type[Work], turn: int) -> Executable:
    """The update that takes rows: nobody's of this turn, or those that somebody left. Made once: making it costs
    more than running it finds nothing.
    """
    which = model.owner.is_not(None) if turn == LEFT else model.owner.is_(None) & model.turns()[turn]
    due = select(model.id).where(model.done_at.is_(None), model.due_at <= bindparam("now"), which)
    due = due.order_by(model.due_at).limit(bindparam("most", type_=Integer)).with_for_update(skip_locked=True)
    # Once and for all: PostgreSQL may run a subquery anew for every row, and then its limit limits nothing.
    chosen = due.cte("chosen").prefix_with("MATERIALIZED", dialect="postgresql")
    values = {"owner": bindparam("new_owner"), "due_at": bindparam("until"), "tries": model.tries + int(turn == LEFT)}
    taken = update(model).where(model.id.in_(select(chosen.c.id))).values(values).returning(model)
    return taken.execution_options(populate_existing=True, synchronize_session=False)


def lease() -> datetime:
    """Until when a row that is claimed now, or held on to, is ours."""
    return clock.now() + timedelta(seconds=current_app.extensions["config"].lease)


def _bury(row: Work) -> bool:
    """A row that has killed its workers as often as it may is parked without another try."""
    if row.tries < len(BACKOFF):
        return False
    finish(row, DEAD, error=row.error or "its worker died every time")
    return True


def finish(row: Work, result: str, error: str | None = None, **columns: Any) -> None:
    """Mark it done, in the transaction of its effects. Raises LostLease when it is no longer ours."""
    _write(row, {"done_at": clock.now(), "owner": None, "result": result, "error": error} | columns)


def hold(row: Work, **columns: Any) -> None:
    """Write columns of a row that is ours and stays ours. Raises LostLease when it is no longer ours."""
    _write(row, columns)


def again(row: Work, at: datetime, **columns: Any) -> None:
    """Let it come back at a time of its own choosing, which is no failure."""
    _write(row, {"owner": None, "due_at": at} | columns)


def fail(row: Work, error: str, **columns: Any) -> None:
    """Let it come back after a pause that grows with every try, or park it after the last one."""
    tries = row.tries + 1
    if tries >= len(BACKOFF):
        finish(row, DEAD, error=error, tries=tries, **columns)
        return
    pause = timedelta(seconds=BACKOFF[tries - 1] * random.uniform(0.8, 1.2))  # noqa: S311
    again(row, clock.now() + pause, tries=tries, error=error, **columns)


def replay(row: Work) -> None:
    """Give a row that is done or dead a new life, with all its tries."""
    with transaction():
        row.done_at = row.result = row.owner = None
        row.tries, row.due_at = 0, clock.now()
        db.session.add(row)
        ring(row.queue)


def _write(row: Work, values: dict[str, Any]) -> None:
    """In the transaction at hand or one of its own; only while the row is ours."""
    statement = _ours(type(row).__table__, tuple(values))  # type: ignore[attr-defined]
    with transaction():
        result = db.session.connection().execute(statement, values | {"row_id": row.id, "row_owner": row.owner})
        if result.rowcount != 1:
            raise LostLease(f"{type(row).__name__} {row.id}")


@cache
def _ours(table: Table, columns: tuple[str, ...]) -> Executable:
    """The update of a row that is still ours; made once for each set of columns."""
    ours = (table.c.id == bindparam("row_id"), table.c.owner == bindparam("row_owner"), table.c.done_at.is_(None))
    return update(table).where(*ours).values({name: bindparam(name) for name in columns})


def waiting(model: type[W]) -> int:
    """How many rows are due now and nobody's, or left by an owner who died."""
    due = select(func.count()).select_from(model).where(model.done_at.is_(None), model.due_at <= clock.now())
    return db.session.scalar(due) or 0


class Chore(Model):
    """Something that happens regularly, and when it does so next."""

    __tablename__ = "chores"

    name: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When it last went well; None: never."""


def turn(name: str, every: timedelta) -> bool:
    """Whether a chore is due, and ours to do: of several clocks one gets True, once per interval."""
    now = clock.now()
    with transaction():
        upsert(Chore, [{"name": name, "due_at": now}], ("name",), keep=True)
        mine = update(Chore).where(Chore.name == name, Chore.due_at <= now).values(due_at=now + every)
        return bool(db.session.execute(mine.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def turned(name: str) -> None:
    """It was done, and went well."""
    with transaction():
        mine = update(Chore).where(Chore.name == name).values(done_at=clock.now())
        db.session.execute(mine.execution_options(synchronize_session=False))
