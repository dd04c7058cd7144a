"""Resolvers of returns: what may come back, what was asked for, what the warehouse expects, what it is worth."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from devstore import deeds, outcome, presented, reasons, totals, words
from devstore.graphql.caller import Info, caller, refuse
from devstore.graphql.connections import connect
from devstore.graphql.money import bag, paid_bag, payments_of, sale_of
from devstore.graphql.orders import duty, one, part, place
from devstore.graphql.parts import Part, Returnable, ReturnableLine, parse_gid
from devstore.graphql.search import Fields, compile
from devstore.outcome import Outcome
from devstore.reasons import Reason
from devstore.records import Line, Order, Return, ReturnLine, ReverseOrder

Given = dict[str, Any]


def _declined(part: Part, info: Info) -> Given | None:
    back = part.record
    return {"reason": back.decline_reason, "note": back.decline_note} if back.status == "DECLINED" else None


def _of_return(part: Part) -> list[Part]:
    return [Part(refund, part.owner) for refund in part.owner.refunds if refund.return_id == part.record.id]


def _payments(part: Part, info: Info, page: Given) -> Given:
    currency = caller(info).shop.currency
    refunds = [refund for refund in part.owner.refunds if refund.return_id == part.record.id]
    found = [payment for refund in refunds for payment in payments_of(part.owner, refund, currency)]
    return connect(found, caller(info), page)


def _inside(part: Part, records: list[Any], info: Info, page: Given) -> Given:
    """A connection of what lies in a return; each knows the return, which knows its order."""
    wanted = page.get("processingStatus")
    kept = [one for one in records if wanted is None or (_left(one) > 0) == (wanted == "PROCESSABLE")]
    return connect([Part(one, part) for one in kept], caller(info), page)


def _left(line: Any) -> int:
    return int(line.quantity - line.processed - getattr(line, "removed", 0))


def _exchanges(part: Part, info: Info, includeRemovedItems: bool, **page: Any) -> Given:  # noqa: N803
    lines = [x for x in part.record.exchange_lines if includeRemovedItems or x.removed < x.quantity]
    return _inside(part, lines, info, page)


def _shipping_fees(part: Part, info: Info) -> list[Given]:
    back: Return = part.record
    if back.shipping_fee is None:
        return []
    id = words.gid("ReturnShippingFee", back.shipping_fee_id)
    fee = paid_bag(info, back.shipping_fee, part.owner)
    return [{"__typename": "ReturnShippingFee", "id": id, "amountSet": fee}]


RETURN: dict[str, Any] = {
    "decline": _declined,
    "exchangeLineItems": _exchanges,
    "order": lambda p, i: p.owner,
    "refunds": lambda p, i, **page: connect(_of_return(p), caller(i), page),
    "returnLineItems": lambda p, i, **page: _inside(p, p.record.lines, i, page),
    "returnShippingFees": _shipping_fees,
    "reverseFulfillmentOrders": lambda p, i, **page: _inside(p, p.record.reverse_orders, i, page),
    "suggestedFinancialOutcome": lambda p, i, **given: suggested(i, p, given),
    "totalQuantity": lambda p, i: sum(line.quantity for line in p.record.lines),
    "transactions": lambda p, i, **page: _payments(p, i, page),
}


def _packed(part: Part, info: Info) -> Part:
    order: Order = part.owner.owner
    packed = (
        line for parcel in order.fulfillments for line in parcel.lines if line.id == part.record.fulfillment_line_id
    )
    return Part(next(packed), order)


def _fee(part: Part, info: Info) -> Given | None:
    """Of all its pieces; what is taken is worked out anew for those that are processed."""
    line, order = part.record, part.owner.owner
    if line.restocking is None:
        return None
    pick = outcome.Pick(line.line_id, line.quantity, line.restocking)
    worth = outcome.work_out(order, [pick], caller(info).shop.currency)
    return {
        "__typename": "RestockingFee",
        "id": words.gid("RestockingFee", line.fee_id),
        "percentage": line.restocking,
        "amountSet": paid_bag(info, worth.fees, order),
    }


def _definition(part: Part, info: Info) -> Reason | None:
    return reasons.by_handle(part.record.definition) if part.record.definition else None


def _after_discounts(part: Part, info: Info) -> Given:
    order, line = part.owner.owner, part.owner.owner.line(part.record.line_id)
    return bag(info, totals.line_total(line, part.record.quantity, caller(info).shop.currency), order)


def _processable(part: Part) -> int:
    return _left(part.record) if part.owner.record.status == "OPEN" else 0


def _weight(part: Part, info: Info) -> Given | None:
    """Of all its pieces; none where the variant weighs nothing."""
    grams = part.owner.owner.line(part.record.line_id).grams
    return {"unit": "GRAMS", "value": float(grams * part.record.quantity)} if grams else None


RETURN_LINE: dict[str, Any] = {
    "fulfillmentLineItem": _packed,
    "processableQuantity": lambda p, i: _processable(p),
    "processedQuantity": lambda p, i: p.record.processed,
    "refundableQuantity": lambda p, i: p.record.quantity - p.record.refunded,
    "refundedQuantity": lambda p, i: p.record.refunded,
    "restockingFee": _fee,
    "returnReasonDefinition": _definition,
    "returnReasonNote": lambda p, i: p.record.reason_note,
    "totalWeight": _weight,
    "unprocessedQuantity": lambda p, i: _left(p.record),
    "withCodeDiscountedTotalPriceSet": _after_discounts,
}

EXCHANGE_LINE: dict[str, Any] = {
    "lineItems": lambda p, i: [Part(p.owner.owner.line(id), p.owner.owner) for id in p.record.line_ids],
    "processableQuantity": lambda p, i: _processable(p),
    "processedQuantity": lambda p, i: p.record.processed,
    "unprocessedQuantity": lambda p, i: _left(p.record),
    "productId": lambda p, i: words.gid("Product", p.record.product_id),
    "variantId": lambda p, i: words.gid("ProductVariant", p.record.variant_id),
    "variantSku": lambda p, i: p.record.sku,
}

REASON: dict[str, Any] = {"name": lambda reason, i: reason.name(caller(i).language)}


def _expected(part: Part) -> Part:
    """The reverse order that a delivery or a line of it is in."""
    return part if isinstance(part.record, ReverseOrder) else _expected(part.owner)


def _return_lines(part: Part) -> dict[int, ReturnLine]:
    back = _expected(part).owner
    return {line.id: line for line in back.record.lines}


def _sent(part: Part, info: Info) -> Part | None:
    line = _return_lines(part).get(part.record.return_line_id)
    return _packed(Part(line, _expected(part).owner), info) if line else None


def _pages(part: Part, records: list[Any], info: Info, page: Given) -> Given:
    return connect([Part(one, part) for one in records], caller(info), page)


EXPECTED: dict[str, Any] = {
    "lineItems": lambda p, i, **page: _pages(p, p.record.lines, i, page),
    "order": lambda p, i: p.owner.owner,
    "reverseDeliveries": lambda p, i, **page: _pages(p, p.record.deliveries, i, page),
}

EXPECTED_LINE: dict[str, Any] = {
    "dispositions": lambda p, i: [Part(one, p) for one in p.record.dispositions],
    "fulfillmentLineItem": _sent,
    "totalQuantity": lambda p, i: p.record.quantity,
}

DISPOSITION: dict[str, Any] = {"location": lambda p, i: place(i) if p.record.location_id else None}


def _deliverable(part: Part, info: Info) -> Given | None:
    delivery = part.record
    label = {
        "createdAt": delivery.label_made_at,
        "updatedAt": delivery.label_changed_at,
        "publicFileUrl": delivery.label,
    }
    track = delivery.tracking
    told = {"carrierName": track.company, "number": track.number, "url": track.url} if track else None
    if told is None and delivery.label is None:
        return None
    kind = "ReverseDeliveryShippingDeliverable"
    return {"__typename": kind, "label": label if delivery.label else None, "tracking": told}


def _line_expected(part: Part, info: Info) -> Part:
    expected = _expected(part)
    return Part(next(one for one in expected.record.lines if one.id == part.record.reverse_line_id), expected)


DELIVERY: dict[str, Any] = {
    "deliverable": _deliverable,
    "reverseDeliveryLineItems": lambda p, i, **page: _pages(p, p.record.lines, i, page),
    "reverseFulfillmentOrder": lambda p, i: _expected(p),
}

DELIVERY_LINE: dict[str, Any] = {
    "dispositions": lambda p, i: [],
    "reverseFulfillmentOrderLineItem": _line_expected,
}


def returnables(info: Info, page: Given) -> Given:
    """The parcels of the order `orderId` of which something may come back."""
    order = one(info, parse_gid(page["orderId"])[1])
    return connect(_returnable(order) if order else [], caller(info), page)


def one_returnable(info: Info, id: int) -> Returnable | None:
    found = part(info, id, "fulfillments")
    return next((each for each in _returnable(found.owner) if each.id == id), None) if found else None


def _returnable(order: Order) -> list[Returnable]:
    free = deeds.returnable(order)
    found = []
    for parcel in order.fulfillments:
        pieces = {line.id: free[line.id] for line in parcel.lines if free.get(line.id)}
        found += [Returnable(parcel.id, Part(parcel, order), pieces)] if pieces else []
    return found


def _returnable_lines(found: Returnable) -> list[ReturnableLine]:
    lines = [line for line in found.parcel.record.lines if line.id in found.pieces]
    return [ReturnableLine(line.id, Part(line, found.parcel.owner), found.pieces[line.id]) for line in lines]


RETURNABLE: dict[str, Any] = {
    "fulfillment": lambda r, i: r.parcel,
    "returnableFulfillmentLineItems": lambda r, i, **page: connect(_returnable_lines(r), caller(i), page),
}

RETURNABLE_LINE: dict[str, Any] = {"fulfillmentLineItem": lambda r, i: r.packed}

REASON_FIELDS = Fields(
    named={
        "deleted": lambda r: str(r.deleted).casefold(),
        "handle": lambda r: r.handle,
        "id": lambda r: r.id,
        "name": lambda r: r.names[0],
    },
    text=lambda r: f"{r.handle} {r.names[0]}",
)


def library(info: Info, page: Given) -> Given:
    """All reasons there are, or those with these handles or ids."""
    test, handles = compile(page.get("query"), REASON_FIELDS), page.get("handles")
    ids = None if page.get("ids") is None else {parse_gid(id)[1] for id in page["ids"]}
    wanted = [r for r in reasons.LIBRARY if (handles is None or r.handle in handles) and (ids is None or r.id in ids)]
    sorts = {"ID": lambda r: r.id, "HANDLE": lambda r: r.handle, "NAME": lambda r: r.names[0]}
    return connect([r for r in wanted if test(r)], caller(info), page, sorts[page["sortKey"]])


def inside(info: Info, id: int, kind: type) -> Part | None:
    """A reverse order, a line of it or a delivery, by its id, with the return and the order around it."""
    order = caller(info).state.order_of(id)
    if order is None or not caller(info).sees(order):
        return None
    for back in order.returns:
        for expected in back.reverse_orders:
            around = Part(expected, Part(back, order))
            found = [around, *(Part(one, around) for one in (*expected.lines, *expected.deliveries))]
            hit = next((each for each in found if each.id == id and isinstance(each.record, kind)), None)
            if hit:
                return hit
    return None


def processing(order: Order, given: Given) -> deeds.Processing:
    """What suggestedFinancialOutcome and returnProcess both take: lines, exchanges, shipping, duties."""
    return deeds.Processing(
        lines=_pieces(given.get("returnLineItems"), "ReturnLineItem"),
        exchanges=_pieces(given.get("exchangeLineItems"), "ExchangeLineItem"),
        shipping=_shipping(order, given.get("refundShipping")),
        duties=_duties(order, given.get("refundDuties"), given),
    )


def _pieces(lines: list[Given] | None, kind: str) -> Mapping[int, int]:
    found: dict[int, int] = {}
    for line in lines or []:
        given, id = parse_gid(line["id"])
        key = id if given == kind else 0
        found[key] = found.get(key, 0) + line["quantity"]
    return found


def shipping_left(order: Order) -> Decimal:
    """What of the delivery's price was not given back, in what the buyer paid with."""
    return sum(
        (presented.into(s.price, order) - presented.into(s.refunded, order) for s in order.shipping_lines), Decimal()
    )


def _shipping(order: Order, given: Given | None) -> Decimal:
    if not given:
        return Decimal()
    left = shipping_left(order)
    if given.get("fullRefund"):
        return left
    amount = given.get("shippingRefundAmount")
    wanted = Decimal(str(amount["amount"])) if amount else Decimal()
    if wanted > left:
        raise deeds.Refused("INVALID", "Shipping refund amount exceeds what is left of it", "refundShipping")
    return wanted


def _duties(order: Order, wanted: list[Given] | None, given: Given) -> Mapping[int, Decimal]:
    """FULL: all that is left of a duty; else the part of the pieces that come back."""
    by_id, found = {line.duty_id: line for line in order.lines if Decimal(line.duty)}, {}
    pieces = _by_line(order, _pieces(given.get("returnLineItems"), "ReturnLineItem"))
    for asked in wanted or []:
        line = by_id.get(parse_gid(asked["dutyId"])[1])
        if line is None:
            raise deeds.Refused("NOT_FOUND", "Duty does not exist", "refundDuties", "dutyId")
        left = presented.into(line.duty, order) - presented.duty_refunded(order, line.duty_id)
        share = outcome.duty_share(order, line, pieces.get(line.id, 0))
        found[line.duty_id] = left if asked.get("refundType") == "FULL" else min(left, share)
    return found


def _by_line(order: Order, pieces: Mapping[int, int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for line in (line for back in order.returns for line in back.lines if line.id in pieces):
        found[line.line_id] = found.get(line.line_id, 0) + pieces[line.id]
    return found


def suggested(info: Info, part: Part, given: Given) -> Given:
    """suggestedFinancialOutcome: fees are taken off here and nowhere else."""
    order, back = part.owner, part.record
    try:
        worth = deeds.suggest(order, back, processing(order, given), caller(info).shop.currency)
    except deeds.Refused as wrong:
        raise refuse(wrong.message, "BAD_REQUEST") from None
    shipping = {
        "amountSet": paid_bag(info, worth.shipping, order),
        "maximumRefundableSet": paid_bag(info, shipping_left(order), order),
        "taxSet": paid_bag(info, worth.shipping_tax, order),
    }
    return {
        "discountedSubtotal": paid_bag(info, worth.subtotal, order),
        "financialTransfer": _transfer(info, order, worth, given.get("refundMethodAllocation")),
        "maximumRefundable": paid_bag(info, worth.maximum, order),
        "refundDuties": [_duty_back(info, order, id, amount) for id, amount in worth.duties.items()],
        "shipping": shipping,
        "totalAdditionalFees": paid_bag(info, "0", order),
        "totalCartDiscountAmount": paid_bag(info, worth.cart_discount, order),
        "totalDuties": paid_bag(info, sum(worth.duties.values(), Decimal()), order),
        "totalTax": paid_bag(info, worth.tax, order),
    }


def _duty_back(info: Info, order: Order, id: int, amount: Decimal) -> Given:
    line: Line = next(line for line in order.lines if line.duty_id == id)
    return {"amountSet": paid_bag(info, amount, order), "originalDuty": duty(info, order, line)}


def _transfer(info: Info, order: Order, worth: Outcome, way: str | None) -> Given | None:
    """A refund, an invoice, or None when it is even."""
    if worth.owed:
        return {"__typename": "InvoiceReturnOutcome", "amount": paid_bag(info, worth.owed, order)}
    if not worth.refund:
        return None
    amount, most = paid_bag(info, worth.refund, order), paid_bag(info, worth.maximum, order)
    credit = {
        "__typename": "SuggestedStoreCreditRefund",
        "amount": amount,
        "maximumRefundable": most,
        "expiresAt": None,
    }
    card = {
        "amountSet": amount,
        "formattedGateway": order.gateway.replace("_", " ").capitalize(),
        "gateway": order.gateway,
        "kind": "SUGGESTED_REFUND",
        "maximumRefundableSet": most,
        "parentTransaction": sale_of(order),
    }
    is_credit = way == "STORE_CREDIT"
    return {
        "__typename": "RefundReturnOutcome",
        "amount": amount,
        "suggestedRefundMethods": [credit] if is_credit else [],
        "suggestedTransactions": [] if is_credit else [card],
    }
