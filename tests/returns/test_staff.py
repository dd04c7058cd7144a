"""What staff sees of returns and does with them."""

import re

import pytest

from shopify_app.returns.models import Request
from shopify_app.shopify.models import Shop
from tests.home.conftest import Merchant
from tests.returns.staff import A_CORD, LAMP, Ask, found, words
from tests.returns.staff import ask as ask
from tests.returns.staff import colleague as colleague
from tests.returns.staff import staff as staff
from tests.returns.staff import stranger as stranger


def text(page: str) -> str:
    page = re.sub(r'<[^>]* (?:heading|label)="([^"]*)"', r"\1 <x", page[page.index("<s-page") :])
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace(" ,", ",").split())


def test_a_day_without_returns_says_how_they_come(staff: Merchant) -> None:
    page = staff.opens("/returns").text
    assert "No returns yet" in page
    assert "<s-table" not in page


def test_a_request_is_listed_with_its_items_reason_value_and_age(staff: Merchant, ask: Ask) -> None:
    number = ask(LAMP, A_CORD)
    page = text(staff.opens("/returns").text)
    for part in ("1 × Desk lamp · Brass: money back", "1 × Cord set", "Arrived damaged", "€115.00", "To decide", "1 minute ago"):
        assert part in page
    assert f"/returns/{number}?" in staff.opens("/returns").text


def test_one_return_s_page_has_everything(shop: Shop, staff: Merchant, ask: Ask) -> None:
    number = ask(LAMP)
    page = staff.opens(f"/returns/{number}").text
    shown = text(page)
    assert "Nora Lindqvist" in shown
    assert "It &lt;flickers&gt;." in shown
    assert "30 days, so the last day is" in shown
    assert "The buyer was told €95.00" in shown
    assert "1 order, 3 pieces bought" in shown
    assert "1 of 3 pieces sent back (33 %)" in shown
    assert "Approve" in page
