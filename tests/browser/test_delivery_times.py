"""How long an order takes: a merchant says what is usual, and a buyer reads it as that."""

import re

from playwright.sync_api import Page, expect

from devstore import server
from shopify_app.orders import links
from tests.browser.test_merchant import Admin, bring_in, the_shop
from tests.browser.test_merchant import admin as admin
from tests.browser.test_merchant import at_work as at_work
from tests.browser.test_one_order import BUYER, buy, is_accessible, is_calm, shot, the_order
from tests.conftest import LUMEN, Jobs


def test_a_merchant_s_usual_days_become_an_estimate_for_the_buyer(
    at_work: Admin, phone: Page, shopify: server.Running, jobs: Jobs
) -> None:
    app, page = at_work.app, at_work.page
    at_work.opens("/settings", "Settings")
    app.get_by_role("link", name="Delivery times").click()
    expect(app.get_by_role("heading", name="Delivery times", exact=True)).to_be_visible()
    handling, domestic = app.locator("[name=handling]"), app.locator("[name=domestic]")
    handling.get_by_role("spinbutton").fill("99")
    page.get_by_role("button", name="Save").click()
    expect(app.get_by_text("Please enter a whole number from 0 to 60, or nothing.")).to_be_visible()
    shot(page, "merchant-delivery-error")
    handling.get_by_role("spinbutton").fill("1")
    domestic.get_by_role("spinbutton").fill("2")
    app.locator("[name=abroad]").get_by_role("spinbutton").fill("4")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").get_by_text("Saved")).to_be_visible()
    domestic.get_by_role("spinbutton").fill("9")
    page.get_by_role("button", name="Discard").click()
    expect(domestic.get_by_role("spinbutton")).to_have_value("2")
    is_accessible(page.frames[1])  # type: ignore[arg-type]
    shot(page, "merchant-delivery")

    buy(phone, shopify)
    shopify.log.settle()
    jobs.run()
    phone.goto(links.url(the_shop(), the_order(shopify).id))
    expect(phone.get_by_text(re.compile(r"should come .* \(our estimate\)")).first).to_be_visible()
    expect(phone.get_by_text("our estimate", exact=True)).to_be_visible()
    is_calm(phone)
    is_accessible(phone, "{include: [['.aftercare']]}")
    shot(phone, "order-estimate-narrow")
    assert BUYER not in phone.content()


def test_on_a_phone_the_delivery_times_fit(phone: Page, shopify: server.Running, jobs: Jobs) -> None:
    shopify.approve(LUMEN)
    admin = Admin(phone, shopify)
    admin.opens()
    bring_in(shopify, jobs)
    admin.opens("/settings/delivery", "Delivery times")
    assert phone.frames[1].evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(phone, "merchant-phone-delivery")
