"""What a customer may send back, what it would bring, and the wish itself: it lands as a return that staff approve."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from devstore import deeds, outcome, reasons
from devstore.customer_api.orders import parts
from devstore.customer_api.visitor import order_of, visitor
from devstore.deeds.returns import LIVE, LONGEST_CUSTOMER_NOTE, Refused, Wanted, spread, units_of
from devstore.graphql.caller import Info, refuse
from devstore.graphql.connections import connect
from devstore.graphql.money import paid_bag
from devstore.graphql.parts import Part, parse_gid
from devstore.graphql.returns import RETURN_LINE as ADMIN_LINE
from devstore.outcome import Pick, Share
from devstore.records import Line, Order

WRITE = ("customer_write_customers",)
"""What the real schema asks for on orderRequestReturn."""

Given = dict[str, Any]


def one(info: Info, id: int) -> Part | None:
    order = visitor(info).state.order_of(id)
    if order is None or not visitor(info).sees(order):
        return None
    return next((Part(back, order) for back in order.returns if back.id == id), None)


def request(info: Info, orderId: str, requestedLineItems: list[Given]) -> Given:  # noqa: N803, Shopify's names
    """Files what the customer asks, whole or not at all."""
    try:
        return {"return": _filed(info, orderId, requestedLineItems), "userErrors": []}
    except Refused as wrong:
        told = {"code": wrong.code, "field": list(wrong.field), "message": wrong.message}
        return {"return": None, "userErrors": [told]}


def _filed(info: Info, order_id: str, asked: list[Given]) -> Part:
    order = order_of(info, parse_gid(order_id)[1])
    if order is None:
        raise Refused("NOT_FOUND", "Order does not exist", "orderId")
    if not asked:
        raise Refused("BLANK", "Requested line items can't be blank", "requestedLineItems")
    wanted: list[Wanted] = []
    for place, given in enumerate(asked):
        wanted += _wanted(order, given, ("requestedLineItems", str(place)), wanted)
    return Part(deeds.file_return(visitor(info).state, order, wanted), order)


def _wanted(order: Order, given: Given, field: tuple[str, ...], before: Sequence[Wanted]) -> list[Wanted]:
    """Customers know lines; which parcels the units came in is found here."""
    line, reason = _line(order, given, field), _reason(given, field)
    note = given.get("customerNote")
    if len(note or "") > LONGEST_CUSTOMER_NOTE:
        raise Refused("TOO_LONG", "Customer note is too long (maximum is 300 characters)", *field, "customerNote")
    if given["quantity"] < 1:
        raise Refused("GREATER_THAN", "Quantity must be greater than 0", *field, "quantity")
    like = Wanted(0, 0, definition=reason, customer_note=note)
    found = spread(order, line.id, given["quantity"], before)
    if found is None:
        raise Refused("INVALID", "Quantity is not returnable", *field, "quantity")
    return [replace(like, fulfillment_line_id=packed, quantity=units) for packed, units in found]


def _line(order: Order, given: Given, field: tuple[str, ...]) -> Line:
    kind, id = parse_gid(given["lineItemId"])
    found = next((line for line in order.lines if line.id == id and kind == "LineItem"), None)
    if found is None:
        raise Refused("NOT_FOUND", "Line item does not exist", *field, "lineItemId")
    return found


def _reason(given: Given, field: tuple[str, ...]) -> str | None:
    if not given.get("returnReasonDefinitionId"):
        return None
    kind, id = parse_gid(given["returnReasonDefinitionId"])
    found = reasons.by_id(id) if kind == "ReturnReasonDefinition" else None
    if found is None:
        raise Refused("NOT_FOUND", "Return reason definition does not exist", *field, "returnReasonDefinitionId")
    return found.handle


# What it would bring


def calculate(info: Info, input: Given) -> Given | None:
    """Without fees: the shop has set none in Shopify itself."""
    order = order_of(info, parse_gid(input["orderId"])[1])
    if order is None:
        return None
    try:
        picks = [_pick(order, given) for given in input["returnLineItems"]]
    except Refused as wrong:
        raise refuse(wrong.message, "BAD_REQUEST") from None
    worth = outcome.work_out(order, picks, visitor(info).shop.currency)
    subtotal = sum((share.amount for share in worth.shares), Decimal())
    tax = sum((share.tax for share in worth.shares), Decimal())
    sums = {
        "restockingFeeSubtotalSet": Decimal(),
        "returnShippingFeeSubtotalSet": Decimal(),
        "returnSubtotalSet": subtotal,
        "returnSubtotalWithCartDiscountSet": subtotal,
        "returnTotalSet": subtotal if order.taxes_included else subtotal + tax,
        "returnTotalTaxSet": tax,
    }
    rows = [Units(id=share.line_id, order=order, quantity=share.quantity, share=share) for share in worth.shares]
    return {"financialSummary": {name: paid_bag(info, sum_, order) for name, sum_ in sums.items()}, "rows": rows}


def _pick(order: Order, given: Given) -> Pick:
    line = _line(order, given, ("input",))
    if given["quantity"] < 1 or spread(order, line.id, given["quantity"]) is None:
        raise Refused("INVALID", "Quantity is not returnable", "input")
    return Pick(line.id, given["quantity"])


# What may come back and what not


@dataclass(frozen=True, kw_only=True)
class Units:
    """So many units of a line. why: reasons against their return, with how many each is about."""

    id: int
    order: Order
    quantity: int
    why: Sequence[Given] = ()
    share: Share | None = None

    @property
    def line(self) -> Part:
        return Part(self.order.line(self.id), self.order)


def _free(order: Order) -> list[Units]:
    rows = (Units(id=line.id, order=order, quantity=units_of(order, line.id)) for line in order.lines)
    return [row for row in rows if row.quantity]


def _bound(order: Order) -> list[Units]:
    told = ((line, _why_not(order, line)) for line in order.lines)
    return [
        Units(id=line.id, order=order, quantity=sum(w["quantity"] for w in why), why=why) for line, why in told if why
    ]


def _why_not(order: Order, line: Line) -> list[Given]:
    asked = (each for back in order.returns if back.status in LIVE for each in back.lines if each.line_id == line.id)
    by_reason = {"UNFULFILLED": line.unfulfilled, "RETURNED": sum(each.quantity for each in asked)}
    return [{"reasonCode": reason, "quantity": units} for reason, units in by_reason.items() if units]


def _summary(order: Order, info: Info) -> Given | None:
    found = {why["reasonCode"] for row in _bound(order) for why in row.why}
    return {"nonReturnableReasons": sorted(found)} if found else None


INFORMATION: dict[str, Any] = {
    "hasRestockingFee": lambda o, i: False,
    "hasReturnShippingFee": lambda o, i: False,
    "nonReturnableLineItems": lambda o, i, **page: connect(_bound(o), visitor(i), page),
    "nonReturnableSummary": _summary,
    "returnFees": lambda o, i: [],
    "returnShippingMethodNote": lambda o, i: None,
    "returnShippingMethods": lambda o, i: [],
    "returnableLineItems": lambda o, i, **page: connect(_free(o), visitor(i), page),
}

UNITS: dict[str, Any] = {"lineItem": lambda row, i: row.line}
BOUND: dict[str, Any] = {**UNITS, "quantityDetails": lambda row, i: row.why}
CALCULATED: dict[str, Any] = {"returnLineItems": lambda c, i, **page: connect(c["rows"], visitor(i), page)}
CALCULATED_LINE: dict[str, Any] = {
    **UNITS,
    "subtotalSet": lambda row, i: paid_bag(i, row.share.amount, row.order),
    "totalTaxSet": lambda row, i: paid_bag(i, row.share.tax, row.order),
}

RETURN: dict[str, Any] = {
    "returnLineItems": lambda p, i, **page: connect(parts(p.record.lines, p), visitor(i), page),
    "updatedAt": lambda p, i: None,
}

RETURN_LINE: dict[str, Any] = {
    "lineItem": lambda p, i: Part(p.owner.owner.line(p.record.line_id), p.owner.owner),
    "returnReasonDefinition": ADMIN_LINE["returnReasonDefinition"],
}
