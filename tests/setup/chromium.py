"""Finds a Chromium for the browser tests, or installs one: `python -m tests.setup.chromium` prints its path.

Looked for in this order: $CHROMIUM, a browser on the PATH, Playwright's own, Debian's package when we are root.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

from playwright.sync_api import sync_playwright

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
MISSING = """The browser tests need a Chromium, and none could be found or installed.
Install one: as root on Debian or Ubuntu `apt-get install chromium`; elsewhere `.venv/bin/playwright install chromium`,
or any Chrome or Chromium, and name its program in the variable CHROMIUM."""


def path() -> str:
    """The program's path; RuntimeError says what a person has to install."""
    if named := os.environ.get("CHROMIUM"):
        if _starts(named):
            return named
        raise RuntimeError(f"CHROMIUM={named} does not start.")
    for install in (_nothing, _playwright, _debian):
        install()
        for candidate in _candidates():
            if _starts(candidate):
                return candidate
    raise RuntimeError(MISSING)


def _candidates() -> Iterator[str]:
    yield from filter(None, map(shutil.which, NAMES))
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def _starts(program: str) -> bool:
    """Whether it is there with all its libraries."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _nothing() -> None:
    pass


def _playwright() -> None:
    _install(sys.executable, "-m", "playwright", "install", "chromium")


def _debian() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _install("apt-get", "update")
        _install("apt-get", "install", "-y", "chromium")  # with what it recommends: fonts


def _install(*command: str) -> None:
    """Tries; whether it helped is seen by looking again. Its words go to stderr, because stdout is our answer."""
    print("$", *command, file=sys.stderr)
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(command, timeout=900, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=environ)


if __name__ == "__main__":
    try:
        print(path())
    except RuntimeError as missing:
        sys.exit(str(missing))
