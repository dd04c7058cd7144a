"""The terms of returns in a browser: a merchant sets them, and everybody reads them."""

import json

from playwright.sync_api import Page, expect

from devstore import server
from tests.browser.test_merchant import Admin, admin, at_work
from tests.browser.test_one_order import is_accessible, is_calm, shot
from tests.conftest import LUMEN

__all__ = ("admin", "at_work")


def address(store: server.Running, language: str = "en") -> str:
    return f"{store.storefront_url(LUMEN)}/apps/aftercare/returns?locale={language}"


def save(admin: Admin) -> None:
    admin.page.get_by_role("button", name="Save").click()


def test_a_merchant_sets_the_terms_and_everybody_reads_them(at_work: Admin, phone: Page) -> None:
    at_work.opens("/returns/policy", "Terms of returns")
    app = at_work.app
    app.get_by_label("Buyers can send items back for").fill("45")
    app.get_by_role("button", name="Add a rule").click()
    app.get_by_label("Which, with commas between").fill("sale")
    app.get_by_label("What holds").select_option(label="Final sale")
    app.get_by_label("For the way back, once per return").first.fill("4.90")
    save(at_work)
    expect(app.get_by_text("You can send items back until 45 days after they arrived.").first).to_be_visible()
    expect(app.get_by_text("Version 2")).to_be_visible()
    expect(app.get_by_text("Tagged “sale”: final sale, not taken back.").first).to_be_visible()
    shot(at_work.page, "merchant-return-terms")
    phone.goto(address(at_work.store))
    expect(phone.get_by_text("45 days after they arrived")).to_be_visible()
    is_calm(phone)
    is_accessible(phone, "'.aftercare'")
    shot(phone, "return-terms-phone")
    at_work.page.goto(address(at_work.store, "fr"))
    expect(at_work.page.get_by_text("jusqu’à 45 jours après leur arrivée")).to_be_visible()
    shot(at_work.page, "return-terms-fr")
    data = json.loads(at_work.page.locator("script[type='application/ld+json']").last.text_content() or "")
    usual = data["hasMerchantReturnPolicy"][0]
    assert (usual["merchantReturnDays"], usual["returnShippingFeesAmount"]["value"]) == (45, "4.90")


def test_what_cannot_be_taken_is_said_beside_its_field(at_work: Admin) -> None:
    at_work.opens("/returns/policy", "Terms of returns")
    at_work.app.get_by_role("button", name="Add a rule").click()
    at_work.app.get_by_label("Days, where not as usual").fill("9")
    save(at_work)
    expect(at_work.app.get_by_text("Please write what this rule is for.")).to_be_visible()


def test_rows_that_were_dropped_are_back_when_the_changes_are_thrown_away(at_work: Admin) -> None:
    at_work.opens("/returns/policy", "Terms of returns")
    reasons = at_work.app.get_by_label("Question to the buyer (optional)")
    before = reasons.count()
    at_work.app.get_by_role("button", name="Remove").last.click()
    expect(reasons).to_have_count(before - 1)
    at_work.page.get_by_role("button", name="Discard").click()
    expect(reasons).to_have_count(before)
