"""What the store tells about returns has the keys of Shopify's own samples."""

import json
from typing import Any

import pytest

from devstore import deeds, payloads
from devstore.deeds import Instead, Wanted
from devstore.payloads import View
from devstore.records import Customer, Order, Product, Shop, Tracking
from devstore.state import State
from tests.devstore.test_payloads import SHAPES, missing, unknown

LINES = {"return_line_items"}
"""The samples leave them empty; what stands in them is known from an older version."""


@pytest.fixture
def order(state: State, lamp: Product, buyer: Customer) -> Order:
    order = deeds.place_order(
        state, lamp.shop, [(lamp.variants[0].id, 4)], customer=buyer, presentment_currency="JPY", exchange_rate="163.25"
    )
    deeds.fulfil(state, order)
    return order


@pytest.fixture
def told(state: State, shop: Shop, order: Order, lamp: Product) -> dict[str, Any]:
    """Four returns of one order: declined, cancelled, changed and closed, and one that runs through everything."""
    view = View(state, shop, "http://127.0.0.1:7401", "http://127.0.0.1:7400/cdn")
    heard: dict[str, Any] = {}
    state.listeners.append(
        lambda change: heard.update({n.topic: payloads.render(view, n.topic, n.subject) for n in change.news})
    )
    line, packed = order.lines[0].id, order.fulfillments[0].lines[0].id
    deeds.decline_return(state, deeds.request_return(state, order, [(line, 1)]), "FINAL_SALE", "Marked down")
    deeds.cancel_return(state, deeds.approve_return(state, deeds.request_return(state, order, [(line, 1)])))
    less = deeds.request_return(state, order, [(line, 2)], definition="damaged", customer_note="Bent")
    deeds.remove_from_return(state, less, {less.lines[0].id: 1})
    wanted, instead = [Wanted(packed, 1, restocking=10)], [Instead(lamp.variants[1].id, 1)]
    back = deeds.file_return(state, order, wanted, is_open=True, instead=instead, shipping_fee="700")
    label = Tracking(number="1ZR4F718680001234", url="https://www.ups.com/track?tracknum=1ZR4F718680001234")
    deeds.expect_delivery(state, order, back.reverse_orders[0], tracking=label, label="https://cdn.example/label.pdf")
    deeds.take_in(state, order, back)
    deeds.settle_return(state, back)
    deeds.reopen_return(state, deeds.close_return(state, back))
    return heard


@pytest.mark.parametrize("topic", [name for name in SHAPES if "/" in name])
def test_every_body_has_the_keys_of_shopifys_sample(told: dict[str, Any], topic: str) -> None:
    wanted, made = SHAPES[topic], json.loads(json.dumps(told[topic]))
    assert missing(wanted, made) == []
    assert unknown(wanted, made, LINES) == []


def test_a_line_is_told_with_its_parcel_its_old_reason_and_the_buyers_words(told: dict[str, Any], order: Order) -> None:
    (line,) = told["returns/request"]["return_line_items"]
    assert (line["quantity"], line["return_reason"], line["customer_note"]) == (2, "defective", "Bent")
    assert line["fulfillment_line_item"]["line_item"]["id"] == order.lines[0].id


def test_a_fee_is_told_in_both_moneys(told: dict[str, Any]) -> None:
    (fee,) = told["returns/approve"]["return_shipping_fees"]
    assert fee["price"] == {
        "shop_money": {"amount": "4.29", "currency_code": "EUR"},
        "presentment_money": {"amount": "700.0", "currency_code": "JPY"},
    }


def test_a_refund_names_its_return_and_what_the_buyer_got(told: dict[str, Any], order: Order) -> None:
    refund = told["refunds/create"]
    assert refund["return"]["admin_graphql_api_id"] == f"gid://shopify/Return/{order.returns[-1].id}"
    line = refund["refund_line_items"][0]
    assert line["subtotal_set"]["presentment_money"] == {"amount": "14676", "currency_code": "JPY"}
    assert line["restock_type"] == "return"


def test_what_is_processed_says_nothing_and_what_is_changed_names_no_order(told: dict[str, Any]) -> None:
    assert told["returns/process"] == {}
    assert "order" not in told["returns/update"] and "id" not in told["returns/update"]
