"""Resolvers of orders and everything in them."""

from decimal import Decimal
from typing import Any

from devstore import presented, reasons, records, totals, words
from devstore.graphql.caller import Info, caller, refuse
from devstore.graphql.catalogue import product_picture, variant_of
from devstore.graphql.connections import connect
from devstore.graphql.money import bag, both, paid_bag, payments, payments_of
from devstore.graphql.parts import Code, Part, Place, RefundedShipping, parse_gid
from devstore.graphql.search import Fields, compile
from devstore.money import rounded
from devstore.records import FulfillmentEvent, Line, Order

SHIPPED = {None: ["unfulfilled", "unshipped"], "partial": ["partial", "shipped"], "fulfilled": ["fulfilled", "shipped"]}

SORTS = {
    "ID": lambda o: o.id,
    "CREATED_AT": lambda o: o.created_at,
    "PROCESSED_AT": lambda o: o.processed_at,
    "UPDATED_AT": lambda o: o.updated_at,
    "ORDER_NUMBER": lambda o: o.number,
}


def fields(currency: str) -> Fields:
    """What a search for orders may name. currency: the shop's."""
    return Fields(
        named={
            "id": lambda o: o.id,
            "name": lambda o: o.name,
            "email": lambda o: o.email,
            "status": _status,
            "financial_status": lambda o: words.financial_status(o, currency),
            "fulfillment_status": lambda o: SHIPPED[words.fulfillment_status(o)],
            "return_status": lambda o: return_status(o).casefold(),
            "created_at": lambda o: o.created_at,
            "processed_at": lambda o: o.processed_at,
            "updated_at": lambda o: o.updated_at,
            "customer_id": lambda o: o.customer_id,
            "confirmation_number": lambda o: o.confirmation_number,
            "cart_token": lambda o: o.cart_token,
            "checkout_token": lambda o: o.checkout_token,
            "tag": lambda o: o.tags,
            "test": lambda o: str(o.test).casefold(),
            "source_name": lambda o: o.source_name,
        },
        text=lambda o: f"{o.name} {o.email or ''} {o.confirmation_number}",
    )


def find(info: Info, kept: list[Order], page: dict[str, Any]) -> dict[str, Any]:
    """A page of those orders that the caller may see and the query finds."""
    who = caller(info)
    test = compile(page.get("query"), fields(who.shop.currency))
    found = [order for order in kept if who.sees(order) and test(order)]
    return connect(found, who, page, SORTS[page["sortKey"]])


def address(info: Info, given: records.Address | None, owner: Any, kind: str) -> dict[str, Any] | None:
    """A MailingAddress. Its id is made from its owner's, as an order's addresses have none of their own."""
    if given is None:
        return None
    lines = [given.company, given.address1, given.address2, f"{given.zip} {given.city}".strip(), given.country]
    return {
        "id": f"{words.gid('MailingAddress', owner.id)}?model_name={kind}",
        "firstName": given.first_name,
        "lastName": given.last_name,
        "name": given.name,
        "company": given.company,
        "address1": given.address1,
        "address2": given.address2,
        "city": given.city,
        "zip": given.zip,
        "province": given.province,
        "provinceCode": given.province_code,
        "country": given.country,
        "countryCodeV2": given.country_code or None,
        "phone": given.phone,
        "latitude": given.latitude,
        "longitude": given.longitude,
        "coordinatesValidated": given.latitude is not None,
        "formatted": [line for line in lines if line],
        "formattedArea": ", ".join(part for part in (given.city, given.country) if part),
    }


def return_status(order: Order) -> str:
    states = {back.status for back in order.returns}
    for state, word in (("REQUESTED", "RETURN_REQUESTED"), ("OPEN", "IN_PROGRESS"), ("CLOSED", "RETURNED")):
        if state in states:
            return word
    return "NO_RETURN"


def display_fulfillment(order: Order, info: Info) -> str:
    if not any(line.requires_shipping for line in order.lines):
        return "FULFILLMENT_NOT_REQUIRED"
    shown = {
        None: "IN_PROGRESS" if order.packing else "UNFULFILLED",
        "partial": "PARTIALLY_FULFILLED",
        "fulfilled": "FULFILLED",
    }
    return shown[words.fulfillment_status(order)]


def display_parcel(part: Part, info: Info) -> str:
    if part.record.status == "cancelled":
        return "CANCELED"
    return (words.shipment_status(part.record) or "fulfilled").upper()


def _status(order: Order) -> list[str]:
    if order.cancelled_at:
        return ["cancelled", "closed", "any"]
    return ["closed", "any"] if order.closed_at else ["open", "not_closed", "any"]


def _sums(order: Order, info: Info) -> totals.Totals:
    return totals.of_order(order, caller(info).shop.currency)


def _sums_now(order: Order, info: Info) -> totals.Totals:
    return totals.of_order_now(order, caller(info).shop.currency)


def _taxes(amount: Decimal, order: Order, info: Info) -> list[dict[str, Any]]:
    rate = float(order.tax_rate)
    line = {"title": "VAT", "rate": rate, "ratePercentage": rate * 100, "priceSet": bag(info, amount, order)}
    return [line] if rate else []


def _financial(order: Order, info: Info) -> str:
    return words.financial_status(order, caller(info).shop.currency).upper()


def _outstanding(order: Order, info: Info) -> Decimal:
    return words.outstanding(order, caller(info).shop.currency)


def _parts(records: list[Any], owner: Any) -> list[Part]:
    return [Part(record, owner) for record in records]


def _first(parts: list[Part], first: int | None) -> list[Part]:
    return parts[:first]


NOTE: dict[str, Any] = {
    "action": lambda note, i: "create",
    "appTitle": lambda note, i: note.app,
    "attributeToApp": lambda note, i: True,
    "attributeToUser": lambda note, i: False,
    "criticalAlert": lambda note, i: False,
}

ORDER: dict[str, Any] = {
    "events": lambda o, i, **page: connect(o.notes, caller(i), page),
    "billingAddress": lambda o, i: address(i, o.billing_address, o, "BillingAddress"),
    "shippingAddress": lambda o, i: address(i, o.shipping_address, o, "ShippingAddress"),
    "displayAddress": lambda o, i: address(i, o.shipping_address or o.billing_address, o, "DisplayAddress"),
    "cancelReason": lambda o, i: o.cancel_reason.upper() if o.cancel_reason else None,
    "canNotifyCustomer": lambda o, i: bool(o.email or o.phone),
    "closed": lambda o, i: o.closed_at is not None,
    "confirmed": lambda o, i: True,
    "currencyCode": lambda o, i: caller(i).shop.currency,
    "presentmentCurrencyCode": lambda o, i: o.presentment_currency,
    "currentShippingPriceSet": lambda o, i: bag(i, _sums_now(o, i).shipping, o),
    "currentSubtotalLineItemsQuantity": lambda o, i: sum(line.quantity - line.removed for line in o.lines),
    "currentSubtotalPriceSet": lambda o, i: bag(i, _sums_now(o, i).subtotal, o),
    "currentTotalDutiesSet": lambda o, i: bag(i, _sums_now(o, i).duties, o) if _sums(o, i).duties else None,
    "currentTotalDiscountsSet": lambda o, i: bag(i, _sums_now(o, i).discounts, o),
    "currentTotalPriceSet": lambda o, i: bag(i, _sums_now(o, i).total, o),
    "currentTotalTaxSet": lambda o, i: bag(i, _sums_now(o, i).tax, o),
    "customAttributes": lambda o, i: [],
    "customer": lambda o, i: caller(i).state.customers.get(o.customer_id or 0),
    "customerAcceptsMarketing": lambda o, i: o.buyer_accepts_marketing,
    "discountApplications": lambda o, i, **page: connect(_codes(o), caller(i), page),
    "discountCode": lambda o, i: o.discounts[0].code if o.discounts else None,
    "discountCodes": lambda o, i: [discount.code for discount in o.discounts],
    "displayFinancialStatus": _financial,
    "displayFulfillmentStatus": display_fulfillment,
    "edited": lambda o, i: False,
    "estimatedTaxes": lambda o, i: False,
    "fulfillable": lambda o, i: any(line.unfulfilled for line in o.lines),
    "fulfillments": lambda o, i, first=None: _first(_parts(o.fulfillments, o), first),
    "fulfillmentsCount": lambda o, i: {"count": len(o.fulfillments), "precision": "EXACT"},
    "fullyPaid": lambda o, i: _outstanding(o, i) == 0 and Decimal(o.paid) > 0,
    "unpaid": lambda o, i: Decimal(o.paid) == 0,
    "lineItems": lambda o, i, **page: connect(_parts(o.lines, o), caller(i), page),
    "originalTotalDutiesSet": lambda o, i: bag(i, _sums(o, i).duties, o) if _sums(o, i).duties else None,
    "originalTotalPriceSet": lambda o, i: bag(i, _sums(o, i).total, o),
    "paymentGatewayNames": lambda o, i: [o.gateway],
    "poNumber": lambda o, i: None,
    "refundable": lambda o, i: Decimal(o.paid) > Decimal(o.refunded),
    "refunds": lambda o, i, first=None: _first(_parts(o.refunds, o), first),
    "requiresShipping": lambda o, i: any(line.requires_shipping for line in o.lines),
    "returnStatus": lambda o, i: return_status(o),
    "returns": lambda o, i, **page: connect(_parts(o.returns, o), caller(i), page),
    "shippingLine": lambda o, i: Part(o.shipping_lines[0], o) if o.shipping_lines else None,
    "shippingLines": lambda o, i, **page: connect(_parts(o.shipping_lines, o), caller(i), page),
    "statusPageUrl": lambda o, i, **_: words.status_url(caller(i).view.storefront, caller(i).shop, o),
    "subtotalLineItemsQuantity": lambda o, i: sum(line.quantity for line in o.lines),
    "subtotalPriceSet": lambda o, i: bag(i, _sums(o, i).subtotal, o),
    "taxExempt": lambda o, i: False,
    "taxLines": lambda o, i: _taxes(_sums(o, i).tax, o, i),
    "totalDiscountsSet": lambda o, i: bag(i, _sums(o, i).discounts, o),
    "totalOutstandingSet": lambda o, i: bag(i, _outstanding(o, i), o),
    "totalPriceSet": lambda o, i: bag(i, _sums(o, i).total, o),
    "totalReceivedSet": lambda o, i: bag(i, o.paid, o),
    "totalRefundedSet": lambda o, i: both(i, Decimal(o.refunded), presented.refunded(o), o),
    "totalRefundedShippingSet": lambda o, i: bag(i, _shipping_refunded(o), o),
    "totalShippingPriceSet": lambda o, i: bag(i, _sums(o, i).shipping, o),
    "totalTaxSet": lambda o, i: bag(i, _sums(o, i).tax, o),
    "transactions": lambda o, i, first=None: payments(o, caller(i).shop.currency)[:first],
    "totalWeight": lambda o, i: sum(line.grams * line.quantity for line in o.lines),
}


def _codes(order: Order) -> list[Code]:
    return [Code(place, discount, order) for place, discount in enumerate(order.discounts)]


CODE: dict[str, Any] = {
    "allocationMethod": lambda c, i: "ACROSS",
    "code": lambda c, i: c.record.code,
    "index": lambda c, i: c.id,
    "targetSelection": lambda c, i: "ALL",
    "targetType": lambda c, i: "LINE_ITEM",
}


def _allocations(part: Part, info: Info) -> list[dict[str, Any]]:
    codes = _codes(part.owner)
    if not Decimal(part.record.discount) or not codes:
        return []
    amount = bag(info, part.record.discount, part.owner)
    return [{"allocatedAmountSet": amount, "discountApplication": codes[0]}]


def duty(info: Info, order: Order, line: Line) -> dict[str, Any]:
    """A Duty of a line."""
    return {
        "id": words.gid("Duty", line.duty_id),
        "countryCodeOfOrigin": None,
        "harmonizedSystemCode": None,
        "price": bag(info, line.duty, order),
        "taxLines": [],
    }


def _duties(part: Part, info: Info) -> list[dict[str, Any]]:
    return [duty(info, part.owner, part.record)] if Decimal(part.record.duty) else []


def _reasons(part: Part, info: Info, page: dict[str, Any]) -> dict[str, Any]:
    product = caller(info).state.products.get(part.record.product_id or 0)
    found = reasons.suggested(product.product_type if product else "")
    return connect(found, caller(info), page, found.index)


def _after_codes(part: Part, info: Info, withCodeDiscounts: bool) -> dict[str, Any]:  # noqa: N803
    line = part.record
    whole = Decimal(line.price) * line.quantity
    if not withCodeDiscounts:
        return bag(info, whole, part.owner)
    return both(info, whole - Decimal(line.discount), presented.line_paid(line, part.owner), part.owner)


def place(info: Info) -> Place:
    """The shop's one location."""
    shop = caller(info).shop
    return Place(shop.location_id, f"{shop.address.city or shop.name} warehouse", shop.created_at)


def place_address(of: Place, info: Info) -> dict[str, Any]:
    """Of the shop's one location: the shop's own."""
    given = caller(info).shop.address
    names = ("address1", "address2", "city", "country", "province", "zip", "phone", "latitude", "longitude")
    codes = {"countryCode": given.country_code or None, "provinceCode": given.province_code}
    lines = [line for line in (given.address1, given.address2, f"{given.zip} {given.city}", given.country) if line]
    return {name: getattr(given, name) or None for name in names} | codes | {"formatted": lines}


def _unit(part: Part, info: Info) -> Decimal:
    line: Line = part.record
    currency = caller(info).shop.currency
    return rounded(totals.line_total(line, line.quantity, currency) / max(line.quantity, 1), currency)


def _line_money(part: Part, info: Info, pieces: int) -> Decimal:
    return totals.line_total(part.record, pieces, caller(info).shop.currency)


def _line_tax(part: Part, info: Info) -> Decimal:
    order, currency = part.owner, caller(info).shop.currency
    cost = _line_money(part, info, part.record.quantity)
    return totals.tax_of(cost, order.tax_rate, order.taxes_included, currency)


LINE: dict[str, Any] = {
    "currentQuantity": lambda p, i: p.record.quantity - p.record.removed,
    "refundableQuantity": lambda p, i: p.record.quantity - p.record.removed,
    "nonFulfillableQuantity": lambda p, i: p.record.removed,
    "unfulfilledQuantity": lambda p, i: p.record.unfulfilled,
    "customAttributes": lambda p, i: [{"key": key, "value": value} for key, value in p.record.properties.items()],
    "discountAllocations": _allocations,
    "discountedTotalSet": _after_codes,
    "duties": _duties,
    "restockable": lambda p, i: p.record.variant_id is not None,
    "suggestedReturnReasonDefinitions": lambda p, i, **page: _reasons(p, i, page),
    "discountedUnitPriceSet": lambda p, i: bag(i, p.record.price, p.owner),
    "discountedUnitPriceAfterAllDiscountsSet": lambda p, i: bag(i, _unit(p, i), p.owner),
    "originalTotalSet": lambda p, i: bag(i, Decimal(p.record.price) * p.record.quantity, p.owner),
    "originalUnitPriceSet": lambda p, i: bag(i, p.record.price, p.owner),
    "totalDiscountSet": lambda p, i: bag(i, p.record.discount, p.owner),
    "image": lambda p, i: product_picture(i, p.record.product_id, p.record.variant_id),
    "isGiftCard": lambda p, i: p.record.gift_card,
    "product": lambda p, i: caller(i).state.products.get(p.record.product_id or 0),
    "variant": lambda p, i: variant_of(i, p.record.product_id, p.record.variant_id),
    "taxable": lambda p, i: True,
    "taxLines": lambda p, i, first=None: _taxes(_line_tax(p, i), p.owner, i)[:first],
}


def _when(part: Part, statuses: set[str]) -> Any:
    """The first time a scan said one of these; None when none has."""
    events: list[FulfillmentEvent] = part.record.events
    return min((event.happened_at for event in events if event.status in statuses), default=None)


def _eta(part: Part, info: Info) -> Any:
    known = [event for event in part.record.events if event.estimated_delivery_at]
    return max(known, key=lambda event: event.happened_at).estimated_delivery_at if known else None


def _events(part: Part, info: Info, **page: Any) -> dict[str, Any]:
    by_time = page["sortKey"] == "HAPPENED_AT"
    return connect(part.record.events, caller(info), page, lambda event: event.happened_at if by_time else event.id)


def _packed_money(part: Part, info: Info) -> Decimal:
    line = part.owner.line(part.record.line_id)
    return totals.line_total(line, part.record.quantity, caller(info).shop.currency)


FULFILLMENT: dict[str, Any] = {
    "deliveredAt": lambda p, i: _when(p, {"delivered"}),
    "inTransitAt": lambda p, i: _when(p, {"in_transit", "out_for_delivery", "delivered", "carrier_picked_up"}),
    "estimatedDeliveryAt": _eta,
    "location": lambda p, i: place(i),
    "displayStatus": display_parcel,
    "events": _events,
    "fulfillmentLineItems": lambda p, i, **page: connect(_parts(p.record.lines, p.owner), caller(i), page),
    "order": lambda p, i: p.owner,
    "requiresShipping": lambda p, i: any(p.owner.line(x.line_id).requires_shipping for x in p.record.lines),
    "status": lambda p, i: p.record.status.upper(),
    "totalQuantity": lambda p, i: sum(packed.quantity for packed in p.record.lines),
    "trackingInfo": lambda p, i, first=None: p.record.tracking[:first],
}

FULFILLMENT_LINE: dict[str, Any] = {
    "lineItem": lambda p, i: Part(p.owner.line(p.record.line_id), p.owner),
    "discountedTotalSet": lambda p, i: bag(i, _packed_money(p, i), p.owner),
    "originalTotalSet": lambda p, i: bag(i, Decimal(p.owner.line(p.record.line_id).price) * p.record.quantity, p.owner),
}

EVENT: dict[str, Any] = {"status": lambda event, i: event.status.upper()}


def _refunded_duties(part: Part, info: Info) -> list[dict[str, Any]]:
    order = part.owner
    given = part.record.duties
    paid = [(line, given[str(line.duty_id)]) for line in order.lines if str(line.duty_id) in given]
    return [
        {"amountSet": paid_bag(info, amount, order), "originalDuty": duty(info, order, line)} for line, amount in paid
    ]


def _refunded_shipping(part: Part) -> list[RefundedShipping]:
    is_any = Decimal(part.record.shipping) and part.owner.shipping_lines
    return [RefundedShipping(part.record.id, part.record, part.owner)] if is_any else []


def _shipping_refunded(order: Order) -> Decimal:
    return sum((Decimal(line.refunded) for line in order.shipping_lines), Decimal())


def _delivery_tax(part: Part, info: Info) -> Decimal:
    order: Order = part.owner
    cost, currency = Decimal(part.record.price), caller(info).shop.currency
    return totals.tax_of(cost, order.tax_rate, order.taxes_included, currency)


def _shipping_tax(part: RefundedShipping, info: Info) -> Decimal:
    order = part.owner
    return totals.tax_of(
        Decimal(part.record.shipping), order.tax_rate, order.taxes_included, caller(info).shop.currency
    )


REFUND: dict[str, Any] = {
    "order": lambda p, i: p.owner,
    "processedAt": lambda p, i: p.record.created_at,
    "updatedAt": lambda p, i: p.record.created_at,
    "refundLineItems": lambda p, i, **page: connect(_parts(p.record.lines, p.owner), caller(i), page),
    "return": lambda p, i: next((Part(r, p.owner) for r in p.owner.returns if r.id == p.record.return_id), None),
    "duties": _refunded_duties,
    "refundShippingLines": lambda p, i, **page: connect(_refunded_shipping(p), caller(i), page),
    "totalRefundedSet": lambda p, i: both(i, Decimal(p.record.amount), presented.of_refund(p.record, p.owner), p.owner),
    "transactions": lambda p, i, **page: connect(
        payments_of(p.owner, p.record, caller(i).shop.currency), caller(i), page
    ),
}

REFUNDED_SHIPPING: dict[str, Any] = {
    "shippingLine": lambda p, i: Part(p.owner.shipping_lines[0], p.owner),
    "subtotalAmountSet": lambda p, i: bag(i, p.record.shipping, p.owner),
    "taxAmountSet": lambda p, i: bag(i, _shipping_tax(p, i), p.owner),
}


def _or_by_rate(info: Info, amount: str, paid: str | None, order: Order) -> dict[str, Any]:
    return bag(info, amount, order) if paid is None else both(info, Decimal(amount), Decimal(paid), order)


REFUND_LINE: dict[str, Any] = {
    "lineItem": lambda p, i: Part(p.owner.line(p.record.line_id), p.owner),
    "priceSet": lambda p, i: bag(i, p.owner.line(p.record.line_id).price, p.owner),
    "restockType": lambda p, i: p.record.restock_type.upper(),
    "restocked": lambda p, i: p.record.restock_type != "no_restock",
    "location": lambda p, i: None if p.record.restock_type == "no_restock" else place(i),
    "subtotalSet": lambda p, i: _or_by_rate(i, p.record.subtotal, p.record.presented, p.owner),
    "totalTaxSet": lambda p, i: _or_by_rate(i, p.record.total_tax, p.record.presented_tax, p.owner),
}

SHIPPING_LINE: dict[str, Any] = {
    "custom": lambda p, i: False,
    "isRemoved": lambda p, i: False,
    "phone": lambda p, i: None,
    "source": lambda p, i: "shopify",
    "originalPriceSet": lambda p, i: bag(i, p.record.price, p.owner),
    "discountedPriceSet": lambda p, i: bag(i, p.record.price, p.owner),
    "currentDiscountedPriceSet": lambda p, i: bag(i, Decimal(p.record.price) - Decimal(p.record.refunded), p.owner),
    "taxLines": lambda p, i: _taxes(_delivery_tax(p, i), p.owner, i),
}


def one(info: Info, id: int) -> Order | None:
    """An order of the caller's shop that it may see."""
    order = caller(info).state.orders.get(id)
    return order if order is not None and caller(info).sees(order) else None


def part(info: Info, id: int, list_name: str) -> Part | None:
    """A fulfillment, refund or return by its id, inside an order that the caller may see."""
    order = caller(info).state.order_of(id)
    if order is None or not caller(info).sees(order):
        return None
    return next((Part(record, order) for record in getattr(order, list_name) if record.id == id), None)


def by_identifier(info: Info, identifier: dict[str, str]) -> Order | None:
    if "id" not in identifier:
        raise refuse("only the id of an order is known here", "BAD_REQUEST")
    return one(info, parse_gid(identifier["id"])[1])
