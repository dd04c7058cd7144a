"""A buyer asks for a change on a phone and on a desk, and staff decides it in the admin."""

import pytest
from playwright.sync_api import Page, expect

from devstore import deeds, server
from devstore.records import Address, Order
from shopify_app.db import rest
from shopify_app.orders import links, proof
from shopify_app.shopify import models as shops
from tests.browser.test_merchant import Admin, bring_in
from tests.browser.test_one_order import is_accessible, is_calm, shot
from tests.conftest import LUMEN, Jobs

HOME = Address(
    first_name="Aurélie-Marguerite",
    last_name="Montgomery-Featherstonehaugh",
    address1="12 Example Street",
    city="Albany",
    province="New York",
    province_code="NY",
    country="United States",
    country_code="US",
    zip="12201",
)


@pytest.fixture
def admin(page: Page, shopify: server.Running, jobs: Jobs) -> Admin:
    """Opened once, with the first import behind it."""
    shopify.approve(LUMEN)
    opened = Admin(page, shopify)
    opened.opens()
    bring_in(shopify, jobs)
    return opened


def buy(shopify: server.Running, jobs: Jobs, locale: str = "en") -> Order:
    variant = shopify.state.products.of(LUMEN)[0].variants[0].id
    about = {"email": "aurelie@example.com", "shipping_address": HOME, "customer_locale": locale}
    order = deeds.place_order(shopify.state, LUMEN, [(variant, 1)], **about)  # type: ignore[arg-type]
    shopify.log.settle()
    jobs.run()
    return order


def address(shopify: server.Running, order: Order, path: str) -> str:
    """Of a page of the buyer's, who has typed the code."""
    rest()
    shop = shops.named(LUMEN)
    page = f"{shopify.storefront_url(LUMEN)}{links.path(shop, order.id)}/{path}"
    return f"{page}?proof={proof.word(shop, order.id)}"


def is_good(page: Page, name: str) -> None:
    is_calm(page)
    is_accessible(page, "{include: [['.aftercare']]}")
    shot(page, name)


@pytest.mark.parametrize("locale", ["en", "de"])
def test_a_buyer_corrects_the_address_on_a_phone(
    admin: Admin, phone: Page, shopify: server.Running, jobs: Jobs, locale: str
) -> None:
    order = buy(shopify, jobs, locale)
    link = address(shopify, order, "address")
    phone.goto(link.partition("?")[0])
    is_good(phone, f"changes-prove-{locale}")
    phone.goto(link)
    is_good(phone, f"changes-address-{locale}")
    phone.locator("[name=zip]").fill("94016")
    phone.locator("[name=address1]").fill("9 Maple Road")
    phone.locator(".aftercare button").click()
    expect(phone.locator("#aftercare-zip-error")).to_be_visible()
    expect(phone.locator("[name=address1]")).to_have_value("9 Maple Road")
    is_good(phone, f"changes-address-wrong-{locale}")
    phone.locator("[name=zip]").fill("12205")
    phone.locator(".aftercare button").click()
    expect(phone.get_by_role("status")).to_be_visible()
    is_good(phone, f"changes-address-asked-{locale}")


def test_staff_confirms_one_request_and_declines_another_with_a_word(
    admin: Admin, shopify: server.Running, jobs: Jobs
) -> None:
    page, (first, second) = admin.page, (buy(shopify, jobs), buy(shopify, jobs))
    page.goto(address(shopify, first, "cancellation"))
    is_good(page, "changes-cancellation")
    page.locator("[name=note]").fill("Ordered the wrong colour, sorry.")
    page.get_by_role("button", name="Ask to cancel").click()
    expect(page.get_by_text("We have your request to cancel and answer soon.")).to_be_visible()
    is_good(page, "changes-cancellation-asked")
    page.goto(address(shopify, second, "address"))
    page.locator("[name=address1]").fill("9 Maple Road")
    is_good(page, "changes-address-wide")
    page.get_by_role("button", name="Send the new address").click()
    expect(page.get_by_role("status")).to_be_visible()

    admin.opens("/changes", "Changes")
    expect(admin.app.get_by_text("Ordered the wrong colour, sorry.")).to_be_visible()
    shot(page, "merchant-changes")
    admin.app.get_by_role("button", name="Decline").nth(1).click()
    admin.app.get_by_role("textbox").fill("We have packed it already.")
    shot(page, "merchant-changes-decline")
    admin.app.locator("s-modal").nth(1).get_by_role("button", name="Decline").click()
    expect(page.get_by_role("status").get_by_text("Declined.")).to_be_visible()
    expect(admin.app.get_by_text("Decided")).to_be_visible()  # the list came anew, and with it every button
    admin.app.get_by_role("button", name="Cancel the order and refund it").click()
    expect(page.get_by_role("status").get_by_text("It is being done.")).to_be_visible()
    expect(admin.app.get_by_text("Being done")).to_be_visible()
    shot(page, "merchant-changes-decided")
    jobs.run()
    mails = shopify.mailbox.messages(to="aurelie@example.com")
    assert any("We have packed it already." in (mail.text or "") for mail in mails)


def test_a_merchant_lets_a_rule_decide(admin: Admin) -> None:
    admin.opens("/changes/settings", "Who decides")
    shot(admin.page, "merchant-changes-settings")
    admin.app.locator("s-select[name=cancel] select").select_option("at once")
    admin.app.locator("s-number-field[name=cancel_minutes] input").fill("30")
    admin.page.get_by_role("button", name="Save").click()
    expect(admin.page.get_by_role("status").get_by_text("Saved")).to_be_visible()
    rest()
    assert shops.named(LUMEN).settings["changes"]["cancel"] == {"how": "at once", "minutes": 30}
