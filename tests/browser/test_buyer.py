"""A buyer's whole way on a phone: buys, logs in, follows the parcel to the door, and reads the same everywhere."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from devstore import deeds, server
from devstore.records import Order
from tests.browser.test_one_order import BUYER, buy, install, is_calm, shot, switches, the_order
from tests.conftest import Jobs
from tests.setup.node import ROOT

NUMBER = "00340434161094042557"


@dataclass(frozen=True)
class Step:
    """What the carrier scans, what the buyer then reads everywhere, and the newest mail: its subject and its line."""

    scan: str
    sentence: str
    subject: str
    line: str = ""
    """Empty for no mail of the app's."""


WAY = (
    Step("label_printed", "Your parcel is packed and waits for the carrier.", "code"),
    Step("in_transit", "Your parcel is in Leipzig.", "A parcel of order {name} has been sent", "is in Leipzig."),
    Step("out_for_delivery", "Your parcel is out for delivery.", "A parcel of order {name} comes today", "is out for"),
    Step("delivered", "Your parcel has arrived.", "A parcel of order {name} has arrived", "has arrived."),
)


@pytest.fixture(autouse=True)
def built() -> None:
    if not (ROOT / "extensions/order-tracking/dist/order-tracking.js").exists():
        pytest.fail("The extensions are not built. Run `make extensions`.", pytrace=False)


class Buyer:
    """Lena with her phone, and the mailbox page in another tab of it."""

    def __init__(self, phone: Page, shopify: server.Running, work: Callable[[], None]) -> None:
        self.phone, self.shopify, self.work = phone, shopify, work
        self.mailbox = phone.context.new_page()

    @property
    def block(self) -> FrameLocator:
        return self.phone.frame_locator("iframe[title='Order tracking']")

    @property
    def order(self) -> Order:
        return the_order(self.shopify)

    def logs_in(self) -> None:
        self.phone.get_by_role("link", name="Account").click()
        self.phone.get_by_label("E-mail").fill(BUYER)
        self.phone.get_by_role("button", name="Send me a code").click()
        expect(self.phone.get_by_label("Six-digit code")).to_be_visible()
        code = re.search(r"\d{6}", self.newest_subject())
        assert code
        self.phone.get_by_label("Six-digit code").fill(code[0])
        self.phone.get_by_role("button", name="Log in").click()
        expect(self.phone.get_by_role("heading", name="Your account")).to_be_visible()

    def newest_subject(self) -> str:
        self.mailbox.goto(f"{self.shopify.url}/mailbox?to={BUYER}")
        return self.mailbox.get_by_role("article", name="Message").get_by_role("heading").inner_text()

    def sentence_in_the_block(self) -> str:
        """Once the app has answered."""
        self.phone.reload()
        expect(self.block.get_by_role("link", name="Track my order")).to_be_visible()
        return self.block.get_by_role("status").inner_text().strip()

    def sentence_on_the_app_page(self) -> str:
        """Behind the block's button; then back to where she was."""
        here = self.phone.url
        self.block.get_by_role("link", name="Track my order").click()
        self.phone.wait_for_url(re.compile("/apps/aftercare/orders/"))
        is_calm(self.phone)
        shot(self.phone, "buyer-5-app")
        sentence = self.phone.locator("#aftercare-title").inner_text().strip()
        self.phone.goto(here)
        return sentence


@pytest.fixture
def buyer(page: Page, phone: Page, shopify: server.Running, jobs: Jobs) -> Buyer:
    """Where the merchant has installed the app and switched on everything that it can mail."""
    install(page, shopify)
    jobs.run()
    settings = switches(page, shopify)
    settings.get_by_role("switch").click()
    for message in settings.get_by_role("checkbox").all():
        message.check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").get_by_text("Saved")).to_be_visible()

    def work() -> None:
        shopify.log.settle()
        jobs.run()

    return Buyer(phone, shopify, work)


def test_a_buyer_follows_a_parcel_from_the_thank_you_page_to_the_door(buyer: Buyer, shopify: server.Running) -> None:
    phone = buyer.phone
    buy(phone, shopify)
    buyer.work()
    assert buyer.sentence_in_the_block() == "Your order is paid, and we are preparing it."
    is_calm(phone)
    shot(phone, "buyer-1-thank-you")
    assert buyer.newest_subject() == f"Order {buyer.order.name} is confirmed"
    buyer.logs_in()
    shot(phone, "buyer-2-account")
    phone.get_by_role("link", name=buyer.order.name).click()
    assert buyer.sentence_in_the_block() == "Your order is paid, and we are preparing it."
    shot(phone, "buyer-3-order")

    parcel = deeds.fulfil(shopify.state, buyer.order, company="DHL", number=NUMBER, url="https://www.dhl.example/track")
    for step in WAY:
        deeds.scan(shopify.state, parcel, step.scan, city="Leipzig", country="DE")
        buyer.work()
        reads(buyer, step)
    assert len(shopify.mailbox.messages(BUYER)) == 5, "the confirmation, the code, and three about the parcel"


def reads(buyer: Buyer, step: Step) -> None:
    """The same in the block, on the app's page and in the mailbox; nothing is wider than the phone."""
    assert buyer.sentence_in_the_block() == step.sentence
    is_calm(buyer.phone)
    shot(buyer.phone, f"buyer-4-{step.scan}-order")
    assert buyer.sentence_on_the_app_page() == step.sentence
    assert step.subject.format(name=buyer.order.name) in buyer.newest_subject()
    if step.line:
        mail = buyer.mailbox.frame_locator("article iframe")
        expect(mail.get_by_role("heading", level=1)).to_contain_text(step.line)
    buyer.mailbox.get_by_role("article").screenshot(path=f"test-results/pages/buyer-4-{step.scan}-mail.png")


def test_buyer_and_staff_read_the_same_sentence_in_every_extension(
    buyer: Buyer, page: Page, shopify: server.Running
) -> None:
    phone, sentence = buyer.phone, "Your parcel is out for delivery."
    buy(phone, shopify)
    parcel = deeds.fulfil(shopify.state, buyer.order, company="DHL", number=NUMBER, url="https://www.dhl.example/track")
    deeds.scan(shopify.state, parcel, "out_for_delivery", city="Leipzig", country="DE")
    buyer.work()
    buyer.logs_in()

    phone.get_by_role("link", name="My orders").click()
    expect(phone.frame_locator("iframe[title='My orders']").get_by_text(sentence)).to_be_visible()
    is_calm(phone)
    shot(phone, "extension-my-orders")

    phone.get_by_role("link", name="Orders", exact=True).click()
    phone.get_by_role("link", name=buyer.order.name).click()
    phone.frame_locator("iframe.item[title='Track this order']").get_by_role("button", name="Track this order").click()
    expect(phone.frame_locator("iframe.modal[title='Track this order']").get_by_text(sentence)).to_be_visible()
    shot(phone, "extension-track-this-order")
    phone.reload()

    phone.get_by_role("link", name="Order news").click()
    news = phone.frame_locator("iframe[title='Order news']")
    expect(news.get_by_text(sentence).first).to_be_visible()
    expect(news.get_by_text(NUMBER).first).to_be_visible()
    is_calm(phone)
    shot(phone, "extension-order-news")

    page.goto(f"{shopify.url}/store/lumen-goods/orders/{buyer.order.id}")
    block = page.frame_locator("iframe.extension[title='Aftercare']")
    expect(block.get_by_text(sentence)).to_be_visible()
    shot(page, "extension-order-block")
