"""Mutations of returns, their reverse orders and labels. What cannot be is a userError with a ReturnErrorCode."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from devstore import deeds, outcome, reasons, words
from devstore.deeds import Dispose, Instead, Money, Refused, Wanted
from devstore.deeds.returns import LONGEST_CUSTOMER_NOTE, LONGEST_NOTE, check_units
from devstore.graphql import access
from devstore.graphql.caller import Info, caller, refuse
from devstore.graphql.catalogue import one_variant
from devstore.graphql.money import bag, paid_bag
from devstore.graphql.orders import one, part
from devstore.graphql.parts import Part, parse_gid
from devstore.graphql.returns import inside, processing
from devstore.outcome import Pick, Share, Swap
from devstore.records import FulfillmentLine, Order, ReverseDelivery, ReverseLine, ReverseOrder, Tracking

WRITE = ("write_returns",)
FULL = Decimal(100)

Given = dict[str, Any]


def answered(name: str, subject: str = "return") -> Callable[[Callable[..., Any]], Callable[..., Given]]:
    """A mutation: its scope is checked, and what is refused becomes a userError."""

    def wrap(run: Callable[..., Any]) -> Callable[..., Given]:
        def resolve(info: Info, **given: Any) -> Given:
            access.check(caller(info), WRITE, name)
            _silent(given)
            try:
                return {subject: run(info, **given), "userErrors": []}
            except Refused as wrong:
                error = {"code": wrong.code, "field": list(wrong.field) or None, "message": wrong.message}
                return {subject: None, "userErrors": [error]}

        return resolve

    return wrap


def _silent(given: Given) -> None:
    inner = given.get("input")
    if given.get("notifyCustomer") or (isinstance(inner, dict) and inner.get("notifyCustomer")):
        raise refuse("the store on this machine writes to nobody about a return", "BAD_REQUEST")


@answered("returnRequest")
def request(info: Info, input: Given) -> Part:
    return _file(info, input, "input", is_open=False)


@answered("returnCreate")
def create(info: Info, returnInput: Given) -> Part:  # noqa: N803, Shopify's names, here and below
    return _file(info, returnInput, "returnInput", is_open=True)


@answered("returnApproveRequest")
def approve(info: Info, input: Given) -> Part:
    back = _return(info, input["id"])
    deeds.approve_return(caller(info).state, back.record)
    return back


@answered("returnDeclineRequest")
def decline(info: Info, input: Given) -> Part:
    back = _return(info, input["id"])
    deeds.decline_return(caller(info).state, back.record, input["declineReason"], input.get("declineNote") or "")
    return back


@answered("returnCancel")
def cancel(info: Info, id: str, notifyCustomer: bool = False) -> Part:  # noqa: N803
    back = _return(info, id)
    deeds.cancel_return(caller(info).state, back.record)
    return back


@answered("returnClose")
def close(info: Info, id: str) -> Part:
    back = _return(info, id)
    deeds.close_return(caller(info).state, back.record)
    return back


@answered("returnReopen")
def reopen(info: Info, id: str) -> Part:
    back = _return(info, id)
    deeds.reopen_return(caller(info).state, back.record)
    return back


@answered("removeFromReturn")
def remove(
    info: Info,
    returnId: str,  # noqa: N803
    returnLineItems: list[Given] | None = None,  # noqa: N803
    exchangeLineItems: list[Given] | None = None,  # noqa: N803
) -> Part:
    back = _return(info, returnId)
    lines = {parse_gid(one["returnLineItemId"])[1]: one["quantity"] for one in returnLineItems or []}
    swaps = {parse_gid(one["exchangeLineItemId"])[1]: one["quantity"] for one in exchangeLineItems or []}
    deeds.remove_from_return(caller(info).state, back.record, lines, swaps)
    return back


@answered("returnProcess")
def process(info: Info, input: Given) -> Part:
    back = _return(info, input["returnId"])
    order: Order = back.owner
    asked = [each for line in input["returnLineItems"] for each in line.get("dispositions") or []]
    given = replace(
        processing(order, input),
        dispositions=[_disposition(each) for each in asked],
        money=_money(order, input.get("financialTransfer")),
        note=input.get("note"),
    )
    deeds.process_return(caller(info).state, back.record, given)
    return back


@answered("reverseFulfillmentOrderDispose", "reverseFulfillmentOrderLineItems")
def dispose(info: Info, dispositionInputs: list[Given]) -> list[Part]:  # noqa: N803
    wanted = [_disposition(each) for each in dispositionInputs]
    found = [inside(info, each.reverse_line_id, ReverseLine) for each in wanted]
    if not wanted or any(each is None for each in found):
        raise Refused("NOT_FOUND", "Reverse fulfillment order line item does not exist", "dispositionInputs")
    lines = {each.id: each for each in found if each is not None}
    order = next(iter(lines.values())).owner.owner.owner
    touched = deeds.dispose(caller(info).state, order, wanted)
    return [lines[line.id] for line in touched]


@answered("reverseDeliveryCreateWithShipping", "reverseDelivery")
def deliver(
    info: Info,
    reverseFulfillmentOrderId: str,  # noqa: N803
    reverseDeliveryLineItems: list[Given],  # noqa: N803
    trackingInput: Given | None = None,  # noqa: N803
    labelInput: Given | None = None,  # noqa: N803
    notifyCustomer: bool = True,  # noqa: N803
) -> Part:
    expected = inside(info, _id(reverseFulfillmentOrderId, "ReverseFulfillmentOrder"), ReverseOrder)
    if expected is None:
        raise Refused("NOT_FOUND", "Reverse fulfillment order does not exist", "reverseFulfillmentOrderId")
    lines = [(parse_gid(x["reverseFulfillmentOrderLineItemId"])[1], x["quantity"]) for x in reverseDeliveryLineItems]
    made = deeds.expect_delivery(
        caller(info).state,
        expected.owner.owner,
        expected.record,
        lines,
        tracking=_tracking(trackingInput),
        label=_label(info, labelInput),
    )
    return Part(made, expected)


@answered("reverseDeliveryShippingUpdate", "reverseDelivery")
def deliver_otherwise(
    info: Info,
    reverseDeliveryId: str,  # noqa: N803
    trackingInput: Given | None = None,  # noqa: N803
    labelInput: Given | None = None,  # noqa: N803
    notifyCustomer: bool = True,  # noqa: N803
) -> Part:
    found = inside(info, _id(reverseDeliveryId, "ReverseDelivery"), ReverseDelivery)
    if found is None:
        raise Refused("NOT_FOUND", "Reverse delivery does not exist", "reverseDeliveryId")
    tracking, label = _tracking(trackingInput), _label(info, labelInput)
    deeds.update_delivery(caller(info).state, found.owner.owner.owner, found.record, tracking=tracking, label=label)
    return found


def calculate(info: Info, input: Given) -> Given | None:
    """returnCalculate: what a return would be worth, without making it."""
    access.check(caller(info), access.RETURNS, "returnCalculate")
    order = one(info, parse_gid(input["orderId"])[1])
    if order is None:
        return None
    try:
        wanted = [_wanted(each, ("input",)) for each in input["returnLineItems"]]
        check_units(order, wanted)
        instead = [_instead(info, order, each) for each in input["exchangeLineItems"]]
    except Refused as wrong:
        raise refuse(wrong.message, "BAD_REQUEST") from None
    packed = {line.id: line for parcel in order.fulfillments for line in parcel.lines}
    picks = [Pick(packed[w.fulfillment_line_id].line_id, w.quantity, w.restocking) for w in wanted]
    swaps = [Swap(each.quantity, _price(info, each.variant_id), each.discount) for each in instead]
    worth = outcome.work_out(order, picks, caller(info).shop.currency, swaps=swaps)
    fee = input.get("returnShippingFee")
    number = caller(info).state.new_id()
    return {
        "id": words.gid("CalculatedReturn", number),
        "returnLineItems": [
            _worth(info, order, packed[w.fulfillment_line_id], w, share)
            for w, share in zip(wanted, worth.shares, strict=True)
        ],
        "exchangeLineItems": [
            _swapped(info, order, each, share) for each, share in zip(instead, worth.swaps, strict=True)
        ],
        "returnShippingFee": {
            "__typename": "CalculatedReturnShippingFee",
            "id": words.gid("CalculatedReturnShippingFee", number),
            "amountSet": paid_bag(info, _amount(order, fee["amount"]), order),
        }
        if fee
        else None,
    }


def _worth(info: Info, order: Order, packed: FulfillmentLine, wanted: Wanted, share: Share) -> Given:
    line = order.line(share.line_id)
    before = outcome.shared(
        Decimal(line.price) * line.quantity, line.quantity, line.removed, share.quantity, caller(info).shop.currency
    )
    fee = {
        "__typename": "CalculatedRestockingFee",
        "id": words.gid("CalculatedRestockingFee", packed.id),
        "percentage": wanted.restocking,
        "amountSet": paid_bag(info, share.fee, order),
    }
    return {
        "id": None,
        "fulfillmentLineItem": Part(packed, order),
        "quantity": share.quantity,
        "restockingFee": fee if wanted.restocking is not None else None,
        "subtotalBeforeOrderDiscountsSet": bag(info, before, order),
        "subtotalSet": paid_bag(info, share.amount, order),
        "totalTaxSet": paid_bag(info, share.tax, order),
    }


def _swapped(info: Info, order: Order, instead: Instead, share: Share) -> Given:
    price = _price(info, instead.variant_id)
    return {
        "id": None,
        "discountedUnitPriceSet": paid_bag(info, share.amount / share.quantity, order),
        "originalUnitPriceSet": bag(info, price, order),
        "quantity": share.quantity,
        "subtotalSet": paid_bag(info, share.amount, order),
        "totalTaxSet": paid_bag(info, share.tax, order),
        "variant": one_variant(info, instead.variant_id),
    }


def _file(info: Info, given: Given, name: str, *, is_open: bool) -> Part:
    order = one(info, _id(given["orderId"], "Order"))
    if order is None:
        raise Refused("NOT_FOUND", "Order does not exist", name, "orderId")
    if not given["returnLineItems"]:
        raise Refused("BLANK", "Return line items can't be blank", name, "returnLineItems")
    fee = given.get("returnShippingFee")
    back = deeds.file_return(
        caller(info).state,
        order,
        [_wanted(each, (name, "returnLineItems", str(n))) for n, each in enumerate(given["returnLineItems"])],
        is_open=is_open,
        instead=[_instead(info, order, each) for each in given.get("exchangeLineItems") or []],
        shipping_fee=str(_amount(order, fee["amount"])) if fee else None,
    )
    return Part(back, order)


def _wanted(given: Given, field: tuple[str, ...]) -> Wanted:
    note, customer_note = given.get("returnReasonNote") or "", given.get("customerNote")
    if len(note) > LONGEST_NOTE:
        raise Refused("TOO_LONG", "Return reason note is too long (maximum is 255 characters)", *field)
    if len(customer_note or "") > LONGEST_CUSTOMER_NOTE:
        raise Refused("TOO_LONG", "Customer note is too long (maximum is 300 characters)", *field)
    definition = given.get("returnReasonDefinitionId")
    reason = reasons.by_id(_id(definition, "ReturnReasonDefinition")) if definition else None
    if definition and reason is None:
        raise Refused("NOT_FOUND", "Return reason definition does not exist", *field, "returnReasonDefinitionId")
    fee = given.get("restockingFee")
    percent = float(fee["percentage"]) if fee else None
    if percent is not None and not 0 <= percent <= FULL:
        raise Refused("INVALID", "Percentage must be between 0 and 100", *field, "restockingFee", "percentage")
    return Wanted(
        fulfillment_line_id=_id(given["fulfillmentLineItemId"], "FulfillmentLineItem"),
        quantity=given["quantity"],
        definition=reason.handle if reason else None,
        note=note,
        customer_note=customer_note,
        restocking=percent,
    )


def _instead(info: Info, order: Order, given: Given) -> Instead:
    variant = one_variant(info, _id(given.get("variantId") or "", "ProductVariant"))
    if variant is None:
        raise Refused("NOT_FOUND", "Variant does not exist", "exchangeLineItems", "variantId")
    if given["quantity"] < 1:
        raise Refused("GREATER_THAN", "Quantity must be greater than 0", "exchangeLineItems", "quantity")
    value = (given.get("appliedDiscount") or {}).get("value") or {}
    cost = Decimal(variant.record.price) * given["quantity"]
    discount = cost * Decimal(str(value.get("percentage") or 0)) / 100
    if value.get("amount"):
        discount = _amount(order, value["amount"]) / Decimal(order.exchange_rate)
    return Instead(variant.id, given["quantity"], str(discount))


def _price(info: Info, variant_id: int) -> str:
    variant = one_variant(info, variant_id)
    return str(variant.record.price) if variant else "0"


def _money(order: Order, given: Given | None) -> Money | None:
    """The refund of a processing; a transaction must name the sale it gives back."""
    if not given or not given.get("issueRefund"):
        return None
    asked = given["issueRefund"]
    for one_of in asked["orderTransactions"]:
        if _id(one_of["parentId"], "OrderTransaction") != order.transaction_id:
            raise Refused("NOT_FOUND", "Parent transaction does not exist", "financialTransfer", "issueRefund")
    card = [_amount(order, each["transactionAmount"]) for each in asked["orderTransactions"]]
    credit = [_amount(order, each["storeCreditRefund"]["amount"]) for each in asked["refundMethods"]]
    return Money(sum(card, Decimal()), sum(credit, Decimal()), bool(asked["allowOverRefunding"]))


def _amount(order: Order, given: Given) -> Decimal:
    if given["currencyCode"] != order.presentment_currency:
        raise Refused("INVALID", f"Currency must be {order.presentment_currency}", "currencyCode")
    return Decimal(str(given["amount"]))


def _disposition(given: Given) -> Dispose:
    location = given.get("locationId")
    return Dispose(
        _id(given["reverseFulfillmentOrderLineItemId"], "ReverseFulfillmentOrderLineItem"),
        given["quantity"],
        given["dispositionType"],
        _id(location, "Location") if location else None,
    )


def _tracking(given: Given | None) -> Tracking | None:
    return Tracking(number=given.get("number"), url=given.get("url")) if given else None


def _label(info: Info, given: Given | None) -> str | None:
    """The address of Shopify's copy. Only a file that was uploaded here, or one on the web, can be taken."""
    if given is None:
        return None
    address: str = given["fileUrl"]
    here = caller(info).central
    if not address.startswith(("https://", f"{here}/uploads/")):
        raise Refused("INVALID", "Label file URL is invalid", "labelInput", "fileUrl")
    return address


def _return(info: Info, id: str) -> Part:
    found = part(info, _id(id, "Return"), "returns")
    if found is None:
        raise Refused("NOT_FOUND", "Return does not exist", "id")
    return found


def _id(given: str, kind: str) -> int:
    """0, which nothing has, for the id of something else."""
    found, id = parse_gid(given)
    return id if found == kind else 0
