"""The terms of returns, from the merchant's form to every place that names a number of them."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shopify_app import clock as app_clock
from shopify_app import tracking
from shopify_app.db import transaction
from shopify_app.language import LANGUAGES, speak
from shopify_app.orders import links
from shopify_app.returns.policy import clauses, policies, schema_org
from shopify_app.returns.policy.terms import Approval, Buying, Fee, Holiday, ReasonRule, Rule, Terms
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront, Tell
from tests.conftest import Clock, Jobs
from tests.home.conftest import Merchant, merchant, neighbour
from tests.orders import order, parcel, scan
from tests.tracking.conftest import configure, mailbox, storefront, tell

__all__ = ("configure", "mailbox", "merchant", "neighbour", "storefront", "tell")

USUAL = {
    "start": "delivery",
    "days": "30",
    "assumed_days": "7",
    "outcomes": ["refund", "exchange", "credit"],
    "guests": "on",
    "label": "shop",
    "refund_restocking": "0",
    "exchange_restocking": "0",
    "credit_restocking": "0",
    "reason-1-handle": "defective",
    "reason-1-photo": "on",
}
RULE = {"rule-1-about": "product_tag", "rule-1-values": "sale, outlet", "rule-1-may": "final_sale"}


def page_text(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


# The merchant's form


def test_a_new_shop_begins_with_thirty_free_days_from_delivery(merchant: Merchant, shop: Shop) -> None:
    said = page_text(merchant.opens("/returns/policy").text)
    assert "You can send items back until 30 days after they arrived." in said
    assert "We keep no fee back." in said
    assert policies.current(shop) == (1, Terms())
    assert policies.history(shop) == []


def test_everything_can_be_set_without_a_line_of_json(merchant: Merchant, shop: Shop) -> None:
    typed: Mapping[str, Any] = USUAL | RULE | {
        "rule-3-about": "country",
        "rule-3-values": "fr, be",
        "rule-3-may": "return",
        "rule-3-days": "60",
        "rule-3-name": "Nearby",
        "rule-4-about": "collection",
        "rule-4-values": "https://admin.shopify.com/store/lumen/collections/88?x=1, 99",
        "rule-4-may": "exchange_only",
        "holiday-1-first": "2026-11-15",
        "holiday-1-last": "2026-12-24",
        "holiday-1-until": "2027-01-31",
        "refund_restocking": "12,5",
        "credit_shipping": "4.90",
        "keep_below": "15",
        "keeps_any": "on",
        "limit": "2",
        "buys_labels": "on",
        "service": "dhl_parcel_de_paket",
        "grams": "750",
        "label_days": "28",
        "address": "Lumen Goods\nLager 3\n\n04109 Leipzig",
        "approved": ["exchange", "credit"],
        "approved_most": "80.00",
        "watched": "risk, risk",
        "not_withdrawn": "engraved",
        "reason-2-handle": "too-tight",
        "reason-2-free": "on",
        "reason-2-question": "Which size do you wear?",
    }  # fmt: skip
    assert merchant.sends("/returns/policy", dict(typed)).status_code == 200
    version, terms = policies.current(shop)
    assert version == 2
    assert terms == Terms(
        rules=(
            Rule(about="product_tag", values=("sale", "outlet"), may="final_sale"),
            Rule(about="country", values=("FR", "BE"), days=60, name="Nearby"),
            Rule(about="collection", values=("88", "99"), may="exchange_only"),
        ),
        holidays=(Holiday(first=date(2026, 11, 15), last=date(2026, 12, 24), until=date(2027, 1, 31)),),
        refund=Fee(restocking=Decimal("12.5")),
        credit=Fee(shipping=490),
        reasons=(
            ReasonRule(handle="defective", needs_photo=True),
            ReasonRule(handle="too-tight", is_free=True, question="Which size do you wear?"),
        ),
        keep_below=1500,
        buying=Buying(is_on=True, service="dhl_parcel_de_paket", grams=750, days=28),
        keeps_any=True,
        limit=2,
        address=("Lumen Goods", "Lager 3", "04109 Leipzig"),
        approval=Approval(outcomes=("exchange", "credit"), most=8000, watched=("risk",)),
        not_withdrawn=("engraved",),
    )
    shown = merchant.opens("/returns/policy").text
    for value in ("sale, outlet", "FR, BE", "2027-01-31", "12.5", "4.90", "15.00", "Which size do you wear?", "80.00"):
        assert f'value="{value}"' in shown


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("start", "moon"),
        ("days", ""),
        ("days", "-1"),
        ("days", "99999"),
        ("refund_restocking", "101"),
        ("refund_restocking", "NaN"),
        ("refund_shipping", "four"),
        ("refund_shipping", "-1"),
        ("refund_shipping", "1.999"),
        ("refund_shipping", "Infinity"),
        ("limit", "0"),
        ("label", ""),
        ("service", "DHL Paket"),
        ("grams", "light"),
        ("label_days", "soon"),
        ("rule-1-about", "weather"),
        ("rule-1-may", ""),
        ("rule-1-days", "many"),
        ("address", "x" * 501),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_is_kept(
    merchant: Merchant, shop: Shop, field: str, typed: str
) -> None:
    answer = merchant.sends("/returns/policy", USUAL | RULE | {field: typed})
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [field]
    assert policies.history(shop) == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"rule-1-values": " , "} | {"rule-1-days": "9"}, "rule-1-values"),
        ({"rule-1-about": "country", "rule-1-values": "France"}, "rule-1-values"),
        ({"rule-1-about": "collection", "rule-1-values": "Summer"}, "rule-1-values"),
        ({"holiday-1-first": "2026-12-24", "holiday-1-last": "2026-11-15"}, "holiday-1-first"),
        ({"reason-2-handle": "defective"}, "reason-2-handle"),
    ],
)
def test_a_row_that_makes_no_sense_is_named(merchant: Merchant, typed: dict[str, str], field: str) -> None:
    answer = merchant.sends("/returns/policy", USUAL | RULE | typed)
    assert list(answer.get_json()["errors"]) == [field]


def test_another_shop_s_terms_stay_its_own(merchant: Merchant, neighbour: Merchant, shop: Shop) -> None:
    merchant.sends("/returns/policy", USUAL | {"days": "77"})
    assert "77" not in page_text(neighbour.opens("/returns/policy").text)


# Versions


def test_an_order_keeps_the_terms_that_held_when_it_was_placed(shop: Shop, clock: Clock) -> None:
    before = app_clock.now()
    clock.forward(days=1)
    assert policies.write(shop, Terms(days=14), "7") == 2
    clock.forward(days=1)
    assert policies.write(shop, Terms(days=60), "8") == 3
    assert policies.of_order(shop, before) == (1, Terms())
    assert policies.of_order(shop, before + timedelta(days=1, hours=1))[1].days == 14
    assert policies.current(shop) == (3, Terms(days=60))
    assert [policies.version(shop, number).days for number in (1, 2, 3)] == [30, 14, 60]
    with pytest.raises(LookupError):
        policies.version(shop, 4)


def test_saving_the_same_again_makes_no_version(shop: Shop) -> None:
    assert policies.write(shop, Terms(days=14), "7") == 2
    assert policies.write(shop, Terms(days=14), "8") == 2
    assert [(row.version, row.made_by) for row in policies.history(shop)] == [(2, "7"), (1, None)]


def test_what_something_rests_on_is_written_down(shop: Shop) -> None:
    for _ in range(2):
        with transaction():
            policies.settle(shop)
    assert [row.version for row in policies.history(shop)] == [1]


def test_each_version_tells_who_made_it_and_what_it_says_anew(merchant: Merchant, shop: Shop) -> None:
    policies.write(shop, Terms(days=14), "99")
    merchant.sends("/returns/policy", USUAL | {"days": "14", "label": "buyer", "reason-1-free": "on"})
    said = page_text(merchant.opens("/returns/policy").text)
    versions = said[said.rindex("Version 3") :]
    assert "You" in versions.split("Version 2")[0]
    assert "You choose the carrier and pay for the way back." in versions.split("Version 2")[0]
    assert "Staff member 99" in versions
    assert "until 14 days" in versions.split("Version 2")[1]


OTHER: Mapping[str, Any] = {
    "start": "purchase",
    "days": 31,
    "assumed_days": 8,
    "rules": (Rule(about="country", values=("FR",), days=3),),
    "holidays": (Holiday(first=date(2026, 1, 1), last=date(2026, 1, 2), until=date(2026, 3, 1)),),
    "outcomes": ("refund",),
    "refund": Fee(shipping=1),
    "exchange": Fee(restocking=Decimal("0.01")),
    "credit": Fee(shipping=1),
    "reasons": (),
    "keep_below": 1,
    "keeps_any": True,
    "limit": 1,
    "guests": False,
    "label": "buyer",
    "buying": Buying(is_on=True),
    "address": ("Here",),
    "approval": Approval(outcomes=("credit",)),
    "not_withdrawn": ("engraved",),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("field", [field.name for field in fields(Terms)])
def test_every_setting_is_said_in_a_sentence(field: str, language: str) -> None:
    usual = Terms(keep_below=100) if field == "keeps_any" else Terms()
    changed = replace(usual, **{field: OTHER[field]})
    assert sentences(changed, language) != sentences(usual, language)


def sentences(terms: Terms, language: str) -> list[str]:
    said = speak(language)
    told = [*clauses.of(terms, "EUR", said), *clauses.for_staff(terms, "EUR", said)]
    return [sentence for clause in told for sentence in clause.sentences]


# What everybody reads

GENEROUS = Terms(
    days=45,
    refund=Fee(shipping=490),
    rules=(
        Rule(about="customer_tag", values=("trouble",), may="final_sale"),
        Rule(about="discount_code", values=("FRIENDS99",), may="final_sale"),
        Rule(about="country", values=("FR", "BE"), days=60),
        Rule(about="product_tag", values=("{% endraw %}</script>{{ shop.name }}",), may="final_sale"),
    ),
)


def test_one_setting_is_read_everywhere(
    storefront: Storefront, tell: Tell, shop: Shop, jobs: Jobs, mailbox: Any, clock: Clock
) -> None:
    """The policy's page, the order's page, its questions, and the mail: all name the new number and no other."""
    with transaction():
        shop.settings = {tracking.SWITCH: {"delivered": app_clock.now().isoformat()}}
    clock.forward(minutes=5)
    for number, days in ((4711, 30), (4712, 45)):
        if days != 30:
            policies.write(shop, Terms(days=days), "7")
            clock.forward(minutes=5)
        placed = app_clock.now().isoformat()
        tell(
            "orders/create", order(number, name=f"#{number}", created_at=placed, processed_at=placed, updated_at=placed)
        )
    now = app_clock.now().isoformat()
    tell("fulfillments/create", parcel(31, {1: 2, 2: 1}, order_id=4712, created_at=now, updated_at=now))
    tell("fulfillment_events/create", scan(1, 31, "delivered", now, order_id=4712))
    jobs.run()
    for number, days in ((4711, 30), (4712, 45)):
        page = page_text(storefront.get(links.path(shop, number)).text)
        assert set(re.findall(r"until (\d+) days", page)) == {str(days)}
    assert "until 45 days" in page_text(storefront.get("/returns").text)
    (mail,) = mailbox.messages()
    assert "until 45 days after they arrived" in " ".join(mail.text.split())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "until 45 days after they arrived"),
        ("fr", "jusqu’à 45 jours après leur arrivée"),
        ("de", "bis 45 Tage nach ihrer Ankunft"),
        ("es", "hasta 45 días después de su llegada"),
    ],
)
def test_the_policy_is_read_in_the_visitor_s_language(
    storefront: Storefront, shop: Shop, language: str, said: str
) -> None:
    policies.write(shop, GENEROUS, "7")
    page = storefront.get("/returns", query={"locale": language})
    assert page.mimetype == "application/liquid"
    assert said in page_text(page.text)
    assert "noindex" not in page.headers.get("X-Robots-Tag", "")


def test_no_secret_of_the_merchant_is_published(storefront: Storefront, shop: Shop) -> None:
    policies.write(shop, GENEROUS, "7")
    page = storefront.get("/returns").text
    assert "trouble" not in page
    assert "FRIENDS99" not in page


def test_no_text_of_a_merchant_becomes_code(storefront: Storefront, shop: Shop) -> None:
    with transaction():
        shop.name = "{% endraw %}{{ shop.email }}</script><script>alert(1)"
    policies.write(shop, GENEROUS, "7")
    page = storefront.get("/returns").text
    before, data = page.split("{% raw %}")
    data, after = data.split("{% endraw %}")
    assert not set("{}") & set(before)
    assert after == "</script>\n"
    assert "<" not in data
    assert "{{" not in data
    assert "{%" not in data
    assert json.loads(data)["name"] == shop.name


def test_search_engines_read_the_same(shop: Shop) -> None:
    with transaction():
        shop.country, shop.currency = "DE", "EUR"
    usual, nearby = schema_org.policy(shop, GENEROUS)["hasMerchantReturnPolicy"]
    assert usual["merchantReturnDays"] == 45
    assert usual["applicableCountry"] == ["DE"]
    assert usual["returnFees"] == "https://schema.org/ReturnShippingFees"
    assert usual["returnShippingFeesAmount"] == {"@type": "MonetaryAmount", "value": "4.90", "currency": "EUR"}
    assert (nearby["applicableCountry"], nearby["merchantReturnDays"]) == (["FR", "BE"], 60)
    closed = schema_org.policy(shop, Terms(outcomes=()))["hasMerchantReturnPolicy"][0]
    assert closed["returnPolicyCategory"] == "https://schema.org/MerchantReturnNotPermitted"


def test_looking_changes_nothing(app: Flask, client: FlaskClient, storefront: Storefront, shop: Shop) -> None:
    storefront.get("/returns")
    assert policies.history(shop) == []
