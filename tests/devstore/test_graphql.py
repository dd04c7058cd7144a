"""Admin GraphQL answers, pages, searches, refuses and throttles as Shopify's does."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from devstore import deeds
from devstore.records import Order
from devstore.server import Running

from .conftest import DOMAIN, HOME, Client, SmallApp

TRACK = """
query TrackOrder($id: ID!) { order(id: $id) { id legacyResourceId name confirmationNumber email createdAt processedAt
  cancelledAt cancelReason statusPageUrl(audience: CUSTOMERVIEW) displayFulfillmentStatus displayFinancialStatus
  returnStatus customerLocale test currentTotalPriceSet { presentmentMoney { amount currencyCode } }
  paymentGatewayNames customer { id } shippingAddress { firstName lastName city provinceCode countryCodeV2 zip }
  lineItems(first: 100) { pageInfo { hasNextPage endCursor } nodes { id title variantTitle sku quantity currentQuantity
    unfulfilledQuantity refundableQuantity image { url(transform: {maxWidth: 160}) altText } } }
  fulfillments(first: 50) { id name status displayStatus createdAt inTransitAt deliveredAt estimatedDeliveryAt
    trackingInfo(first: 10) { company number url }
    fulfillmentLineItems(first: 100) { nodes { id quantity lineItem { id } } }
    events(first: 50, sortKey: HAPPENED_AT, reverse: true) { nodes { id status happenedAt message city } } }
  returns(first: 20) { nodes { id name status createdAt } } } }
"""
FIND = "query ($q: String!) { orders(first: 50, query: $q) { nodes { name } } }"


def place(store: Running, variant: int, **more: Any) -> Order:
    more = {"email": "mira@example.com", "shipping_address": HOME} | more
    return deeds.place_order(store.state, DOMAIN, [(variant, 2)], **more)


def found(client: Client, query: str) -> list[str]:
    return [node["name"] for node in client.data(FIND, q=query)["orders"]["nodes"]]


def test_a_parcel_is_followed_from_the_order_to_its_last_scan(client: Client, store: Running, brass: int) -> None:
    order = place(store, brass)
    parcel = deeds.fulfil(store.state, order, [(order.lines[0].id, 1)], company="DHL", number="0034")
    at = datetime(2026, 11, 1, 8, tzinfo=UTC)
    deeds.scan(store.state, parcel, "in_transit", city="Leipzig", happened_at=at)
    deeds.scan(store.state, parcel, "delivered", city="Berlin", happened_at=at + timedelta(days=1))
    deeds.scan(store.state, parcel, "out_for_delivery", happened_at=at + timedelta(hours=20))
    seen = client.data(TRACK, id=f"gid://shopify/Order/{order.id}")["order"]
    assert (seen["legacyResourceId"], seen["displayFulfillmentStatus"]) == (str(order.id), "PARTIALLY_FULFILLED")
    assert seen["currentTotalPriceSet"]["presentmentMoney"] == {"amount": "184.7", "currencyCode": "EUR"}
    assert seen["lineItems"]["nodes"][0]["image"]["url"] == f"{store.url}/cdn/pictures/lamp.svg"
    shown = seen["fulfillments"][0]
    assert [event["status"] for event in shown["events"]["nodes"]] == ["DELIVERED", "OUT_FOR_DELIVERY", "IN_TRANSIT"]
    assert (shown["displayStatus"], shown["deliveredAt"]) == ("DELIVERED", "2026-11-02T08:00:00Z")
    assert seen["statusPageUrl"].startswith(store.storefront_url(DOMAIN))


def test_pages_follow_one_another_without_gap_even_while_orders_change(
    client: Client, store: Running, brass: int
) -> None:
    query = """query ($after: String) { orders(first: 2, after: $after, sortKey: UPDATED_AT) {
        nodes { name } pageInfo { hasNextPage endCursor } } }"""
    orders = [place(store, brass) for _ in range(5)]
    first = client.data(query)["orders"]
    deeds.update_order(store.state, orders[0], note="newer")
    second = client.data(query, after=first["pageInfo"]["endCursor"])["orders"]
    third = client.data(query, after=second["pageInfo"]["endCursor"])["orders"]
    names = [node["name"] for page in (first, second, third) for node in page["nodes"]]
    assert names == ["#1001", "#1002", "#1003", "#1004", "#1005", "#1001"]
    assert [page["pageInfo"]["hasNextPage"] for page in (first, second, third)] == [True, True, False]


def test_a_page_without_a_size_is_refused(client: Client) -> None:
    assert "first or last" in client.graphql("{ orders { nodes { id } } }").json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["#1001", "#1002", "#1003"]),
        ('name:"#1001"', ["#1001"]),
        ("name:1002", ["#1002"]),
        ("name:#100*", ["#1001", "#1002", "#1003"]),
        ('email:"mira@example.com"', ["#1001", "#1003"]),
        ('name:"#1001" AND email:"yuki@example.com"', []),
        ("name:1001 OR name:1002", ["#1001", "#1002"]),
        ("-name:1001 NOT name:1002", ["#1003"]),
        ("(name:1001 OR name:1002) email:yuki@example.com", ["#1002"]),
        ("financial_status:pending", ["#1002"]),
        ("financial_status:paid status:open", ["#1001"]),
        ("status:cancelled", ["#1003"]),
        ("created_at:>='2026-01-01T00:00:00Z'", ["#1001", "#1002", "#1003"]),
        ("created_at:<2026-01-01", []),
        ("updated_at:>2000-01-01 processed_at:>2000-01-01", ["#1001", "#1002", "#1003"]),
        ("yuki@example.com", ["#1002"]),
    ],
)
def test_orders_are_searched_in_shopifys_syntax(
    client: Client, store: Running, brass: int, query: str, names: list[str]
) -> None:
    place(store, brass)
    place(store, brass, email="yuki@example.com", paid=False)
    deeds.cancel(store.state, place(store, brass))
    assert found(client, query) == names


def test_a_search_finds_an_order_with_a_suffix_too(client: Client, store: Running, brass: int) -> None:
    place(store, brass)
    deeds.update_shop(store.state, store.state.shops[DOMAIN], order_suffix="-B", next_order_number=1001)
    place(store, brass)
    assert found(client, "name:1001") == ["#1001", "#1001-B"]


@pytest.mark.parametrize("query", ["colour:red", "name:1001 )", "created_at:>yesterday", '"'])
def test_a_search_that_the_store_cannot_play_is_refused(client: Client, query: str) -> None:
    assert client.graphql(FIND, q=query).json()["errors"]


def test_orders_older_than_sixty_days_need_their_own_scope(client: Client, store: Running, brass: int) -> None:
    old = place(store, brass, at=store.state.now() - timedelta(days=61))
    place(store, brass)
    gid = f"gid://shopify/Order/{old.id}"
    assert found(client, "") == ["#1002"]
    assert client.data("query ($id: ID!) { order(id: $id) { id } }", id=gid)["order"] is None
    deeds.grant(store.state, DOMAIN, ["read_orders", "read_all_orders"])
    client.token = client.exchange().json()["access_token"]
    assert found(client, "") == ["#1001", "#1002"]


def test_a_field_without_its_scope_is_null_and_named(client: Client, store: Running, brass: int) -> None:
    place(store, brass)
    deeds.grant(store.state, DOMAIN, ["read_orders"])
    client.token = client.exchange().json()["access_token"]
    answer = client.graphql("{ orders(first: 1) { nodes { name customer { id } } } }").json()
    assert answer["data"]["orders"]["nodes"] == [{"name": "#1001", "customer": None}]
    assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


def test_nobody_sees_another_shops_order(client: Client, store: Running, brass: int) -> None:
    other = "second-shop.myshopify.com"
    deeds.add_shop(store.state, other, "Second", email="two@example.com", address=HOME)
    lamp = deeds.add_product(store.state, other, "Rug", [{"title": "Red", "price": "10"}])
    order = deeds.place_order(store.state, other, [(lamp.variants[0].id, 1)], email="mira@example.com")
    parcel = deeds.fulfil(store.state, order)
    ids = [
        f"gid://shopify/{kind}/{id}"
        for kind, id in (
            ("Order", order.id),
            ("Customer", order.customer_id),
            ("Product", lamp.id),
            ("ProductVariant", lamp.variants[0].id),
            ("Fulfillment", parcel.id),
        )
    ]
    assert client.data("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)["nodes"] == [None] * 5
    assert found(client, "") == []


def test_nodes_gives_each_kind_by_its_gid(client: Client, store: Running, brass: int) -> None:
    order = place(store, brass)
    parcel = deeds.fulfil(store.state, order)
    refund = deeds.refund(store.state, order, [(order.lines[0].id, 1)])
    asked = deeds.request_return(store.state, order, [(order.lines[0].id, 1)], reason="COLOR")
    kinds = {"Order": order.id, "Fulfillment": parcel.id, "Refund": refund.id, "Return": asked.id}
    ids = [f"gid://shopify/{kind}/{id}" for kind, id in kinds.items()] + ["gid://shopify/Order/1", "nonsense"]
    nodes = client.data("query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=ids)["nodes"]
    assert [node and node["__typename"] for node in nodes] == [*kinds, None, None]


def test_money_keeps_both_currencies_and_shopifys_form(client: Client, store: Running, brass: int) -> None:
    place(store, brass, presentment_currency="JPY", exchange_rate="163.4")
    bag = client.data(
        "{ orders(first: 1) { nodes { totalPriceSet { shopMoney { amount } presentmentMoney { amount } } } } }"
    )
    assert bag["orders"]["nodes"][0]["totalPriceSet"] == {
        "shopMoney": {"amount": "184.7"},
        "presentmentMoney": {"amount": "30180.0"},
    }


def test_a_buyer_has_consent_on_the_address_it_was_given_for(client: Client, store: Running, brass: int) -> None:
    place(store, brass, buyer_accepts_marketing=True)
    query = """{ customers(first: 1) { nodes { displayName locale numberOfOrders amountSpent { amount }
        defaultEmailAddress { emailAddress marketingState marketingOptInLevel marketingUpdatedAt } } } }"""
    person = client.data(query)["customers"]["nodes"][0]
    assert person["defaultEmailAddress"]["marketingState"] == "SUBSCRIBED"
    assert person["defaultEmailAddress"]["marketingOptInLevel"] == "SINGLE_OPT_IN"
    assert (person["displayName"], person["numberOfOrders"]) == ("Mira Sommer", "1")


def test_the_shop_and_the_install_describe_themselves(client: Client, store: Running) -> None:
    query = """{ shop { id name email myshopifyDomain primaryDomain { url host } ianaTimezone currencyCode
        plan { publicDisplayName partnerDevelopment } shopAddress { countryCodeV2 } }
        currentAppInstallation { id accessScopes { handle } } }"""
    seen = client.data(query)
    assert seen["shop"]["shopAddress"]["countryCodeV2"] == "DE"
    handles = [scope["handle"] for scope in seen["currentAppInstallation"]["accessScopes"]]
    assert sorted(handles) == sorted(store.app.scopes)


def test_products_show_their_picture(client: Client, store: Running, brass: int) -> None:
    query = """{ products(first: 5, query: "title:lamp") { nodes { title
        featuredMedia { preview { image { url altText } } } variants(first: 5) { nodes { title price
        selectedOptions { name value } media(first: 1) { nodes { id } } } } } } }"""
    lamp = client.data(query)["products"]["nodes"][0]
    assert lamp["featuredMedia"]["preview"]["image"]["url"].endswith("/cdn/pictures/lamp.svg")
    assert [variant["price"] for variant in lamp["variants"]["nodes"]] == ["89.90", "79.90"]


def test_every_answer_tells_its_cost_and_an_empty_bucket_throttles(client: Client, store: Running, brass: int) -> None:
    place(store, brass)
    cost = client.graphql("{ orders(first: 10) { nodes { id } } }").json()["extensions"]["cost"]
    assert cost["actualQueryCost"] <= cost["requestedQueryCost"]
    assert cost["throttleStatus"]["maximumAvailable"] == 2000
    store.buckets.take(DOMAIN, 1990)
    answer = client.graphql("{ orders(first: 250) { nodes { id } } }")
    body = answer.json()
    assert (answer.status_code, body["errors"][0]["extensions"]["code"]) == (200, "THROTTLED")
    assert body["extensions"]["cost"]["actualQueryCost"] is None


def test_a_query_that_is_too_dear_is_refused_whatever_the_bucket_holds(client: Client) -> None:
    query = "{ orders(first: 250) { nodes { lineItems(first: 250) { nodes { id product { id } } } } } }"
    assert client.graphql(query).json()["errors"][0]["extensions"]["code"] == "MAX_COST_EXCEEDED"


@pytest.mark.parametrize(
    ("standing", "status"), [("frozen", 402), ("forbidden", 403), ("closed", 404), ("locked", 423)]
)
def test_a_shop_that_is_not_open_says_so(client: Client, store: Running, standing: str, status: int) -> None:
    store.state.shops[DOMAIN].standing = standing
    assert client.graphql("{ shop { name } }").status_code == status


def test_faults_hit_as_often_as_was_asked(client: Client, store: Running) -> None:
    store.faults.order({"graphql": {"throttled": 1, "error": 1}})
    answers = [client.graphql("{ shop { name } }") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [500, 200, 200]
    assert answers[1].json()["errors"][0]["extensions"]["code"] == "THROTTLED"
    store.faults.order({"graphql": {"outage": True}})
    assert client.graphql("{ shop { name } }").status_code == 503


def test_a_wrong_token_or_version_is_refused(client: Client, store: Running) -> None:
    assert client.graphql("{ shop { name } }", "shpat_wrong").status_code == 401
    other = f"{store.shop_url(DOMAIN)}/admin/api/2020-01/graphql.json"
    assert requests.post(other, json={}, headers={"X-Shopify-Access-Token": client.token}, timeout=5).status_code == 404


BULK = """mutation ($query: String!, $grouped: Boolean!) {
    bulkOperationRunQuery(query: $query, groupObjects: $grouped) {
        bulkOperation { id status } userErrors { field message code } } }"""
STATUS = """query ($id: ID!) {
    bulkOperation(id: $id) { status errorCode url objectCount rootObjectCount fileSize } }"""
IMPORT = """{ orders(query: "created_at:>2026-01-01") { edges { node { id name updatedAt
    lineItems { edges { node { id title } } } fulfillments { id trackingInfo { number } } } } } }"""


def run_bulk(client: Client, query: str, grouped: bool = False) -> Any:
    return client.data(BULK, query=query, grouped=grouped)["bulkOperationRunQuery"]


def finished(client: Client, id: str) -> Any:
    for _ in range(100):
        seen = client.data(STATUS, id=id)["bulkOperation"]
        if seen["status"] not in ("CREATED", "RUNNING"):
            return seen
        time.sleep(0.02)
    raise AssertionError("the bulk operation did not end")


def test_a_bulk_query_gives_every_order_and_its_lines_one_by_one(
    client: Client, store: Running, app: SmallApp, brass: int
) -> None:
    deeds.fulfil(store.state, place(store, brass), number="0034")
    place(store, brass)
    started = run_bulk(client, IMPORT)
    assert started["userErrors"] == []
    done = finished(client, started["bulkOperation"]["id"])
    assert (done["status"], done["objectCount"], done["rootObjectCount"]) == ("COMPLETED", "4", "2")
    rows = [json.loads(line) for line in requests.get(done["url"], timeout=5).text.splitlines()]
    orders = {row["id"]: row for row in rows if "__parentId" not in row}
    lines = [row for row in rows if "__parentId" in row]
    assert sorted(row["name"] for row in orders.values()) == ["#1001", "#1002"]
    assert {row["__parentId"] for row in lines} == orders.keys()
    assert sorted(len(order["fulfillments"]) for order in orders.values()) == [0, 1]
    assert store.log.settle()
    told = next(each for each in app.heard if each.topic == "bulk_operations/finish")
    assert json.loads(told.body)["status"] == "completed"


def test_grouped_children_follow_their_parent(client: Client, store: Running, brass: int) -> None:
    place(store, brass)
    place(store, brass)
    done = finished(client, run_bulk(client, IMPORT, grouped=True)["bulkOperation"]["id"])
    rows = [json.loads(line) for line in requests.get(done["url"], timeout=5).text.splitlines()]
    assert ["__parentId" in row for row in rows] == [False, True, False, True]


def test_an_empty_bulk_result_has_no_address(client: Client) -> None:
    done = finished(client, run_bulk(client, "{ orders { edges { node { id } } } }")["bulkOperation"]["id"])
    assert (done["status"], done["url"]) == ("COMPLETED", None)


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("{ shop { name } }", "at least one connection"),
        ("{ orders { edges { node { id ", "Syntax Error"),
        ("{ orders { edges { node { id colour } } } }", "colour"),
        ("{ orders { edges { node { name lineItems { edges { node { id } } } } } } }", "must select the 'id' field"),
        (
            "{ orders { edges { node { id fulfillments { id events { edges { node { id } } } } } } } }",
            "within a list field",
        ),
        ('mutation { bulkOperationCancel(id: "x") { userErrors { message } } }', "must be one query"),
    ],
)
def test_a_query_that_cannot_run_in_bulk_is_a_user_error(client: Client, query: str, complaint: str) -> None:
    answer = run_bulk(client, query)
    assert answer["bulkOperation"] is None
    assert complaint in answer["userErrors"][0]["message"]


def test_a_bulk_operation_can_fail(client: Client, store: Running) -> None:
    store.faults.order({"graphql": {"bulk_failed": 1}})
    done = finished(client, run_bulk(client, IMPORT)["bulkOperation"]["id"])
    assert (done["status"], done["errorCode"]) == ("FAILED", "INTERNAL_SERVER_ERROR")


def test_only_five_bulk_operations_run_at_once(client: Client, store: Running) -> None:
    store.faults.order({"graphql": {"bulk_seconds": 0.5}})
    answers = [run_bulk(client, IMPORT) for _ in range(6)]
    assert [bool(answer["userErrors"]) for answer in answers] == [False] * 5 + [True]
    assert answers[5]["userErrors"][0]["code"] == "LIMIT_REACHED"


def test_a_bulk_result_is_fetched_within_seven_days(client: Client, store: Running, brass: int) -> None:
    place(store, brass)
    done = finished(client, run_bulk(client, IMPORT)["bulkOperation"]["id"])
    store.forward(timedelta(days=8))
    assert requests.get(done["url"], timeout=5).status_code == 410
