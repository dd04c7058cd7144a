"""The extensions, where `shopify app build` passes over mistakes in silence: types, versions, settings, languages."""

import json
import re
import shutil
import tomllib
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.setup import node
from tests.setup.node import ROOT

FOLDERS = sorted(file.parent for file in ROOT.glob("extensions/*/shopify.extension.toml"))
LANGUAGES = {"en", "fr", "de", "es"}
UI_VERSION = "2026-07"
"""The newest for which @shopify/ui-extensions is published; the Admin API may be ahead of it."""
SETTING_TYPES = {
    "boolean", "date", "date_time", "single_line_text_field", "multi_line_text_field", "number_integer",
    "number_decimal", "variant_reference",
}  # fmt: skip
THEME_SETTING_TYPES = {"text", "textarea", "select", "text_alignment", "url", "checkbox", "product", "header"}
SETTING_VALIDATIONS = {"min", "max", "regex", "choices", "max_precision"}
KEYS = {"type", "name", "description", "handle", "uid", "targeting", "capabilities", "settings"}
SHARED = ROOT / "extensions/shared"
"""What several bundles hold a copy of: Shopify sees no extension in a folder without shopify.extension.toml."""
FULL_PAGES = {"customer-account.page.render", "customer-account.order.page.render"}
PLURALS = {"one", "other"}
"""The categories of our languages, for counts below a million."""


def extension(folder: Path) -> dict[str, Any]:
    """What the file says of the extension: the newer form is a list of one, with the version above it."""
    file = tomllib.loads((folder / "shopify.extension.toml").read_text())
    return file["extensions"][0] | {"api_version": file["api_version"]} if "extensions" in file else file


UI = [folder for folder in FOLDERS if extension(folder)["type"] == "ui_extension"]
THEME = [folder for folder in FOLDERS if extension(folder)["type"] == "theme"]
of_ui = pytest.mark.parametrize("folder", UI, ids=lambda folder: folder.name)
of_theme = pytest.mark.parametrize("folder", THEME, ids=lambda folder: folder.name)
of_all = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def keys(texts: dict[str, Any], above: str = "") -> set[str]:
    """Dotted names of all texts of a catalogue; a text with its plurals is one."""
    deeper = [keys(value, f"{above}{key}.") for key, value in texts.items() if not is_text(value)]
    return {f"{above}{key}" for key, value in texts.items() if is_text(value)}.union(*deeper)


def is_text(value: str | dict[str, Any]) -> bool:
    return isinstance(value, str) or value.keys() == PLURALS


def sources(file: Path) -> set[Path]:
    """The file, and what it imports of ours, from first to last."""
    imported = re.findall(r"from '(\.[^']+)'", file.read_text())
    found = [path for name in imported for path in (file.parent / name).parent.glob(f"{Path(name).name}.ts*")]
    return {file.resolve()}.union(*map(sources, found))


def code(folder: Path) -> str:
    """All that is in the extension's bundle."""
    targets = extension(folder)["targeting"]
    files = set[Path]().union(*(sources(folder / target["module"]) for target in targets))
    return "".join(file.read_text() for file in sorted(files))


def catalogues(folder: Path, kind: str = "") -> dict[str, set[str]]:
    """Language, or "en.default", to the keys of its catalogue; `kind` is "" or ".schema"."""
    files = [file for file in folder.glob("locales/*.json") if file.name.endswith(".schema.json") == bool(kind)]
    return {file.name.removesuffix(f"{kind}.json"): keys(json.loads(file.read_text())) for file in files}


def is_complete(found: dict[str, set[str]]) -> bool:
    """English is the default, the other languages are there, and all have the same keys."""
    return found.keys() == (LANGUAGES - {"en"}) | {"en.default"} and len(set(map(frozenset, found.values()))) == 1


ADDRESSES = {
    "de": r"\b(Sie|Ihnen|Ihre?[mnrs]?|du|dich|dir|deine?[mnrs]?)\b",
    "fr": r"\b(vous|votre|vos|tu|toi|ton|ta|tes)\b|\b(?!chez\b)\w+ez\b",
}
"""By which words a text speaks to its reader; „Sie“ at the beginning of a sentence may be a thing."""
A_THING = {"Wir bereiten die Verfolgungsseite der Bestellung noch vor. Sie ist bald fertig."}


@pytest.mark.parametrize("folder", [one for one in UI if one.name != "order-block"], ids=lambda folder: folder.name)
@pytest.mark.parametrize("language", ADDRESSES)
def test_a_buyer_is_addressed_neither_formally_nor_as_a_friend(folder: Path, language: str) -> None:
    """Locale files know nothing of the shop's choice between the two. What stands under `settings` is for merchants."""
    texts = json.loads((folder / "locales" / f"{language}.json").read_text())
    said = [text for key, text in texts.items() if key not in ("name", "description", "settings")]
    plain = [form for text in said for form in ([text] if isinstance(text, str) else text.values())]
    assert [one for one in plain if re.search(ADDRESSES[language], str(one)) and one not in A_THING] == []


def test_there_is_nothing_in_the_folder_that_shopify_would_pass_over() -> None:
    folders = [path for path in ROOT.glob("extensions/*") if path.is_dir()]
    assert sorted(UI + THEME) == FOLDERS == sorted(set(folders) - {SHARED})


@of_all
def test_an_extension_has_a_handle_and_an_id_of_its_own(folder: Path) -> None:
    assert extension(folder)["handle"] == folder.name
    assert re.fullmatch(r"[a-z0-9-]{1,30}", folder.name)
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", extension(folder)["uid"])
    assert len({extension(each)["uid"] for each in FOLDERS}) == len(FOLDERS)


@of_ui
def test_an_extension_uses_the_version_whose_types_we_test_with(folder: Path) -> None:
    package = json.loads((node.modules() / "@shopify/ui-extensions/package.json").read_text())
    year, month, _ = package["version"].split(".")
    assert extension(folder)["api_version"] == UI_VERSION == f"{year}-{month:>02}"


@of_ui
def test_an_extension_says_only_what_shopify_reads(folder: Path) -> None:
    told = extension(folder)
    assert told.keys() <= KEYS | {"api_version"}
    for target in told["targeting"]:
        assert target.keys() <= {"target", "module"}
        assert (folder / target["module"]).is_file()
    is_admin = all(target["target"].startswith("admin.") for target in told["targeting"])
    assert told.get("capabilities") == (None if is_admin else {"network_access": True})


@of_ui
def test_a_full_page_is_an_extension_of_its_own(folder: Path) -> None:
    targets = [target["target"] for target in extension(folder)["targeting"]]
    assert len(targets) == 1 or not FULL_PAGES.intersection(targets)


@of_ui
def test_every_setting_has_a_type_and_limits_that_shopify_knows(folder: Path) -> None:
    fields = extension(folder).get("settings", {}).get("fields", [])
    assert len(fields) <= 20
    for field in fields:
        assert field["type"] in SETTING_TYPES
        assert {each["name"] for each in field.get("validations", [])} <= SETTING_VALIDATIONS
        assert f"shopify.settings.value.{field['key']}" in code(folder)


@of_ui
def test_every_text_of_the_block_and_its_settings_is_there_in_every_language(folder: Path) -> None:
    found = catalogues(folder)
    assert is_complete(found)
    settings = (folder / "shopify.extension.toml").read_text()
    used = re.findall(r"translate\('([^']+)'", code(folder)) + re.findall(r'"t:([^"]+)"', settings)
    assert set(used) == found["en.default"]


@of_ui
def test_a_text_has_the_same_gaps_in_every_language(folder: Path) -> None:
    assert len({frozenset(gaps(json.loads(file.read_text()))) for file in folder.glob("locales/*.json")}) == 1


def gaps(texts: dict[str, Any], above: str = "") -> set[tuple[str, str]]:
    """Each text with each {{name}} in it."""
    deeper = [gaps(value, f"{above}{key}.") for key, value in texts.items() if isinstance(value, dict)]
    plain = {key: value for key, value in texts.items() if isinstance(value, str)}
    return {(above + key, gap) for key, value in plain.items() for gap in re.findall(r"{{(\w+)}}", value)}.union(
        *deeper
    )


@of_ui
def test_no_source_lies_unused_and_none_is_taken_from_another_extension(folder: Path) -> None:
    used = set[Path]().union(*(sources(folder / target["module"]) for target in extension(folder)["targeting"]))
    assert {file for file in used if SHARED not in file.parents} == set(folder.glob("src/*"))


def test_what_lies_in_the_shared_folder_is_shared() -> None:
    files = [sources(folder / target["module"]) for folder in UI for target in extension(folder)["targeting"]]
    assert set(SHARED.glob("*.ts*")) == {file for file in set[Path]().union(*files) if SHARED in file.parents}


@of_theme
def test_every_text_of_a_theme_block_is_there_in_every_language(folder: Path) -> None:
    """Theme Check knows missing translations, not missing languages, and not unused texts."""
    liquid = "".join(file.read_text() for file in folder.glob("blocks/*.liquid"))
    assert is_complete(catalogues(folder))
    assert is_complete(catalogues(folder, ".schema"))
    assert set(re.findall(r"'([^']+)' \| t\b", liquid)) == catalogues(folder)["en.default"]
    assert set(re.findall(r'"t:([^"]+)"', liquid)) == catalogues(folder, ".schema")["en.default"]


@of_theme
def test_a_theme_extension_has_only_the_folders_and_files_that_shopify_takes(folder: Path) -> None:
    allowed = {"assets": {".css", ".js", ".svg", ".json"}, "blocks": {".liquid"}, "snippets": {".liquid"}}
    allowed["locales"] = {".json"}
    inside = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    for path in (path for path in inside if str(path) != "shopify.extension.toml"):
        assert len(path.parts) == 2
        assert path.suffix in allowed[path.parts[0]]


@of_theme
def test_a_theme_block_has_a_schema_that_shopify_takes(folder: Path) -> None:
    """Theme Check looks at neither the target nor the types of settings."""
    for file in folder.glob("blocks/*.liquid"):
        schema = json.loads(re.search(r"{% schema %}(.*){% endschema %}", file.read_text(), re.DOTALL)[1])
        top, _, key = schema["name"].removeprefix("t:").partition(".")
        for catalogue in folder.glob("locales/*.schema.json"):
            assert len(json.loads(catalogue.read_text())[top][key]) <= 25
        assert schema["target"] in {"section", "body", "head"}
        assert {setting["type"] for setting in schema["settings"]} <= THEME_SETTING_TYPES
        assert (folder / "assets" / schema["stylesheet"]).is_file()
        assert "{{ block.shopify_attributes }}" in file.read_text()


@of_theme
def test_nothing_a_merchant_types_reaches_the_storefront_as_markup(folder: Path) -> None:
    safe = re.compile(r".*\| escape|.*\| json \| replace: '<', '\\u003c'|block\.shopify_attributes")
    for file in folder.glob("blocks/*.liquid"):
        outputs = re.findall(r"{{-?(.*?)-?}}", file.read_text())
        assert [each for each in outputs if not safe.fullmatch(each.strip())] == []


def test_the_bundles_call_the_address_that_the_app_declares() -> None:
    app = tomllib.loads((ROOT / "shopify.app.toml").read_text())
    proxy = app["app_proxy"]
    assert f"DEPLOYED = '{app['application_url']}';" in (SHARED / "address.ts").read_text()
    assert f"'/{proxy['prefix']}/{proxy['subpath']}'" in (SHARED / "lookup.ts").read_text()


def test_what_the_store_on_this_machine_runs_is_each_target_in_a_bundle_that_shopify_would_take(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "extensions", tmp_path / "extensions", ignore=shutil.ignore_patterns("dist"))
    (tmp_path / "node_modules").symlink_to(node.modules())
    bundled = node.run("node", "extensions/bundle.mjs", cwd=tmp_path)
    assert bundled.returncode == 0, bundled.stderr
    for folder in UI:
        code = (tmp_path / "extensions" / folder.name / "dist" / f"{folder.name}.js").read_bytes()
        assert all(f'.extend("{each["target"]}"'.encode() in code for each in extension(folder)["targeting"])
        assert b"process.env.APP_URL" in code
        assert len(zlib.compress(code)) < 64 * 1024
        assert re.search(
            rf"^{folder.name} +[\d.]+ KB raw +[\d.]+ KB compressed, of \d+ KB$", bundled.stdout, re.MULTILINE
        )


def test_the_theme_block_leads_to_the_proxy_that_the_app_declares() -> None:
    proxy = tomllib.loads((ROOT / "shopify.app.toml").read_text())["app_proxy"]
    liquid = (ROOT / "extensions/tracking-link/blocks/tracking-link.liquid").read_text()
    assert f"default: '/{proxy['prefix']}/{proxy['subpath']}'" in liquid


# What the checks above would not be worth without: each finds its planted fault.


def test_the_checker_finds_a_missing_language_and_a_missing_text() -> None:
    whole = {"en.default": {"a"}, "fr": {"a"}, "de": {"a"}, "es": {"a"}}
    assert is_complete(whole)
    assert not is_complete(whole | {"fr": {"a", "b"}})
    assert not is_complete({name: texts for name, texts in whole.items() if name != "fr"})
    assert not is_complete(whole | {"it.default": {"a"}})


def test_the_checker_sees_texts_at_every_depth() -> None:
    assert keys({"a": "x", "b": {"c": "y", "d": {"e": "z"}}}) == {"a", "b.c", "b.d.e"}
    assert keys({"a": {"one": "x", "other": "y"}, "b": {"one": "x"}}) == {"a", "b.one"}
    assert gaps({"a": "{{x}} and {{y}}", "b": {"one": "{{x}}"}}) == {("a", "x"), ("a", "y"), ("b.one", "x")}
