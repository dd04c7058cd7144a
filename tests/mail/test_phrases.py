"""Nobody is written to like a robot: a spot list over everything that buyers may come to read."""

import re
from collections.abc import Mapping

import pytest

from shopify_app.language import CATALOGUES
from tests.test_translations import texts_for_buyers, translations

ROBOTS: Mapping[str, str] = {
    "en": r"dear (valued )?(customer|client|buyer)|valued customer|do[ -]?not[ -]?reply|noreply|no-reply|kindly"
    r"|please be advised|please note that|we are (excited|thrilled|delighted)|don.t hesitate|hesitate to"
    r"|any inconvenience|at your earliest convenience|as per\b|hereby|utili[sz]e|seamless|elevate|unlock"
    r"|unfortunately, we regret|your satisfaction|important to us|oops|whoops|hurry|act now|last chance|!!",
    "de": r"sehr geehrte|werte[rn]? kund|liebe[r]? kund|nicht auf diese e-?mail|zögern sie nicht|zöger nicht"
    r"|unannehmlichkeiten|hiermit|bezüglich|diesbezüglich|zeitnah|im rahmen|wir freuen uns, ihnen mitzuteilen"
    r"|ihre zufriedenheit|schnellstmöglich|etwaige|ups|hoppla|!!",
    "fr": r"cher client|chère cliente|cher\(e\)|ne pas répondre|n.hésitez pas|n.hésite pas|désagrément"
    r"|dans les meilleurs délais|par la présente|nous sommes ravis|votre satisfaction|veuillez agréer|oups|!!",
    "es": r"estimado|estimada|apreciado|no responda|no dude|molestias|a la brevedad|por la presente"
    r"|nos complace|su satisfacción|le informamos|ups\b|!!",
}
"""Language → phrases that a person would not say to another."""


def robotic(language: str, text: str) -> str | None:
    found = re.search(ROBOTS[language], text, re.IGNORECASE)
    return found and found[0]


def test_no_english_text_for_buyers_sounds_like_a_robot() -> None:
    assert {text: said for text in texts_for_buyers() for one in text if (said := robotic("en", one))} == {}


@pytest.mark.parametrize("name", sorted(CATALOGUES))
def test_no_translation_for_buyers_sounds_like_a_robot(name: str) -> None:
    theirs = texts_for_buyers()
    told = {foreign for english, foreign in translations(name).items() if english in theirs}
    assert {one: said for text in told for one in text if (said := robotic(name[:2], one))} == {}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Dear valued customer, please do not reply."),
        ("de", "Bitte zögern Sie nicht, uns zu schreiben."),
        ("fr", "N’hésitez pas à nous écrire."),
        ("es", "Lamentamos las molestias."),
    ],
)
def test_the_list_finds_one(language: str, text: str) -> None:
    assert robotic(language, text)
