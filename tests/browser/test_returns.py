"""A return's whole life, from the buyer's phone over the merchant's desk to the money: as people and axe see it.

The pictures stay in test-results/returns/.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from devstore import deeds, server
from devstore.records import Order, Return
from devstore.smtp import Message
from shopify_app.db import db, rest
from shopify_app.language import speak
from shopify_app.returns.models import Request
from tests.browser.test_changes import address
from tests.browser.test_changes import admin as admin
from tests.browser.test_merchant import Admin
from tests.browser.test_one_order import is_accessible, is_calm
from tests.browser.test_returns_buyer import HOME, SIZES, goes_on, picture, settle
from tests.conftest import LUMEN, Clock, Jobs

PICTURES = Path("test-results/returns")
BUYER = "aurelie@example.com"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
FLICKERS = {"en": "It flickers after ten minutes.", "de": "Sie flackert nach zehn Minuten."}
PHOTO = "Please add a photo that shows the buyer what is wrong."
WORN = {"en": "It was worn and smells of smoke.", "de": "Es wurde getragen und riecht nach Rauch."}


@dataclass
class Story:
    """One buyer, one merchant, one order whose parcel came yesterday; language: of both."""

    phone: Page
    admin: Admin
    shopify: server.Running
    order: Order
    language: str
    time_passes: Callable[[], None]

    @property
    def back(self) -> Return:
        """As Shopify has it."""
        return self.order.returns[-1]

    def sees(self, page: Page, name: str) -> None:
        """Calm, accessible, and kept as a picture, as narrow as a phone and as wide as a desk."""
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 740})
            page.screenshot(path=PICTURES / f"{self.language}-{name}-{width}.png", full_page=True)
            is_calm(page)
            is_accessible(page, "{include: [['.aftercare']]}")

    def works(self, name: str) -> None:
        """The merchant's desk, kept as a picture, narrow and wide, and so high that the frame shows all of itself."""
        page = self.admin.page
        for width, height in ((360, 2000), (1280, 1200)):
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=PICTURES / f"{self.language}-{name}-{width}.png", full_page=True)
            for shown in (page, page.frames[1]):
                is_calm(shown)  # type: ignore[arg-type]
            is_accessible(page.frames[1])  # type: ignore[arg-type]

    def says(self, text: str) -> str:
        """As staff reads it."""
        return speak(self.language).t(text)

    def proves(self) -> None:
        """From the order's public page to the buyer's own, with the code from the mail."""
        page = self.phone
        page.goto(f"{self.shopify.storefront_url(LUMEN)}/apps/aftercare?locale={self.language}")
        page.locator("[name=number]").fill(self.order.name)
        page.locator("[name=contact]").fill(BUYER)
        page.locator("form[action*=lookup] button").click()
        page.wait_for_url(re.compile("/orders/"))
        self.sees(page, "order-found")
        page.locator("#aftercare-returns a[href*='/orders/'][href*='/return']").first.click()
        page.wait_for_load_state()
        self.sees(page, "prove")
        page.locator("form[action*='/code'] button").click()
        self.time_passes()
        code = re.search(r"^ {4}(\d{6})\s*$", self.mails()[0].text or "", re.M)
        assert code
        page.locator("[name=code]").fill(code[1])
        page.locator("form[action*='/proof'] button").click()
        page.wait_for_url(re.compile("proof="))

    def mails(self) -> list[Message]:
        """To the buyer, newest first."""
        return self.shopify.mailbox.messages(to=BUYER)

    def opens_the_return(self) -> None:
        rest()
        request = db.session.query(Request).order_by(Request.id.desc()).first()
        assert request
        self.admin.opens(f"/returns/{request.id}", request.name or self.order.name)

    def told(self, text: str) -> None:
        expect(self.admin.page.get_by_role("status").get_by_text(self.says(text))).to_be_visible()
        self.time_passes()

    def button(self, name: str) -> Locator:
        return self.admin.app.get_by_role("button", name=self.says(name), exact=True)

    def order_page(self) -> None:
        """As the buyer comes back to it."""
        self.phone.goto(re.sub(r"/(return|withdrawal).*\?", "?", self.phone.url))
        expect(self.phone.locator("#aftercare-returns")).to_be_visible()

    def state(self) -> str:
        rest()
        return db.session.query(Request).order_by(Request.id.desc()).first().state  # type: ignore[union-attr]


@pytest.fixture(params=["en", "de"])
def story(
    request: pytest.FixtureRequest, admin: Admin, phone: Page, shopify: server.Running, jobs: Jobs, clock: Clock
) -> Story:
    sizes = [{"title": title, "price": price, "inventory_quantity": count} for title, price, count in SIZES]
    shirt = deeds.add_product(shopify.state, LUMEN, "Linen shirt “Lago”", sizes, product_type="Clothing")
    lamp = shopify.state.products.of(LUMEN)[0]
    wanted = [(shirt.variants[0].id, 2), (lamp.variants[0].id, 1)]
    order = deeds.place_order(
        shopify.state, LUMEN, wanted, email=BUYER, shipping_address=HOME, customer_locale=request.param
    )
    deeds.scan(shopify.state, deeds.fulfil(shopify.state, order), "delivered")

    def time_passes() -> None:
        settle(shopify, jobs, clock)

    time_passes()
    shopify.state.shops[LUMEN].staff.locale = request.param
    PICTURES.mkdir(parents=True, exist_ok=True)
    return Story(phone, admin, shopify, order, request.param, time_passes)


def asks(story: Story, line: int, reason: str, fill: Callable[[Page], None] = lambda page: None) -> None:
    """What, why, with what else, check, sent."""
    page = story.phone
    page.locator(".aftercare select").nth(line).select_option("1")
    story.sees(page, "what")
    goes_on(page)
    page.locator(".aftercare select").first.select_option(reason)
    fill(page)
    story.sees(page, "why")
    goes_on(page)
    if page.locator("[type=file]").count():
        page.locator("[type=file]").first.set_input_files(picture())
        page.locator("[name=stay]").click()
        expect(page.locator(".aftercare-photos img")).to_have_count(1)
    if "details" not in page.url and page.locator("form[action*=more]").count():
        story.sees(page, "more")
        goes_on(page)
    story.sees(page, "check")
    page.locator("form[action*=check] button").click()
    expect(page.locator(".aftercare-way")).to_be_visible()
    story.sees(page, "sent")
    story.time_passes()


def label() -> FilePayload:
    return {"name": "label.pdf", "mimeType": "application/pdf", "buffer": PDF}


def comes_back(story: Story) -> None:
    """The buyer drops the parcel off, the carrier brings it."""
    delivery = story.back.reverse_orders[0].deliveries[-1]
    for status in deeds.WAY_BACK:
        deeds.scan_back(story.shopify.state, story.order, delivery, status)
    story.time_passes()


def takes_in(story: Story) -> None:
    """All of it is in the parcel."""
    story.opens_the_return()
    story.button("Note what came back").click()
    story.told("Noted. The refund is due within 24 hours.")
    assert story.state() == "received"
    story.opens_the_return()


def finds_all_in_order(story: Story, name: str) -> None:
    story.works(name)
    story.button("All is as it should be").click()
    story.told("The inspection is noted.")
    story.opens_the_return()


def takes_in_and_refunds(story: Story) -> None:
    story.opens_the_return()
    story.works("desk-parcel-back")
    takes_in(story)
    finds_all_in_order(story, "desk-inspection")
    story.works("desk-received")
    refunds(story, "desk-refund")


def refunds(story: Story, name: str, words: str = "Refund") -> None:
    named = story.says(words)
    story.admin.app.locator("s-page").get_by_role("button", name=named, exact=True).click()
    button = story.admin.app.locator("s-modal[id=refund]").get_by_role("button", name=named, exact=True)
    expect(button).to_be_visible()
    story.works(name)
    button.click()
    story.told("The refund is on its way.")


def test_a_broken_lamp_goes_back_from_the_order_page_to_the_refund(story: Story) -> None:
    def why(page: Page) -> None:
        page.locator("textarea").first.fill(FLICKERS[story.language])

    story.proves()
    asks(story, 1, "defective", why)
    assert (story.state(), story.back.status) == ("waiting", "REQUESTED")
    story.admin.opens("/returns", story.says("Returns"))
    story.works("desk-queue")
    story.opens_the_return()
    expect(story.admin.app.get_by_text(FLICKERS[story.language])).to_be_visible()
    story.works("desk-review")
    story.button("Approve").click()
    story.told("Approved. The buyer hears of it in a moment.")
    assert (story.state(), story.back.status) == ("approved", "OPEN")
    story.opens_the_return()
    story.admin.app.locator("input[type=file]").set_input_files(label())
    story.admin.app.locator("s-text-field[name=number] input").fill("1ZR4F718680001234")
    story.button("Give this label").click()
    story.told("The buyer gets the label in a moment.")
    assert story.back.reverse_orders[0].deliveries[0].label
    story.order_page()
    story.sees(story.phone, "order-approved")
    comes_back(story)
    takes_in_and_refunds(story)
    (refund,) = story.order.refunds
    assert (story.state(), refund.return_id) == ("refunded", story.back.id)
    assert refund.lines[0].line_id == story.order.lines[1].id
    story.order_page()
    story.sees(story.phone, "order-refunded")
    subjects = [mail.subject for mail in reversed(story.mails())]
    assert len(subjects) >= 5, subjects


def test_a_shirt_is_exchanged_for_another_size(story: Story) -> None:
    page = story.phone
    page.goto(address(story.shopify, story.order, "return"))
    page.locator(".aftercare select").first.select_option("1")
    goes_on(page)
    page.locator(".aftercare select").first.select_option("too-small")
    page.locator("[value=exchange]").first.check()
    story.sees(page, "exchange-why")
    goes_on(page)
    page.locator(".aftercare select").first.select_option(index=1)
    story.sees(page, "exchange-size")
    goes_on(page)
    story.sees(page, "exchange-check")
    page.locator("form[action*=check] button").click()
    expect(page.locator(".aftercare-way")).to_be_visible()
    story.time_passes()
    story.opens_the_return()
    story.works("desk-exchange")
    story.button("Approve").click()
    story.told("Approved. The buyer hears of it in a moment.")
    exchange = story.back.exchange_lines[0]
    assert (story.back.status, exchange.variant_title) == ("OPEN", "Medium")
    takes_in(story)
    finds_all_in_order(story, "desk-exchange-inspection")
    story.works("desk-exchange-received")
    refunds(story, "desk-exchange-settled", "Send the exchange")
    assert exchange.processed == 1
    assert story.order.lines[-1].variant_title == "Medium"
    story.order_page()
    story.sees(page, "exchange-done")


def test_one_of_two_shirts_was_worn_and_only_the_other_is_paid_back(story: Story) -> None:
    page = story.phone
    page.goto(address(story.shopify, story.order, "return"))
    page.locator(".aftercare select").first.select_option("2")
    goes_on(page)
    page.locator(".aftercare select").first.select_option("too-small")
    goes_on(page)
    page.locator("form[action*=check] button").click()
    expect(page.locator(".aftercare-way")).to_be_visible()
    story.time_passes()
    story.opens_the_return()
    story.button("Approve").click()
    story.told("Approved. The buyer hears of it in a moment.")
    takes_in(story)
    story.admin.app.locator("s-button", has_text=story.says("Look closer")).click()
    app = story.admin.app
    app.locator("s-number-field input").fill("1")
    app.locator("s-text-area textarea").fill(WORN[story.language])
    story.works("desk-inspection-form")
    story.button("Note the inspection").click()
    expect(story.admin.page.get_by_role("status").get_by_text(story.says(PHOTO))).to_be_visible()
    app.locator("input[type=file]").set_input_files(picture())
    story.button("Note the inspection").click()
    story.told("The inspection is noted.")
    story.opens_the_return()
    expect(app.locator("a.photo img")).to_have_count(1)
    story.works("desk-rejected")
    refunds(story, "desk-rejected-refund")
    assert [refund.lines[0].quantity for refund in story.order.refunds] == [1]
    story.order_page()
    story.sees(page, "rejected-order")
    page.locator("#aftercare-returns a[href*='/requests/']").first.click()
    expect(page.get_by_text(WORN[story.language])).to_be_visible()
    expect(page.locator(".aftercare-photos img")).to_have_count(1)
    story.sees(page, "rejected")


def test_a_european_withdraws_from_everything(story: Story) -> None:
    page = story.phone
    page.goto(address(story.shopify, story.order, "withdrawal"))
    story.sees(page, "withdrawal-statement")
    goes_on(page)
    story.sees(page, "withdrawal-confirmation")
    page.locator("form[action*=confirmation] button").click()
    expect(page.locator(".aftercare-way")).to_be_visible()
    story.sees(page, "withdrawal-sent")
    story.time_passes()
    rest()
    request = db.session.query(Request).one()
    assert (request.kind, bool(request.content["proof"])) == ("withdrawal", True)
    story.opens_the_return()
    story.works("desk-withdrawal")
    if story.state() == "waiting":
        story.button("Approve").click()
        story.told("Approved. The buyer hears of it in a moment.")
    takes_in(story)
    finds_all_in_order(story, "desk-withdrawal-inspection")
    refunds(story, "desk-withdrawal-refund")
    assert story.order.refunded == story.order.paid, "the delivery goes back too"
    story.order_page()
    story.sees(page, "withdrawal-refunded")
