"""What a merchant clicks inside the admin, beyond the way of one order."""

import re
import time

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from devstore import deeds, server
from devstore.records import Order
from shopify_app.db import db, rest, transaction
from shopify_app.mail.models import Message
from shopify_app.orders import reconcile
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from tests.browser.test_one_order import is_accessible, shot
from tests.conftest import LUMEN, Jobs

PAGES = ("Orders", "Parcels", "Returns", "Changes", "Carts", "Feedback", "Messages", "Health", "Privacy", "Settings")


class Admin:
    """The admin of Lumen Goods with the app in its frame."""

    def __init__(self, page: Page, store: server.Running) -> None:
        self.page, self.store = page, store
        self.url = f"{store.url}/store/lumen-goods/apps/{store.client_id}"

    @property
    def app(self) -> FrameLocator:
        return self.page.frame_locator("#app")

    @property
    def order(self) -> Order:
        """One of the shop's past."""
        orders = reversed(self.store.state.orders.of(LUMEN))
        return next(order for order in orders if order.fulfillments and order.email)

    @property
    def frame_url(self) -> str:
        return self.page.frames[1].url

    def opens(self, path: str = "", heading: str = "Start") -> None:
        self.page.goto(self.url + path)
        expect(self.app.get_by_role("heading", name=heading, exact=True)).to_be_visible()


@pytest.fixture
def admin(page: Page, shopify: server.Running) -> Admin:
    shopify.approve(LUMEN)
    return Admin(page, shopify)


@pytest.fixture
def at_work(admin: Admin, jobs: Jobs) -> Admin:
    """Opened once, with the first import behind it."""
    admin.opens()
    bring_in(admin.store, jobs)
    return admin


def bring_in(store: server.Running, jobs: Jobs) -> None:
    """Shopify gathers the past in a time of its own, says so, and it is read."""
    until = time.monotonic() + 30
    jobs.run()
    while (reading := reconcile.of(the_shop(), "import")) is None or reading.done_at is None:
        assert time.monotonic() < until
        time.sleep(0.05)
        store.log.settle()
        jobs.run()


def the_shop() -> Shop:
    rest()
    return shops.named(LUMEN)


def test_the_merchant_watches_the_import_until_the_orders_are_there(admin: Admin, jobs: Jobs) -> None:
    admin.opens()
    expect(admin.app.get_by_text("Bringing in your orders")).to_be_visible()
    shot(admin.page, "merchant-import")
    bring_in(admin.store, jobs)
    expect(admin.app.get_by_text("Bringing in your orders")).to_have_count(0, timeout=15_000)
    admin.opens("/orders", "Orders")
    expect(admin.app.get_by_role("link", name=admin.order.name)).to_be_visible()


def test_a_search_finds_an_order_and_leaves_no_trace_in_any_address(at_work: Admin) -> None:
    order, newest = at_work.order, at_work.store.state.orders.of(LUMEN)[-1]
    at_work.opens("/orders", "Orders")
    seen: list[str] = []
    at_work.page.on("request", lambda request: seen.append(request.url))
    at_work.app.get_by_role("searchbox").fill(order.email)
    at_work.app.get_by_role("searchbox").press("Enter")
    expect(at_work.app.get_by_role("link", name=newest.name)).to_have_count(0)
    at_work.app.get_by_role("link", name=order.name).click()
    expect(at_work.app.get_by_role("heading", name=order.name, exact=True)).to_be_visible()
    expect(at_work.app.get_by_text(order.email)).to_be_visible()
    assert not [url for url in seen if order.email.partition("@")[0] in url]
    at_work.app.get_by_role("link", name="Orders").click()
    at_work.app.get_by_role("searchbox").fill("nobody@example.com")
    at_work.app.get_by_role("button", name="Search").click()
    expect(at_work.app.get_by_text("No such order")).to_be_visible()


def test_no_page_keeps_its_token_in_the_address(at_work: Admin) -> None:
    at_work.opens("/messages", "Messages")
    assert "id_token" not in at_work.frame_url
    assert "hmac" not in at_work.frame_url
    assert f"shop={LUMEN}" in at_work.frame_url
    frame = at_work.page.frames[1]
    for _ in range(5):
        with frame.expect_navigation():
            frame.evaluate("void setTimeout(() => location.reload(), 100)")  # once this call has ended
        expect(at_work.app.get_by_role("heading", name="Messages", exact=True)).to_be_visible()


def test_a_switch_is_saved_or_thrown_away_in_the_save_bar(at_work: Admin) -> None:
    at_work.opens("/settings/rehearsal", "Dry run")
    at_work.app.get_by_role("link", name="Go on to the switches").click()
    switch = at_work.app.get_by_role("switch", name="Send our own order confirmation")
    expect(switch).not_to_be_checked()
    switch.click()
    at_work.page.get_by_role("button", name="Discard").click()
    expect(switch).not_to_be_checked()
    assert not the_shop().settings.get("confirmations")
    switch.click()
    at_work.page.get_by_role("button", name="Save").click()
    expect(at_work.page.get_by_role("status").get_by_text("Saved")).to_be_visible()
    assert the_shop().settings["confirmations"] is True
    switch.click()
    at_work.page.get_by_role("button", name="Discard").click()
    expect(switch).to_be_checked()
    at_work.opens("/settings/switches", "Confirmations and parcels")
    expect(switch).to_be_checked()
    expect(at_work.app.frame_locator(".preview").get_by_text("Thank you")).to_be_visible()


def test_a_message_in_doubt_is_sent_again_only_after_a_question(at_work: Admin, jobs: Jobs) -> None:
    shop = the_shop()
    with transaction():
        shop.settings = {"confirmations": True}
    at_work.store.faults.smtp.drop_after_accept = 1
    product = at_work.store.state.products.of(LUMEN)[0]
    deeds.place_order(at_work.store.state, LUMEN, [(product.variants[0].id, 1)], email="zoe@example.com")
    at_work.store.log.settle()
    jobs.run()
    at_work.opens()
    at_work.app.get_by_role("link", name="1 message that did not go out for sure").click()
    at_work.app.get_by_role("button", name="Send again").click()
    expect(at_work.app.get_by_text("would then get it twice")).to_be_visible()
    shot(at_work.page, "merchant-question")
    at_work.app.locator("s-modal").get_by_role("button", name="Send again").click()
    expect(at_work.page.get_by_role("status").get_by_text("It goes out in a moment.")).to_be_visible()
    jobs.run()
    rest()
    assert db.session.scalars(db.select(Message.result)).all() == ["sent"]
    assert len(at_work.store.mailbox.messages()) == 2


def test_on_a_phone_nothing_is_wider_than_the_screen(phone: Page, shopify: server.Running, jobs: Jobs) -> None:
    shopify.approve(LUMEN)
    admin = Admin(phone, shopify)
    admin.opens()
    bring_in(shopify, jobs)
    order = admin.order
    for path, heading in [("", "Start"), (f"/orders/{order.id}", order.name), *((f"/{p.lower()}", p) for p in PAGES)]:
        admin.opens(path, heading)
        frame = phone.frames[1]
        assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        shot(phone, f"merchant-phone-{path.split('/')[1] if path else 'home'}")


def test_every_page_can_be_read_by_a_screen_reader(at_work: Admin) -> None:
    order = at_work.order
    for path, heading in [("", "Start"), (f"/orders/{order.id}", order.name), *((f"/{p.lower()}", p) for p in PAGES)]:
        at_work.opens(path, heading)
        is_accessible(at_work.page.frames[1])  # type: ignore[arg-type]
        shot(at_work.page, f"merchant-{path.split('/')[1] if path else 'home'}")


def test_the_menu_leads_through_the_app(at_work: Admin) -> None:
    at_work.opens()
    expect(at_work.page.locator("#menu a")).to_have_text(list(PAGES))
    for name in PAGES:
        at_work.page.get_by_role("link", name=name, exact=True).click()
        expect(at_work.app.get_by_role("heading", name=name, exact=True)).to_be_visible()
        expect(at_work.page).to_have_url(re.compile(f"/{name.lower()}$"))
