"""orders/create and its sisters: the whole order."""

import base64
from decimal import Decimal

from devstore import totals, words
from devstore.payloads import parcels, people, refunds
from devstore.payloads.lines import line, tax_lines
from devstore.payloads.view import Body, View
from devstore.records import Discount, Order, ShippingLine
from devstore.words import gid


def order(view: View, order: Order) -> Body:
    """Every key of Shopify's order resource."""
    return (
        _identity(view, order) | _states(view, order) | _source(view, order) | _money(view, order) | _parts(view, order)
    )


def discount_codes(discounts: list[Discount]) -> list[Body]:
    return [{"code": d.code, "amount": d.amount, "type": d.type} for d in discounts]


def _identity(view: View, order: Order) -> Body:
    return {
        "id": order.id,
        "admin_graphql_api_id": gid("Order", order.id),
        "name": order.name,
        "number": order.number - 1000,
        "order_number": order.number,
        "confirmation_number": order.confirmation_number,
        "confirmed": True,
        "token": order.token,
        "cart_token": order.cart_token,
        "checkout_id": order.checkout_id,
        "checkout_token": order.checkout_token,
        "email": order.email or "",
        "contact_email": order.email,
        "phone": order.phone,
        "order_status_url": words.status_url(view.storefront, view.shop, order),
        "customer_locale": order.customer_locale,
        "buyer_accepts_marketing": order.buyer_accepts_marketing,
        "note": order.note,
        "note_attributes": [],
        "tags": ", ".join(order.tags),
        "test": order.test,
        "po_number": None,
        "reference": None,
    }


def _states(view: View, order: Order) -> Body:
    return {
        "created_at": view.time(order.created_at),
        "processed_at": view.time(order.processed_at),
        "updated_at": view.time(order.updated_at),
        "closed_at": view.time(order.closed_at),
        "cancelled_at": view.time(order.cancelled_at),
        "cancel_reason": order.cancel_reason,
        "financial_status": words.financial_status(order, view.shop.currency),
        "fulfillment_status": words.fulfillment_status(order),
        "payment_gateway_names": [order.gateway],
        "payment_terms": None,
    }


def _source(view: View, order: Order) -> Body:
    return {
        "app_id": 580111,
        "browser_ip": None,
        "client_details": None,
        "device_id": None,
        "duties_included": False,
        "estimated_taxes": False,
        "landing_site": None,
        "landing_site_ref": None,
        "location_id": None,
        "merchant_business_entity_id": _entity(view),
        "merchant_of_record_app_id": None,
        "referring_site": None,
        "source_identifier": None,
        "source_name": order.source_name,
        "source_url": None,
        "user_id": None,
    }


def _money(view: View, order: Order) -> Body:
    bought = totals.of_order(order, view.shop.currency)
    now = totals.of_order_now(order, view.shop.currency)
    amounts = {
        "subtotal_price": bought.subtotal,
        "total_price": bought.total,
        "total_tax": bought.tax,
        "total_discounts": bought.discounts,
        "total_line_items_price": bought.lines,
        "current_subtotal_price": now.subtotal,
        "current_total_price": now.total,
        "current_total_tax": now.tax,
        "current_total_discounts": now.discounts,
    }
    plain = {key: view.money(amount) for key, amount in amounts.items()}
    sets = {f"{key}_set": view.bag(amount, order) for key, amount in amounts.items()}
    duties = {
        "original_total_duties_set": view.bag(bought.duties, order) if bought.duties else None,
        "current_total_duties_set": view.bag(now.duties, order) if bought.duties else None,
    }
    return plain | sets | _rare_money(view, order, bought.shipping, now.shipping) | duties


def _rare_money(view: View, order: Order, shipping: Decimal, shipping_now: Decimal) -> Body:
    return {
        "currency": view.shop.currency,
        "presentment_currency": order.presentment_currency,
        "taxes_included": order.taxes_included,
        "tax_exempt": False,
        "total_shipping_price_set": view.bag(shipping, order),
        "current_shipping_price_set": view.bag(shipping_now, order),
        "total_outstanding": view.money(words.outstanding(order, view.shop.currency)),
        "total_tip_received": view.money("0"),
        "total_weight": sum(line.grams * line.quantity for line in order.lines),
        "total_cash_rounding_payment_adjustment_set": view.bag("0", order),
        "total_cash_rounding_refund_adjustment_set": view.bag("0", order),
        "current_total_additional_fees_set": None,
        "original_total_additional_fees_set": None,
    }


def _parts(view: View, order: Order) -> Body:
    buyer = view.state.customers.get(order.customer_id or 0)
    return {
        "billing_address": people.address(order.billing_address),
        "shipping_address": people.address(order.shipping_address),
        "customer": people.in_order(view, buyer) if buyer else None,
        "discount_codes": discount_codes(order.discounts),
        "discount_applications": [_application(discount) for discount in order.discounts],
        "fulfillments": [parcels.in_order(view, order, parcel) for parcel in order.fulfillments],
        "line_items": [line(view, order, bought) for bought in order.lines],
        "line_item_groups": [],
        "refunds": [refunds.in_order(view, order, refund) for refund in order.refunds],
        "returns": [{"id": r.id, "admin_graphql_api_id": gid("Return", r.id)} for r in order.returns],
        "shipping_lines": [_shipping_line(view, order, carriage) for carriage in order.shipping_lines],
        "tax_lines": tax_lines(view, order, totals.of_order(order, view.shop.currency).tax),
    }


def _entity(view: View) -> str:
    return base64.b64encode(f"1{view.shop.id}".encode()).decode().rstrip("=")


def _application(discount: Discount) -> Body:
    return {
        "target_type": "line_item",
        "type": "discount_code",
        "value": discount.value,
        "value_type": discount.type,
        "allocation_method": "across",
        "target_selection": "all",
        "code": discount.code,
    }


def _shipping_line(view: View, order: Order, carriage: ShippingLine) -> Body:
    return {
        "id": carriage.id,
        "carrier_identifier": None,
        "code": carriage.code,
        "discounted_price": carriage.price,
        "discounted_price_set": view.bag(carriage.price, order),
        "is_removed": False,
        "phone": None,
        "price": carriage.price,
        "price_set": view.bag(carriage.price, order),
        "requested_fulfillment_service_id": None,
        "source": "shopify",
        "title": carriage.title,
        "tax_lines": [],
        "discount_allocations": [],
    }
