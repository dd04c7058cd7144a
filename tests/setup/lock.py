"""Pins everything the requirement files bring along: `make lock`, after a line in their upper part changed."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

FILES = ["requirements.txt", "devstore/requirements.txt", "requirements-dev.txt"]
MARK = "# What those bring (written by `make lock`)\n"


def lock(file: Path, known: set[str]) -> set[str]:
    """Rewrites the lower part of `file`; returns the names pinned so far, `known` among them."""
    upper, _, lower = file.read_text().partition(MARK)
    file.write_text(upper + MARK)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [f"{folder}/bin/python", "-m", "pip", "--quiet"]
        subprocess.run([*pip, "install", "-r", str(file)], check=True)
        pins = subprocess.run([*pip, "freeze"], check=True, capture_output=True, text=True).stdout.splitlines()
    known = known | {_name(line) for line in upper.splitlines() if "==" in line}
    # a pin for one platform only was set by hand: this machine may be another
    kept = [line for line in lower.splitlines() if ";" in line]
    brought = [pin for pin in pins if _name(pin) not in known | {_name(line) for line in kept}]
    file.write_text(upper + MARK + "".join(f"{line}\n" for line in sorted(brought + kept, key=str.lower)))
    return known | {_name(line) for line in brought + kept}


def _name(line: str) -> str:
    return re.split(r"[\[=<>; ]", line, maxsplit=1)[0].lower().replace("_", "-")


if __name__ == "__main__":
    names: set[str] = set()
    for each in FILES:
        names = lock(Path(each), names)
