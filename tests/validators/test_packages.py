"""The Node tools are the same on every machine, and the repository does not say where ours came from."""

import json
import re
from typing import Any

from tests.setup import node
from tests.setup.node import ROOT

WANTED: dict[str, str] = json.loads((ROOT / "package.json").read_text())["devDependencies"]
LOCKED: dict[str, dict[str, Any]] = json.loads((ROOT / "package-lock.json").read_text())["packages"]


def test_every_tool_is_pinned_to_one_version() -> None:
    assert [name for name, version in WANTED.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_what_is_installed_is_what_the_project_wants() -> None:
    for name, version in WANTED.items():
        installed = json.loads((node.modules() / name / "package.json").read_text())["version"]
        assert installed == version, f"{name} is {installed} in node_modules. Run `npm ci` in the project's folder."


def test_the_lock_file_proves_every_package_and_names_no_server() -> None:
    locked = {path: about for path, about in LOCKED.items() if path and not about.get("inBundle")}
    assert [path for path, about in locked.items() if "resolved" in about] == []
    assert [path for path, about in locked.items() if not about["integrity"].startswith("sha512-")] == []


def test_the_lock_file_knows_other_machines_too() -> None:
    for platform in ("darwin-arm64", "linux-arm64", "linux-x64", "win32-x64"):
        assert any(path.startswith("node_modules/@esbuild/") and platform in path for path in LOCKED)
        assert any(path.startswith("node_modules/@rollup/") and platform in path for path in LOCKED)
