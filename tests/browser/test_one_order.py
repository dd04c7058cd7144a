"""The main job, as a merchant and a buyer see it, in a real browser with a real store beside the app."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from devstore import deeds, server
from devstore.records import Order
from tests.conftest import LUMEN, Clock, Jobs

AXE = Path("node_modules/axe-core/axe.min.js")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
BUYER = "lena@example.com"


def shot(page: Page, name: str) -> None:
    """Kept for people to look at."""
    folder = Path("test-results/pages")
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def is_accessible(page: Page, root: str = "document") -> None:
    """Nothing that the rules of WCAG 2.2, level AA, forbid: contrast, names of fields …"""
    assert AXE.exists(), "axe-core is missing: run npm ci"
    page.evaluate(AXE.read_text())
    options = json.dumps({"runOnly": WCAG, "resultTypes": ["violations"]})
    found = page.evaluate(f"axe.run({root}, {options})")["violations"]
    assert not found, json.dumps([(one["id"], one["nodes"][0]["html"][:200]) for one in found])


def is_calm(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def install(page: Page, shopify: server.Running) -> None:
    """The merchant's first click."""
    page.goto(f"{shopify.url}/store/lumen-goods/apps/{shopify.client_id}")
    page.get_by_role("button", name="Install").click()
    expect(page.frame_locator("iframe").get_by_role("heading", name="Start", exact=True)).to_be_visible()


def buy(page: Page, shopify: server.Running) -> None:
    """A buyer takes the first product and pays."""
    page.goto(shopify.storefront_url(LUMEN))
    page.locator("a[href*='/products/']").first.click()
    page.locator("form[action='/cart/add'] button").click()
    page.goto(f"{shopify.storefront_url(LUMEN)}/checkout")
    for name, text in {
        "email": BUYER,
        "first_name": "Lena",
        "last_name": "Brandt",
        "address1": "Lindenweg 4",
        "zip": "04109",
        "city": "Leipzig",
    }.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=country]").select_option("DE")
    page.locator("button[value=pay]").click()
    page.wait_for_url(re.compile("thank"))


def the_order(shopify: server.Running) -> Order:
    return next(order for order in reversed(shopify.state.orders.of(LUMEN)) if order.email == BUYER)


def switches(page: Page, shopify: server.Running) -> FrameLocator:
    """The settings, after a look at what would have been sent."""
    page.goto(f"{shopify.url}/store/lumen-goods/apps/{shopify.client_id}/settings/rehearsal")
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="Go on to the switches").click()
    expect(frame.get_by_role("heading", name="Confirmations and parcels")).to_be_visible()
    return frame


@pytest.fixture
def bought(page: Page, shopify: server.Running, jobs: Jobs) -> Order:
    """Installed, confirmations switched on, one order bought and told."""
    install(page, shopify)
    jobs.run()
    switches(page, shopify).locator("s-switch").first.click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").get_by_text("Saved")).to_be_visible()
    buy(page, shopify)
    shopify.log.settle()
    jobs.run()
    return the_order(shopify)


def test_a_buyer_gets_one_mail_whose_link_opens_the_order(
    page: Page, phone: Page, bought: Order, shopify: server.Running, jobs: Jobs
) -> None:
    mails = shopify.mailbox.messages(to=BUYER)
    assert len(mails) == 1
    link = re.search(r"https?://\S+/apps/aftercare/orders/\S+", mails[0].text)
    assert link

    for window, name in ((page, "order-wide"), (phone, "order-narrow")):
        window.goto(link.group())
        expect(window.get_by_text(bought.name).first).to_be_visible()
        is_calm(window)
        is_accessible(window, "{include: [['.aftercare']]}")
        shot(window, name)


def test_a_parcel_is_seen_on_its_way_and_arriving(
    page: Page, bought: Order, shopify: server.Running, jobs: Jobs, clock: Clock
) -> None:
    parcel = deeds.fulfil(
        shopify.state, bought, company="DHL", number="00340434161094042557", url="https://www.dhl.example/track"
    )
    deeds.scan(shopify.state, parcel, "in_transit", city="Leipzig", country="DE")
    shopify.log.settle()
    jobs.run()
    page.goto(f"{shopify.storefront_url(LUMEN)}/apps/aftercare?order={bought.name[1:]}")
    page.locator("[name=contact]").fill(BUYER)
    page.locator("form[action*=lookup] button").click()
    page.wait_for_url(re.compile("/orders/"))
    expect(page.get_by_text("00340434161094042557").first).to_be_visible()
    shot(page, "order-moving")

    deeds.scan(shopify.state, parcel, "delivered", city="Leipzig", country="DE")
    shopify.log.settle()
    jobs.run()
    page.reload()
    expect(page.get_by_text(re.compile("arrived", re.I)).first).to_be_visible()


def test_a_merchant_sees_the_order_and_what_was_sent(page: Page, bought: Order, shopify: server.Running) -> None:
    page.goto(f"{shopify.url}/store/lumen-goods/apps/{shopify.client_id}/orders")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text(bought.name).first).to_be_visible()
    shot(page, "merchant-orders")
    frame.get_by_text(bought.name).first.click()
    expect(frame.get_by_text(re.compile("confirmation", re.I)).first).to_be_visible()
    shot(page, "merchant-order")
