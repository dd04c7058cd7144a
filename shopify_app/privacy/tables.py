"""All tables with rows about persons, found by what they declare (`persons.py`), and how their rows are erased."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, delete, literal, or_, select, update

from shopify_app.db import Model, db
from shopify_app.persons import Person, Personal
from shopify_app.privacy import words
from shopify_app.privacy.identity import Identity

PAGE = 200
"""Rows that are opened and read at a time."""


def personal() -> list[type[Personal]]:
    """Those first that find their rows through another table, while its rows are still there."""
    mapped = [mapper.class_ for mapper in Model.registry.mappers if issubclass(mapper.class_, Personal)]
    return sorted(mapped, key=lambda model: ("about" not in vars(model), name(model)))


def searched() -> list[type[Personal]]:
    return [model for model in personal() if model.searched]


def name(model: type[Personal]) -> str:
    return str(model.__tablename__)  # type: ignore[attr-defined]


def erase(person: Person) -> Counter[str]:
    """Every row that a column gives away; how many of each table."""
    return Counter({name(model): erase_where(model, model.about(person)) for model in personal()})


def erase_where(model: type[Personal], which: ColumnElement[bool]) -> int:
    """Delete these rows, or empty them where they must stay; how many it were."""
    emptied = model.emptied()
    statement: Any = delete(model) if emptied is None else update(model).values(emptied)
    chosen = statement.where(which, model.erasable()).execution_options(synchronize_session=False)
    return int(db.session.execute(chosen).rowcount)  # type: ignore[attr-defined]


def read(model: type[Any], person: Person, identity: Identity, after: int) -> tuple[list[int], int | None]:
    """Open the next rows after this id: which of them name the person, and where to go on; None: that was all.

    Rows stream through, for a body may have megabytes.
    """
    known = identity.words() | identity.typed()
    columns = [getattr(model, column) for column in model.searched]
    topic = getattr(model, "topic", literal(""))
    page = select(model.id, topic.label("topic"), *columns).where(
        model.of_shop(person), model.id > after, or_(*(column.is_not(None) for column in columns))
    )
    ids, found = [], []
    for row_id, topic, *values in db.session.execute(
        page.order_by(model.id).limit(PAGE).execution_options(yield_per=20)
    ):
        ids.append(row_id)
        if any(not known.isdisjoint(_words(value, topic)) for value in values):
            found.append(row_id)
    return found, ids[-1] if len(ids) == PAGE else None


def _words(value: Any, topic: str) -> set[str]:
    if value is None:
        return set()
    if isinstance(value, bytes):
        return words.of_body(value, topic)
    if isinstance(value, str):
        return words.of_content(value) | {words.of_number(value)}
    return words.of_content(value)


def rows(model: type[Any], which: ColumnElement[bool]) -> Iterator[Any]:
    found = select(model).where(which).order_by(*model.__table__.primary_key.columns)
    yield from db.session.scalars(found)
