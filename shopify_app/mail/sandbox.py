"""Liquid as merchants may write it: words around values, and nothing that could read, loop or grow.

No tag opens a file, none repeats; filters only change a text a little. So what a template costs is bounded by its own
length, and a limit on time needs no clock: the longest one that may be kept takes some milliseconds.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, wraps
from typing import Any, NamedTuple

from liquid import BoundTemplate, Environment
from liquid.exceptions import LiquidError, ResourceLimitError, UndefinedError
from liquid.undefined import StrictUndefined

LONGEST = 5_000
"""Signs of one template, of what it makes, and of every value on the way."""
TAGS = ("content", "output", "illegal", "assign", "if", "unless", "case", "comment", "#", "raw")
FILTERS = ("append", "capitalize", "default", "downcase", "prepend", "strip", "truncate", "truncatewords", "upcase")
NESTED = re.compile(r"\[\s*\w+\s*\[")
"""A name in a name in a name: nothing is called so, and only to find that out takes the parser seconds."""


class Problem(NamedTuple):
    """What is wrong with a template, and where. `word` is a key of PROBLEMS in the merchant's pages."""

    word: str
    name: str
    """The variable, filter or tag; what the parser says where it is none of them."""
    line: int


class Missing(Exception):
    """A value that the template needs is not there."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _Absent(StrictUndefined):
    """May be asked for and replaced, never shown."""

    allowed_properties = StrictUndefined.allowed_properties | {"__bool__", "__eq__", "__liquid__", "__class__"}
    force_liquid_default = True

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return other is None or other is False

    __hash__ = None  # type: ignore[assignment]


class _Sandbox(Environment):
    output_stream_limit = LONGEST * 4
    """Bytes."""
    local_namespace_limit = LONGEST * 8
    context_depth_limit = 10
    block_nesting_limit = 10


def _short(function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, whose result may not outgrow a whole template."""

    @wraps(function)
    def shortened(*values: Any, **options: Any) -> Any:
        made = function(*values, **options)
        if isinstance(made, str) and len(made) > LONGEST:
            raise ResourceLimitError("a text grew too long", token=None)
        return made

    return shortened


def _sandbox() -> Environment:
    made = _Sandbox(undefined=_Absent)
    made.tags = {name: tag for name, tag in made.tags.items() if name in TAGS}
    made.filters = {name: _short(one) for name, one in made.filters.items() if name in FILTERS}
    return made


_ENVIRONMENT = _sandbox()


@lru_cache(maxsize=512)
def _parsed(source: str) -> BoundTemplate:
    return _ENVIRONMENT.from_string(source)


def fill(source: str, values: Mapping[str, str | None]) -> str:
    """The text with its values; None: there is none for this person. Raises Missing where one is shown all the same,
    and ValueError for what check() would not have let through.
    """
    given = {name: value for name, value in values.items() if value}
    try:
        return _parsed(source).render(**given)
    except UndefinedError as error:
        raise Missing(_name(error)) from error
    except LiquidError as error:
        raise ValueError(str(error.message)) from error


def check(source: str, examples: Mapping[str, str], missing: Sequence[str] = ()) -> list[Problem]:
    """What keeps a template from being kept: syntax, unknown names, and values that are not always there.

    examples: of all variables; missing: those of them that some persons do not have.
    """
    if len(source) > LONGEST:
        return [Problem("too_long", str(LONGEST), 1)]
    if nested := NESTED.search(source):
        return [Problem("variable", nested[0], _line(source, nested[0]))]
    try:
        template = _parsed(source)
        told = template.analyze()
    except LiquidError as error:
        return [_syntax(error)]
    found = [
        Problem("variable", str(use), source.count("\n", 0, use.span.index) + 1)
        for uses in told.variables.values()
        for use in uses
        if str(use) not in examples and str(use) not in told.locals
    ]
    return found or _tried(source, examples, missing)


def _tried(source: str, examples: Mapping[str, str], missing: Sequence[str]) -> list[Problem]:
    """Filled in with everything, then without each value that may be missing, and without all of them."""
    for without in (set(), *({name} for name in missing), set(missing)):
        try:
            fill(source, {name: value for name, value in examples.items() if name not in without})
        except Missing as error:
            return [Problem("missing", error.name, _line(source, error.name))]
        except ValueError as error:
            return [Problem("syntax", str(error), 1)]
    return []


def _syntax(error: LiquidError) -> Problem:
    place = error.context()
    return Problem("syntax", str(error.message), place[0] if place else 1)


def _name(error: UndefinedError) -> str:
    """Of "'first_name' is undefined"."""
    return str(error.message).partition(" ")[0].strip("'")


def _line(source: str, name: str) -> int:
    place = source.find(name)
    return source.count("\n", 0, max(place, 0)) + 1
