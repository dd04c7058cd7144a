"""The store cancels orders and corrects addresses as Shopify does: by itself, later, not after a parcel has gone."""

import json
import time
from decimal import Decimal
from typing import Any

import pytest

from devstore import deeds
from devstore.records import Order
from devstore.server import Running

from .conftest import DOMAIN, HOME, Client, SmallApp

CANCEL = """mutation ($id: ID!, $restock: Boolean! = true) {
    orderCancel(orderId: $id, reason: CUSTOMER, refundMethod: {originalPaymentMethodsRefund: true}, restock: $restock) {
        job { id done } orderCancelUserErrors { field code message } } }"""
JOB = "query ($id: ID!) { job(id: $id) { id done } }"
CORRECT = """mutation ($input: OrderInput!) { orderUpdate(input: $input) {
    order { shippingAddress { name address1 city zip country countryCodeV2 } } userErrors { field message } } }"""
STREET = {"firstName": "Mira", "lastName": "Sommer", "address1": "Ahornweg 9", "zip": "04103", "city": "Leipzig"}


@pytest.fixture
def order(store: Running, brass: int) -> Order:
    return deeds.place_order(store.state, DOMAIN, [(brass, 2)], email="mira@example.com", shipping_address=HOME)


@pytest.fixture
def writer(client: Client, store: Running) -> Client:
    """The app, allowed to write orders."""
    deeds.grant(store.state, DOMAIN, ["write_orders"])
    client.token = client.exchange().json()["access_token"]
    return client


def gid(order: Order) -> str:
    return f"gid://shopify/Order/{order.id}"


def cancelled(client: Client, order: Order) -> Any:
    return client.data(CANCEL, id=gid(order))["orderCancel"]


def done(client: Client, id: str) -> bool:
    for _ in range(100):
        if client.data(JOB, id=id)["job"]["done"]:
            return True
        time.sleep(0.02)
    return False


def corrected(client: Client, order: Order, **fields: str) -> Any:
    address = STREET | {"countryCode": "DE"} | fields
    return client.data(CORRECT, input={"id": gid(order), "shippingAddress": address})["orderUpdate"]


def test_a_cancelled_order_is_paid_back_and_told_by_three_topics(
    writer: Client, store: Running, app: SmallApp, order: Order
) -> None:
    answer = cancelled(writer, order)
    assert answer["orderCancelUserErrors"] == []
    assert done(writer, answer["job"]["id"])
    assert (order.cancel_reason, order.refunded) == ("customer", order.paid)
    assert Decimal(order.paid) > 0
    assert store.log.settle()
    assert {"orders/cancelled", "orders/updated", "refunds/create"} <= set(app.topics())
    told = next(json.loads(each.body) for each in app.heard if each.topic == "orders/cancelled")
    assert told["cancelled_at"]


def test_a_job_takes_its_time(writer: Client, store: Running, order: Order) -> None:
    store.faults.order({"graphql": {"job_seconds": 0.3}})
    answer = cancelled(writer, order)
    assert writer.data(JOB, id=answer["job"]["id"])["job"]["done"] is False
    assert order.cancelled_at is None
    assert done(writer, answer["job"]["id"])
    assert order.cancelled_at is not None


def test_a_job_may_come_to_nothing(writer: Client, store: Running, order: Order) -> None:
    store.faults.order({"graphql": {"job_failed": 1}})
    assert done(writer, cancelled(writer, order)["job"]["id"])
    assert order.cancelled_at is None


def test_what_was_sent_cancelled_or_is_coming_back_is_not_cancelled(
    writer: Client, store: Running, order: Order, brass: int
) -> None:
    sent, gone = (deeds.place_order(store.state, DOMAIN, [(brass, 1)], email="m@example.com") for _ in range(2))
    deeds.fulfil(store.state, sent)
    deeds.cancel(store.state, gone)
    for each in (sent, gone):
        answer = cancelled(writer, each)
        assert (answer["job"], answer["orderCancelUserErrors"][0]["code"]) == (None, "INVALID")
    missing = writer.data(CANCEL, id="gid://shopify/Order/1")["orderCancel"]
    assert missing["orderCancelUserErrors"][0]["code"] == "NOT_FOUND"


def test_an_address_is_replaced_as_a_whole(writer: Client, store: Running, app: SmallApp, order: Order) -> None:
    answer = corrected(writer, order)
    assert answer["userErrors"] == []
    address = {"name": "Mira Sommer", "address1": "Ahornweg 9", "city": "Leipzig", "zip": "04103"}
    assert answer["order"]["shippingAddress"] == address | {"country": "Germany", "countryCodeV2": "DE"}
    assert order.shipping_address
    assert order.shipping_address.phone is None
    assert store.log.settle()
    assert "orders/updated" in app.topics()


def test_an_address_that_nobody_can_deliver_to_is_a_user_error(writer: Client, store: Running, order: Order) -> None:
    assert corrected(writer, order, city="")["userErrors"][0]["field"] == ["shippingAddress", "city"]
    deeds.fulfil(store.state, order)
    assert corrected(writer, order)["userErrors"][0]["field"] == ["shippingAddress"]
    assert order.shipping_address == HOME


def test_who_may_only_read_changes_nothing(client: Client, store: Running, order: Order) -> None:
    deeds.grant(store.state, DOMAIN, ["read_orders"])
    client.token = client.exchange().json()["access_token"]
    for document, variables in ((CANCEL, {"id": gid(order)}), (CORRECT, {"input": {"id": gid(order)}})):
        answer = client.graphql(document, **variables).json()
        assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert order.cancelled_at is None
