"""The start page: what is to be done, and the figures after it."""

import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from shopify_app import clock
from shopify_app.db import db, transaction
from shopify_app.home.measures import MEASURES, TILES
from shopify_app.shopify.models import Shop
from shopify_app.tracking.models import Search
from tests import orders
from tests.buyers import Tell
from tests.home.conftest import Merchant


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def file(merchant: Merchant) -> TestResponse:
    """Read to its end at once."""
    asked = merchant.frame | {"id_token": merchant.token}
    return merchant.asks("GET", "/figures/lookups.csv", query_string=asked, buffered=True)


def test_a_calm_day_says_so(merchant: Merchant) -> None:
    assert "Nothing waits for you" in merchant.opens().text


def test_the_page_names_its_figures_and_asks_for_them_afterwards(merchant: Merchant) -> None:
    page = merchant.opens().text
    for name in TILES:
        assert f"/figures/tiles/{name}?" in page
    assert "<svg" not in page


@pytest.mark.parametrize("name", TILES)
def test_a_tile_without_anything_to_count_says_so_instead_of_zero(merchant: Merchant, name: str) -> None:
    page = text(merchant.opens(f"/figures/tiles/{name}").text)
    assert "–" in page
    assert "Nothing has been counted yet." in page
    assert "0 %" not in page


def test_there_is_no_other_tile_and_no_other_figure(merchant: Merchant) -> None:
    for path in ("/figures/all", "/figures/all.csv", "/figures/tiles/all"):
        assert merchant.opens(path).status_code == 404


@pytest.mark.parametrize("name", MEASURES)
def test_every_figure_says_how_it_is_counted(merchant: Merchant, name: str) -> None:
    page = text(merchant.opens(f"/figures/{name}").text)
    for words in ("Above the line:", "Below the line:", "Left out:", "Before the install:"):
        assert words in page


def test_a_look_up_counts_and_leads_to_its_order(merchant: Merchant, shop: Shop, tell: Tell) -> None:
    placed = clock.now().isoformat()
    tell("orders/create", orders.order(created_at=placed, processed_at=placed))
    with transaction():
        db.session.add_all(Search(shop_id=shop.id, at=clock.now(), order_id=number) for number in (4711, None))
    assert "Look-ups per 100 orders: 2 for 1 order placed" in text(merchant.opens("/figures/tiles/lookups").text)
    page = merchant.opens("/figures/lookups", which="hits").text
    assert page.count("/orders/4711") == 1


def test_another_shop_counts_none_of_it(neighbour: Merchant, shop: Shop) -> None:
    with transaction():
        db.session.add(Search(shop_id=shop.id, at=clock.now()))
    assert "0 for 0 orders placed" in text(neighbour.opens("/figures/tiles/lookups").text)
    assert len(file(neighbour).text.splitlines()) == 1


def test_a_file_holds_every_row_and_no_formula(merchant: Merchant, shop: Shop, tell: Tell) -> None:
    placed = clock.now().isoformat()
    tell("orders/create", orders.order(name="=1+1", created_at=placed, processed_at=placed))
    with transaction():
        db.session.add(Search(shop_id=shop.id, at=clock.now(), order_id=4711))
    answer = file(merchant)
    assert answer.mimetype == "text/csv"
    lines = answer.text.splitlines()
    assert lines[0] == "day,at,order,counted_as,is_hit"
    assert sorted(line.split(",", 2)[2] for line in lines[1:]) == ["'=1+1,Look-ups,1", "'=1+1,Orders,0"]


def test_a_long_list_of_rows_is_paged_without_losing_one(merchant: Merchant, shop: Shop) -> None:
    with transaction():
        db.session.add_all(Search(shop_id=shop.id, at=clock.now()) for _ in range(120))
    pages = [merchant.opens("/figures/lookups", which="hits", skip=str(skip)).text for skip in (0, 50, 100)]
    assert [page.count(">Look-ups</s-badge>") for page in pages] == [50, 50, 20]
    assert ["data-next" in page for page in pages] == [True, True, False]
    assert ["data-previous" in page for page in pages] == [False, True, True]
