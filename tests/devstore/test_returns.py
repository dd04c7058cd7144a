"""The store handles returns as Shopify does: states, units, labels, inspections, money to the cent."""

import json
from decimal import Decimal
from typing import Any

import pytest
import requests

from devstore import deeds
from devstore.records import Order, Product
from devstore.server import Running

from .conftest import DOMAIN, HOME, Client, SmallApp

RETURNABLE = """query ($id: ID!) { returnableFulfillments(orderId: $id, first: 10) { nodes { id fulfillment { id name }
  returnableFulfillmentLineItems(first: 10) { nodes { quantity fulfillmentLineItem { id quantity
    lineItem { id suggestedReturnReasonDefinitions(first: 20) { nodes { id handle name deleted } } } } } } } } }"""
REQUEST = """mutation ($input: ReturnRequestInput!) { returnRequest(input: $input) {
  return { id name status returnLineItems(first: 9) { nodes { id quantity customerNote
    returnReasonDefinition { handle } } } } userErrors { code field message } } }"""
CREATE = """mutation ($input: ReturnInput!) { returnCreate(returnInput: $input) {
  return { id status returnLineItems(first: 9) { nodes { id quantity processableQuantity } }
    exchangeLineItems(first: 9) { nodes { id quantity processableQuantity variantId title variantTitle } } }
  userErrors { code field message } } }"""
APPROVE = """mutation ($input: ReturnApproveRequestInput!) { returnApproveRequest(input: $input) {
  return { id status requestApprovedAt reverseFulfillmentOrders(first: 5) { nodes { id status
    lineItems(first: 9) { nodes { id totalQuantity fulfillmentLineItem { id } } } } } }
  userErrors { code field message } } }"""
DECLINE = """mutation ($input: ReturnDeclineRequestInput!) { returnDeclineRequest(input: $input) {
  return { status decline { reason note } } userErrors { code field message } } }"""
STEP = """mutation ($id: ID!) { %s(id: $id) { return { id status closedAt } userErrors { code field message } } }"""
OUTCOME = """query ($id: ID!, $lines: [SuggestedOutcomeReturnLineItemInput!]!,
    $swaps: [SuggestedOutcomeExchangeLineItemInput!]!, $way: RefundMethodAllocation, $duties: [RefundDutyInput!],
    $shipping: RefundShippingInput) {
  return(id: $id) { suggestedFinancialOutcome(returnLineItems: $lines, exchangeLineItems: $swaps,
      refundMethodAllocation: $way, refundDuties: $duties, refundShipping: $shipping) {
    discountedSubtotal { presentmentMoney { amount } } totalTax { presentmentMoney { amount } }
    totalDuties { presentmentMoney { amount } } maximumRefundable { presentmentMoney { amount currencyCode } }
    shipping { amountSet { presentmentMoney { amount } } }
    financialTransfer { __typename
      ... on RefundReturnOutcome { amount { presentmentMoney { amount currencyCode } shopMoney { amount } }
        suggestedTransactions { kind gateway parentTransaction { id kind } amountSet { presentmentMoney { amount } } }
        suggestedRefundMethods { __typename amount { presentmentMoney { amount } } } }
      ... on InvoiceReturnOutcome { amount { presentmentMoney { amount } } } } } } }"""
PROCESS = """mutation ($input: ReturnProcessInput!) { returnProcess(input: $input) { return { id status
    returnLineItems(first: 9) { nodes { id quantity processableQuantity processedQuantity unprocessedQuantity
      refundableQuantity refundedQuantity } }
    exchangeLineItems(first: 9) { nodes { processedQuantity lineItems { id title quantity unfulfilledQuantity } } }
    refunds(first: 9) { nodes { id totalRefundedSet { presentmentMoney { amount } }
      refundLineItems(first: 9) { nodes { quantity subtotalSet { presentmentMoney { amount } } } }
      transactions(first: 9) { nodes { kind gateway amountSet { presentmentMoney { amount } } } } } } }
  userErrors { code field message } } }"""
LABEL = """mutation ($rfo: ID!, $tracking: ReverseDeliveryTrackingInput, $label: ReverseDeliveryLabelInput,
    $tell: Boolean = false) { reverseDeliveryCreateWithShipping(reverseFulfillmentOrderId: $rfo,
    reverseDeliveryLineItems: [], trackingInput: $tracking, labelInput: $label, notifyCustomer: $tell) {
  reverseDelivery { id deliverable { ... on ReverseDeliveryShippingDeliverable {
      tracking { carrierName number url } label { publicFileUrl createdAt } } }
    reverseDeliveryLineItems(first: 9) { nodes { quantity reverseFulfillmentOrderLineItem { id } } } }
  userErrors { code field message } } }"""
STAGE = """mutation ($input: [StagedUploadInput!]!) { stagedUploadsCreate(input: $input) {
  stagedTargets { url resourceUrl parameters { name value } } userErrors { field message } } }"""
DISPOSE = """mutation ($input: [ReverseFulfillmentOrderDisposeInput!]!) {
  reverseFulfillmentOrderDispose(dispositionInputs: $input) {
    reverseFulfillmentOrderLineItems { id dispositions { type quantity location { id name } } }
    userErrors { code field message } } }"""
REMOVE = """mutation ($id: ID!, $lines: [ReturnLineItemRemoveFromReturnInput!]) {
  removeFromReturn(returnId: $id, returnLineItems: $lines) {
    return { totalQuantity } userErrors { code field message } } }"""
SCOPES = ["write_orders", "write_returns", "read_products", "read_customers", "read_locations"]


def gid(kind: str, id: int) -> str:
    return f"gid://shopify/{kind}/{id}"


@pytest.fixture
def staff(client: Client, store: Running) -> Client:
    """The app, allowed to write returns."""
    deeds.grant(store.state, DOMAIN, SCOPES)
    client.token = client.exchange().json()["access_token"]
    return client


@pytest.fixture
def lamp(store: Running, open_shop: object) -> Product:
    return store.state.products.of(DOMAIN)[0]


def sold(store: Running, variant: int, pieces: int = 3, **more: Any) -> Order:
    """An order that was paid and has arrived."""
    given = {"email": "mira@example.com", "shipping_address": HOME} | more
    order = deeds.place_order(store.state, DOMAIN, [(variant, pieces)], **given)
    deeds.scan(store.state, deeds.fulfil(store.state, order), "delivered")
    return order


@pytest.fixture
def order(store: Running, brass: int) -> Order:
    return sold(store, brass)


def packed(order: Order, parcel: int = 0, line: int = 0) -> str:
    return gid("FulfillmentLineItem", order.fulfillments[parcel].lines[line].id)


def lines_of(order: Order, quantity: int, **more: Any) -> list[dict[str, Any]]:
    return [{"fulfillmentLineItemId": packed(order), "quantity": quantity} | more]


def requested(client: Client, order: Order, quantity: int = 1, **more: Any) -> Any:
    asked = {"orderId": gid("Order", order.id), "returnLineItems": lines_of(order, quantity, **more)}
    return client.data(REQUEST, input=asked)["returnRequest"]


def created(client: Client, order: Order, quantity: int, fee: str | None = None, **more: Any) -> Any:
    line = {key: more.pop(key) for key in ("restockingFee",) if key in more}
    asked = {"orderId": gid("Order", order.id), "returnLineItems": lines_of(order, quantity, **line)} | more
    if fee:
        asked["returnShippingFee"] = {"amount": {"amount": fee, "currencyCode": order.presentment_currency}}
    answer = client.data(CREATE, input=asked)["returnCreate"]
    assert answer["userErrors"] == []
    return answer["return"]


def outcome(client: Client, back: Any, quantity: int, **more: Any) -> Any:
    lines = [{"id": back["returnLineItems"]["nodes"][0]["id"], "quantity": quantity}] if quantity else []
    given = {"id": back["id"], "lines": lines, "swaps": [], "way": "ORIGINAL_PAYMENT_METHODS"} | more
    return client.data(OUTCOME, **given)["return"]["suggestedFinancialOutcome"]


def worth(found: Any) -> str:
    amount: str = found["financialTransfer"]["amount"]["presentmentMoney"]["amount"]
    return amount


def processed(client: Client, order: Order, back: Any, quantity: int, amount: str | None, **more: Any) -> Any:
    line = {"id": back["returnLineItems"]["nodes"][0]["id"], "quantity": quantity}
    asked = {"returnId": back["id"], "returnLineItems": [line | more.pop("line", {})]} | more
    if amount is not None:
        sale = gid("OrderTransaction", order.transaction_id)
        money = {"amount": amount, "currencyCode": order.presentment_currency}
        refund = {"orderTransactions": [{"parentId": sale, "transactionAmount": money}]}
        asked["financialTransfer"] = {"issueRefund": refund}
    return client.data(PROCESS, input=asked)["returnProcess"]


def code(answer: Any) -> str:
    assert answer["userErrors"], answer
    word: str = answer["userErrors"][0]["code"]
    return word


def test_only_what_was_sent_and_is_in_no_live_return_may_come_back(staff: Client, order: Order) -> None:
    def free() -> list[int]:
        nodes = staff.data(RETURNABLE, id=gid("Order", order.id))["returnableFulfillments"]["nodes"]
        return [line["quantity"] for node in nodes for line in node["returnableFulfillmentLineItems"]["nodes"]]

    assert free() == [3]
    first = requested(staff, order, 2)["return"]
    assert free() == [1]
    assert code(requested(staff, order, 2)) == "INVALID"
    asked = {"id": first["id"], "declineReason": "FINAL_SALE", "declineNote": "Sale"}
    assert staff.data(DECLINE, input=asked)["returnDeclineRequest"]["return"]["decline"]["reason"] == "FINAL_SALE"
    assert free() == [3]
    requested(staff, order, 3)
    assert free() == []


def test_reasons_fit_the_goods_and_speak_the_callers_language(staff: Client, store: Running, lamp: Product) -> None:
    deeds.update_product(store.state, lamp, product_type="Lighting")
    order = sold(store, lamp.variants[0].id)
    nodes = staff.data(RETURNABLE, id=gid("Order", order.id))["returnableFulfillments"]["nodes"]
    line = nodes[0]["returnableFulfillmentLineItems"]["nodes"][0]["fulfillmentLineItem"]["lineItem"]
    suggested = line["suggestedReturnReasonDefinitions"]["nodes"]
    assert suggested[0]["handle"] == "defective"
    assert not any(reason["deleted"] for reason in suggested)
    library = '{ returnReasonDefinitions(first: 50, handles: ["damaged"]) { nodes { name handle } } }'
    answer = requests.post(
        f"{store.shop_url(DOMAIN)}/admin/api/2026-10/graphql.json",
        json={"query": library},
        headers={"X-Shopify-Access-Token": staff.token, "Accept-Language": "de-CH, fr;q=0.5"},
        timeout=5,
    ).json()
    assert answer["data"]["returnReasonDefinitions"]["nodes"] == [
        {"name": "Beschädigt angekommen", "handle": "damaged"}
    ]


def test_a_request_is_approved_once_and_never_cancelled(
    staff: Client, store: Running, app: SmallApp, order: Order
) -> None:
    reason = staff.data('{ returnReasonDefinitions(first: 1, handles: ["quality"]) { nodes { id } } }')
    id = reason["returnReasonDefinitions"]["nodes"][0]["id"]
    back = requested(staff, order, 1, returnReasonDefinitionId=id, customerNote="Thin")["return"]
    line = back["returnLineItems"]["nodes"][0]
    assert (back["status"], line["customerNote"]) == ("REQUESTED", "Thin")
    assert line["returnReasonDefinition"] == {"handle": "quality"}
    assert code(staff.data(STEP % "returnCancel", id=back["id"])["returnCancel"]) == "INVALID_STATE"
    approved = staff.data(APPROVE, input={"id": back["id"]})["returnApproveRequest"]["return"]
    assert approved["requestApprovedAt"]
    expected = approved["reverseFulfillmentOrders"]["nodes"][0]
    assert (expected["status"], expected["lineItems"]["nodes"][0]["totalQuantity"]) == ("OPEN", 1)
    assert code(staff.data(APPROVE, input={"id": back["id"]})["returnApproveRequest"]) == "INVALID_STATE"
    assert store.log.settle()
    assert {"returns/request", "returns/approve"} <= set(app.topics())


def test_notes_and_percentages_have_their_limits(staff: Client, order: Order) -> None:
    assert code(requested(staff, order, 1, customerNote="x" * 301)) == "TOO_LONG"
    assert code(requested(staff, order, 1, restockingFee={"percentage": 120})) == "INVALID"
    assert code(requested(staff, order, 0)) == "GREATER_THAN"
    back = requested(staff, order)["return"]
    asked = {"id": back["id"], "declineReason": "OTHER", "declineNote": "x" * 501}
    assert code(staff.data(DECLINE, input=asked)["returnDeclineRequest"]) == "TOO_LONG"


def test_an_open_return_can_be_cancelled_until_something_was_done(staff: Client, order: Order) -> None:
    first, second = created(staff, order, 1), created(staff, order, 1)
    assert staff.data(STEP % "returnCancel", id=first["id"])["returnCancel"]["return"]["status"] == "CANCELED"
    processed(staff, order, second, 1, "89.90")
    assert code(staff.data(STEP % "returnCancel", id=second["id"])["returnCancel"]) == "INVALID_STATE"
    closed = staff.data(STEP % "returnClose", id=second["id"])["returnClose"]["return"]
    assert closed["closedAt"]
    again = staff.data(STEP % "returnReopen", id=second["id"])["returnReopen"]["return"]
    assert (again["status"], again["closedAt"]) == ("OPEN", None)


@pytest.mark.parametrize(
    ("currency", "rate", "discount", "price", "one_by_one"),
    [
        ("EUR", "1", None, "89.90", ["89.9", "89.9", "89.9"]),
        ("EUR", "1", ("MINUS10", "fixed_amount", "10"), "33.33", ["30.0", "29.99", "30.0"]),
        ("JPY", "163.25", ("MINUS10", "fixed_amount", "10"), "33.33", ["4897.0", "4896.0", "4897.0"]),
        ("KWD", "0.3335", ("TENTH", "percentage", "10"), "33.33", ["10.004", "10.004", "10.004"]),
    ],
)
def test_units_give_the_same_one_by_one_and_together(
    staff: Client, store: Running, lamp: Product, currency: str, rate: str, discount: Any, price: str, one_by_one: Any
) -> None:
    lamp.variants[0].price = price
    more = {"presentment_currency": currency, "exchange_rate": rate, "discount": discount}
    order, same = (sold(store, lamp.variants[0].id, **more) for _ in range(2))
    whole = worth(outcome(staff, created(staff, same, 3), 3))
    given = []
    back = created(staff, order, 3)
    for _ in range(3):
        amount = worth(outcome(staff, back, 1))
        answer = processed(staff, order, back, 1, amount)
        assert answer["userErrors"] == []
        given.append(amount)
    assert given == one_by_one
    assert sum(map(Decimal, given)) == Decimal(whole)
    line = answer["return"]["returnLineItems"]["nodes"][0]
    assert (line["processedQuantity"], line["refundedQuantity"], line["processableQuantity"]) == (3, 3, 0)
    assert code(processed(staff, order, back, 1, "0.01")) == "INVALID"


def test_fees_are_taken_off_by_the_suggestion_alone(staff: Client, order: Order) -> None:
    back = created(staff, order, 2, fee="4.50", restockingFee={"percentage": 10.0})
    found = outcome(staff, back, 1)
    assert (found["discountedSubtotal"]["presentmentMoney"]["amount"], worth(found)) == ("89.9", "76.41")
    sale = found["financialTransfer"]["suggestedTransactions"][0]
    assert sale["parentTransaction"] == {"id": gid("OrderTransaction", order.transaction_id), "kind": "SALE"}
    answer = processed(staff, order, back, 1, "89.90")
    assert answer["return"]["refunds"]["nodes"][0]["totalRefundedSet"]["presentmentMoney"]["amount"] == "89.9"
    assert worth(outcome(staff, back, 1)) == "80.91", "the fee of the way back is taken once"


def test_fees_never_make_the_buyer_pay(staff: Client, order: Order) -> None:
    back = created(staff, order, 1, fee="500")
    assert outcome(staff, back, 1)["financialTransfer"] is None


def test_nothing_more_goes_back_than_was_paid(staff: Client, store: Running, order: Order) -> None:
    back = created(staff, order, 3)
    assert code(processed(staff, order, back, 3, "300.00")) == "INVALID"
    assert order.refunds == [] and back["returnLineItems"]["nodes"][0]["processableQuantity"] == 3
    deeds.refund(store.state, order, amount="100")
    found = outcome(staff, back, 3)
    assert (found["maximumRefundable"]["presentmentMoney"]["amount"], worth(found)) == ("174.6", "174.6")
    wrong = {"orderTransactions": [], "refundMethods": [{"storeCreditRefund": {"amount": _euro("174.61")}}]}
    asked = {"returnId": back["id"], "financialTransfer": {"issueRefund": wrong}}
    assert code(staff.data(PROCESS, input=asked)["returnProcess"]) == "INVALID"


def _euro(amount: str) -> dict[str, str]:
    return {"amount": amount, "currencyCode": "EUR"}


def test_store_credit_is_offered_and_paid(staff: Client, store: Running, app: SmallApp, order: Order) -> None:
    back = created(staff, order, 1)
    way = outcome(staff, back, 1, way="STORE_CREDIT")["financialTransfer"]
    assert way["suggestedTransactions"] == []
    assert way["suggestedRefundMethods"][0]["amount"]["presentmentMoney"]["amount"] == "89.9"
    line = {"id": back["returnLineItems"]["nodes"][0]["id"], "quantity": 1}
    refund = {"orderTransactions": [], "refundMethods": [{"storeCreditRefund": {"amount": _euro("89.90")}}]}
    asked = {"returnId": back["id"], "returnLineItems": [line], "financialTransfer": {"issueRefund": refund}}
    made = staff.data(PROCESS, input=asked)["returnProcess"]["return"]["refunds"]["nodes"][0]
    assert made["transactions"]["nodes"][0]["gateway"] == "shopify_store_credit"
    assert store.log.settle()
    told = next(json.loads(each.body) for each in app.heard if each.topic == "refunds/create")
    assert told["return"]["admin_graphql_api_id"] == back["id"]
    assert [(paid["gateway"], paid["amount"]) for paid in told["transactions"]] == [("shopify_store_credit", "89.90")]


def test_goods_are_judged_with_or_without_money(staff: Client, store: Running, lamp: Product, order: Order) -> None:
    stock = lamp.variants[0].inventory_quantity
    back = created(staff, order, 3)
    expected = order.returns[0].reverse_orders[0].lines[0]
    line = gid("ReverseFulfillmentOrderLineItem", expected.id)
    shelf = staff.data("{ locations(first: 1) { nodes { id name } } }")["locations"]["nodes"][0]["id"]
    restock = {"reverseFulfillmentOrderLineItemId": line, "quantity": 1, "dispositionType": "RESTOCKED"}
    assert code(staff.data(DISPOSE, input=[restock])["reverseFulfillmentOrderDispose"]) == "BLANK"
    scrap = {"reverseFulfillmentOrderLineItemId": line, "quantity": 1, "dispositionType": "NOT_RESTOCKED"}
    done = staff.data(DISPOSE, input=[restock | {"locationId": shelf}, scrap])["reverseFulfillmentOrderDispose"]
    kept = done["reverseFulfillmentOrderLineItems"][0]["dispositions"]
    assert [one["type"] for one in kept] == ["RESTOCKED", "NOT_RESTOCKED"]
    assert lamp.variants[0].inventory_quantity == stock + 1
    missing = {"reverseFulfillmentOrderLineItemId": line, "quantity": 2, "dispositionType": "MISSING"}
    answer = processed(staff, order, back, 1, None, line={"dispositions": [missing]})
    assert code(answer) == "INVALID"
    answer = processed(staff, order, back, 1, None, line={"dispositions": [missing | {"quantity": 1}]})
    found = answer["return"]["returnLineItems"]["nodes"][0]
    assert (found["processedQuantity"], found["refundedQuantity"], found["refundableQuantity"]) == (1, 0, 3)
    assert order.returns[0].reverse_orders[0].status == "CLOSED"


def test_an_exchange_joins_the_order_when_it_is_processed(
    staff: Client, store: Running, lamp: Product, order: Order
) -> None:
    steel = lamp.variants[1]
    swap = [{"variantId": gid("ProductVariant", steel.id), "quantity": 1}]
    back = created(staff, order, 1, exchangeLineItems=swap)
    line = back["exchangeLineItems"]["nodes"][0]
    assert (line["title"], line["variantTitle"], line["processableQuantity"]) == ("Desk lamp", "Steel", 1)
    assert len(order.lines) == 1
    swaps = [{"id": line["id"], "quantity": 1}]
    assert worth(outcome(staff, back, 1, swaps=swaps)) == "10.0"
    owed = outcome(staff, back, 0, swaps=swaps)["financialTransfer"]
    assert (owed["__typename"], owed["amount"]["presentmentMoney"]["amount"]) == ("InvoiceReturnOutcome", "79.9")
    stock = steel.inventory_quantity
    answer = processed(staff, order, back, 1, "10.00", exchangeLineItems=swaps)
    made = answer["return"]["exchangeLineItems"]["nodes"][0]["lineItems"][0]
    assert (made["title"], made["quantity"], made["unfulfilledQuantity"]) == ("Desk lamp", 1, 1)
    assert (steel.inventory_quantity, order.lines[-1].variant_id) == (stock - 1, steel.id)
    question = (
        "query ($id: ID!) { order(id: $id) { totalOutstandingSet { shopMoney { amount } } displayFulfillmentStatus } }"
    )
    now = staff.data(question, id=gid("Order", order.id))["order"]
    assert now == {
        "totalOutstandingSet": {"shopMoney": {"amount": "0.0"}},
        "displayFulfillmentStatus": "PARTIALLY_FULFILLED",
    }


def test_an_even_exchange_moves_no_money(staff: Client, lamp: Product, order: Order) -> None:
    swap = [{"variantId": gid("ProductVariant", lamp.variants[0].id), "quantity": 1}]
    back = created(staff, order, 1, exchangeLineItems=swap)
    swaps = [{"id": back["exchangeLineItems"]["nodes"][0]["id"], "quantity": 1}]
    assert outcome(staff, back, 1, swaps=swaps)["financialTransfer"] is None


def test_duties_and_delivery_go_back_when_they_are_asked_for(staff: Client, store: Running, brass: int) -> None:
    order = sold(store, brass, duties=["10.00"])
    back = created(staff, order, 3)
    duty = staff.data(
        "query ($id: ID!) { order(id: $id) { lineItems(first: 1) { nodes { duties { id } } } } }",
        id=gid("Order", order.id),
    )
    id = duty["order"]["lineItems"]["nodes"][0]["duties"][0]["id"]
    share = outcome(staff, back, 1, duties=[{"dutyId": id, "refundType": "PROPORTIONAL"}])
    assert (share["totalDuties"]["presentmentMoney"]["amount"], worth(share)) == ("3.33", "93.23")
    full = outcome(staff, back, 3, duties=[{"dutyId": id, "refundType": "FULL"}], shipping={"fullRefund": True})
    assert (worth(full), order.paid) == ("284.6", "284.60")


def test_taxes_on_top_go_back_with_the_goods(staff: Client, store: Running, brass: int) -> None:
    deeds.update_shop(store.state, store.state.shops[DOMAIN], taxes_included=False, tax_rate="0.0875")
    order = sold(store, brass)
    found = outcome(staff, created(staff, order, 1), 1)
    assert (found["totalTax"]["presentmentMoney"]["amount"], worth(found)) == ("7.87", "97.77")


def test_a_label_is_uploaded_attached_and_told(staff: Client, store: Running, app: SmallApp, order: Order) -> None:
    created(staff, order, 1)
    rfo = gid("ReverseFulfillmentOrder", order.returns[0].reverse_orders[0].id)
    asked = {"filename": "label.pdf", "mimeType": "application/pdf", "resource": "RETURN_LABEL", "httpMethod": "PUT"}
    target = staff.data(STAGE, input=[asked])["stagedUploadsCreate"]["stagedTargets"][0]
    assert requests.get(target["resourceUrl"], timeout=5).status_code == 404
    sent = requests.put(target["url"], data=b"%PDF-1.7", headers={"Content-Type": "application/pdf"}, timeout=5)
    assert sent.status_code == 200
    assert requests.put(target["url"], data=b"%PDF", timeout=5).status_code == 403, "an address takes one file"
    answer = staff.data(
        LABEL, rfo=rfo, label={"fileUrl": target["resourceUrl"]}, tracking={"number": "1ZR4F718680001234"}
    )["reverseDeliveryCreateWithShipping"]
    found = answer["reverseDelivery"]["deliverable"]
    assert (found["tracking"]["carrierName"], found["label"]["publicFileUrl"]) == ("UPS", target["resourceUrl"])
    assert requests.get(found["label"]["publicFileUrl"], timeout=5).content == b"%PDF-1.7"
    assert answer["reverseDelivery"]["reverseDeliveryLineItems"]["nodes"][0]["quantity"] == 1
    assert store.log.settle()
    assert "reverse_deliveries/attach_deliverable" not in app.topics(), "the app does not ask for this topic"
    elsewhere = staff.data(LABEL, rfo=rfo, label={"fileUrl": "http://192.0.2.1/label.pdf"})
    assert code(elsewhere["reverseDeliveryCreateWithShipping"]) == "INVALID"


def test_the_store_writes_to_no_buyer_about_a_label(staff: Client, order: Order) -> None:
    created(staff, order, 1)
    rfo = gid("ReverseFulfillmentOrder", order.returns[0].reverse_orders[0].id)
    answer = staff.graphql(LABEL, rfo=rfo, tracking={"number": "1Z"}, tell=True).json()
    assert "writes to nobody" in answer["errors"][0]["message"]


def test_pieces_are_taken_off_a_return(staff: Client, store: Running, app: SmallApp, order: Order) -> None:
    back = created(staff, order, 3)
    line = back["returnLineItems"]["nodes"][0]["id"]
    answer = staff.data(REMOVE, id=back["id"], lines=[{"returnLineItemId": line, "quantity": 2}])["removeFromReturn"]
    assert answer["return"]["totalQuantity"] == 1
    processed(staff, order, back, 1, "89.90")
    again = staff.data(REMOVE, id=back["id"], lines=[{"returnLineItemId": line, "quantity": 1}])["removeFromReturn"]
    assert code(again) == "INVALID"
    assert store.log.settle()
    told = next(json.loads(each.body) for each in app.heard if each.topic == "returns/update")
    assert told["return_line_items"]["removals"] == [{"admin_graphql_api_id": line, "delta": 2}]


def test_what_is_processed_is_told_with_an_empty_body(
    staff: Client, store: Running, app: SmallApp, order: Order
) -> None:
    processed(staff, order, created(staff, order, 1), 1, "89.90")
    assert store.log.settle()
    assert [json.loads(each.body) for each in app.heard if each.topic == "returns/process"] == [{}]
    assert {"refunds/create", "orders/updated"} <= set(app.topics())


def test_a_return_is_worked_out_without_being_made(staff: Client, lamp: Product, order: Order) -> None:
    asked = {
        "orderId": gid("Order", order.id),
        "returnLineItems": lines_of(order, 2, restockingFee={"percentage": 10.0}),
        "exchangeLineItems": [{"variantId": gid("ProductVariant", lamp.variants[1].id), "quantity": 1}],
        "returnShippingFee": {"amount": _euro("4.50")},
    }
    found = staff.data(
        """query ($input: CalculateReturnInput!) { returnCalculate(input: $input) {
          returnLineItems { quantity subtotalSet { shopMoney { amount } }
            restockingFee { percentage amountSet { shopMoney { amount } } } }
          exchangeLineItems { subtotalSet { shopMoney { amount } } variant { title } }
          returnShippingFee { amountSet { shopMoney { amount } } } } }""",
        input=asked,
    )["returnCalculate"]
    assert found["returnLineItems"] == [
        {
            "quantity": 2,
            "subtotalSet": {"shopMoney": {"amount": "179.8"}},
            "restockingFee": {"percentage": 10.0, "amountSet": {"shopMoney": {"amount": "17.98"}}},
        }
    ]
    assert found["exchangeLineItems"] == [
        {"subtotalSet": {"shopMoney": {"amount": "79.9"}}, "variant": {"title": "Steel"}}
    ]
    assert order.returns == []


def test_who_may_only_read_returns_writes_none(client: Client, store: Running, order: Order) -> None:
    deeds.grant(store.state, DOMAIN, ["read_orders", "read_returns"])
    client.token = client.exchange().json()["access_token"]
    asked = {"orderId": gid("Order", order.id), "returnLineItems": lines_of(order, 1)}
    answer = client.graphql(REQUEST, input=asked).json()
    assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert order.returns == []


def test_another_shops_return_does_not_exist(staff: Client) -> None:
    answer = staff.data(STEP % "returnClose", id=gid("Return", 1))["returnClose"]
    assert (code(answer), answer["return"]) == ("NOT_FOUND", None)
