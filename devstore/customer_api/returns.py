"""What a customer may send back, what it would bring, and the wish itself: it lands as a return that staff approve."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from devstore import deeds, totals
from devstore.customer_api.orders import parts
from devstore.customer_api.visitor import order_of, visitor
from devstore.graphql.caller import Info, refuse
from devstore.graphql.connections import connect
from devstore.graphql.orders import bag
from devstore.graphql.parts import Part, parse_gid
from devstore.records import Line, Order

WRITE = ("customer_write_customers",)
"""What the real schema asks for on orderRequestReturn."""
LIVE = {"REQUESTED", "OPEN", "CLOSED"}
NOTE = 300
"""Letters of a customer's note, as in the Admin API."""

Sum = dict[str, Any]


def one(info: Info, id: int) -> Part | None:
    order = visitor(info).state.order_of(id)
    if order is None or not visitor(info).sees(order):
        return None
    return next((Part(back, order) for back in order.returns if back.id == id), None)


def returnable(order: Order, line: Line) -> int:
    """Units that were sent and that no living return has taken."""
    shipped = (parcel for parcel in order.fulfillments if parcel.status == "success")
    sent = sum(packed.quantity for parcel in shipped for packed in parcel.lines if packed.line_id == line.id)
    return max(min(sent, line.quantity - line.removed) - _claimed(order, line), 0)


def _claimed(order: Order, line: Line) -> int:
    living = (back for back in order.returns if back.status in LIVE)
    asked = sum(each.quantity for back in living for each in back.lines if each.line_id == line.id)
    refunded = (each for refund in order.refunds if refund.return_id for each in refund.lines)
    return asked - sum(each.quantity for each in refunded if each.line_id == line.id)


def request(info: Info, orderId: str, requestedLineItems: list[Sum]) -> dict[str, Any]:  # noqa: N803, Shopify's names
    """Files what the customer asks, whole or not at all."""
    order = order_of(info, parse_gid(orderId)[1])
    if order is None:
        return _refused("NOT_FOUND", "Order does not exist", "orderId")
    wrong = _mistake(order, requestedLineItems)
    if wrong:
        return wrong
    asked = [(parse_gid(each["lineItemId"])[1], each["quantity"]) for each in requestedLineItems]
    note = next((each["customerNote"] for each in requestedLineItems if each.get("customerNote")), None)
    try:
        back = deeds.request_return(visitor(info).state, order, asked, customer_note=note)
    except ValueError as error:
        return _refused("INVALID", str(error), "requestedLineItems")
    return {"return": Part(back, order), "userErrors": []}


def _mistake(order: Order, asked: list[Sum]) -> dict[str, Any] | None:
    if not asked:
        return _refused("BLANK", "Requested line items can't be blank", "requestedLineItems")
    wanted: Counter[int] = Counter()
    lines = {line.id: line for line in order.lines}
    for place, each in enumerate(asked):
        where = ("requestedLineItems", str(place))
        kind, id = parse_gid(each["lineItemId"])
        if kind != "LineItem" or id not in lines:
            return _refused("NOT_FOUND", "Line item does not exist", *where, "lineItemId")
        if len(each.get("customerNote") or "") > NOTE:
            return _refused("TOO_LONG", f"Customer note is too long (maximum is {NOTE})", *where, "customerNote")
        wanted[id] += each["quantity"]
        if each["quantity"] < 1 or wanted[id] > returnable(order, lines[id]):
            return _refused("INVALID", "Quantity is not returnable", *where, "quantity")
    return None


def _refused(code: str, message: str, *field: str) -> dict[str, Any]:
    return {"return": None, "userErrors": [{"code": code, "field": list(field), "message": message}]}


def calculate(info: Info, input: dict[str, Any]) -> dict[str, Any] | None:
    """What these units would bring, without fees: this shop has none of Shopify's own."""
    order = order_of(info, parse_gid(input["orderId"])[1])
    if order is None:
        return None
    lines = {line.id: line for line in order.lines}
    asked = [(lines.get(parse_gid(each["lineItemId"])[1]), each["quantity"]) for each in input["returnLineItems"]]
    rows = [_worth(info, order, line, pieces) for line, pieces in asked]
    subtotal, tax = (sum(sums, Decimal()) for sums in zip(*((row.subtotal, row.tax) for row in rows), strict=True))
    summary = {
        "restockingFeeSubtotalSet": bag(info, "0", order),
        "returnShippingFeeSubtotalSet": bag(info, "0", order),
        "returnSubtotalSet": bag(info, subtotal, order),
        "returnSubtotalWithCartDiscountSet": bag(info, subtotal, order),
        "returnTotalSet": bag(info, subtotal if order.taxes_included else subtotal + tax, order),
        "returnTotalTaxSet": bag(info, tax, order),
    }
    return {"financialSummary": summary, "rows": rows}


@dataclass(frozen=True, kw_only=True)
class Units:
    """So many units of a line. Sums are shop money."""

    id: int
    line_item: Part
    quantity: int
    quantity_details: Sequence[Sum] = ()
    subtotal: Decimal = Decimal()
    tax: Decimal = Decimal()


def _worth(info: Info, order: Order, line: Line | None, pieces: int) -> Units:
    if line is None or not 0 < pieces <= returnable(order, line):
        raise refuse("A line item is not returnable in this quantity", "BAD_REQUEST")
    currency, gone = visitor(info).shop.currency, line.removed
    before, after = (totals.line_total(line, units, currency) for units in (gone, gone + pieces))
    untaxed, taxed = (totals.tax_of(sum_, order.tax_rate, order.taxes_included, currency) for sum_ in (before, after))
    part = Part(line, order)
    return Units(id=line.id, line_item=part, quantity=pieces, subtotal=after - before, tax=taxed - untaxed)


def _may_come_back(order: Order, info: Info, **page: Any) -> dict[str, Any]:
    rows = [Units(id=line.id, line_item=Part(line, order), quantity=returnable(order, line)) for line in order.lines]
    return connect([row for row in rows if row.quantity], visitor(info), page)


def _stays(order: Order) -> list[Units]:
    return [Units(id=line.id, line_item=Part(line, order), quantity=sum(each["quantity"] for each in why),
                  quantity_details=why) for line in order.lines if (why := _why_not(order, line))]  # fmt: skip


def _why_not(order: Order, line: Line) -> list[Sum]:
    """Units that cannot be sent back, by reason."""
    by_reason = {"UNFULFILLED": line.unfulfilled, "RETURNED": _claimed(order, line) + line.removed}
    return [{"reasonCode": reason, "quantity": units} for reason, units in by_reason.items() if units > 0]


def _summary(order: Order, info: Info) -> dict[str, list[str]] | None:
    reasons = {why["reasonCode"] for row in _stays(order) for why in row.quantity_details}
    return {"nonReturnableReasons": sorted(reasons)} if reasons else None


INFORMATION: dict[str, Any] = {
    "hasRestockingFee": lambda o, i: False,
    "hasReturnShippingFee": lambda o, i: False,
    "nonReturnableLineItems": lambda o, i, **page: connect(_stays(o), visitor(i), page),
    "nonReturnableSummary": _summary,
    "returnFees": lambda o, i: [],
    "returnShippingMethodNote": lambda o, i: None,
    "returnShippingMethods": lambda o, i: [],
    "returnableLineItems": _may_come_back,
}

CALCULATED: dict[str, Any] = {"returnLineItems": lambda c, i, **page: connect(c["rows"], visitor(i), page)}

CALCULATED_LINE: dict[str, Any] = {
    "subtotalSet": lambda row, i: bag(i, row.subtotal, row.line_item.owner),
    "totalTaxSet": lambda row, i: bag(i, row.tax, row.line_item.owner),
}

RETURN: dict[str, Any] = {
    "returnLineItems": lambda p, i, **page: connect(parts(p.record.lines, p.owner), visitor(i), page),
    "updatedAt": lambda p, i: None,
}

RETURN_LINE: dict[str, Any] = {
    "lineItem": lambda p, i: Part(p.owner.line(p.record.line_id), p.owner),
    "returnReasonDefinition": lambda p, i: None,
}
