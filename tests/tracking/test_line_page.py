"""The page of one product of an order."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import update

from shopify_app import clock as app_clock
from shopify_app.db import db, transaction
from shopify_app.orders import links
from shopify_app.orders.models import Product
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront, Tell
from tests.orders import line, order

PRODUCT = {"id": 901, "title": "Desk lamp", "handle": "desk-lamp", "updated_at": "2026-05-01T10:00:00Z"}


def field(key: str, value: object, kind: str = "single_line_text_field", url: str | None = None) -> dict[str, object]:
    text = value if isinstance(value, str) else json.dumps(value)
    return {"key": key, "name": key.partition(".")[2].capitalize(), "type": kind, "value": text, "url": url}


Open = Callable[..., str]


@pytest.fixture
def page(storefront: Storefront, tell: Tell, shop: Shop) -> Open:
    """The page of the desk lamp, whose product has these fields."""

    def open_(*fields: dict[str, object], line_id: int = 1, **fields_of_order: object) -> str:
        tell("products/update", PRODUCT, "orders/create", order(**fields_of_order))
        with transaction():
            shop.email = "shop@example.com"
            db.session.execute(update(Product).values(fields=list(fields), fields_at=app_clock.now()))
        answer = storefront.get(f"{links.path(shop, 4711)}/lines/{line_id}")
        assert answer.status_code == 200
        return answer.text

    return open_


def test_a_buyer_reads_specifications_in_their_own_notation_and_the_guide_step_by_step(page: Open) -> None:
    steps = [{"type": "list-item", "children": [{"type": "text", "value": text}]} for text in ("Unpack.", "Plug in.")]
    rich = {"type": "root", "children": [{"type": "list", "children": steps}]}
    shown = page(
        field("specs.height", {"value": 48.5, "unit": "cm"}, "dimension"),
        field("specs.colours", ["Sand", "Sage"], "list.single_line_text_field"),
        field("specs.repairable", "true", "boolean"),
        field("custom.cost", "12.00"),
        field("custom.user_guide", rich, "rich_text_field"),
        customer_locale="fr",
    )
    for text in ("48,5 cm", "<li>Sand</li>", "<li>Sage</li>", "Oui", "<li>Unpack.</li>", "<li>Plug in.</li>"):
        assert text in shown
    assert "12.00" not in shown


def test_a_guide_that_is_a_file_or_an_address_opens_by_a_button(page: Open) -> None:
    shown = page(
        field("custom.guide", "gid://shopify/GenericFile/1", "file_reference", "https://cdn.example.com/a.pdf")
    )
    assert 'href="https://cdn.example.com/a.pdf"' in shown
    assert "gid://" not in shown


def test_a_product_without_a_guide_shows_the_way_to_ask_for_it(page: Open) -> None:
    shown = page()
    assert "There is no guide for this item here." in shown
    assert "mailto:shop@example.com?subject=Desk%20lamp%20of%20order%20%231001" in shown
    assert "/products/desk-lamp" in shown


def test_the_price_is_the_one_that_was_paid_after_discounts(page: Open) -> None:
    share = {"amount": "19.00", "amount_set": {"presentment_money": {"amount": "19.00", "currency_code": "EUR"}}}
    lamp = line(1, "Desk lamp", 2, "95.00", variant_title="Brass", discount_allocations=[share])
    shown = page(line_items=[lamp])
    assert "<dd>€85.50</dd>" in shown


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("dimension", "not json"),
        ("dimension", '{"unit": "cm"}'),
        ("dimension", '{"value": "far", "unit": "cm"}'),
        ("rich_text_field", "[]"),
        ("list.single_line_text_field", "7"),
        ("number_integer", "many"),
        ("url", "javascript:alert(1)"),
        ("unheard_of", "x"),
        ("single_line_text_field", ""),
    ],
)
def test_a_field_that_is_not_what_it_says_is_left_out(page: Open, kind: str, value: str) -> None:
    assert "There is no guide" in page(field("custom.user_guide", value, kind))


def test_a_merchant_s_text_is_never_run_as_liquid_nor_as_html(page: Open) -> None:
    shown = page(field("specs.note", "{{ shop.secret }}<script>alert(1)</script>"))
    assert "{{" not in shown and "<script" not in shown


def test_a_line_of_another_order_is_not_found(storefront: Storefront, tell: Tell, shop: Shop) -> None:
    tell("orders/create", order(), "orders/create", order(4712, line_items=[line(9, "Secret thing")]))
    answer = storefront.get(f"{links.path(shop, 4711)}/lines/9")
    assert answer.status_code == 404
    assert "Secret thing" not in answer.text
