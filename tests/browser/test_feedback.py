"""A buyer says how it was, on a phone and on a desk; staff sees to it in the admin."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from devstore import deeds, server
from devstore.records import Order
from shopify_app.db import rest
from shopify_app.feedback import letters, links, rules
from shopify_app.orders import read
from shopify_app.shopify import models as shops
from tests.browser.test_changes import HOME, admin, is_good
from tests.browser.test_merchant import Admin
from tests.browser.test_one_order import shot
from tests.conftest import LUMEN, Clock, Jobs

__all__ = ("admin",)


def arrived(shopify: server.Running, jobs: Jobs, locale: str = "en") -> Order:
    """An order of two things that have come."""
    goods = [(product.variants[0].id, 1) for product in shopify.state.products.of(LUMEN)[:2]]
    about = {"email": "aurelie@example.com", "shipping_address": HOME, "customer_locale": locale}
    order = deeds.place_order(shopify.state, LUMEN, goods, **about)  # type: ignore[arg-type]
    parcel = deeds.fulfil(shopify.state, order)
    deeds.scan(shopify.state, parcel, "delivered")
    shopify.log.settle()
    jobs.run()
    return order


def address(shopify: server.Running, order: Order, tapped: str = "", page: str = "") -> str:
    rest()
    path = f"/apps/aftercare/feedback/{links.token(shops.named(LUMEN), order.id, tapped)}{page}"
    return f"{shopify.storefront_url(LUMEN)}{path}"


def photo(folder: Path) -> Path:
    file = folder / "lamp.jpg"
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "#b8860b").save(out, "JPEG")
    file.write_bytes(out.getvalue())
    return file


@pytest.mark.parametrize("locale", ["en", "de"])
def test_a_buyer_says_what_is_wrong_and_what_others_should_know_on_a_phone(
    admin: Admin, phone: Page, shopify: server.Running, jobs: Jobs, tmp_path: Path, locale: str
) -> None:
    order = arrived(shopify, jobs, locale)
    phone.goto(address(shopify, order, "good"))
    is_good(phone, f"feedback-good-{locale}")
    phone.locator(".aftercare a.aftercare-second").click()
    expect(phone.locator("[name=cause]")).to_be_visible()
    is_good(phone, f"feedback-wrong-{locale}")
    phone.locator("[name=cause]").select_option("damaged")
    phone.locator("[name=wrong]").fill("The shade has a crack.")
    phone.locator(".aftercare-button").first.click()
    expect(phone.locator("#items-1")).to_be_attached()
    is_good(phone, f"feedback-questions-{locale}")
    phone.locator("#items-2").check(force=True)
    phone.locator("#delivery-5").check(force=True)
    phone.locator(".aftercare-button").click()
    expect(phone.locator("[name=photo]").first).to_be_visible()
    is_good(phone, f"feedback-reviews-{locale}")
    form = phone.locator("form.aftercare-card").first
    form.locator("[value='2']").check(force=True)
    form.locator("textarea").fill("Nice, but it came with a crack.\nThe shop sent another one.")
    form.locator("[name=photo]").set_input_files(photo(tmp_path))
    form.locator(".aftercare-button").click()
    expect(phone.get_by_role("status").first).to_be_visible()
    is_good(phone, f"feedback-reviewed-{locale}")
    phone.goto(f"{shopify.storefront_url(LUMEN)}/apps/aftercare/reviews?locale={locale}")
    is_good(phone, f"reviews-shop-{locale}")
    phone.locator(".aftercare li a").first.click()
    expect(phone.locator("article")).to_be_visible()
    is_good(phone, f"reviews-product-{locale}")


def test_the_same_pages_on_a_desk(admin: Admin, shopify: server.Running, jobs: Jobs) -> None:
    order, page = arrived(shopify, jobs), admin.page
    for name, tapped, path in (("good", "good", ""), ("wrong", "wrong", ""), ("questions", "", "/answers")):
        page.goto(address(shopify, order, tapped, path))
        is_good(page, f"feedback-{name}-wide")
    page.goto(address(shopify, order, "", "/reviews"))
    form = page.locator("form.aftercare-card").first
    form.locator("[value='5']").check(force=True)
    form.locator(".aftercare-button").click()
    expect(page.get_by_role("status")).to_be_visible()
    is_good(page, "feedback-reviews-wide")
    page.goto(f"{shopify.storefront_url(LUMEN)}/apps/aftercare/reviews")
    page.locator(".aftercare li a").first.click()
    expect(page.locator("article")).to_be_visible()
    is_good(page, "reviews-product-wide")


@pytest.mark.parametrize("locale", ["en", "de"])
def test_the_letters_on_a_phone_and_on_a_desk(
    admin: Admin, page: Page, phone: Page, shopify: server.Running, jobs: Jobs, locale: str
) -> None:
    order = arrived(shopify, jobs, locale)
    shop = shops.named(LUMEN)
    whole = read.whole(shop, order.id)
    assert whole
    page.goto("about:blank")  # else scripts of the admin, still at work, look for a document that is gone
    for stage in ("request", "reminder"):
        html = letters.write(shop, whole, stage).html
        for name, window in (("wide", page), ("phone", phone)):
            window.set_content(html)
            shot(window, f"mail-feedback-{stage}-{locale}-{name}")


def test_staff_looks_at_the_dry_run_switches_on_and_solves_a_case(
    admin: Admin, shopify: server.Running, jobs: Jobs, clock: Clock
) -> None:
    admin.opens("/feedback", "Feedback")
    shot(admin.page, "merchant-feedback-empty")
    admin.opens("/feedback/trial", "Dry run")
    shot(admin.page, "merchant-feedback-trial")
    admin.app.get_by_role("button", name="Switch requests on").click()
    expect(admin.app.get_by_text("Each buyer is asked once")).to_be_visible()
    rest()
    assert rules.of(shops.named(LUMEN)).since
    order = arrived(shopify, jobs)
    admin.opens("/feedback/settings", "Feedback")
    shot(admin.page, "merchant-feedback-settings")

    page = admin.page
    page.goto(address(shopify, order, "wrong"))
    page.locator("[name=cause]").select_option("damaged")
    page.locator("[name=wrong]").fill("The shade has a crack.")
    page.locator(".aftercare-button").first.click()
    expect(page.locator("#items-1")).to_be_attached()
    page.goto(address(shopify, order, "", "/reviews"))
    form = page.locator("form.aftercare-card").first
    form.locator("[value='2']").check(force=True)
    form.locator("textarea").fill("It came with a crack.")
    form.locator(".aftercare-button").click()
    expect(page.get_by_role("status")).to_be_visible()

    admin.opens("/feedback", "Feedback")
    expect(admin.app.get_by_text("The shade has a crack.")).to_be_visible()
    shot(page, "merchant-feedback-list")
    admin.app.get_by_role("link", name=order.name).click()
    expect(admin.app.get_by_role("heading", name=f"Order {order.name}")).to_be_visible()
    admin.app.get_by_role("textbox", name="Note").fill("Sent a new shade.")
    shot(page, "merchant-feedback-case")
    admin.app.get_by_role("button", name="Solved").click()
    expect(admin.app.get_by_text("solved it")).to_be_visible()
    expect(admin.app.get_by_text("Sent a new shade.")).to_be_visible()
    admin.opens("/feedback/causes?shown=damaged", "Feedback")
    shot(page, "merchant-feedback-causes")
    admin.opens("/feedback/reviews", "Feedback")
    expect(admin.app.get_by_text("It came with a crack.")).to_be_visible()
    shot(page, "merchant-feedback-reviews")
    admin.app.get_by_role("button", name="Hide").first.click()
    shot(page, "merchant-feedback-hide")
    admin.app.locator("s-modal").first.get_by_role("button", name="Hide").click()
    expect(admin.app.get_by_text("Hidden", exact=True)).to_be_visible()
