"""Every page for buyers at every moment and in every language, on a phone and a desktop, as a person and as axe see it.

The pictures stay in test-results/order-page/.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from devstore import deeds, server
from shopify_app import clock as app_clock
from shopify_app.db import db, rest
from shopify_app.language import LANGUAGES
from shopify_app.orders import links, read, reconcile
from shopify_app.orders.models import Order
from shopify_app.shopify.models import Shop
from shopify_app.tracking.scans import State
from shopify_app.tracking.state import progress
from tests.browser.test_one_order import is_accessible, is_calm
from tests.conftest import LUMEN, Clock, Jobs

STAGES: tuple[State, ...] = ("paid", "packing", "moving", "arrived", "problem")


@pytest.fixture
def moments(shopify: server.Running, installed: Shop, jobs: Jobs, clock: Clock) -> dict[State, Order]:
    """The newest of the shop's orders at each moment, once all are imported."""
    for _ in range(40):
        jobs.run()
        imported = reconcile.of(installed, "import")
        if imported and imported.done_at:
            break
        clock.forward(seconds=4)
    found: dict[State, Order] = {}
    for order in db.session.scalars(select(Order).where(Order.shop_id == installed.id).order_by(Order.placed_at)):
        whole = read.whole(installed, order.id)
        assert whole
        found[progress(whole, installed, app_clock.now()).state] = order
    assert set(found) == set(STAGES)
    return found


def speak(shopify: server.Running, jobs: Jobs, orders: dict[State, Order], language: str) -> None:
    """All of them were placed in this language."""
    for order in orders.values():
        deeds.update_order(shopify.state, shopify.state.orders[order.id], customer_locale=language)
    shopify.log.settle()
    jobs.run()
    rest()


def look(page: Page, address: str, name: str) -> None:
    """Calm, accessible, and kept as a picture."""
    page.goto(address)
    expect(page.locator("#aftercare-title")).to_be_visible()
    expect(page.locator(".aftercare")).to_have_attribute("lang", name.partition("-")[0])
    width = page.viewport_size["width"] if page.viewport_size else 0
    folder = Path("test-results/order-page")
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    is_calm(page)
    is_accessible(page, "{include: [['.aftercare']]}")


def test_a_buyer_can_read_every_page_at_every_moment_in_every_language(
    page: Page, phone: Page, shopify: server.Running, jobs: Jobs, installed: Shop, moments: dict[State, Order]
) -> None:
    home = shopify.storefront_url(LUMEN)
    whole = read.whole(installed, moments["arrived"].id)
    assert whole
    below = {"code": "/code", "messages": "/messages", "line": f"/lines/{whole.lines[0].id}"}
    addresses = {stage: home + links.path(installed, moments[stage].id) for stage in STAGES}
    addresses |= {name: addresses["arrived"] + path for name, path in below.items()}
    for language in LANGUAGES:
        speak(shopify, jobs, moments, language)
        addresses["lookup"] = f"{home}/apps/aftercare?locale={language}"
        for window in (page, phone):
            for name, address in addresses.items():
                look(window, address, f"{language}-{name}")


def test_a_buyer_without_javascript_looks_an_order_up_and_proves_to_be_the_buyer(
    browser: Browser, shopify: server.Running, jobs: Jobs, moments: dict[State, Order]
) -> None:
    order = moments["moving"]
    person = order.person
    with browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        page.goto(f"{shopify.storefront_url(LUMEN)}/apps/aftercare")
        page.locator("[name=number]").fill(order.name)
        page.locator("[name=contact]").fill(person["email"])
        page.locator("form[action*=lookup] button").click()
        page.wait_for_url(re.compile("/orders/"))
        assert person["address"]["address1"] not in page.content()
        page.locator("a[href*='/code']").click()
        page.locator("form[action*='/code'] button").click()
        jobs.run()
        mail = shopify.mailbox.messages(to=person["email"])[0]
        code = re.search(r"^ {4}(\d{6})\s*$", mail.text, re.M)
        assert code
        page.locator("[name=code]").fill(code[1])
        page.locator("form[action*='/proof'] button").click()
        page.wait_for_url(re.compile("proof="))
        expect(page.get_by_text(person["address"]["address1"])).to_be_visible()
        page.locator("details summary").first.click()
        expect(page.locator("details[open]").first).to_be_visible()
