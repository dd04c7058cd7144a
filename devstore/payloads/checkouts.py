"""checkouts/*. Match them by token: not every version carries an id."""

from decimal import Decimal

from devstore import totals, words
from devstore.payloads import people
from devstore.payloads.orders import discount_codes
from devstore.payloads.view import Body, View
from devstore.records import Checkout, Line, ShippingLine


def checkout(view: View, checkout: Checkout) -> Body:
    """checkouts/create and checkouts/update. Prices are in the buyer's currency."""
    return _identity(view, checkout) | _source(checkout) | _money(view, checkout) | _parts(view, checkout)


def deleted(view: View, checkout: Checkout) -> Body:
    """checkouts/delete knows no token."""
    return {"id": checkout.id, "cart_token": checkout.cart_token} | _money(view, checkout)


def _identity(view: View, checkout: Checkout) -> Body:
    return {
        "id": checkout.id,
        "token": checkout.token,
        "cart_token": checkout.cart_token,
        "name": f"#{checkout.id}",
        "email": checkout.email,
        "phone": checkout.phone,
        "customer_locale": checkout.customer_locale,
        "buyer_accepts_marketing": checkout.buyer_accepts_marketing,
        "buyer_accepts_sms_marketing": False,
        "sms_marketing_phone": None,
        "abandoned_checkout_url": words.recover_url(view.storefront, view.shop, checkout),
        "created_at": view.time(checkout.created_at),
        "updated_at": view.time(checkout.updated_at),
        "completed_at": view.time(checkout.completed_at),
        "closed_at": view.time(checkout.closed_at),
        "note": None,
        "note_attributes": [],
    }


def _source(checkout: Checkout) -> Body:
    nothing = ("landing_site", "referring_site", "user_id", "location_id", "source_identifier")
    nowhere = ("source_url", "device_id", "source", "reservation_token")
    return dict.fromkeys((*nothing, *nowhere)) | {"source_name": checkout.source_name, "gateway": checkout.gateway}


def _money(view: View, checkout: Checkout) -> Body:
    shop = view.shop
    sums = totals.of_checkout(checkout, shop.tax_rate, shop.taxes_included, shop.currency)
    return {
        "currency": shop.currency,
        "presentment_currency": checkout.presentment_currency,
        "taxes_included": shop.taxes_included,
        "total_weight": sum(line.grams * line.quantity for line in checkout.lines),
        "total_discounts": _paid(view, checkout, sums.discounts),
        "total_line_items_price": _paid(view, checkout, sums.lines),
        "total_price": _paid(view, checkout, sums.total),
        "total_tax": _paid(view, checkout, sums.tax),
        "subtotal_price": _paid(view, checkout, sums.subtotal),
        "total_duties": None,
        "tax_lines": [
            {
                "price": _paid(view, checkout, sums.tax),
                "rate": float(shop.tax_rate),
                "title": "VAT",
                "channel_liable": None,
            }
        ],
    }


def _parts(view: View, checkout: Checkout) -> Body:
    body: Body = {
        "discount_codes": discount_codes(checkout.discounts),
        "line_items": [_line(view, checkout, line) for line in checkout.lines],
        "shipping_lines": [_shipping(view, checkout, carriage) for carriage in checkout.shipping_lines],
    }
    customer = view.state.customers.get(checkout.customer_id or 0)
    known = {
        "billing_address": people.address(checkout.billing_address or checkout.shipping_address),
        "shipping_address": people.address(checkout.shipping_address),
        "customer": people.in_checkout(view, customer) if customer else None,
    }
    return body | {key: value for key, value in known.items() if value is not None}


def _paid(view: View, checkout: Checkout, amount: Decimal | str) -> str:
    return str(view.bag(amount, checkout)["presentment_money"]["amount"])


def _line(view: View, checkout: Checkout, line: Line) -> Body:
    code = checkout.discounts[0].code if checkout.discounts else None
    price = _paid(view, checkout, line.price)
    unknown = ("destination_location_id", "origin_location_id", "variant_price", "user_id", "unit_price_measurement")
    return dict.fromkeys((*unknown, "rank", "compare_at_price")) | {
        "applied_discounts": [],
        "discount_allocations": [_allocation(line.discount, code)] if Decimal(line.discount) else [],
        "key": f"{line.id:x}",
        "fulfillment_service": "manual",
        "gift_card": line.gift_card,
        "grams": line.grams,
        "presentment_title": line.title,
        "presentment_variant_title": line.variant_title or "",
        "product_id": line.product_id,
        "properties": [{"name": name, "value": value} for name, value in line.properties.items()] or None,
        "quantity": line.quantity,
        "requires_shipping": line.requires_shipping,
        "sku": line.sku,
        "tax_lines": [],
        "taxable": True,
        "title": line.title,
        "variant_id": line.variant_id,
        "variant_title": line.variant_title or "",
        "vendor": line.vendor,
        "line_price": _paid(view, checkout, Decimal(line.price) * line.quantity),
        "price": price,
    }


def _allocation(amount: str, code: str | None) -> Body:
    return {
        "id": None,
        "amount": amount,
        "description": code,
        "created_at": None,
        "application_type": "discount_code",
        "discount_class": "ORDER",
    }


def _shipping(view: View, checkout: Checkout, carriage: ShippingLine) -> Body:
    unknown = (
        *("original_shop_price", "original_rate_price", "original_shop_markup", "presentment_title", "phone"),
        *("tax_lines", "custom_tax_lines", "markup", "delivery_category", "carrier_identifier", "carrier_service_id"),
        *("api_client_id", "requested_fulfillment_service_id", "delivery_option_group_type", "validation_context"),
        *("delivery_expectation_range", "delivery_expectation_type", "estimated_delivery_time_range"),
    )
    return dict.fromkeys(unknown) | {
        "code": carriage.code,
        "price": _paid(view, checkout, carriage.price),
        "source": "shopify",
        "title": carriage.title,
        "applied_discounts": [],
        "id": f"{carriage.id:x}",
    }
