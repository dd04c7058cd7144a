"""python -m benchmarks.admin: how long a merchant waits on a phone when the shop has 100,000 orders.

Each page of the app opens in the frame of the store's admin, in a real Chromium whose processor is four times slower
and whose line is that of Lighthouse's phone preset (150 ms there and back, 1.6 Mbit/s down, 0.75 up). Every visit is a
first one, with nothing in the browser's cache, and with a token in its address, as the admin opens an app. Then the
page is used: what can be typed into is, what can be switched or opened is. Reported, as the frame itself measures: the
largest contentful paint, the sum of all layout shifts, the slowest interaction; the floor is an empty page of ours in
the same frame, in turns with the rest. In brackets: the lowest and the highest round.

Before that, without a browser: the time to the first byte of each document, and how often the Admin API was called.
"""

import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import requests
from playwright.sync_api import Browser, ElementHandle, Error, Frame, Page, sync_playwright

from benchmarks import machine, stock
from benchmarks.beside import KEY
from benchmarks.mirror import DOMAIN
from devstore import config as store_config
from devstore import deeds, server
from devstore.processes import free_port
from devstore.records import Address
from shopify_app import create_app
from shopify_app.config import read as read_config
from tests.browser.conftest import FLAGS
from tests.home import every_page
from tests.setup import chromium, postgres

FLOOR = "/empty"
PHONE = {
    "viewport": {"width": 412, "height": 823},
    "device_scale_factor": 1.75,
    "is_mobile": True,
    "has_touch": True,
    "locale": "en-US",
}
SLOWER = 4
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
AIMS = {"LCP": 1500.0, "CLS": 0.05, "INP": 150.0}
FIRST_BYTE = 300.0
"""Milliseconds."""
CALLS = 1_000
"""More than a page could make; the store counts down."""
QUIET = 0.6
"""Seconds without a change after which a page is taken to be done."""
PATIENCE = 60
"""Seconds for a page to come to rest."""
WATCH = """(() => {
  const seen = (window.vitals = { LCP: 0, CLS: 0, INP: 0 });
  const watch = (type, note, more) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...more });
  const slowest = (one) => { if (one.interactionId) seen.INP = Math.max(seen.INP, one.duration); };
  watch("largest-contentful-paint", (one) => { seen.LCP = one.startTime; });
  watch("layout-shift", (one) => { if (!one.hadRecentInput) seen.CLS += one.value; });
  watch("event", slowest, { durationThreshold: 16 });
})();"""
TYPED = "s-search-field, s-text-field, s-number-field, s-text-area"
CLICKED = "s-switch, s-checkbox, s-button[commandfor]"


@dataclass
class Seen:
    """What was measured of one page, a value a round."""

    LCP: list[float] = field(default_factory=list)
    CLS: list[float] = field(default_factory=list)
    INP: list[float] = field(default_factory=list)


@click.command()
@click.option("--orders", default=100_000)
@click.option("--rounds", default=3)
@click.option("--only", default="", help="A regular expression: pages whose address it finds.")
def main(orders: int, rounds: int, only: str) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        database = postgres.start(Path(folder) / "postgres", shared_buffers="512MB")
        stack.callback(database.stop)
        port = free_port()
        store = stack.enter_context(a_store(port))
        environment = machine.env(port, database.url, None) | {
            "SHOPIFY_SHOP_URL": store.url + "/{shop}",
            "SHOPIFY_ADMIN_URL": store.url,
            "SHOPIFY_CDN_URL": f"{store.url}/cdn",
            "PHOTOS_URL": (Path(folder) / "photos").as_uri(),
        }
        migrate = [sys.executable, "-m", "shopify_app", "migrate"]
        subprocess.run(migrate, env=environment, check=True, stdout=subprocess.DEVNULL)
        app, began = create_app(read_config(environment)), time.monotonic()
        paths = [
            one for one in every_page.documents(app, stock.fill(app, database.url, orders)) if re.search(only, one)
        ]
        click.echo(f"{orders:,} orders after {time.monotonic() - began:.0f} s; {len(paths)} pages")
        cores = f"{machine.SERVER_CORE},{machine.OTHER_CORE}"  # the browser needs both, in turns with the server
        stack.enter_context(machine.running(machine.granian("benchmarks.empty:app", port), environment, port, cores))
        is_kept = first_bytes(store, paths, rounds)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.path(), args=FLAGS)
            seen = {path: Seen() for path in (FLOOR, *paths)}
            for _ in range(rounds):
                for path, found in seen.items():
                    visit(browser, store, path, found)
                    print(f"\r{path:60}", end="", file=sys.stderr)
            browser.close()
    sys.exit(0 if report(seen) and is_kept else 1)


@contextmanager
def a_store(port: int) -> Iterator[server.Running]:
    """The store on this machine with one shop, which has the app at that port installed."""
    given = store_config.Config(
        app_url=f"http://127.0.0.1:{port}",
        api_secret=machine.SECRET,
        api_key=KEY,
        seeded=False,
        port=0,
        storefront_port=0,
        smtp_port=0,
    )
    store = server.start(given)
    home = Address(city="Berlin", country="Germany", country_code="DE")
    deeds.add_shop(store.state, DOMAIN, "Lumen Goods", email="owner@example.com", address=home)
    store.open_storefront(DOMAIN)
    yield store
    store.stop()


def first_bytes(store: server.Running, paths: Sequence[str], rounds: int) -> bool:
    """Whether each document began within its time and nobody called the Admin API for it. The very first visits are not
    counted: they fetch the shop's tokens, as after an install, and the server reads its templates.
    """
    for path in (FLOOR, *paths):
        ask(store, path)
    times: dict[str, list[float]] = {}
    for path in [*paths] * rounds:
        store.faults.graphql.error = CALLS
        times.setdefault(path, []).append(ask(store, path))
        if store.faults.graphql.error != CALLS:
            click.echo(f"{path} calls the Admin API before its first byte")
            return False
    store.faults.clear()
    ordered = sorted(times, key=lambda path: statistics.median(times[path]), reverse=True)
    click.echo("first byte of the document, ms: no Admin API call before any")
    for path in ordered:
        click.echo(f"  {path:32} {machine.spread(times[path])}")
    return all(statistics.median(one) < FIRST_BYTE for one in times.values())


def ask(store: server.Running, path: str) -> float:
    began = time.perf_counter()
    answer = requests.get(store.open_app(DOMAIN, path), stream=True, timeout=30)
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        sys.exit(f"{path}: {answer.status_code}")
    return took


def visit(browser: Browser, store: server.Running, path: str, seen: Seen) -> None:
    with browser.new_context(**PHONE) as context:
        context.add_init_script(WATCH)
        page = context.new_page()
        hand = context.new_cdp_session(page)
        hand.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        hand.send("Network.enable")
        hand.send("Network.emulateNetworkConditions", LINE)
        page.goto(f"{store.url}/store/lumen-goods/apps/{store.client_id}{path}", wait_until="commit")
        frame = shown(page)
        painted = settled(frame)
        use(page, frame)
        used = frame.evaluate("window.vitals")
        seen.LCP.append(painted["LCP"])
        seen.CLS.append(used["CLS"])
        seen.INP.append(used["INP"])


def shown(page: Page) -> Frame:
    page.frame_locator("#app").locator("s-page").wait_for(timeout=60_000)
    return page.frames[1]


def settled(frame: Frame) -> dict[str, Any]:
    """The vitals of a page that has come to rest."""
    before: dict[str, Any] = {}
    until = time.monotonic() + PATIENCE
    while (now := frame.evaluate("window.vitals")) != before or not now["LCP"]:
        if time.monotonic() > until:
            sys.exit(f"{frame.url} does not come to rest: {now}")
        before = now
        time.sleep(QUIET)
    return before


def use(page: Page, frame: Frame) -> None:
    """With the hand and the keyboard; nothing is saved. A page without anything to use is tapped.

    Each thing is brought to the middle first, as a phone does that shows its keyboard. (This Chromium tells of a frame
    that shows what was typed at the very edge of the screen only when something else moves, seconds later.)
    """
    typed, clicked = visible(frame, TYPED)[:2], visible(frame, CLICKED)[:4]
    for place in (*typed, *clicked):
        place.evaluate("one => one.scrollIntoView({ block: 'center' })")
        time.sleep(QUIET)
        with suppress(Error):  # a dialog that opened lies over it
            place.click(timeout=2_000)
        if place in typed:
            page.keyboard.type("1234", delay=60)
        else:
            page.keyboard.press("Escape")
    frame.locator("s-page").first.click(position={"x": 200, "y": 20}, force=True)
    time.sleep(QUIET)


def visible(frame: Frame, selector: str) -> list[ElementHandle]:
    return [
        one for one in frame.query_selector_all(selector) if one.is_visible() and one.get_attribute("disabled") is None
    ]


def report(seen: dict[str, Seen]) -> bool:
    """Whether every page keeps the aims at the median."""
    click.echo(f"{'':32} {'LCP, ms':>24} {'x floor':>8} {'CLS':>20} {'INP, ms':>24}")
    floor, missed = statistics.median(seen[FLOOR].LCP), []
    for path, found in seen.items():
        times = statistics.median(found.LCP) / floor
        paint, shift, act = (machine.spread(values) for values in (found.LCP, found.CLS, found.INP))
        over = [name for name, aim in AIMS.items() if statistics.median(getattr(found, name)) >= aim]
        click.echo(f"{path:32} {paint:>24} {times:8.2f} {shift:>20} {act:>24}  {' '.join(over)}")
        missed += [f"{path} {name}" for name in over]
    click.echo(f"missed: {', '.join(missed) or 'none'}")
    return not missed


if __name__ == "__main__":
    main()
