"""A merchant sees who looked at whom, how data is kept, and takes everything along."""

import zipfile

from playwright.sync_api import expect

from tests.browser.test_merchant import Admin
from tests.browser.test_merchant import admin as admin
from tests.browser.test_merchant import at_work as at_work
from tests.browser.test_one_order import is_accessible, shot


def test_a_merchant_reads_who_looked_and_takes_everything_along(at_work: Admin) -> None:
    order, app, page = at_work.order, at_work.app, at_work.page
    at_work.opens(f"/orders/{order.id}", order.name)
    at_work.opens("/privacy", "Privacy")
    app.get_by_role("link", name="Who looked at whom").click()
    expect(app.get_by_role("link", name=order.name)).to_be_visible()
    is_accessible(page.frames[1])  # type: ignore[arg-type]
    shot(page, "merchant-privacy-log")
    at_work.opens("/privacy/map", "What is kept, and why")
    is_accessible(page.frames[1])  # type: ignore[arg-type]
    shot(page, "merchant-privacy-map")
    at_work.opens("/privacy/takeout", "Take everything along")
    with page.expect_download() as given:
        app.get_by_role("button", name="Make the file").click()
    expect(app.get_by_text("The file is whole")).to_be_visible()
    shot(page, "merchant-takeout")
    with zipfile.ZipFile(given.value.path()) as archive:
        assert order.name in archive.read("orders.csv").decode()
