"""A buyer who is logged in sends something back: in the portal, and on Shopify's own pages by our extension."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from devstore import deeds, server
from devstore.records import Order
from shopify_app.db import db, rest
from shopify_app.returns.models import Request
from tests.browser.conftest import NARROW, WIDE, window
from tests.browser.test_changes import admin as admin
from tests.browser.test_changes import is_good
from tests.browser.test_merchant import Admin
from tests.browser.test_one_order import is_calm, shot
from tests.browser.test_returns_buyer import HOME, SIZES, settle
from tests.conftest import LUMEN, Clock, Jobs

EMAIL = "aurelie@example.com"
WORDS = {
    "en": {
        "log_in": "Log in", "orders": "Your orders", "back": "Send something back", "out": "Log out",
        "return": "Return items", "on": "Go on", "send": "Send the request", "sent": "The request is with the shop",
        "reason": "I changed my mind", "size": "Too small",
    },
    "de": {
        "log_in": "Anmelden", "orders": "Ihre Bestellungen", "back": "Etwas zurückschicken", "out": "Abmelden",
        "return": "Artikel zurücksenden", "on": "Weiter", "send": "Anfrage senden", "sent": "Die Anfrage ist beim Shop",
        "reason": "Ich habe es mir anders überlegt", "size": "Zu klein",
    },
}  # fmt: skip


def bought(shopify: server.Running, jobs: Jobs, clock: Clock, locale: str) -> Order:
    """Two shirts have come to somebody with an account."""
    sizes = [{"title": title, "price": price, "inventory_quantity": count} for title, price, count in SIZES]
    shirt = deeds.add_product(shopify.state, LUMEN, "Linen shirt “Lago”", sizes, product_type="Clothing")
    her = deeds.add_customer(shopify.state, LUMEN, EMAIL, first_name="Aurélie-Marguerite", locale=locale)
    about = {"email": EMAIL, "shipping_address": HOME, "customer_locale": locale, "customer": her}
    order = deeds.place_order(shopify.state, LUMEN, [(shirt.variants[0].id, 2)], **about)  # type: ignore[arg-type]
    deeds.scan(shopify.state, deeds.fulfil(shopify.state, order), "delivered")
    settle(shopify, jobs, clock)
    return order


@dataclass(frozen=True)
class Screen:
    """A browser of somebody who speaks English or German."""

    page: Page
    locale: str
    name: str

    @property
    def said(self) -> dict[str, str]:
        return WORDS[self.locale]

    def is_good(self, about: str) -> None:
        is_good(self.page, f"{about}-{self.locale}-{self.name}")

    def shot(self, about: str) -> None:
        shot(self.page, f"{about}-{self.locale}-{self.name}")


@pytest.fixture(params=["en-US/phone", "en-US/desk", "de-DE/phone", "de-DE/desk"])
def screen(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Screen]:
    tag, name = request.param.split("/")
    shape = NARROW if name == "phone" else WIDE
    with window(browser, request, shape | {"locale": tag}) as page:
        yield Screen(page, tag[:2], name)


def types_the_code(page: Page, shopify: server.Running) -> None:
    """On the shop's own login."""
    page.locator("[type=email]").fill(EMAIL)
    page.locator("main form button, .narrow form button").first.click()
    page.locator("[name=code]").fill(shopify.mailbox.messages(EMAIL)[0].subject[-6:])
    page.locator(".narrow form button").first.click()


def asked() -> list[Request]:
    rest()
    return db.session.query(Request).all()


def test_a_buyer_logs_in_to_the_portal_and_returns_a_shirt(
    admin: Admin, screen: Screen, shopify: server.Running, jobs: Jobs, clock: Clock
) -> None:
    order, page, said = bought(shopify, jobs, clock, screen.locale), screen.page, screen.said
    page.goto(f"{shopify.app_url}/portal/lumen-goods")
    screen.is_good("portal-welcome")
    page.get_by_role("link", name=said["log_in"], exact=True).click()
    types_the_code(page, shopify)
    expect(page.get_by_role("heading", name=said["orders"])).to_be_visible()
    screen.is_good("portal-orders")
    page.get_by_role("link", name=said["back"]).first.click()
    page.locator(".aftercare select").first.select_option("1")
    page.locator(".aftercare form .aftercare-button").first.click()
    page.locator(".aftercare select").first.select_option(label=said["reason"])
    screen.is_good("portal-details")
    page.locator(".aftercare form .aftercare-button").first.click()
    page.locator("[name=seen]").wait_for(state="attached")
    screen.is_good("portal-check")
    page.locator(".aftercare form .aftercare-button").first.click()
    expect(page.locator(".aftercare-way, .aftercare-journey").first).to_be_visible()
    screen.is_good("portal-sent")
    (back,) = order.returns
    assert back.status == "REQUESTED"
    settle(shopify, jobs, clock)
    (request_,) = asked()
    assert (request_.door, request_.return_id) == ("portal", back.id)
    page.goto(f"{shopify.app_url}/portal/lumen-goods/orders")
    expect(page.get_by_text(back.name)).to_be_visible()
    screen.is_good("portal-asked")
    page.get_by_role("button", name=said["out"]).click()
    page.wait_for_url("**/portal/login/over")
    screen.is_good("portal-over")


def dialog(page: Page) -> FrameLocator:
    return page.frame_locator("dialog[open] iframe.extension")


def test_a_buyer_exchanges_a_shirt_in_the_customer_account(
    admin: Admin, screen: Screen, shopify: server.Running, jobs: Jobs, clock: Clock
) -> None:
    order, page, said = bought(shopify, jobs, clock, screen.locale), screen.page, screen.said
    page.goto(f"{shopify.storefront_url(LUMEN)}/account/orders/{order.id}")
    types_the_code(page, shopify)
    button = page.frame_locator('iframe.item[src*="order-return"]').get_by_role("button", name=said["return"])
    expect(button).to_be_visible()
    is_calm(page)
    button.click()
    inside = dialog(page)
    inside.locator("s-select").first.locator("select").select_option("1")
    screen.shot("account-what")
    inside.get_by_role("button", name=said["on"]).click()
    inside.locator('s-select[name^="reason"] select').select_option(label=said["size"])
    inside.locator('s-select[name^="outcome"] select').select_option("exchange")
    inside.locator("s-text-area textarea").fill(
        "Die Ärmel sind zu kurz." if screen.locale == "de" else "The sleeves are short."
    )
    screen.shot("account-details")
    inside.get_by_role("button", name=said["on"]).click()
    inside.locator('s-select[name^="variant"] select').select_option(index=1)
    screen.shot("account-more")
    inside.get_by_role("button", name=said["on"]).click()
    expect(inside.get_by_role("button", name=said["send"])).to_be_visible()
    screen.shot("account-check")
    inside.get_by_role("button", name=said["send"]).click()
    expect(inside.get_by_text(said["sent"])).to_be_visible()
    screen.shot("account-sent")
    (back,) = order.returns
    assert (back.status, back.lines[0].definition) == ("REQUESTED", "too-small")
    settle(shopify, jobs, clock)
    (request_,) = asked()
    assert (request_.door, request_.return_id) == ("account", back.id)


def test_an_order_that_was_not_sent_has_no_button(
    admin: Admin, page: Page, shopify: server.Running, jobs: Jobs, clock: Clock
) -> None:
    her = deeds.add_customer(shopify.state, LUMEN, EMAIL)
    lamp = shopify.state.products.of(LUMEN)[0].variants[0].id
    order = deeds.place_order(shopify.state, LUMEN, [(lamp, 1)], customer=her, email=EMAIL)
    settle(shopify, jobs, clock)
    page.goto(f"{shopify.storefront_url(LUMEN)}/account/orders/{order.id}")
    types_the_code(page, shopify)
    expect(page.frame_locator('iframe.item[src*="order-action"]').get_by_role("button")).to_be_visible()
    expect(page.frame_locator('iframe.item[src*="order-return"]').get_by_role("button")).to_have_count(0)
