"""The Node tools of package.json, where `npm ci` puts them. What is missing fails the test: it is never skipped."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
QUIET = {"CI": "1", "SHOPIFY_CLI_NO_ANALYTICS": "1", "OPT_OUT_INSTRUMENTATION": "true", "NO_COLOR": "1"}


def modules() -> Path:
    """The folder node_modules, complete."""
    folder = ROOT / "node_modules"
    if not (folder / ".package-lock.json").is_file():
        pytest.fail("The Node tools are not installed. Run `npm ci` in the project's folder.", pytrace=False)
    return folder


def environment(**more: str) -> dict[str, str]:
    """In which `node` is the one that package.json brings; none of our own settings reaches a tool."""
    own = {name: value for name, value in os.environ.items() if name != "APP_URL"}
    path = f"{modules() / '.bin'}{os.pathsep}{os.environ['PATH']}"
    return own | QUIET | {"PATH": path} | more


def run(*command: str | Path, cwd: Path = ROOT, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs one tool to its end, at most two minutes; `more` goes into its environment."""
    return subprocess.run(command, cwd=cwd, env=environment(**more), capture_output=True, text=True, timeout=120)
