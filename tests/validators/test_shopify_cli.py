"""Shopify's own command line says yes, on a clean copy of what the repository holds: no login, no network."""

import json
import re
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

from tests.setup import node
from tests.setup.node import ROOT

BUILD = ("shopify", "app", "build", "--path", ".", "--skip-dependencies-installation")
DOCTOR = ("shopify", "app", "doctor", "--json", "--skip-instructions", "--blocking", "high")
THEME_CHECK = ("shopify", "theme", "check", "--output", "json", "--fail-level", "suggestion", "--path")
UI = ("my-orders", "order-action", "order-block", "order-page", "order-return", "order-tracking")
LIMITS = {name: 128 * 1024 if name in ("my-orders", "order-page") else 64 * 1024 for name in UI}
"""Bytes of an extension's compressed bundle, beyond which Shopify refuses a deploy; a full page may have more."""


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """What a fresh clone would hold, with today's changes."""
    listed = subprocess.check_output(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, text=True
    )
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def installed(clean: Path) -> Path:
    """The same after `npm ci`."""
    (clean / "node_modules").symlink_to(node.modules())
    return clean


def change(file: Path, old: str, new: str) -> None:
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def declared(folder: Path) -> list[str]:
    """What an extension's files are said to hold; the command line tool writes it in an order of its own."""
    return sorted((folder / "shopify.d.ts").read_text().strip().split("\n\n"))


def grave(doctor: subprocess.CompletedProcess[str]) -> list[str]:
    issues = json.loads(doctor.stdout)["scan"]["issues"]
    return sorted({issue["id"] for issue in issues if issue["severity"] in ("high", "medium")})


def test_the_app_builds_and_its_bundle_is_small_enough_to_deploy(installed: Path) -> None:
    built = node.run(*BUILD, cwd=installed)
    assert built.returncode == 0, built.stdout + built.stderr
    for name, limit in LIMITS.items():
        folder = installed / "extensions" / name
        bundle = (folder / f"dist/{name}.js").read_bytes()
        assert len(zlib.compress(bundle)) < limit / 4  # a quarter, so that growth is noticed long before it hurts
        for target in re.findall(r'target = "(.+)"', (folder / "shopify.extension.toml").read_text()):
            assert f'"{target}"'.encode() in bundle
        assert declared(folder) == declared(ROOT / "extensions" / name)


def test_the_bundles_are_those_of_all_extensions_and_of_nothing_else(installed: Path) -> None:
    """What they share is no extension."""
    assert node.run(*BUILD, cwd=installed).returncode == 0
    assert tuple(sorted(path.parts[-3] for path in installed.glob("extensions/*/dist/*.js"))) == UI


def test_the_sizes_are_told_and_one_that_is_too_large_is_an_error(installed: Path) -> None:
    told = node.run("node", "extensions/bundle.mjs", cwd=installed)
    assert [line.split()[0] for line in told.stdout.splitlines()] == list(UI)
    assert told.returncode == 0, told.stderr
    ballast = "".join(f"'{zlib.crc32(str(number).encode()):x}'," for number in range(5000))
    source = installed / "extensions/order-action/src/MenuItem.tsx"
    source.write_text(f"{source.read_text()}\n(globalThis as any).ballast = [{ballast}];\n")
    told = node.run("node", "extensions/bundle.mjs", cwd=installed)
    assert [line.split()[0] for line in told.stdout.splitlines() if "MORE" in line] == ["order-action"]
    assert told.returncode == 1


def test_a_build_bakes_in_the_address_it_is_told(installed: Path) -> None:
    built = node.run(*BUILD, cwd=installed, APP_URL="https://tunnel.example.com")
    assert built.returncode == 0, built.stdout + built.stderr
    for name in UI:
        bundle = (installed / f"extensions/{name}/dist/{name}.js").read_text()
        assert "https://tunnel.example.com" in bundle
        assert "process.env" not in bundle


def test_the_build_would_notice_a_target_that_does_not_exist(installed: Path) -> None:
    change(installed / "extensions/order-tracking/shopify.extension.toml", "thank-you.block", "thank-you.moon")
    assert node.run(*BUILD, cwd=installed).returncode == 1


def test_the_doctor_finds_nothing_high_or_medium(clean: Path) -> None:
    doctor = node.run(*DOCTOR, cwd=clean)
    assert grave(doctor) == []
    assert doctor.returncode == 0, doctor.stderr


def test_the_doctor_would_notice_an_open_webhook_and_missing_compliance_topics(clean: Path) -> None:
    toml = clean / "shopify.app.toml"
    change(toml, 'compliance_topics = ["customers/data_request", "customers/redact", "shop/redact"]', "topics = []")
    change(toml, 'uri = "/webhooks"', 'uri = "http://aftercare.example.com/webhooks"')
    doctor = node.run(*DOCTOR, cwd=clean)
    assert grave(doctor) == ["INSECURE_WEBHOOK_URL", "MISSING_COMPLIANCE_WEBHOOKS"]
    assert doctor.returncode == 1


def test_theme_check_has_nothing_to_say_about_the_theme_blocks(clean: Path) -> None:
    checked = node.run(*THEME_CHECK, clean / "extensions/tracking-link")
    assert json.loads(checked.stdout) == []
    assert checked.returncode == 0


def test_theme_check_would_notice_a_missing_translation(clean: Path) -> None:
    block = clean / "extensions/tracking-link/blocks/tracking-link.liquid"
    change(block, "'tracking_link.label'", "'tracking_link.moon'")
    checked = node.run(*THEME_CHECK, clean / "extensions/tracking-link")
    assert "TranslationKeyExists" in checked.stdout
    assert checked.returncode == 1
