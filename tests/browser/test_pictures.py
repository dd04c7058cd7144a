"""Every page of a merchant's as a picture, wide and narrow, in the languages that staff reads.

`make whole` takes all of them, into test-results/pages; an ordinary run takes those of the menu in German, whose words
are the longest.
"""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from devstore import server
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_merchant import Admin, the_shop
from tests.browser.test_merchant import admin as admin
from tests.browser.test_merchant import at_work as at_work
from tests.browser.test_one_order import is_accessible, is_calm, shot
from tests.conftest import LUMEN, Jobs, Sender
from tests.home import every_page


def look(admin: Admin, path: str, locale: str, errors: list[str]) -> None:
    """Nothing is cut off or told to the console, and everybody can read it."""
    page = admin.page
    page.goto(f"{admin.url}{path}")
    expect(admin.app.locator("s-page")).to_be_visible()
    expect(admin.app.locator("[data-waiting], [data-part] s-spinner:visible")).to_have_count(0)
    frame = page.frames[1]
    is_accessible(frame)  # type: ignore[arg-type]
    name = path.strip("/").replace("/", "-") or "start"
    for shape, width in ((WIDE, "wide"), (NARROW, "narrow")):
        page.set_viewport_size(shape["viewport"])
        is_calm(frame)  # type: ignore[arg-type]
        shot(page, f"every-{name}-{locale}-{width}")
    page.set_viewport_size(WIDE["viewport"])
    assert (path, errors) == (path, [])


@pytest.fixture
def errors(at_work: Admin) -> list[str]:
    """What the console was told."""
    found: list[str] = []
    at_work.page.on("console", lambda line: found.append(line.text) if line.type == "error" else None)
    return found


def test_what_the_menu_leads_to_fits_in_german(at_work: Admin, shopify: server.Running, errors: list[str]) -> None:
    shopify.state.shops[LUMEN].staff.locale = "de"
    at_work.page.goto(at_work.url)
    links = at_work.page.locator("#menu a")
    expect(links.first).to_be_visible()
    base = at_work.url.removeprefix(shopify.url)
    for path in ["", *((one.get_attribute("href") or "").removeprefix(base) for one in links.all())]:
        look(at_work, path, "de", errors)


@pytest.mark.whole
@pytest.mark.parametrize("locale", ["en", "fr", "de", "es"])
def test_every_page_fits_in_every_language(
    app: Flask,
    at_work: Admin,
    shopify: server.Running,
    sends: Sender,
    jobs: Jobs,
    errors: list[str],
    locale: str,
) -> None:
    shopify.state.shops[LUMEN].staff.locale = locale

    def tell(*news: Any) -> None:
        for topic, body in zip(news[::2], news[1::2], strict=True):
            sends(topic, body)
        jobs.run()

    for path in every_page.documents(app, every_page.furnish(the_shop(), tell)):
        look(at_work, path, locale, errors)
