"""Whatever the app says to people, it says in every language."""

import ast
import string
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from shopify_app.language import FOLDER, LANGUAGES

ROOT = Path(__file__).parents[1]
SPEAKING = ("t", "n", "words")
"""Functions whose first argument (of n: the first two) is a text for people."""

Text = tuple[str, ...]
"""The English text, or its singular and plural."""


@cache
def texts() -> set[Text]:
    """Every text that the templates and the code put before people."""
    found = {text for path in (ROOT / "templates").rglob("*.*") for text in _in_template(path.read_text())}
    for folder in ("shopify_app", "jobs"):
        found |= {text for path in (ROOT / folder).rglob("*.py") for text in _in_code(path.read_text())}
    return found


def _in_template(source: str) -> Iterator[Text]:
    for _, function, said in extract_from_ast(Environment().parse(source), SPEAKING):
        literals = [one for one in (said if isinstance(said, tuple) else (said,)) if one is not None]
        if literals:
            yield tuple(literals[: 2 if function == "n" else 1])


def _in_code(source: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _name(node.func) in SPEAKING:
            literals = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if literals:
                yield tuple(literals[: 2 if _name(node.func) == "n" else 1])


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def catalogue(language: str) -> Catalog:
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_text_is_there_in_every_language(language: str) -> None:
    translated = {_text(message.id) for message in catalogue(language) if message.id and all(_text(message.string))}
    said = texts()
    assert (said - translated, translated - said) == (set(), set())


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_translation_fills_in_what_the_english_fills_in(language: str) -> None:
    wrong = []
    for message in catalogue(language):
        english, foreign = _text(message.id), _text(message.string)
        if message.id and {frozenset(blanks(one)) for one in english} != {frozenset(blanks(one)) for one in foreign}:
            wrong.append((english, foreign))
    assert wrong == []


def _text(text: str | Iterable[str]) -> Text:
    return (text,) if isinstance(text, str) else tuple(text)
