"""The merchant's pages are made of elements, attributes, slots and App Bridge calls that exist.

Browsers pass over an unknown element or attribute in silence, and so does Polaris.
"""

import re
from pathlib import Path

import pytest

from tests.setup import node
from tests.setup.node import ROOT
from tests.validators import polaris

TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
SCRIPTS = [*ROOT.glob("shopify_app/static/**/*.js"), *TEMPLATES]
CALL = re.compile(r"(?<![\w./-])(?:window\.)?shopify((?:\??\.[A-Za-z]+)+)\(")


def calls(script: str) -> set[str]:
    """Every path that is called from the global `shopify`, such as "toast.show"."""
    return {path.replace("?", "").lstrip(".") for path in CALL.findall(script)}


def unknown(paths: set[str], folder: Path) -> str:
    """What TypeScript says of these paths when it knows App Bridge's types; empty when all exist."""
    lines = [f"void shopify.{path};" for path in sorted(paths)]
    (folder / "calls.ts").write_text("import '@shopify/app-bridge-types';\n" + "\n".join(lines) + "\n")
    (folder / "node_modules").symlink_to(node.modules())
    options = ["--noEmit", "--skipLibCheck", "--moduleResolution", "bundler", "--module", "esnext"]
    return node.run("tsc", *options, "calls.ts", cwd=folder).stdout


def test_there_are_pages_to_look_at() -> None:
    assert TEMPLATES


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_page_is_made_of_what_polaris_knows(path: Path) -> None:
    assert polaris.faults(path.read_text()) == []


def test_every_call_to_app_bridge_exists(tmp_path: Path) -> None:
    assert unknown(set().union(*(calls(file.read_text()) for file in SCRIPTS)), tmp_path) == ""


# What the checks above would not be worth without: each finds its planted fault.

PLANTED = {
    "an unknown element": "<s-moon></s-moon>",
    "an element of another surface": "<s-form></s-form>",
    "an unknown attribute": '<s-button colour="red">Save</s-button>',
    "an unknown attribute behind a condition": "<s-button {% if late %}glowing{% endif %}>Save</s-button>",
    "an impossible value": '<s-button variant="huge">Save</s-button>',
    "a false that is true": '<s-button disabled="false">Save</s-button>',
    "an unknown slot": '<s-page><s-button slot="basement">Save</s-button></s-page>',
    "a slot of another element": '<s-page><s-section><s-button slot="aside">Save</s-button></s-section></s-page>',
    "an unknown slot in a piece of a page": '<s-button slot="basement">Save</s-button>',
}


@pytest.mark.parametrize("page", PLANTED.values(), ids=PLANTED.keys())
def test_the_checker_finds(page: str) -> None:
    assert len(polaris.faults(page)) == 1


@pytest.mark.parametrize(
    "page",
    [
        '<s-page heading="{{ name }}"><s-button slot="primary-action" {% if no %}disabled{% endif %}>A</s-button>',
        '<s-app-nav><s-link href="/" rel="home">{% trans %}Home{% endtrans %}</s-link></s-app-nav>',
        '<s-badge tone="{{ \'success\' if on else \'info\' }}" data-state="x" aria-label="y" id="z">On</s-badge>',
        '<s-badge tone="{% if on %}success{% else %}info{% endif %}">On</s-badge>',
        '<s-page><form slot="aside"><input name="q"><s-text-field label="N" name="n"></s-text-field></form></s-page>',
        '<s-page><p>one<br>two</p><s-section slot="aside"></s-section></s-page><s-table loading></s-table>',
    ],
)
def test_the_checker_leaves_good_pages_alone(page: str) -> None:
    assert polaris.faults(page) == []


def test_the_checker_finds_a_call_that_app_bridge_does_not_know(tmp_path: Path) -> None:
    script = (
        "shopify.toast.show('a'); await shopify.idToken(); window.shopify.saveBar?.teleport(); // cdn.shopify.com(x)"
    )
    assert calls(script) == {"toast.show", "idToken", "saveBar.teleport"}
    said = unknown(calls(script), tmp_path)
    assert said.count("error") == 1
    assert "teleport" in said
