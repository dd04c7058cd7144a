"""A merchant changes a setting, sees in the history who did it, and takes it back."""

import pytest
from playwright.sync_api import expect

from devstore import server
from shopify_app.carts import settings as carts
from shopify_app.db import rest
from shopify_app.shopify import staff
from tests.browser.test_merchant import Admin, the_shop
from tests.browser.test_merchant import admin as admin
from tests.browser.test_merchant import at_work as at_work
from tests.browser.test_one_order import is_accessible, is_calm, shot
from tests.conftest import LUMEN


def test_a_change_is_saved_seen_in_the_history_and_undone(at_work: Admin) -> None:
    app, page = at_work.app, at_work.page
    at_work.opens("/settings", "Settings")
    is_accessible(page.frames[1])  # type: ignore[arg-type]
    shot(page, "merchant-settings")
    app.get_by_role("link", name="Reminders of carts").click()
    app.locator("[name=percent]").get_by_role("combobox").select_option("10")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").get_by_text("Saved")).to_be_visible()

    at_work.opens("/settings", "Settings")
    app.get_by_role("link", name="Who changed what").or_(app.get_by_role("button", name="Who changed what")).click()
    expect(app.get_by_text("Discount: 0 % → 10 %")).to_be_visible()
    is_accessible(page.frames[1])  # type: ignore[arg-type]
    shot(page, "merchant-history")
    app.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").get_by_text("It is as it was before.")).to_be_visible()
    expect(app.get_by_text("Discount: 10 % → 0 %")).to_be_visible()
    assert carts.of(the_shop()).percent == 0
    shot(page, "merchant-history-undone")


def test_an_owner_names_the_staff(at_work: Admin) -> None:
    app, page = at_work.app, at_work.page
    at_work.opens("/settings/staff", "Staff and limits")
    app.get_by_role("textbox", name="Your name").fill("Ana Souza")
    limit = app.locator("[name=case]").get_by_role("spinbutton")
    limit.fill("-1")
    page.get_by_role("button", name="Save").click()
    expect(app.get_by_text("Please give an amount between 0 and 1000000.").first).to_be_visible()
    shot(page, "merchant-staff-error")
    limit.fill("80")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").get_by_text("Saved")).to_be_visible()
    rest()
    assert list(staff.names(the_shop()).values()) == ["Ana Souza"]
    is_accessible(page.frames[1])  # type: ignore[arg-type]
    shot(page, "merchant-staff")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_hold_in_german(at_work: Admin, shopify: server.Running, width: int) -> None:
    app, page = at_work.app, at_work.page
    at_work.opens("/carts/settings", "Reminders of carts")
    app.locator("[name=percent]").get_by_role("combobox").select_option("10")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").get_by_text("Saved")).to_be_visible()
    shopify.state.shops[LUMEN].staff.locale = "de"
    page.set_viewport_size({"width": width, "height": 740})
    for path, heading in (
        ("", "Einstellungen"),
        ("/history", "Wer was geändert hat"),
        ("/staff", "Team und Grenzen"),
        ("/switches", "Bestätigungen und Pakete"),
    ):
        at_work.opens(f"/settings{path}", heading)
        is_calm(page)
        shot(page, f"merchant-settings-german-{path[1:]}-{width}")
