"""The merchant makes the order's page their own."""

import html
import re

import pytest
from werkzeug.test import TestResponse

from shopify_app.db import db, rest
from shopify_app.language import LANGUAGES, TWO_WAYS
from shopify_app.orders import links
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront, Tell
from tests.home.conftest import Merchant, merchant, neighbour
from tests.orders import order, parcel, scan

__all__ = ("merchant", "neighbour")

OWN = {"guide": "Breathe in.\n\n  Breathe out. ", "question-1": "Why?", "answer-1": "Because.", "question-3": "How?"}


def settings(shop: Shop) -> dict[str, object]:
    rest()
    db.session.refresh(shop)
    return shop.settings


def write(merchant: Merchant, language: str, stage: str, form: dict[str, str], door: str = "") -> TestResponse:
    query = merchant.frame | {"language": language, "stage": stage}
    return merchant.sends(f"/settings/texts{door}", form, query_string=query)


def read(merchant: Merchant, path: str, **query: str) -> str:
    return html.unescape(merchant.opens(path, **query).text)


def test_a_merchant_s_own_questions_and_guide_stand_on_the_page_in_their_language_and_moment_alone(
    merchant: Merchant, storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    form = OWN | {"answer-3": "{{ shop.name }} <b>so</b>"}
    assert write(merchant, "de", "paid", form).json == {"toast": "Saved", "is_error": False}
    tell("orders/create", order(customer_locale="de"), "orders/create", order(4712, name="#1002"))
    page = storefront.get(links.path(shop, 4711)).text
    assert re.findall(r"<summary>(.*?)</summary>", page) == ["Why?", "How?"]
    assert re.findall(r"<li>(Breathe .*?)</li>", page) == ["Breathe in.", "Breathe out."]
    assert "{{" not in page and "<b>so" not in page
    assert "Why?" not in storefront.get(links.path(shop, 4712)).text
    tell(
        "fulfillments/create",
        parcel(31, {1: 2, 2: 1}),
        "fulfillment_events/create",
        scan(1, 31, "in_transit", "2099-01-01T10:00:00Z"),
    )
    assert "Breathe" not in storefront.get(links.path(shop, 4711)).text


def test_a_merchant_goes_back_to_the_texts_of_the_app(merchant: Merchant) -> None:
    write(merchant, "fr", "moving", OWN | {"answer-3": "So."})
    assert "Because." in read(merchant, "/settings/texts", language="fr", stage="moving")
    assert write(merchant, "fr", "moving", {}, "/default").status_code == 200
    page = read(merchant, "/settings/texts", language="fr", stage="moving")
    assert "Because." not in page and "Où est mon colis ?" in page.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"guide": " "}, "guide"),
        ({"guide": "\n".join("abcdefghijklm")}, "guide"),
        ({"guide": "x" * 301}, "guide"),
        ({"question-1": "", "answer-1": ""}, "question-1"),
        ({"answer-1": ""}, "answer-1"),
        ({"question-1": ""}, "question-1"),
        ({"question-1": "x" * 201}, "question-1"),
        ({"answer-1": "x" * 2001}, "answer-1"),
    ],
)
def test_what_no_buyer_could_read_is_said_at_its_field_and_nothing_is_kept(
    merchant: Merchant, form: dict[str, str], field: str
) -> None:
    good = {"guide": "One.", "question-1": "Why?", "answer-1": "Because."}
    answer = write(merchant, "en", "paid", good | form)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert "Because." not in read(merchant, "/settings/texts", language="en", stage="paid")


def test_a_shop_s_texts_are_its_own(merchant: Merchant, neighbour: Merchant) -> None:
    write(merchant, "en", "paid", OWN | {"answer-3": "So."})
    assert "Because." not in read(neighbour, "/settings/texts", language="en", stage="paid")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", ["paid", "packing", "moving", "arrived", "problem"])
def test_a_merchant_sees_the_page_at_each_moment_in_each_language(
    merchant: Merchant, language: str, stage: str
) -> None:
    page = read(merchant, "/settings/page", language=language, stage=stage)
    shown = re.search(r'srcdoc="(.*)"></iframe>', page, re.S)
    assert shown and f'<html lang="{language}">' in shown[1]
    assert f"aftercare-{stage}" in shown[1] or stage == "paid"


def test_unknown_moments_and_languages_are_not_found(merchant: Merchant) -> None:
    for query in ({"stage": "lost"}, {"language": "xx"}, {"language": "de@informal"}):
        assert merchant.opens("/settings/texts", **query).status_code == 404
        assert merchant.opens("/settings/page", **query).status_code == 404


def test_the_way_of_address_and_the_fields_of_products_are_kept(merchant: Merchant, shop: Shop) -> None:
    form = {
        "specs": "Specs.*, custom.weight",
        "guide": "",
        **dict.fromkeys((f"address-{one}" for one in TWO_WAYS), "informal"),
    }
    assert merchant.sends("/settings/page", form).status_code == 200
    kept = settings(shop)
    assert kept["product_fields"] == {"specs": ["specs.*", "custom.weight"], "guide": []}
    assert kept["informal"] == list(TWO_WAYS)
    assert kept["confirmations"] is True


def test_a_name_that_is_none_is_said_at_its_field(merchant: Merchant, shop: Shop) -> None:
    for wrong in ("material", "custom.", "*.*", "custom.a b", ", ".join(f"custom.a{n}" for n in range(31))):
        answer = merchant.sends("/settings/page", {"specs": wrong, "guide": ""})
        assert answer.status_code == 422
        assert list(answer.json["errors"]) == ["specs"]  # type: ignore[index]
    assert "product_fields" not in settings(shop)


def test_a_question_may_be_as_long_as_the_page_says(merchant: Merchant) -> None:
    longest = {"guide": "x" * 300, "question-1": "x" * 200, "answer-1": "x" * 2000}
    assert write(merchant, "en", "paid", longest).status_code == 200
