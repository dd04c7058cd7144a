"""The app's extensions as Shopify holds them after a deploy: targets, texts, and the bundle that runs there."""

import json
import tomllib
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Extension:
    """One ui_extension. `capabilities` are those that it asks for, as in "network_access"."""

    folder: Path
    handle: str
    label: str
    targets: tuple[str, ...]
    api_version: str
    capabilities: tuple[str, ...]

    @property
    def script(self) -> Path:
        """Written by `npm run bundle`; there is none before."""
        return self.folder / "dist" / f"{self.folder.name}.js"

    def texts(self, locale: str) -> dict[str, Any]:
        """The catalogue in this language; what it lacks, and every other language, is told in the default one."""
        default = next(iter(self.folder.glob("locales/*.default.json")), None)
        own = self.folder / "locales" / f"{locale}.json"
        return _over(_catalogue(default) if default else {}, _catalogue(own) if own.exists() else {})

    def name(self, locale: str) -> str:
        """What people see of it in a menu: a name in the file, or "t:" and the key of a text."""
        if not self.label.startswith("t:"):
            return self.label
        keys = self.label.removeprefix("t:").split(".")
        found = reduce(
            lambda place, key: place.get(key, {}) if isinstance(place, dict) else {}, keys, self.texts(locale)
        )
        return found if isinstance(found, str) else self.handle


def read(root: Path) -> list[Extension]:
    """All of them, in the order of their folders; read anew each time, so that one that is built shows at once."""
    return [made for file in sorted(root.glob("*/shopify.extension.toml")) for made in _in_file(file)]


def at(root: Path, target: str) -> list[Extension]:
    return [extension for extension in read(root) if target in extension.targets]


def _in_file(file: Path) -> list[Extension]:
    toml = tomllib.loads(file.read_text())
    return [
        Extension(
            folder=file.parent,
            handle=one["handle"],
            label=one["name"],
            targets=tuple(each["target"] for each in one["targeting"]),
            api_version=toml["api_version"],
            capabilities=tuple(name for name, wanted in one.get("capabilities", {}).items() if wanted is True),
        )
        for one in toml.get("extensions", [])
        if one["type"] == "ui_extension"
    ]


def _catalogue(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Both catalogues, where they differ the upper one."""
    both = below | above
    deep = {key for key in below.keys() & above.keys() if isinstance(below[key], dict) and isinstance(above[key], dict)}
    return both | {key: _over(below[key], above[key]) for key in deep}
