"""Webhook bodies have the keys of Shopify's own samples."""

import json
from pathlib import Path
from typing import Any

import pytest

from devstore import deeds, payloads
from devstore.payloads import View
from devstore.records import Customer, Product, Shop
from devstore.state import State

SHAPES = json.loads(Path(__file__).with_name("shapes.json").read_text())
"""The keys of Shopify's documented sample of each kind of body, without its values."""

EXTRA = {
    "orders": {"current_shipping_price_set", "line_item_groups", "returns"},
    "fulfillments": {"email", "destination"},
}
FREE = {"receipt", "origin_address", "client_details"}
"""Objects without fixed keys."""


@pytest.fixture
def view(state: State, shop: Shop) -> View:
    return View(state, shop, "http://127.0.0.1:7401", "http://127.0.0.1:7400/cdn")


def missing(sample: Any, made: Any, path: str = "") -> list[str]:
    """Paths of the sample that our body lacks, wherever both hold an object."""
    if isinstance(sample, list) and isinstance(made, list) and sample and made:
        return missing(sample[0], made[0], path + "[]")
    if not isinstance(sample, dict) or not isinstance(made, dict):
        return []
    lacking = [f"{path}.{key}" for key in sample.keys() - made.keys()]
    inside = [missing(sample[k], made[k], f"{path}.{k}") for k in sample.keys() & made.keys() if k not in FREE]
    return lacking + [found for paths in inside for found in paths]


def unknown(sample: Any, made: Any, allowed: set[str]) -> list[str]:
    return [path for path in missing(made, sample) if path.lstrip(".") not in allowed]


@pytest.fixture
def story(state: State, view: View, lamp: Product, buyer: Customer) -> dict[str, Any]:
    """A buyer orders two lamps with a code, gets a parcel, sends one lamp back."""
    told: dict[str, Any] = {}

    def listen(change: Any) -> None:
        told.update({news.topic: payloads.render(view, news.topic, news.subject) for news in change.news})

    state.listeners.append(listen)
    brass = lamp.variants[0].id
    checkout = deeds.begin_checkout(state, lamp.shop, [(brass, 2)], customer=buyer, locale="de")
    code = ("TENOFF", "percentage", "10")
    deeds.update_checkout(
        state, checkout, shipping_address=buyer.address, shipping=("Standard", "4.90"), discount_code=code
    )
    order = deeds.complete(state, checkout)
    parcel = deeds.fulfil(state, order, company="DHL", number="0034", url="https://www.example.com/track/0034")
    deeds.scan(state, parcel, "in_transit", city="Leipzig", country="DE")
    deeds.refund(state, order, [(order.lines[0].id, 1)], note="too bright", restock=True)
    deeds.update_customer(state, buyer, note="likes lamps")
    deeds.update_product(state, lamp, title="Desk lamp, tall")
    deeds.update_shop(state, view.shop, plan="professional")
    deeds.update_order(state, order, note="call first")
    return told


@pytest.mark.parametrize(
    "topic",
    [
        "orders/updated",
        "checkouts/update",
        "customers/update",
        "fulfillments/create",
        "fulfillment_events/create",
        "products/update",
        "refunds/create",
        "shop/update",
    ],
)
def test_every_body_has_the_keys_of_shopifys_sample(story: dict[str, Any], topic: str) -> None:
    kind = topic.split("/")[0]
    wanted, made = SHAPES[kind], json.loads(json.dumps(story[topic]))
    assert missing(wanted, made) == []
    assert unknown(wanted, made, EXTRA.get(kind, set())) == []


def test_a_buyer_who_pays_in_yen_sees_yen_without_decimals(state: State, view: View, lamp: Product) -> None:
    order = deeds.place_order(
        state,
        lamp.shop,
        [(lamp.variants[0].id, 1)],
        email="yuki@example.com",
        presentment_currency="JPY",
        exchange_rate="163.4",
    )
    body = payloads.render(view, "orders/create", order)
    assert body["total_price"] == "94.80"
    assert body["total_price_set"]["presentment_money"] == {"amount": "15490", "currency_code": "JPY"}


def test_a_discount_is_shared_out_to_the_last_cent(state: State, view: View, lamp: Product) -> None:
    order = deeds.place_order(
        state,
        lamp.shop,
        [(lamp.variants[0].id, 1), (lamp.variants[1].id, 2)],
        email="mira@example.com",
        discount=("MINUS10", "fixed_amount", "10"),
    )
    body = payloads.render(view, "orders/create", order)
    shares = [line["discount_allocations"][0]["amount"] for line in body["line_items"]]
    assert (body["total_discounts"], shares) == ("10.00", ["3.60", "6.40"])
    assert body["total_price"] == "244.60"


def test_a_refunded_lamp_leaves_the_current_totals(story: dict[str, Any]) -> None:
    body = story["orders/updated"]
    assert (body["total_price"], body["current_total_price"]) == ("166.72", "85.81")
    assert body["financial_status"] == "partially_refunded"
    assert isinstance(story["refunds/create"]["refund_line_items"][0]["subtotal"], float)


def test_only_the_included_fields_are_sent() -> None:
    body = {"id": 1, "note": "x", "lines": [{"id": 2, "sku": "s"}], "customer": {"id": 3, "email": "e"}}
    kept = payloads.only(body, ["id", "lines.id", "customer"])
    assert kept == {"id": 1, "lines": [{"id": 2}], "customer": {"id": 3, "email": "e"}}
