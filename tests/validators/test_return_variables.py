"""The variables that our code builds for returns are what the real schema's inputs take, with nothing deprecated."""

from decimal import Decimal
from typing import Any

import graphql
import pytest
from graphql.execution.values import get_variable_values

from shopify_app.returns import requests
from shopify_app.returns.basket import Basket
from shopify_app.returns.execution import filing, payout, shipping
from shopify_app.returns.models import CREDIT, EXCHANGE, Item, Request
from shopify_app.returns.policy import money
from shopify_app.returns.policy.terms import Fee, Terms
from shopify_app.returns.requests import handling, inspecting
from shopify_app.shopify.admin_api import document
from shopify_app.shopify.models import Shop
from tests.returns.conftest import asks, basket, known_order, piece, wish
from tests.validators import admin_schema

__all__ = ("known_order",)


def faults(name: str, variables: dict[str, Any]) -> list[str]:
    """What the real schema says of these variables."""
    schema, tree = admin_schema.schema(), graphql.parse(document(name))
    (operation,) = [one for one in tree.definitions if isinstance(one, graphql.OperationDefinitionNode)]
    coerced = get_variable_values(schema, operation.variable_definitions, variables)
    if isinstance(coerced, list):
        return [error.message for error in coerced]
    old = []
    for definition in operation.variable_definitions:
        kind = graphql.type_from_ast(schema, definition.type)
        old += deprecated(kind, variables.get(definition.variable.name.value))
    return old


def deprecated(kind: Any, value: Any) -> list[str]:
    """Fields of a value that Shopify is going to take away."""
    kind = graphql.get_nullable_type(kind)
    if isinstance(value, list):
        return [found for one in value for found in deprecated(kind.of_type, one)]
    if not isinstance(value, dict):
        return []
    fields = graphql.get_named_type(kind).fields
    own = [name for name in value if fields[name].deprecation_reason]
    return own + [found for name, one in value.items() for found in deprecated(fields[name].type, one)]


@pytest.fixture
def request_of(shop: Shop, known_order: int) -> tuple[Request, list[Item]]:
    what = basket(piece(quantity=3))
    request = asks(
        shop,
        what,
        wish(note="Too big " * 50),
        wish(outcome=CREDIT),
        wish(outcome=EXCHANGE, variant_id=9102),
        preview=_with_fees(what),
    )
    return request, list(requests.items(shop, [request.id])[request.id])


def _with_fees(what: Basket) -> money.Preview:
    fee = Fee(restocking=Decimal("12.5"), shipping=490)
    terms = Terms(refund=fee, credit=fee, exchange=fee)
    wishes = [wish(), wish(outcome=CREDIT), wish(outcome=EXCHANGE, variant_id=9102)]
    return money.preview(what, wishes, terms, {9102: 9990})


def test_of_filing_and_of_making_anew(shop: Shop, request_of: tuple[Request, list[Item]]) -> None:
    request, items = request_of
    assert faults("returns/file", filing.filing(shop, request, items)) == []
    assert faults("returns/create", filing.creation(shop, request, items)) == []


def test_of_deciding_and_calling_off() -> None:
    gid = "gid://shopify/Return/1"
    assert faults("returns/approve", {"id": gid}) == []
    assert faults("returns/cancel", {"id": gid}) == []
    assert faults("returns/close", {"id": gid}) == []
    for why in ("return_period_ended", "final_sale", "other"):
        assert faults("returns/decline", {"id": gid, "reason": why.upper(), "note": None}) == []


def test_of_labels() -> None:
    assert faults("returns/stage_label", shipping.staging("application/pdf", 12_345)) == []
    about = {"tracking": {"number": "1Z", "url": "https://x.example"}, "label": {"fileUrl": "https://x.example/l.pdf"}}
    for name in ("label", "relabel"):
        assert faults(f"returns/{name}", {"id": "gid://shopify/ReverseDelivery/1"} | about) == []
        assert (
            faults(f"returns/{name}", {"id": "gid://shopify/ReverseDelivery/1", "tracking": None, "label": None}) == []
        )


def test_of_paying_back() -> None:
    amount = payout.priced(1234, "EUR")
    given = {
        "returnId": "gid://shopify/Return/1",
        "notifyCustomer": False,
        "returnLineItems": [
            {
                "id": "gid://shopify/ReturnLineItem/1",
                "quantity": 1,
                "dispositions": [
                    {
                        "reverseFulfillmentOrderLineItemId": "gid://shopify/ReverseFulfillmentOrderLineItem/1",
                        "quantity": 1,
                        "dispositionType": condition.upper(),
                        "locationId": "gid://shopify/Location/1",
                    }
                    for condition in (*inspecting.CONDITIONS, handling.MISSING)
                ],
            }
        ],
        "exchangeLineItems": [{"id": "gid://shopify/ExchangeLineItem/1", "quantity": 1}],
        "refundShipping": {"shippingRefundAmount": amount},
        "refundDuties": [{"dutyId": "gid://shopify/Duty/1", "refundType": "PROPORTIONAL"}],
        "financialTransfer": {
            "issueRefund": {
                "orderTransactions": [{"parentId": "gid://shopify/OrderTransaction/1", "transactionAmount": amount}],
                "refundMethods": [{"storeCreditRefund": {"amount": amount}}],
            }
        },
    }
    assert faults("returns/process", {"input": given}) == []


def test_the_check_finds_what_is_wrong_and_what_is_old() -> None:
    assert faults("returns/decline", {"id": "gid://shopify/Return/1", "reason": "MOOD"})
    old = {"orderId": "gid://shopify/Order/1", "returnLineItems": [], "notifyCustomer": True}
    assert faults("returns/create", {"input": old}) == ["notifyCustomer"]


def test_of_taking_out_what_was_rejected() -> None:
    given = {
        "id": "gid://shopify/Return/1",
        "lines": [{"returnLineItemId": "gid://shopify/ReturnLineItem/1", "quantity": 1}],
        "exchanges": [{"exchangeLineItemId": "gid://shopify/ExchangeLineItem/1", "quantity": 1}],
    }
    assert faults("returns/remove", given) == []
