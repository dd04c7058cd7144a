"""Resolvers of a customer and their orders. Money is what the buyer paid with: this API knows no other."""

from decimal import Decimal
from typing import Any

from devstore import totals, words
from devstore.customer_api.visitor import visitor
from devstore.graphql.caller import Info
from devstore.graphql.catalogue import product_picture
from devstore.graphql.connections import connect
from devstore.graphql.money import bag
from devstore.graphql.orders import FULFILLMENT as SHIPMENT
from devstore.graphql.orders import LINE as ADMIN_LINE
from devstore.graphql.orders import display_fulfillment
from devstore.graphql.parts import Part
from devstore.records import Customer, Order
from devstore.words import gid

SORTS = {
    "ID": lambda o: o.id,
    "CREATED_AT": lambda o: o.created_at,
    "PROCESSED_AT": lambda o: o.processed_at,
    "UPDATED_AT": lambda o: o.updated_at,
    "ORDER_NUMBER": lambda o: o.number,
}


def parts(records: list[Any], owner: Any) -> list[Part]:
    return [Part(record, owner) for record in records]


def money(info: Info, amount: Decimal | str, order: Order) -> Any:
    return bag(info, amount, order)["presentmentMoney"]


def _orders(customer: Customer, info: Info, **page: Any) -> dict[str, Any]:
    who = visitor(info)
    theirs = [order for order in who.state.orders.of(who.shop.domain) if who.sees(order)]
    return connect(theirs, who, page, SORTS.get(page["sortKey"], SORTS["ID"]))


def _sums(order: Order, info: Info) -> totals.Totals:
    return totals.of_order(order, visitor(info).shop.currency)


def _line(part: Part, info: Info, pieces: int) -> Any:
    return money(info, totals.line_total(part.record, pieces, visitor(info).shop.currency), part.owner)


def _parcels(order: Order, info: Info, **page: Any) -> dict[str, Any]:
    return connect(parts(order.fulfillments, order), visitor(info), page)


def _scans(part: Part, info: Info, **page: Any) -> dict[str, Any]:
    by_time = page["sortKey"] == "HAPPENED_AT"
    return connect(part.record.events, visitor(info), page, lambda event: event.happened_at if by_time else event.id)


def _last_scan(part: Part, info: Info) -> str | None:
    status = words.shipment_status(part.record)
    return status.upper() if status else None


def _fulfillment_status(order: Order, info: Info) -> str:
    shown = display_fulfillment(order, info)
    return "FULFILLED" if shown == "FULFILLMENT_NOT_REQUIRED" else shown


CUSTOMER: dict[str, Any] = {
    "creationDate": lambda c, i: c.created_at,
    "displayName": lambda c, i: c.name or c.email or "",
    "emailAddress": lambda c, i: {"emailAddress": c.email, "marketingState": c.email_consent.state.upper()},
    "orders": _orders,
}

ORDER: dict[str, Any] = {
    "currencyCode": lambda o, i: o.presentment_currency,
    "customer": lambda o, i: visitor(i).customer,
    "financialStatus": lambda o, i: words.financial_status(o, visitor(i).shop.currency).upper(),
    "fulfillmentStatus": _fulfillment_status,
    "fulfillments": _parcels,
    "lineItems": lambda o, i, **page: connect(parts(o.lines, o), visitor(i), page),
    "requiresShipping": lambda o, i: any(line.requires_shipping for line in o.lines),
    "returnInformation": lambda o, i: o,
    "returns": lambda o, i, **page: connect(parts(o.returns, o), visitor(i), page),
    "statusPageUrl": lambda o, i: words.status_url(visitor(i).view.storefront, visitor(i).shop, o),
    "subtotal": lambda o, i: money(i, _sums(o, i).subtotal, o),
    "totalPrice": lambda o, i: money(i, _sums(o, i).total, o),
    "totalRefunded": lambda o, i: money(i, o.refunded, o),
    "totalShipping": lambda o, i: money(i, _sums(o, i).shipping, o),
    "totalTax": lambda o, i: money(i, _sums(o, i).tax, o),
}

LINE: dict[str, Any] = {
    "giftCard": lambda p, i: p.record.gift_card,
    "image": lambda p, i: product_picture(i, p.record.product_id, p.record.variant_id),
    "price": lambda p, i: money(i, p.record.price, p.owner),
    "productId": lambda p, i: gid("Product", p.record.product_id) if p.record.product_id else None,
    "variantId": lambda p, i: gid("ProductVariant", p.record.variant_id) if p.record.variant_id else None,
    "refundableQuantity": lambda p, i: p.record.quantity - p.record.removed,
    "suggestedReturnReasonDefinitions": ADMIN_LINE["suggestedReturnReasonDefinitions"],
    "totalDiscount": lambda p, i: money(i, p.record.discount, p.owner),
    "totalPrice": lambda p, i: _line(p, i, p.record.quantity),
    "currentTotalPrice": lambda p, i: _line(p, i, p.record.quantity - p.record.removed),
}

FULFILLMENT: dict[str, Any] = {
    "estimatedDeliveryAt": SHIPMENT["estimatedDeliveryAt"],
    "events": _scans,
    "fulfillmentLineItems": SHIPMENT["fulfillmentLineItems"],
    "isPickedUp": lambda p, i: words.shipment_status(p.record) == "picked_up",
    "latestShipmentStatus": _last_scan,
    "requiresShipping": SHIPMENT["requiresShipping"],
    "status": SHIPMENT["status"],
    "trackingInformation": lambda p, i: p.record.tracking,
}
