"""What the store knows of the app's extensions, from the files that a deploy would send to Shopify."""

import json
from pathlib import Path

import pytest

from devstore import extensions

TOML = """api_version = "2026-07"
[[extensions]]
type = "ui_extension"
name = "t:shown.name"
handle = "journey"
  [[extensions.targeting]]
  module = "./src/Page.tsx"
  target = "customer-account.order.page.render"
  [extensions.capabilities]
  network_access = true
  api_access = false
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with one extension of buyers' pages and one of the theme."""
    (tmp_path / "journey/locales").mkdir(parents=True)
    (tmp_path / "journey/shopify.extension.toml").write_text(TOML)
    english = {"shown": {"name": "Journey", "steps": {"one": "a step", "other": "{{count}} steps"}}, "hello": "Hello"}
    (tmp_path / "journey/locales/en.default.json").write_text(json.dumps(english))
    (tmp_path / "journey/locales/fr.json").write_text(json.dumps({"shown": {"name": "Trajet"}}))
    (tmp_path / "link").mkdir()
    (tmp_path / "link/shopify.extension.toml").write_text('name = "Link"\nhandle = "link"\ntype = "theme"\n')
    return tmp_path


def test_an_extension_is_known_by_its_file(root: Path) -> None:
    (found,) = extensions.read(root)
    assert (found.handle, found.api_version, found.capabilities) == ("journey", "2026-07", ("network_access",))
    assert extensions.at(root, "customer-account.order.page.render") == [found]
    assert extensions.at(root, "customer-account.page.render") == []


def test_a_text_that_a_language_lacks_is_told_in_the_default_one(root: Path) -> None:
    (found,) = extensions.read(root)
    assert [found.name(locale) for locale in ("en", "fr", "ja")] == ["Journey", "Trajet", "Journey"]
    french = found.texts("fr")
    assert (french["shown"]["name"], french["shown"]["steps"]["one"], french["hello"]) == ("Trajet", "a step", "Hello")


def test_a_folder_without_extensions_is_no_trouble(tmp_path: Path) -> None:
    assert extensions.read(tmp_path / "nothing here") == []


def test_our_own_extensions_are_known() -> None:
    assert "order-tracking" in {found.handle for found in extensions.read(Path("extensions"))}
