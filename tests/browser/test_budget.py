"""A merchant reads why somebody got no offer, and a buyer who wants none leaves with one press and may come back."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from devstore import server
from shopify_app import clock
from shopify_app.db import transaction
from shopify_app.mail import journal, links, outbox
from shopify_app.mail.journal import Filter
from tests.browser.test_merchant import Admin, the_shop
from tests.browser.test_merchant import admin as admin
from tests.browser.test_merchant import at_work as at_work
from tests.browser.test_one_order import is_accessible, is_calm, shot
from tests.conftest import LUMEN
from tests.mail.offers import OFFER


def write_some(email: str, order_id: int) -> None:
    shop = the_shop()
    with transaction():
        outbox.write(shop, "confirmations/order", "confirmation/x", order_id, to=email, skip="too_late")
        outbox.write(shop, OFFER, "offer/1", to=email, skip="had_one", facts={"count": 16})
        outbox.write(shop, OFFER, "offer/2", to=email, skip="country_blocked", facts={"country": "CA"})
        outbox.write(shop, OFFER, "offer/3", to=email, due_at=clock.now() + timedelta(days=3))
        outbox.write(shop, OFFER, "offer/4", to=email, skip="x")
    with transaction():
        sent = journal.listed(shop, Filter(reason="x"))[0]
        sent.result, sent.reason, sent.sending_at, sent.basis = "sent", None, clock.now(), "consent"
        sent.grounds = {"level": "SINGLE_OPT_IN", "since": clock.now().isoformat(), "country": "DE"}


def test_a_merchant_reads_why_somebody_got_no_offer(at_work: Admin) -> None:
    order, app, page = at_work.order, at_work.app, at_work.page
    assert order.email
    write_some(order.email, order.id)
    at_work.opens("/messages", "Messages")
    expect(app.get_by_text("less than 16 hours before")).to_be_visible()
    shot(page, "merchant-messages")
    page.set_viewport_size({"width": 360, "height": 740})
    shot(page, "merchant-messages-narrow")
    page.set_viewport_size({"width": 1280, "height": 900})

    app.locator("[name=purpose]").get_by_role("combobox").select_option("marketing")
    app.get_by_role("button", name="Filter").click()
    expect(app.get_by_text("Order confirmation")).to_have_count(0)
    expect(app.get_by_text("less than 16 hours before")).to_be_visible()

    app.get_by_role("searchbox").fill(order.email)
    app.get_by_role("searchbox").press("Enter")
    expect(app.get_by_text("Order confirmation").first).to_be_visible()
    app.locator("#found").get_by_role("link", name=order.shipping_address.last_name).first.click()  # type: ignore[union-attr]
    expect(app.get_by_text("Did not go out")).to_be_visible()
    expect(app.get_by_text("Agreed to news by e-mail")).to_be_visible()
    is_accessible(page.frames[1])  # type: ignore[arg-type]
    shot(page, "merchant-person")
    page.set_viewport_size({"width": 360, "height": 740})
    shot(page, "merchant-person-narrow")


def test_a_merchant_sets_how_often_and_when(at_work: Admin) -> None:
    app, page = at_work.app, at_work.page
    at_work.opens("/settings/budget", "How often and when")
    app.locator("[name=customers]").get_by_role("textbox").fill("FR, DE")
    page.get_by_role("button", name="Save").click()
    expect(app.get_by_text("In Germany and Austria only those who agreed may be written to.").first).to_be_visible()
    shot(page, "merchant-budget-error")
    app.locator("[name=customers]").get_by_role("textbox").fill("FR, BE")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").get_by_text("Saved")).to_be_visible()
    is_accessible(page.frames[1])  # type: ignore[arg-type]
    shot(page, "merchant-budget")
    page.set_viewport_size({"width": 360, "height": 740})
    shot(page, "merchant-budget-narrow")


def test_the_pages_hold_in_german_on_a_small_screen(at_work: Admin, shopify: server.Running) -> None:
    order, app, page = at_work.order, at_work.app, at_work.page
    assert order.email
    write_some(order.email, order.id)
    shopify.state.shops[LUMEN].staff.locale = "de"
    page.set_viewport_size({"width": 360, "height": 740})
    at_work.opens("/settings/budget", "Wie oft und wann")
    is_calm(page)
    shot(page, "merchant-budget-german")
    at_work.opens("/messages", "Nachrichten")
    is_calm(page)
    shot(page, "merchant-messages-german")
    app.get_by_role("link", name=order.shipping_address.last_name).first.click()  # type: ignore[union-attr]
    expect(app.get_by_text("Nicht hinausgegangen")).to_be_visible()
    is_calm(page)
    shot(page, "merchant-person-german")
    page.set_viewport_size({"width": 1280, "height": 900})
    shot(page, "merchant-person-german-wide")


def test_a_buyer_leaves_with_one_press_and_comes_back(at_work: Admin, page: Page, phone: Page) -> None:
    shop = the_shop()
    there = links.page(shop, "lena@example.com")
    for window, name in ((phone, "narrow"), (page, "wide")):
        window.goto(there)
        expect(window.get_by_role("heading", name="No more of these messages?")).to_be_visible()
        is_calm(window)
        is_accessible(window, "{include: [['.aftercare']]}")
        shot(window, f"optout-ask-{name}")
        window.get_by_role("button", name="No more of these messages").click()
        expect(window.get_by_role("heading", name="You get no more of these messages")).to_be_visible()
        shot(window, f"optout-out-{name}")
        window.get_by_role("button", name="That was a mistake").click()
        expect(window.get_by_text("All is as it was before.")).to_be_visible()
        shot(window, f"optout-back-{name}")
    phone.goto(there + "?locale=de")
    expect(phone.get_by_role("button", name="Keine solchen Nachrichten mehr")).to_be_visible()
    is_calm(phone)
    shot(phone, "optout-german-narrow")
    own = links.one_click(shop, "lena@example.com")
    phone.goto(own)
    expect(phone.get_by_role("button", name="No more of these messages")).to_be_visible()
    is_calm(phone)
    is_accessible(phone)
    shot(phone, "optout-own-narrow")
