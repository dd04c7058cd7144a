"""Shopify's search syntax: terms that AND, OR, NOT or -, parentheses, comparators, phrases, trailing *."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from devstore.graphql.caller import refuse

Test = Callable[[Any], bool]
Field = Callable[[Any], Any]
"""Gives what a record has under a filter's name: text, a number, a time, a list of texts, or None."""

TOKEN = re.compile(
    r"""\s*(?:
    (?P<open>\()|(?P<close>\))|
    (?P<word>-?(?:[A-Za-z_.]+:(?:>=|<=|>|<)?)?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?:\\.|[^\s()"'\\])+)|-)
    )""",
    re.VERBOSE,
)
TERM = re.compile(r"(?s)(?:(?P<field>[A-Za-z_.]+):(?P<sign>>=|<=|>|<)?)?(?P<value>.*)")


@dataclass(frozen=True)
class Fields:
    """What a search may name, and the text in which a bare word is looked for."""

    named: dict[str, Field]
    text: Field


def compile(query: str | None, fields: Fields) -> Test:
    """A test for records. None and empty find everything; an unknown filter is refused, so that it is noticed."""
    tokens = _tokens(query or "")
    if not tokens:
        return lambda record: True
    test = _either(tokens, fields)
    if tokens:
        raise refuse("unbalanced parenthesis in the search", "BAD_REQUEST")
    return test


def _tokens(query: str) -> list[str]:
    tokens, place = [], 0
    while place < len(query.rstrip()):
        match = TOKEN.match(query, place)
        if match is None:
            raise refuse(f"cannot read the search from {query[place:][:20]!r} on", "BAD_REQUEST")
        tokens.append(match.group().strip())
        place = match.end()
    return tokens


def _either(tokens: list[str], fields: Fields) -> Test:
    tests = [_every(tokens, fields)]
    while tokens and tokens[0] == "OR":
        tokens.pop(0)
        tests.append(_every(tokens, fields))
    return lambda record: any(test(record) for test in tests)


def _every(tokens: list[str], fields: Fields) -> Test:
    tests = []
    while tokens and tokens[0] not in ("OR", ")"):
        if tokens[0] == "AND":
            tokens.pop(0)
        else:
            tests.append(_one(tokens, fields))
    return lambda record: all(test(record) for test in tests)


def _one(tokens: list[str], fields: Fields) -> Test:
    term = tokens.pop(0)
    if term in ("NOT", "-"):
        inner = _one(tokens, fields)
        return lambda record: not inner(record)
    if term == "(":
        inner = _either(tokens, fields)
        if not tokens or tokens.pop(0) != ")":
            raise refuse("unbalanced parenthesis in the search", "BAD_REQUEST")
        return inner
    if term.startswith("-"):
        inner = _term(term[1:], fields)
        return lambda record: not inner(record)
    return _term(term, fields)


def _term(term: str, fields: Fields) -> Test:
    match = TERM.fullmatch(term)
    name, sign, value = match.group("field", "sign", "value") if match else (None, None, term)
    wanted = _unquoted(value)
    if name is None:
        return lambda record: _found(fields.text(record), wanted)
    if name not in fields.named:
        raise refuse(f"the store on this machine has no filter {name}", "BAD_REQUEST")
    if name.endswith("_at"):
        _time(wanted)
    read = fields.named[name]
    return lambda record: _matches(read(record), sign, wanted)


def _matches(value: Any, sign: str | None, wanted: str) -> bool:
    if value is None:
        return False
    if isinstance(value, list):
        return any(_matches(each, sign, wanted) for each in value)
    if isinstance(value, datetime):
        return _compare(value.timestamp() // 1, sign, _time(wanted))
    if isinstance(value, int | float):
        return _compare(value, sign, _number(wanted))
    return _found(str(value), wanted)


def _compare(value: float, sign: str | None, wanted: float) -> bool:
    if sign in (">", ">="):
        return value > wanted or (sign == ">=" and value == wanted)
    if sign in ("<", "<="):
        return value < wanted or (sign == "<=" and value == wanted)
    return value == wanted


def _found(text: str, wanted: str) -> bool:
    """Tokenised as Shopify's index is: 1001 finds "#1001" and "#1001-B"; only a trailing * finds a beginning."""
    have, want = _words(text), _words(wanted.rstrip("*"))
    if wanted.endswith("*"):
        return any(word.startswith("".join(want)) for word in have)
    return all(word in have for word in want)


def _words(text: str) -> list[str]:
    return re.findall(r"[\w@.+]+", text.casefold())


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] in "\"'" and value[-1] == value[0]:
        value = value[1:-1]
    return re.sub(r"\\(.)", r"\1", value)


def _time(wanted: str) -> float:
    try:
        at = datetime.fromisoformat(wanted)
    except ValueError:
        raise refuse(f"{wanted!r} is not a date", "BAD_REQUEST") from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def _number(wanted: str) -> float:
    try:
        return float(wanted)
    except ValueError:
        raise refuse(f"{wanted!r} is not a number", "BAD_REQUEST") from None
