"""What a logged-in customer may read and do through the app: only with their own orders, and only what is sent."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from devstore import deeds
from devstore.records import Customer, Order
from devstore.server import Running
from tests.devstore.conftest import DOMAIN, SmallApp, Visitor

READ = """
query ($id: ID!) { order(id: $id) { name currencyCode totalPrice { amount } fulfillmentStatus
  lineItems(first: 5) { nodes { id title quantity } }
  fulfillments(first: 5) { nodes { latestShipmentStatus trackingInformation { number }
    events(first: 5) { nodes { status } } fulfillmentLineItems(first: 5) { nodes { quantity lineItem { title } } } } }
  returnInformation { hasRestockingFee returnFees { title }
    returnableLineItems(first: 5) { nodes { quantity lineItem { id } } }
    nonReturnableLineItems(first: 5) { nodes { quantity quantityDetails { quantity reasonCode } } }
    nonReturnableSummary { nonReturnableReasons } }
  returns(first: 5) { nodes { id name status returnLineItems(first: 5) { nodes { quantity lineItem { id } } } } } } }
"""
REQUEST = """
mutation ($order: ID!, $lines: [RequestedLineItemInput!]!) {
  orderRequestReturn(orderId: $order, requestedLineItems: $lines) {
    return { id name status } userErrors { code field message } } }
"""
CALCULATE = """
query ($input: CalculateReturnInput!) { returnCalculate(input: $input) { financialSummary {
  returnTotalSet { presentmentMoney { amount currencyCode } } returnTotalTaxSet { shopMoney { amount } } }
  returnLineItems(first: 5) { nodes { quantity subtotalSet { shopMoney { amount } } } } } }
"""
REASONS = """
query ($id: ID!) { order(id: $id) { lineItems(first: 1) { nodes {
  suggestedReturnReasonDefinitions(first: 20) { nodes { id handle name } } } } } }
"""
ONE = "query ($id: ID!) { return(id: $id) { name status } }"


def gid(kind: str, id: int) -> str:
    return f"gid://shopify/{kind}/{id}"


@pytest.fixture
def order(store: Running, mira: Customer, brass: int) -> Order:
    """Three lamps, two of them delivered."""
    order = deeds.place_order(store.state, DOMAIN, [(brass, 3)], customer=mira, email=mira.email)
    parcel = deeds.fulfil(store.state, order, [(order.lines[0].id, 2)], company="DHL", number="0034")
    deeds.scan(store.state, parcel, "delivered")
    return order


@pytest.fixture
def asks(visitor: Visitor, mira: Customer) -> Callable[..., requests.Response]:
    """As an extension on a page of the account of Mira, who is logged in."""
    visitor.types(visitor.asks_for_a_code("mira@example.com"))

    def asks(query: str, /, **variables: Any) -> requests.Response:
        body = {"query": query, "variables": variables}
        return visitor.line.post(f"{visitor.base}/account/customer-api/2026-10", json=body, timeout=5)

    return asks


def wish(order: Order, quantity: int = 1, **more: Any) -> dict[str, Any]:
    line = {"lineItemId": gid("LineItem", order.lines[0].id), "quantity": quantity} | more
    return {"order": gid("Order", order.id), "lines": [line]}


def errors(answer: requests.Response) -> list[str]:
    return [each["code"] for each in answer.json()["data"]["orderRequestReturn"]["userErrors"]]


def test_a_buyer_sees_what_can_come_back_of_an_order_and_what_not(
    asks: Callable[..., requests.Response], order: Order
) -> None:
    seen = asks(READ, id=gid("Order", order.id)).json()["data"]["order"]
    assert (seen["name"], seen["currencyCode"], seen["totalPrice"]["amount"]) == (order.name, "EUR", "274.6")
    (parcel,) = seen["fulfillments"]["nodes"]
    assert (parcel["latestShipmentStatus"], parcel["trackingInformation"][0]["number"]) == ("DELIVERED", "0034")
    about = seen["returnInformation"]
    assert [row["quantity"] for row in about["returnableLineItems"]["nodes"]] == [2]
    assert about["nonReturnableLineItems"]["nodes"][0]["quantityDetails"] == [
        {"quantity": 1, "reasonCode": "UNFULFILLED"}
    ]
    assert about["nonReturnableSummary"] == {"nonReturnableReasons": ["UNFULFILLED"]}


def test_a_wish_to_return_waits_for_staff_like_one_from_the_admin_and_the_app_hears_of_it(
    asks: Callable[..., requests.Response], order: Order, store: Running, app: SmallApp
) -> None:
    filed = asks(REQUEST, **wish(order, customerNote="Too dark")).json()["data"]["orderRequestReturn"]
    assert filed["userErrors"] == []
    assert filed["return"]["status"] == "REQUESTED"
    (back,) = order.returns
    assert (back.status, back.lines[0].quantity, back.lines[0].customer_note) == ("REQUESTED", 1, "Too dark")
    store.log.settle()
    assert "returns/request" in app.topics()
    assert asks(ONE, id=filed["return"]["id"]).json()["data"]["return"]["name"] == back.name
    seen = asks(READ, id=gid("Order", order.id)).json()["data"]["order"]
    assert [row["quantity"] for row in seen["returnInformation"]["returnableLineItems"]["nodes"]] == [1]
    assert [row["status"] for row in seen["returns"]["nodes"]] == ["REQUESTED"]


def test_units_that_came_in_two_parcels_go_back_together(
    asks: Callable[..., requests.Response], order: Order, store: Running
) -> None:
    deeds.fulfil(store.state, order, company="DHL", number="0035")
    assert errors(asks(REQUEST, **wish(order, 3))) == []
    (back,) = order.returns
    assert sorted(line.quantity for line in back.lines) == [1, 2]


def test_a_reason_of_shopifys_library_is_kept_and_any_other_refused(
    asks: Callable[..., requests.Response], order: Order
) -> None:
    made_up = wish(order, returnReasonDefinitionId=gid("ReturnReasonDefinition", 1))
    assert errors(asks(REQUEST, **made_up)) == ["NOT_FOUND"]
    told = asks(REASONS, id=gid("Order", order.id)).json()["data"]["order"]["lineItems"]["nodes"]
    reason = next(one for one in told[0]["suggestedReturnReasonDefinitions"]["nodes"] if one["handle"] == "damaged")
    assert errors(asks(REQUEST, **wish(order, returnReasonDefinitionId=reason["id"]))) == []
    assert order.returns[0].lines[0].definition == "damaged"


@pytest.mark.parametrize(("quantity", "code"), [(3, "INVALID"), (0, "GREATER_THAN"), (-1, "GREATER_THAN")])
def test_nobody_sends_back_more_than_was_sent(
    asks: Callable[..., requests.Response], order: Order, quantity: int, code: str
) -> None:
    assert errors(asks(REQUEST, **wish(order, quantity))) == [code]
    assert order.returns == []


def test_the_same_unit_cannot_be_asked_for_twice(asks: Callable[..., requests.Response], order: Order) -> None:
    assert errors(asks(REQUEST, **wish(order, 2))) == []
    assert errors(asks(REQUEST, **wish(order, 1))) == ["INVALID"]
    twice = wish(order)
    assert errors(asks(REQUEST, order=twice["order"], lines=twice["lines"] * 3)) == ["INVALID"]


def test_a_declined_return_frees_its_units(
    asks: Callable[..., requests.Response], order: Order, store: Running
) -> None:
    asks(REQUEST, **wish(order, 2))
    deeds.decline_return(store.state, order.returns[0], "OTHER", "")
    assert errors(asks(REQUEST, **wish(order, 2))) == []


def test_nobody_reads_or_returns_what_somebody_else_bought(
    asks: Callable[..., requests.Response], store: Running, brass: int, order: Order
) -> None:
    other = deeds.add_customer(store.state, DOMAIN, "ole@example.com")
    strangers = deeds.place_order(store.state, DOMAIN, [(brass, 1)], customer=other, email=other.email)
    deeds.fulfil(store.state, strangers)
    assert asks(READ, id=gid("Order", strangers.id)).json()["data"]["order"] is None
    assert errors(asks(REQUEST, **wish(strangers))) == ["NOT_FOUND"]
    foreign = {"order": gid("Order", order.id), "lines": wish(strangers)["lines"]}
    assert errors(asks(REQUEST, **foreign)) == ["NOT_FOUND"]
    back = deeds.request_return(store.state, strangers, [(strangers.lines[0].id, 1)])
    assert asks(ONE, id=gid("Return", back.id)).json()["data"]["return"] is None


def test_a_preview_tells_what_units_bring_in_the_buyers_money(
    asks: Callable[..., requests.Response], order: Order
) -> None:
    asked = {"orderId": gid("Order", order.id), "returnLineItems": wish(order, 2)["lines"]}
    seen = asks(CALCULATE, input=asked).json()["data"]["returnCalculate"]
    total = seen["financialSummary"]["returnTotalSet"]["presentmentMoney"]
    assert total == {"amount": "179.8", "currencyCode": "EUR"}
    assert seen["returnLineItems"]["nodes"][0]["subtotalSet"]["shopMoney"]["amount"] == "179.8"


def test_nothing_is_told_of_customers_whom_the_app_may_not_see(
    asks: Callable[..., requests.Response], order: Order, store: Running
) -> None:
    store.state.shops[DOMAIN].expose_customers = False
    answer = asks(READ, id=gid("Order", order.id)).json()
    assert (answer["data"]["order"], answer["errors"][0]["extensions"]["code"]) == (None, "ACCESS_DENIED")


def test_who_is_not_logged_in_asks_in_vain(visitor: Visitor, order: Order) -> None:
    body = {"query": READ, "variables": {"id": gid("Order", order.id)}}
    answer = visitor.line.post(f"{visitor.base}/account/customer-api/2026-10", json=body, timeout=5)
    assert answer.status_code == 401
