"""A real Chromium, wide (`page`) and as narrow as a small phone (`phone`). It reaches this machine only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

PICTURES = Path("test-results")
FLAGS = [
    "--no-sandbox",  # Chromium's sandbox refuses to run as root, as in most CI machines; the pages are our own
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-site-isolation-trials",  # frames in processes of their own miss clicks that come right after scrolling
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
WIDE = {"viewport": {"width": 1280, "height": 900}}
NARROW = {
    "viewport": {"width": 360, "height": 740},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
passed = pytest.StashKey[bool]()
expect.set_options(timeout=20_000)  # milliseconds: a machine that does much else besides is slow, not wrong


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a person sees does not depend on the database: one will do."""
    return f"sqlite:///{tmp_path_factory.mktemp('browser')}/app.db"


@pytest.fixture
def is_stocked() -> bool:
    return True


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM")
    if not program:
        pytest.fail("CHROMIUM names no browser. `make test` finds or installs one.", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window of its own, without cookies; an uncaught error of a page's JavaScript fails the test."""
    with window(browser, request, WIDE) as page:
        yield page


@pytest.fixture
def phone(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """360 px wide: the smallest screen a buyer's page has to fit."""
    with window(browser, request, NARROW) as page:
        yield page


@contextmanager
def window(browser: Browser, request: pytest.FixtureRequest, shape: dict[str, Any]) -> Iterator[Page]:
    """When the test fails, what the window showed at its end is kept as a picture."""
    errors: list[str] = []
    with browser.new_context(**({"locale": "en-US"} | shape)) as context:
        context.on("weberror", lambda error: errors.append(str(error.error)))
        page = context.new_page()
        yield page
        if not request.node.stash.get(passed, False):
            PICTURES.mkdir(exist_ok=True)
            page.screenshot(path=PICTURES / f"{request.node.name}-{request.fixturename}.png", full_page=True)
    assert not errors, errors


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Leaves word with the test whether it went well, for the windows that close after it."""
    report = yield
    if report.when == "call":
        item.stash[passed] = report.passed
    return report
