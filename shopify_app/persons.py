"""Whose row is it? Every table that tells something about persons says how its rows are reached from one of them.

What a person may see and may have erased is worked out from these declarations alone (`privacy/`): a new table joins
in by being `Personal`, and a test fails for one with encrypted columns that is not.
"""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, false, or_, true


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in one shop, by everything that a column may know of them."""

    shop_id: int | None
    """None: the shop has no row, so it has nothing but webhooks."""
    shop_domain: str
    orders: Set[int] = frozenset()
    customers: Set[int] = frozenset()
    emails: Set[bytes] = frozenset()
    """Keyed hashes, as they stand in `email_index`."""
    phones: Set[bytes] = frozenset()
    """Keyed hashes, as they stand in `phone_index`."""


PARTS = {"order_id": "orders", "customer_id": "customers", "email_index": "emails", "phone_index": "phones"}
"""What a column of this name holds, in every table: which part of a Person."""


class Personal:
    """A table with rows about persons."""

    reached_by: ClassVar[tuple[str, ...]] = ()
    """Those of its columns, out of PARTS, that give away whom a row is about."""
    itself: ClassVar[str | None] = None
    """The part of a Person that a row's own id is."""
    searched: ClassVar[tuple[str, ...]] = ()
    """Encrypted columns that must be read to know whom a row is about, since no other column says it (any more)."""

    @classmethod
    def about(cls, person: Person) -> ColumnElement[bool]:
        """The rows that a column of theirs gives away. What is not known of the person is not asked for, or no index
        would serve what is.
        """
        parts = {column: getattr(person, PARTS[column]) for column in cls.reached_by}
        if cls.itself is not None:
            parts["id"] = getattr(person, cls.itself)
        reached = (cls._holds(column, values) for column, values in parts.items() if values)
        return cls.of_shop(person) & or_(false(), *reached)

    @classmethod
    def of_shop(cls, person: Person) -> ColumnElement[bool]:
        columns: Any = cls
        if hasattr(cls, "shop_id"):
            return columns.shop_id == person.shop_id  # type: ignore[no-any-return]
        return columns.shop_domain == person.shop_domain  # type: ignore[no-any-return]

    @classmethod
    def _holds(cls, column: str, values: Set[object]) -> ColumnElement[bool]:
        """A telephone may be a household's: it tells who somebody is only where no e-mail address does."""
        columns: Any = cls
        held: ColumnElement[bool] = getattr(columns, column).in_(values)
        return columns.email_index.is_(None) & held if column == "phone_index" else held

    @classmethod
    def emptied(cls) -> dict[str, Any] | None:
        """What erasing writes into a row that has to stay for other reasons; None: the row goes."""
        return None

    @classmethod
    def erasable(cls) -> ColumnElement[bool]:
        """Rows that may be erased at this moment; the others are work that erases what it holds by itself."""
        return true()
