"""Lines of orders, parcels and refunds, their taxes and discounts."""

from decimal import Decimal

from devstore import totals
from devstore.payloads.view import Body, View
from devstore.records import Line, Order
from devstore.words import gid


def line(view: View, order: Order, line: Line, quantity: int | None = None) -> Body:
    """A line as in an order. quantity: how many of it lie in this parcel; None = all that were bought."""
    return bare_line(view, order, line, quantity) | {
        "attributed_staffs": [],
        "current_quantity": line.quantity - line.removed,
    }


def bare_line(view: View, order: Order, line: Line, quantity: int | None = None) -> Body:
    """A line as fulfillment and refund webhooks show it."""
    return {
        "id": line.id,
        "admin_graphql_api_id": gid("LineItem", line.id),
        "fulfillable_quantity": line.unfulfilled,
        "fulfillment_service": "manual",
        "fulfillment_status": _state(line),
        "gift_card": line.gift_card,
        "grams": line.grams,
        "name": line.name,
        "price": line.price,
        "price_set": view.bag(line.price, order),
        "product_exists": view.state.products.get(line.product_id or 0) is not None,
        "product_id": line.product_id,
        "properties": [{"name": name, "value": value} for name, value in line.properties.items()],
        "quantity": line.quantity if quantity is None else quantity,
        "requires_shipping": line.requires_shipping,
        "sku": line.sku,
        "taxable": True,
        "title": line.title,
        "total_discount": view.money("0"),
        "total_discount_set": view.bag("0", order),
        "variant_id": line.variant_id,
        "variant_inventory_management": "shopify",
        "variant_title": line.variant_title,
        "vendor": line.vendor,
        "tax_lines": _line_taxes(view, order, line),
        "duties": _duties(view, order, line),
        "discount_allocations": _allocations(view, order, line),
    }


def tax_lines(view: View, order: Order, tax: Decimal) -> list[Body]:
    if not tax:
        return []
    return [
        {
            "price": view.money(tax),
            "rate": float(order.tax_rate),
            "title": "VAT",
            "price_set": view.bag(tax, order),
            "channel_liable": False,
        }
    ]


def _line_taxes(view: View, order: Order, line: Line) -> list[Body]:
    currency = view.shop.currency
    cost = totals.line_total(line, line.quantity, currency)
    return tax_lines(view, order, totals.tax_of(cost, order.tax_rate, order.taxes_included, currency))


def _allocations(view: View, order: Order, line: Line) -> list[Body]:
    if not Decimal(line.discount):
        return []
    bag = view.bag(line.discount, order)
    return [{"amount": line.discount, "amount_set": bag, "discount_application_index": 0}]


def _duties(view: View, order: Order, line: Line) -> list[Body]:
    if not Decimal(line.duty):
        return []
    bag = view.bag(line.duty, order)
    return [
        {
            "id": line.duty_id,
            "harmonized_system_code": None,
            "country_code_of_origin": None,
            "shop_money": bag["shop_money"],
            "presentment_money": bag["presentment_money"],
            "tax_lines": [],
            "admin_graphql_api_id": gid("Duty", line.duty_id),
        }
    ]


def _state(line: Line) -> str | None:
    if line.unfulfilled == line.quantity - line.removed and line.unfulfilled:
        return None
    return "partial" if line.unfulfilled else "fulfilled"
