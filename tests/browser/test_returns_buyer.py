"""A buyer sends something back, exchanges it or withdraws, on a phone and on a desk."""

import io

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from devstore import deeds, server
from devstore.records import Address, Order, Product
from shopify_app.db import db, rest
from shopify_app.returns.models import Photo, Request
from tests.browser.test_changes import address, is_good
from tests.browser.test_changes import admin as admin
from tests.browser.test_merchant import Admin
from tests.conftest import LUMEN, Clock, Jobs

HOME = Address(
    first_name="Aurélie-Marguerite",
    last_name="Montgomery-Featherstonehaugh",
    address1="Lindenweg 4",
    city="Leipzig",
    country="Germany",
    country_code="DE",
    zip="04109",
)
SIZES = (("Small / Forest green with a collar", "49.90", 5), ("Medium", "54.90", 3), ("Large", "49.90", 0))


def bought(shopify: server.Running, jobs: Jobs, clock: Clock, locale: str) -> Order:
    """Two shirts and a lamp have come."""
    sizes = [{"title": title, "price": price, "inventory_quantity": count} for title, price, count in SIZES]
    shirt = deeds.add_product(shopify.state, LUMEN, "Linen shirt “Lago”", sizes, product_type="Clothing")
    lamp = lamp_of(shopify)
    about = {"email": "aurelie@example.com", "shipping_address": HOME, "customer_locale": locale}
    wanted = [(shirt.variants[0].id, 2), (lamp.variants[0].id, 1)]
    order = deeds.place_order(shopify.state, LUMEN, wanted, **about)  # type: ignore[arg-type]
    deeds.scan(shopify.state, deeds.fulfil(shopify.state, order), "delivered")
    settle(shopify, jobs, clock)
    return order


def lamp_of(shopify: server.Running) -> Product:
    return shopify.state.products.of(LUMEN)[0]


def settle(shopify: server.Running, jobs: Jobs, clock: Clock) -> None:
    for _ in range(3):
        jobs.run()
        shopify.log.settle()
        clock.forward(seconds=4)
    jobs.run()


def picture() -> FilePayload:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((1600, 1200)).convert("RGB").save(out, "JPEG")
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def goes_on(page: Page) -> None:
    """Presses the page's main button; the page between leads on by itself."""
    page.locator(".aftercare form .aftercare-button").first.click()
    page.wait_for_load_state()
    page.wait_for_selector(".aftercare form, .aftercare-way")


@pytest.mark.parametrize("locale", ["en", "de"])
def test_a_broken_lamp_and_a_wrong_size_go_back_on_a_phone(
    admin: Admin, phone: Page, shopify: server.Running, jobs: Jobs, clock: Clock, locale: str
) -> None:
    order = bought(shopify, jobs, clock, locale)
    phone.goto(address(shopify, order, "return"))
    is_good(phone, f"returns-what-{locale}")
    phone.locator(".aftercare select").first.select_option("1")
    phone.locator(".aftercare select").nth(1).select_option("1")
    goes_on(phone)
    is_good(phone, f"returns-details-{locale}")
    phone.locator(".aftercare select").first.select_option("too-small")
    phone.locator("[value=exchange]").first.check()
    phone.locator(".aftercare select").nth(1).select_option("defective")
    phone.locator("textarea").nth(1).fill("Flackert nach zehn Minuten." if locale == "de" else "It flickers.")
    goes_on(phone)
    is_good(phone, f"returns-more-{locale}")
    goes_on(phone)
    expect(phone.locator(".aftercare-error")).to_have_count(2)
    is_good(phone, f"returns-more-wrong-{locale}")
    phone.locator(".aftercare select").select_option(index=1)
    phone.locator("[type=file]").nth(1).set_input_files(picture())
    phone.locator("[name=stay]").click()
    phone.wait_for_function("document.querySelector('.aftercare-photos img')?.naturalWidth > 0")
    is_good(phone, f"returns-more-done-{locale}")
    goes_on(phone)
    is_good(phone, f"returns-check-{locale}")
    phone.locator("form[action*=check] button").click()
    expect(phone.locator(".aftercare-way")).to_be_visible()
    is_good(phone, f"returns-sent-{locale}")
    settle(shopify, jobs, clock)
    rest()
    assert db.session.query(Request).one().state == "waiting"
    assert db.session.query(Photo).one().request_id
    phone.goto(address(shopify, order, "").replace("/?", "?"))
    is_good(phone, f"returns-order-{locale}")
    phone.goto(address(shopify, order, f"return/requests/{db.session.query(Request).one().id}"))
    phone.locator("a[href*=change]").click()
    is_good(phone, f"returns-change-what-{locale}")
    phone.locator(".aftercare select").first.select_option("2")
    goes_on(phone)
    goes_on(phone)
    is_good(phone, f"returns-change-more-{locale}")
    goes_on(phone)
    is_good(phone, f"returns-change-check-{locale}")
    phone.locator("form[action*=check] button").click()
    expect(phone.locator(".aftercare-way")).to_be_visible()
    is_good(phone, f"returns-changed-{locale}")


@pytest.mark.parametrize("locale", ["en", "de"])
def test_a_withdrawal_takes_two_steps(
    admin: Admin, phone: Page, shopify: server.Running, jobs: Jobs, clock: Clock, locale: str
) -> None:
    order = bought(shopify, jobs, clock, locale)
    phone.goto(address(shopify, order, "withdrawal").partition("?")[0])
    is_good(phone, f"withdrawal-prove-{locale}")
    phone.goto(address(shopify, order, "withdrawal"))
    is_good(phone, f"withdrawal-statement-{locale}")
    goes_on(phone)
    is_good(phone, f"withdrawal-confirmation-{locale}")
    phone.locator("form[action*=confirmation] button").click()
    expect(phone.locator(".aftercare-way")).to_be_visible()
    is_good(phone, f"withdrawal-done-{locale}")
    settle(shopify, jobs, clock)
    rest()
    assert db.session.query(Request).one().content["proof"]


@pytest.mark.parametrize("locale", ["en", "de"])
def test_the_same_pages_on_a_desk(
    admin: Admin, page: Page, shopify: server.Running, jobs: Jobs, clock: Clock, locale: str
) -> None:
    order = bought(shopify, jobs, clock, locale)
    page.goto(address(shopify, order, "return"))
    is_good(page, f"returns-what-wide-{locale}")
    page.locator(".aftercare select").first.select_option("2")
    goes_on(page)
    page.locator(".aftercare select").first.select_option("too-small")
    is_good(page, f"returns-details-wide-{locale}")
    goes_on(page)
    is_good(page, f"returns-check-wide-{locale}")
    page.locator("form[action*=check] button").click()
    expect(page.locator(".aftercare-way")).to_be_visible()
    is_good(page, f"returns-sent-wide-{locale}")
    page.goto(address(shopify, order, "withdrawal"))
    is_good(page, f"withdrawal-statement-wide-{locale}")
