"""Whatever the app says to people, it says in every language."""

import ast
import re
import shutil
import string
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from shopify_app.language import CATALOGUES, FOLDER, INFORMAL, LANGUAGES, TWO_WAYS

ROOT = Path(__file__).parents[1]
SPEAKING = ("t", "n", "words")
"""Functions whose first argument (of n: the first two) is a text for people."""

Text = tuple[str, ...]
"""The English text, or its singular and plural."""

FOR_MERCHANTS = (
    "templates/admin.html",
    "templates/home/*",
    "templates/carts/*.html",
    "templates/permission.html",
    "templates/referrals/results.html",
    "templates/changes/list.html",
    "templates/changes/mail/staff.*",
    "templates/changes/settings.html",
    "templates/feedback/mail/staff.*",
    "templates/feedback/staff/*",
    "templates/confirmations/kinds.html",
    "templates/returns/staff/*",
    "templates/tracking/choose.html",
    "templates/tracking/delivery.html",
    "templates/tracking/settings.html",
    "templates/tracking/texts.html",
    "shopify_app/frame.py",
    "shopify_app/home/*.py",
    "shopify_app/home/lights/*.py",
    "shopify_app/mail/brand.py",
    "shopify_app/confirmations/rules.py",
    "admin.py",
    "shopify_app/feedback/insight.py",
    "shopify_app/feedback/moderation.py",
    "shopify_app/feedback/rules.py",
    "shopify_app/returns/policy/form.py",
    "shopify_app/returns/samples.py",
    "shopify_app/returns/staff/*.py",
    "shopify_app/tracking/editor.py",
    "shopify_app/tracking/estimates.py",
    "shopify_app/tracking/texts.py",
)
"""Sources that no buyer ever reads from: a merchant is always addressed formally. All others are the buyers'."""

FORMAL = {
    "de": re.compile(r"\b(Sie|Ihnen|Ihr(e[mnrs]?)?)\b"),
    "fr": re.compile(r"\b(vous|votre|vos|vôtres?|(?!(chez|assez)\b)\w+ez)\b", re.IGNORECASE),
}
"""What formal address looks like."""
NOT_ADDRESSED: dict[str, set[Text]] = {
    "de": {
        ("It was called off.",),  # „Sie“ is the return
        # „Sie“ is the tracking number
        ("It works as soon as the carrier has scanned the parcel for the first time, as a rule within a working day.",),
        ("A buyer asks you to cancel order {name}",),  # to the shop
    },
    "fr": {("A buyer asks you to cancel order {name}",)},  # to the shop
}
"""Texts for buyers that only look so: they speak of a thing, or to the merchant."""


@cache
def texts() -> set[Text]:
    """Every text that the templates and the code put before people."""
    return {text for path in _sources() for text in _said(path)}


@cache
def texts_for_buyers() -> set[Text]:
    """Those that a buyer may come to read, on a page or in a mail."""
    theirs = (path for path in _sources() if not any(path.relative_to(ROOT).match(one) for one in FOR_MERCHANTS))
    return {text for path in theirs for text in _said(path)}


def _sources() -> Iterator[Path]:
    yield from (ROOT / "templates").rglob("*.*")
    for folder in ("shopify_app", "jobs"):
        yield from (ROOT / folder).rglob("*.py")


def _said(path: Path) -> Iterator[Text]:
    return _in_code(path.read_text()) if path.suffix == ".py" else _in_template(path.read_text())


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


def catalogue(name: str) -> Catalog:
    """Of a language, or of its informal address: de@informal."""
    with (FOLDER / f"{name}.po").open("rb") as file:
        return read_po(file, locale=name.removesuffix(INFORMAL))


def translations(name: str) -> dict[Text, Text]:
    return {_text(message.id): _text(message.string) for message in catalogue(name) if message.id}


def is_formal(language: str, translation: Text) -> bool:
    return any(FORMAL[language].search(form) for form in translation)


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_text_is_there_in_every_language(language: str) -> None:
    translated = {english for english, foreign in translations(language).items() if all(foreign)}
    said = texts()
    assert (said - translated, translated - said) == (set(), set())


@pytest.mark.parametrize("name", sorted(CATALOGUES))
def test_every_translation_fills_in_what_the_english_fills_in(name: str) -> None:
    wrong = []
    for english, foreign in translations(name).items():
        if {frozenset(blanks(one)) for one in english} != {frozenset(blanks(one)) for one in foreign}:
            wrong.append((english, foreign))
    assert wrong == []


@pytest.mark.parametrize("language", TWO_WAYS)
def test_what_is_said_informally_changes_a_text_of_the_language_form_by_form(language: str) -> None:
    formal, informal = translations(language), translations(language + INFORMAL)
    assert catalogue(language).plural_forms == catalogue(language + INFORMAL).plural_forms
    for english, told in informal.items():
        assert len(told) == len(formal[english])
        assert all(told) and told != formal[english]


@pytest.mark.parametrize("language", TWO_WAYS)
def test_whoever_is_addressed_as_a_friend_is_never_addressed_formally(language: str) -> None:
    informal = translations(language + INFORMAL)
    assert [told for told in informal.values() if is_formal(language, told)] == []


@pytest.mark.parametrize("language", TWO_WAYS)
def test_every_text_that_addresses_a_buyer_is_there_informally(language: str) -> None:
    addressing = {english for english, told in translations(language).items() if is_formal(language, told)}
    left = (addressing & texts_for_buyers()) - set(translations(language + INFORMAL))
    assert left == NOT_ADDRESSED[language]


def test_a_language_is_spoken_as_soon_as_its_file_is_there(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "shopify_app", tmp_path / "shopify_app", ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path / "shopify_app" / FOLDER.name
    spanish = (folder / "es.po").read_text()
    italian = spanish.replace("Language: es", "Language: it").replace('"¡Gracias!"', '"Grazie!"')
    (folder / "it.po").write_text(italian)
    asked = "from shopify_app.language import speak; it = speak('it-IT'); print(it.code, it.locale, it.t('Thank you!'))"
    heard = subprocess.run([sys.executable, "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert heard.stdout.split() == ["it", "it_IT", "Grazie!"]


def _text(text: str | Iterable[str]) -> Text:
    return (text,) if isinstance(text, str) else tuple(text)
