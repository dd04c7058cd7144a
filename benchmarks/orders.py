"""Believable `orders/create` bodies of about 10 KB, in Shopify's words."""

import json
from typing import Any

ADDRESS = {
    "first_name": "Mira",
    "last_name": "Sommer",
    "name": "Mira Sommer",
    "company": None,
    "address1": "Lindenweg 4",
    "address2": "2. Etage",
    "city": "Leipzig",
    "province": "Sachsen",
    "province_code": "SN",
    "country": "Germany",
    "country_code": "DE",
    "zip": "04109",
    "phone": "+49341000000",
    "latitude": 51.34,
    "longitude": 12.37,
}
AMOUNTS = (
    "current_subtotal_price",
    "current_total_discounts",
    "current_total_price",
    "current_total_tax",
    "subtotal_price",
    "total_discounts",
    "total_line_items_price",
    "total_price",
    "total_shipping_price",
    "total_tax",
)


def both(amount: str) -> dict[str, Any]:
    money = {"amount": amount, "currency_code": "EUR"}
    return {"shop_money": money, "presentment_money": money}


def line(order_id: int, place: int) -> dict[str, Any]:
    number = order_id * 10 + place
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{number}",
        "attributed_staffs": [],
        "current_quantity": 1,
        "fulfillable_quantity": 1,
        "fulfillment_service": "manual",
        "fulfillment_status": None,
        "gift_card": False,
        "grams": 1200,
        "name": f"Reading lamp no. {place} - Brass",
        "price": "89.90",
        "price_set": both("89.90"),
        "product_exists": True,
        "product_id": 700 + place,
        "properties": [{"name": "Engraving", "value": "for the long evenings"}],
        "quantity": 1,
        "requires_shipping": True,
        "sku": f"LAMP-{place}",
        "tax_lines": [{"title": "VAT", "price": "14.35", "rate": 0.19, "price_set": both("14.35")}] * 2,
        "taxable": True,
        "title": f"Reading lamp no. {place}",
        "total_discount": "0.00",
        "total_discount_set": both("0.00"),
        "variant_id": 7000 + place,
        "variant_inventory_management": "shopify",
        "variant_title": "Brass",
        "vendor": "Lumen Goods",
        "duties": [],
        "discount_allocations": [{"amount": "5.00", "amount_set": both("5.00"), "discount_application_index": 0}],
    }


def order(order_id: int, name: str, email: str, created_at: str) -> dict[str, Any]:
    """An order of four lines, paid, not shipped."""
    return (
        {
            "id": order_id,
            "admin_graphql_api_id": f"gid://shopify/Order/{order_id}",
            "name": name,
            "number": order_id,
            "order_number": order_id,
            "confirmation_number": f"C{order_id}",
            "email": email,
            "contact_email": email,
            "phone": None,
            "created_at": created_at,
            "processed_at": created_at,
            "updated_at": created_at,
            "closed_at": None,
            "cancelled_at": None,
            "cancel_reason": None,
            "currency": "EUR",
            "presentment_currency": "EUR",
            "customer_locale": "de-DE",
            "financial_status": "paid",
            "fulfillment_status": None,
            "test": False,
            "token": f"{order_id:032x}",
            "cart_token": f"c{order_id:031x}",
            "checkout_token": f"d{order_id:031x}",
            "landing_site": "/products/reading-lamp?utm_source=newsletter&utm_campaign=autumn",
            "order_status_url": f"https://lumen-goods.example/orders/{order_id:032x}/authenticate?key=0",
            "note": "Please leave it with the neighbour if nobody is at home.",
            "note_attributes": [],
            "tags": "",
            "payment_gateway_names": ["shopify_payments"],
            "client_details": {
                "user_agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
                "browser_width": 1280,
            },
            "discount_codes": [{"code": "AUTUMN", "amount": "20.00", "type": "fixed_amount"}],
            "discount_applications": [
                {"type": "discount_code", "code": "AUTUMN", "value": "20.0", "value_type": "fixed"}
            ],
            "tax_lines": [{"title": "VAT", "price": "57.41", "rate": 0.19, "price_set": both("57.41")}],
            "taxes_included": True,
            "billing_address": ADDRESS,
            "shipping_address": ADDRESS,
            "customer": {"id": 9_000_000 + order_id, "email": email, "first_name": "Mira", "last_name": "Sommer"}
            | {"default_address": ADDRESS, "verified_email": True, "currency": "EUR"},
            "line_items": [line(order_id, place) for place in range(1, 5)],
            "fulfillments": [],
            "refunds": [],
            "shipping_lines": [
                {"id": order_id, "title": "Standard", "code": "std", "price": "4.90", "price_set": both("4.90")}
            ],
        }
        | dict.fromkeys(AMOUNTS, "339.60")
        | {f"{name}_set": both("339.60") for name in AMOUNTS}
    )


def body(order_id: int, name: str, email: str, created_at: str) -> bytes:
    return json.dumps(order(order_id, name, email, created_at)).encode()
