"""A merchant puts a message into own words, gives all mails a brand, and chooses kinds of confirmation."""

import pytest
from playwright.sync_api import Page, expect

from devstore import server
from tests.browser.test_merchant import Admin, bring_in
from tests.browser.test_merchant import admin as admin
from tests.browser.test_merchant import at_work as at_work
from tests.browser.test_one_order import is_accessible, shot
from tests.conftest import LUMEN, Jobs

PLACES = {
    "letters": ("/settings/messages", "Words of messages"),
    "letter": ("/settings/messages/confirmations/welcome", "Order confirmation, warm welcome"),
    "brand": ("/settings/brand", "Brand of your mails"),
    "kinds": ("/settings/confirmations", "Kinds of confirmation"),
}


def test_a_merchant_sees_a_message_while_writing_it_and_can_go_back(at_work: Admin) -> None:
    app, page = at_work.app, at_work.page
    at_work.opens("/settings", "Settings")
    app.get_by_role("link", name="Words of messages").click()
    app.get_by_role("link", name="Order confirmation, plain").click()
    expect(app.get_by_role("heading", name="Order confirmation, plain", exact=True)).to_be_visible()
    mail = app.frame_locator("iframe.preview")
    heading = app.locator("[name=heading]").get_by_role("textbox")
    heading.fill("Hooray, {{ first_name | default: 'friend' }}!")
    expect(mail.get_by_role("heading", name="Hooray, Alex!")).to_be_visible()
    body = app.locator("[name=body]").get_by_role("textbox")
    body.fill("We have **{{ order }}**.\n\n{{ nickname }}")
    expect(app.get_by_text("Line 3: there is no “nickname”.")).to_be_visible()
    shot(page, "merchant-letter-error")
    body.fill("We have **{{ order }}**.\n\n- One\n- Two")
    expect(mail.get_by_role("listitem").first).to_have_text("One")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").get_by_text("Saved")).to_be_visible()
    expect(app.get_by_text("In use")).to_be_visible()
    shot(page, "merchant-letter-changed")
    is_accessible(page.frames[1])  # type: ignore[arg-type]
    app.get_by_role("button", name="Back to our texts").click()
    expect(mail.get_by_role("heading", name="Thank you, Alex!")).to_be_visible()


def test_a_merchant_looks_at_a_message_with_a_real_order_and_sends_a_test(at_work: Admin, jobs: Jobs) -> None:
    app, page = at_work.app, at_work.page
    at_work.opens("/settings/messages/tracking/shipped", "Parcel sent")
    name = at_work.store.state.orders.of(at_work.order.shop)[-1].name
    app.locator("s-select[name=order]").get_by_role("combobox").select_option(label=name)
    app.get_by_role("button", name="Show it with this order").click()
    expect(app.get_by_text(f"A parcel of order {name} has been sent")).to_be_visible()
    app.get_by_role("button", name="Send me a test").click()
    expect(page.get_by_role("status").get_by_text("A test goes to")).to_be_visible()


def test_a_merchant_gives_all_mails_a_colour_that_can_be_read(at_work: Admin) -> None:
    app, page = at_work.app, at_work.page
    at_work.opens("/settings/brand", "Brand of your mails")
    button = app.locator("[name=button]").get_by_role("textbox")
    button.fill("#ffee00")
    expect(app.get_by_text("cannot be read well on its colour")).to_be_visible()
    button.fill("#7a1f5c")
    link = app.frame_locator("iframe.preview").get_by_role("link", name="Follow my order")
    expect(link.locator("xpath=..")).to_have_css("background-color", "rgb(122, 31, 92)")
    app.locator("[name=signature]").get_by_role("textbox").fill("See you soon,\nMira of Lumen Goods")
    app.locator("[name=address]").get_by_role("textbox").fill("Lumen Goods Ltd\n1 Harbour Street, Berlin")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").get_by_text("Saved")).to_be_visible()
    expect(app.frame_locator("iframe.preview").get_by_text("Mira of Lumen Goods")).to_be_visible()
    is_accessible(page.frames[1])  # type: ignore[arg-type]
    shot(page, "merchant-brand")


def test_a_merchant_sees_which_confirmation_each_order_would_have_got(at_work: Admin) -> None:
    app, page = at_work.app, at_work.page
    at_work.opens("/settings/confirmations", "Kinds of confirmation")
    expect(app.get_by_text("No other kind is on.").first).to_be_visible()
    app.get_by_role("checkbox", name="Warm welcome").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").get_by_text("Saved")).to_be_visible()
    expect(app.get_by_text("It is the buyer’s first order.").first).to_be_visible()
    is_accessible(page.frames[1])  # type: ignore[arg-type]
    shot(page, "merchant-kinds")


@pytest.mark.parametrize("place", PLACES)
def test_on_a_phone_these_pages_fit(phone: Page, shopify: server.Running, jobs: Jobs, place: str) -> None:
    shopify.approve(LUMEN)
    admin = Admin(phone, shopify)
    admin.opens()
    bring_in(shopify, jobs)
    admin.opens(*PLACES[place])
    assert phone.frames[1].evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(phone, f"merchant-phone-{place}")
