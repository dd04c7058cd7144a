"""A merchant whose browser keeps nothing, and one who has no mouse."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from devstore import server
from tests.browser.conftest import FLAGS, WIDE
from tests.browser.test_merchant import Admin, bring_in, the_shop
from tests.browser.test_merchant import admin as admin
from tests.browser.test_merchant import at_work as at_work
from tests.browser.test_one_order import shot
from tests.conftest import LUMEN, Jobs
from tests.returns import staff

MOST = 60
"""Presses of Tab that lie between any two things on a page, and more."""
FOCUS = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body || at.tagName === "IFRAME") return "";
  const host = at.getRootNode().host;
  const words = at.getAttribute("aria-label") ?? at.labels?.[0]?.textContent ?? at.textContent;
  return (words.trim() || host?.getAttribute("label") || host?.textContent || "").trim().replace(/\\s+/g, " ");
}"""
RING = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at.matches(":focus-visible");
}"""


@pytest.fixture
def forgetful(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A window that refuses cookies and storage to every page, as strict private windows do to what is in a frame."""
    chosen = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default/Preferences").write_text(json.dumps(chosen))
    launch, program = browser.browser_type.launch_persistent_context, os.environ["CHROMIUM"]
    with launch(tmp_path, executable_path=program, args=FLAGS, **WIDE) as context:
        yield context.pages[0]


def test_the_app_works_where_the_browser_keeps_nothing(forgetful: Page, shopify: server.Running, jobs: Jobs) -> None:
    shopify.approve(LUMEN)
    admin = Admin(forgetful, shopify)
    admin.opens()
    bring_in(shopify, jobs)
    refused = "() => { try { return String(localStorage) } catch (error) { return error.name } }"
    assert forgetful.frames[1].evaluate(refused) == "SecurityError"
    forgetful.get_by_role("link", name="Carts").click()
    admin.app.get_by_role("link", name="Settings", exact=True).first.click()
    expect(forgetful).to_have_url(f"{admin.url}/carts/settings")
    forgetful.reload()
    admin.opens("/settings/rehearsal", "Dry run")
    admin.app.get_by_role("link", name="Go on to the switches").click()
    admin.app.get_by_role("switch", name="Send our own order confirmation").click()
    forgetful.get_by_role("button", name="Save").click()
    expect(forgetful.get_by_role("status").get_by_text("Saved")).to_be_visible()
    assert the_shop().settings["confirmations"] is True
    assert forgetful.context.cookies() == []


def reaches(page: Page, words: str, key: str = "Tab") -> None:
    """By the keyboard, and sees where it is."""
    for _ in range(MOST):
        page.keyboard.press(key)
        frame = next((one for one in reversed(page.frames) if one.evaluate(FOCUS)), None)
        if frame and frame.evaluate(FOCUS).startswith(words):
            assert frame.evaluate(RING), words
            return
    raise AssertionError(f"{words} is not reached")


def test_a_merchant_without_a_mouse_switches_something_on(at_work: Admin) -> None:
    page, app = at_work.page, at_work.app
    at_work.opens()
    reaches(page, "Settings")
    page.keyboard.press("Enter")
    expect(app.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    reaches(page, "Our own order confirmation")
    page.keyboard.press("Enter")
    expect(app.get_by_role("heading", name="Confirmations and parcels")).to_be_visible()
    reaches(page, "Dry run")
    page.keyboard.press("Enter")
    expect(app.get_by_role("link", name="Go on to the switches")).to_be_visible()
    reaches(page, "Go on to the switches")
    page.keyboard.press("Enter")
    switch = app.get_by_role("switch", name="Send our own order confirmation")
    expect(switch).to_be_visible()
    reaches(page, "Send our own order confirmation")
    page.keyboard.press("Space")
    expect(switch).to_be_checked()
    shot(page, "merchant-keyboard")
    reaches(page, "Save", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").get_by_text("Saved")).to_be_visible()
    assert the_shop().settings["confirmations"] is True


def test_a_dialog_is_left_with_escape_and_gives_the_focus_back(at_work: Admin) -> None:
    page, app = at_work.page, at_work.app
    order = staff.place(the_shop())
    at_work.opens(f"/returns/{staff.file(the_shop(), order=order)}", order[1])
    dialog = app.get_by_role("dialog", name="Decline")
    reaches(page, "Decline")
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    shot(page, "merchant-dialog")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert page.frames[1].evaluate(FOCUS) == "Decline"
