"""python -m benchmarks.lighthouse: what Lighthouse says of the page of an order, on its phone preset.

The demo runs in a folder of its own; the page stands in the store's theme, as a buyer sees it. The floor is the front
page of the store in the same run: what the theme costs without us. Needs Node and the npm registry, for npx.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import requests

from benchmarks import machine
from tests.setup import chromium

LIGHTHOUSE = "lighthouse@12.8.2"
CATEGORIES = ("performance", "accessibility", "best-practices")
FLAGS = "--headless=new --no-sandbox --disable-gpu"
START = 180
"""Seconds for the demo to be there."""


@click.command()
@click.option("--rounds", default=3)
def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as storefront:
        pages = {"front page of the store": storefront, "look-up": f"{storefront}/apps/aftercare"}
        pages["order page"] = storefront + order_page(storefront)
        for name, address in pages.items():
            scores: dict[str, list[float]] = {category: [] for category in CATEGORIES}
            for number in range(rounds):
                report = judge(address, Path(folder) / f"{number}.json")
                for category in CATEGORIES:
                    scores[category].append(report["categories"][category]["score"] * 100)
            told = "   ".join(f"{category} {machine.spread(found)}" for category, found in scores.items())
            click.echo(f"{name:24} {told}")


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """Address of the first shop's storefront, with the orders that the demo brings already imported."""
    log = folder / "demo.log"
    environment = os.environ | {"DEMO_FOLDER": str(folder / "demo")}
    with log.open("w") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "devstore.demo"], cwd=machine.ROOT, env=environment, stdout=told, stderr=told
        )
    try:
        yield wait(log, process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def wait(log: Path, process: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + START
    while time.monotonic() < until and process.poll() is None:
        if found := re.search(r"(http://\S+?)/apps/aftercare", log.read_text()):
            return found[1]
        time.sleep(1)
    sys.exit(f"the demo did not start:\n{log.read_text()}")


def order_page(storefront: str) -> str:
    """Path of an order that is on its way: found as a buyer finds it, by what the start page of the demo names."""
    form = {"number": "#1032", "contact": "carmen.ruiz@example.com"}
    until = time.monotonic() + START
    while time.monotonic() < until:
        answer = requests.post(f"{storefront}/apps/aftercare/lookup", data=form, timeout=30)
        if found := re.search(r"/apps/aftercare/orders/[\w.-]+", answer.text):
            return found[0]
        time.sleep(10)
    sys.exit("the order was not found")


def judge(address: str, to: Path) -> dict[str, Any]:
    program = ["npx", "--yes", LIGHTHOUSE, address, "--quiet", "--output=json", f"--output-path={to}"]
    program += [f"--chrome-flags={FLAGS}", f"--only-categories={','.join(CATEGORIES)}"]
    subprocess.run(program, check=True, env=os.environ | {"CHROME_PATH": str(chromium.path())})
    report: dict[str, Any] = json.loads(to.read_text())
    return report


if __name__ == "__main__":
    main()
