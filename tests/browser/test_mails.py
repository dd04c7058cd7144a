"""Every mail as it looks: on a phone and a wide screen, by day and in the dark, and readable in all of them."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from shopify_app.shopify.models import Shop
from tests.browser.test_one_order import is_accessible, shot
from tests.mail.matrix import Cell, cells, dress, made

SHOWN = [cell for cell in cells() if cell.voice in ("en", "de")]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_mail_fits_and_can_be_read(
    browser: Browser, shop: Shop, width: int, scheme: Literal["light", "dark"]
) -> None:
    dress(shop)
    with browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme) as context:
        page = context.new_page()
        page.route("**/*.png", lambda route: route.abort())
        for cell in SHOWN:
            look(page, shop, cell)
            shot(page, f"mail-{cell}-{width}-{scheme}".replace("/", "-"))


def look(page: Page, shop: Shop, cell: Cell) -> None:
    page.set_content(made(shop, cell).html, wait_until="domcontentloaded")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), cell
    is_accessible(page)
