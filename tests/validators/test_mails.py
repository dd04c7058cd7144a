"""Real mail programs can show what we send: asked of caniemail.com's data, and of what every one of them wants."""

import json
import subprocess
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from shopify_app.shopify.models import Shop
from tests.mail.matrix import cells, dress, made
from tests.setup import node

GRACEFUL: Mapping[str, str] = {
    "<body> element": "its ground is that of the table right inside it too",
    "<style> element": "all that matters stands in style attributes; without the sheet there is no darkness",
    "@media": "as above; the letter is as wide as the screen by itself",
    "border-radius": "corners are square",
    "color-scheme meta tag": "only asks for what the sheet does",
    "display:none": "the first words stand above the letter",
    "mailto: links": "the address is written out",
    "max-height property": "hides those first words; display does too",
    "overflow": "as above",
    "height property": "pictures have the attribute too",
    "lang attribute": "a screen reader guesses",
    "role attribute": "a screen reader names the tables",
    "text-decoration": "the button's words are underlined",
    "white-space": "a sum may break into two lines",
    "width attribute": "pictures have the property too",
}
"""What some program does not do, and what its reader sees then."""
LEADING = {"gmail.desktop-webmail", "gmail.ios", "gmail.android", "apple-mail.ios", "outlook.windows", "yahoo.ios"}
VOID = {"meta", "br", "img", "link", "hr", "input"}


@pytest.fixture
def mails(shop: Shop) -> dict[str, str]:
    dress(shop)
    return {str(cell): made(shop, cell).html for cell in cells()}


one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@one_database
def test_no_mail_needs_what_a_mail_program_does_not_do(mails: dict[str, str]) -> None:
    told = ask(mails)
    assert set(told["programs"]) >= LEADING
    assert len(told["programs"]) > 30
    assert needed(told) == set()


@one_database
def test_the_checker_finds_what_is_planted(shop: Shop) -> None:
    planted = {"flex": '<p style="display:flex;gap:4px">a</p>', "script": "<video src='x.mp4'></video>"}
    found = ask(planted)["found"]
    assert "gap" in " ".join(found["flex"])
    assert "video" in " ".join(found["script"])


def needed(told: Mapping[str, Any]) -> set[str]:
    """What some program does not do, though a mail relies on it."""
    return {feature for features in told["found"].values() for feature in features} - set(GRACEFUL)


def ask(mails: Mapping[str, str]) -> dict[str, Any]:
    script = Path(__file__).with_name("mails.mjs")
    asked = subprocess.run(
        ["node", script],
        input=json.dumps(mails),
        capture_output=True,
        text=True,
        env=node.environment(),
        timeout=300,
        check=False,
    )
    assert not asked.returncode, asked.stderr
    answer: dict[str, Any] = json.loads(asked.stdout)
    return answer


class Tags(HTMLParser):
    """Notes what is not closed, and what fetches or runs something."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "img" and not (about.get("alt") and about.get("width")):
            self.faults.append(f"a picture without text or width: {attrs}")
        if tag == "table" and about.get("role") != "presentation":
            self.faults.append("a table that a screen reader would count")
        if tag in ("script", "link", "iframe", "form", "svg", "video", "base"):
            self.faults.append(f"<{tag}>")
        if tag == "a" and not (about.get("href") or "").startswith(("https://", "mailto:")):
            self.faults.append(f"a link that leads nowhere: {attrs}")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")


@one_database
def test_every_mail_is_well_formed_and_small(mails: dict[str, str]) -> None:
    for name, html in mails.items():
        tags = Tags()
        tags.feed(html)
        assert (tags.faults, tags.open) == ([], []), name
        assert len(html.encode()) < 100 * 1024, name
        assert html.lower().startswith("<!doctype html>"), name
