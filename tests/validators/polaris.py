"""What a page for merchants may be made of: the manifest of Polaris' elements, and App Bridge's own elements."""

import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from tests.setup import node

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
EVERYWHERE = re.compile(r"(id|slot|class|hidden|style|key|title|lang|dir|role|tabindex|(data|aria)-.+|on.+)")
TEMPLATE = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}", re.DOTALL)
MARK = "\ue000"
"""Stands where the template language stood."""


@dataclass(frozen=True)
class Element:
    attributes: dict[str, str]
    """Name in lower case to the type, as TypeScript writes it."""
    slots: set[str]


# App Bridge's elements have types but no manifest. Its navigation takes links, its save bar and title bar buttons.
APP_BRIDGE = {
    "s-app-nav": Element({}, {""}),
    "s-app-window": Element({"src": "string"}, set()),
    "ui-save-bar": Element({"discardconfirmation": "boolean"}, {""}),
}

NAVIGATION_LINK = {"rel": '"home"'}


@functools.cache
def elements() -> dict[str, Element]:
    manifest = json.loads((node.modules() / "@shopify/polaris-types/dist/custom-elements.json").read_text())
    declared = [each for module in manifest["modules"] for each in module["declarations"] if "tagName" in each]
    return APP_BRIDGE | {each["tagName"]: _element(each) for each in declared}


def faults(template: str) -> list[str]:
    """What Polaris would pass over in silence in a page: unknown elements, attributes, values and slots."""
    reader = Reader()
    reader.feed(TEMPLATE.sub(MARK, template))
    return reader.faults


def _element(declared: dict[str, Any]) -> Element:
    attributes = {each["name"].lower(): each["type"]["text"] for each in declared.get("attributes", [])}
    return Element(attributes, {each["name"] for each in declared.get("slots", [])})


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name.replace(MARK, ""): value for name, value in attrs}
        self.faults += self._faults(tag, attributes)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Whatever was left open inside is closed with it."""
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]

    def _faults(self, tag: str, attributes: dict[str, str | None]) -> Iterator[str]:
        if "slot" in attributes:
            yield from self._slot_faults(tag, attributes["slot"] or "")
        if not tag.startswith(("s-", "ui-")):
            return
        if tag not in elements():
            yield f"<{tag}> is no element"
            return
        known = elements()[tag].attributes | (NAVIGATION_LINK if self.open[-1:] == ["s-app-nav"] else {})
        for name, value in attributes.items():
            if name in known:
                yield from _value_faults(f"<{tag} {name}>", known[name], value)
            elif name and not EVERYWHERE.fullmatch(name):
                yield f"<{tag}> has no attribute {name}"

    def _slot_faults(self, tag: str, slot: str) -> Iterator[str]:
        """A piece of a page, such as a macro, does not know its parent: then any element's slot will do."""
        parents = [self.open[-1]] if self.open else list(elements())
        if MARK not in slot and not any(
            parent in elements() and slot in elements()[parent].slots for parent in parents
        ):
            yield f"<{tag} slot={slot}> has no such slot around it"


def _value_faults(where: str, kind: str, value: str | None) -> Iterator[str]:
    """Looks at booleans, true by being there at all, and at plain lists of words."""
    if kind == "boolean" and value == "false":
        yield f'{where} is true, whatever "false" says'
    words = kind.split(" | ")
    is_list = all(re.fullmatch(r'"[^"]*"', word) for word in words)
    if is_list and value is not None and MARK not in value and f'"{value}"' not in words:
        yield f"{where} cannot be {value}"
