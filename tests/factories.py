"""What Shopify writes, with invented people in it: a body for every topic the app listens to.

Each maker gives a plain dictionary with Shopify's documented keys; a keyword replaces a key, whatever it held.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

Body = dict[str, Any]

PLACED = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
"""When the order of these bodies was placed, by Shopify's own account; tests that send mail place theirs now."""
MIRA = {"id": 7001, "first_name": "Mira", "last_name": "Sommer", "email": "mira.sommer@example.com", "phone": None}
HOME = {
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
    "phone": "+49 341 0000000",
    "latitude": 51.34,
    "longitude": 12.37,
}


def written(moment: datetime) -> str:
    """A time as Shopify writes it."""
    return moment.isoformat(timespec="seconds")


def later(hours: float) -> str:
    return written(PLACED + timedelta(hours=hours))


def both(amount: str, currency: str = "EUR", shown: str | None = None, shown_in: str | None = None) -> Body:
    """A price set: the shop's money, and the buyer's (the same when not given)."""
    return {
        "shop_money": {"amount": amount, "currency_code": currency},
        "presentment_money": {"amount": shown or amount, "currency_code": shown_in or currency},
    }


def line(number: int = 4001, **keys: Any) -> Body:
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{number}",
        "title": "Reading lamp",
        "variant_title": "Brass",
        "name": "Reading lamp - Brass",
        "sku": "LAMP-B",
        "quantity": 1,
        "current_quantity": 1,
        "price": "89.90",
        "price_set": both("89.90"),
        "product_id": 9001,
        "variant_id": 9101,
        "requires_shipping": True,
        "gift_card": False,
    } | keys


def order(number: int = 1001, **keys: Any) -> Body:
    """orders/create and its like: one lamp, paid, not shipped."""
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/Order/{number}",
        "name": f"#{number}",
        "order_number": number,
        "confirmation_number": f"C{number}",
        "email": MIRA["email"],
        "contact_email": MIRA["email"],
        "phone": None,
        "created_at": later(0),
        "processed_at": later(0),
        "updated_at": later(0),
        "cancelled_at": None,
        "cancel_reason": None,
        "closed_at": None,
        "financial_status": "paid",
        "fulfillment_status": None,
        "currency": "EUR",
        "presentment_currency": "EUR",
        "customer_locale": "de-DE",
        "test": False,
        "checkout_token": f"checkout-{number}",
        "cart_token": f"cart-{number}",
        "order_status_url": f"https://lumen-goods.example/1/orders/{number}/authenticate?key=0",
        "payment_gateway_names": ["shopify_payments"],
        "total_price": "94.80",
        "current_total_price": "94.80",
        "current_total_price_set": both("94.80"),
        "current_subtotal_price_set": both("89.90"),
        "current_total_tax_set": both("15.14"),
        "current_total_discounts_set": both("0.00"),
        "total_shipping_price_set": both("4.90"),
        "customer": MIRA,
        "billing_address": HOME,
        "shipping_address": HOME,
        "line_items": [line(number * 10 + 1)],
        "shipping_lines": [{"title": "Standard", "price": "4.90", "code": "std"}],
        "fulfillments": [],
        "refunds": [],
    } | keys


def new_order(now: datetime, number: int = 1001, **keys: Any) -> Body:
    """An order that was placed at this moment."""
    dated = dict.fromkeys(("created_at", "processed_at", "updated_at"), written(now))
    return order(number, **(dated | keys))


def fulfillment(number: int = 5001, order_id: int = 1001, **keys: Any) -> Body:
    """fulfillments/create: the lamp is on its way."""
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/Fulfillment/{number}",
        "order_id": order_id,
        "name": f"#{order_id}.1",
        "status": "success",
        "service": "manual",
        "shipment_status": None,
        "created_at": later(24),
        "updated_at": later(24),
        "tracking_company": "DHL",
        "tracking_number": "00340434161094042557",
        "tracking_numbers": ["00340434161094042557"],
        "tracking_url": "https://carrier.example.com/00340434161094042557",
        "tracking_urls": ["https://carrier.example.com/00340434161094042557"],
        "line_items": [line(order_id * 10 + 1)],
        "destination": HOME,
    } | keys


def event(number: int = 6001, fulfillment_id: int = 5001, order_id: int = 1001, **keys: Any) -> Body:
    """fulfillment_events/create: the carrier has scanned it."""
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/FulfillmentEvent/{number}",
        "fulfillment_id": fulfillment_id,
        "order_id": order_id,
        "shop_id": 1,
        "status": "in_transit",
        "message": "Arrived at the depot",
        "happened_at": later(30),
        "created_at": later(30),
        "updated_at": later(30),
        "estimated_delivery_at": later(72),
        "city": "Lyon",
        "province": None,
        "country": "FR",
        "zip": None,
        "address1": None,
        "latitude": None,
        "longitude": None,
    } | keys


def refund(number: int = 8001, order_id: int = 1001, **keys: Any) -> Body:
    """refunds/create: money for the lamp went back; some of its amounts are bare JSON numbers."""
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/Refund/{number}",
        "order_id": order_id,
        "created_at": later(48),
        "processed_at": later(48),
        "note": "Scratched",
        "restock": False,
        "refund_line_items": [
            {"id": number * 10, "line_item_id": order_id * 10 + 1, "quantity": 1, "subtotal": 89.9, "total_tax": 14.35}
        ],
        "transactions": [
            {"id": number * 10, "kind": "refund", "status": "success", "amount": "89.90", "currency": "EUR"}
        ],
        "order_adjustments": [],
        "return": None,
    } | keys


def returned(number: int = 3001, order_id: int = 1001, **keys: Any) -> Body:
    """returns/request: the buyer wants to send the lamp back."""
    gid = f"gid://shopify/Return/{number}"
    return {
        "id": number,
        "admin_graphql_api_id": gid,
        "status": "requested",
        "name": f"#{order_id}-R1",
        "order": {"id": order_id, "admin_graphql_api_id": f"gid://shopify/Order/{order_id}"},
        "total_return_line_items": 1,
        "return_line_items": [{"id": number * 10, "quantity": 1, "return_reason": "defective", "customer_note": "dim"}],
    } | keys


def return_update(number: int = 3001, **keys: Any) -> Body:
    """returns/update names the return by its gid alone."""
    removed = [{"admin_graphql_api_id": "gid://shopify/ReturnLineItem/30010", "delta": 1}]
    return {
        "admin_graphql_api_id": f"gid://shopify/Return/{number}",
        "return_line_items": {"removals": removed},
        "restocking_fees": {"updates": [], "removals": []},
    } | keys


def return_news(number: int = 3001, status: str = "open", order_id: int = 1001, **keys: Any) -> Body:
    """returns/approve, decline, cancel, close and reopen tell little."""
    gid = f"gid://shopify/Return/{number}"
    return {"id": number, "admin_graphql_api_id": gid, "order_id": order_id, "status": status} | keys


def checkout(token: str = "checkout-1001", **keys: Any) -> Body:
    """checkouts/create, which has an id (most checkout topics do not)."""
    return {
        "id": 2001,
        "token": token,
        "cart_token": "cart-1001",
        "email": MIRA["email"],
        "phone": None,
        "customer": MIRA,
        "customer_locale": "de",
        "created_at": later(-1),
        "updated_at": later(-1),
        "completed_at": None,
        "abandoned_checkout_url": f"https://lumen-goods.example/1/checkouts/{token}/recover?key=0",
        "presentment_currency": "EUR",
        "total_price": "94.80",
        "line_items": [{"title": "Reading lamp", "quantity": 1, "variant_id": 9101, "price": "89.90"}],
    } | keys


def customer(number: int = 7001, **keys: Any) -> Body:
    return (
        MIRA
        | {"id": number, "created_at": later(-1), "updated_at": later(-1), "note": None, "state": "disabled"}
        | keys
    )


def consent(state: str = "subscribed", at: str | None = None) -> Body:
    return {"state": state, "opt_in_level": "single_opt_in", "consent_updated_at": at or later(1)}


def email_consent(customer_id: int = 7001, **keys: Any) -> Body:
    body = {"customer_id": customer_id, "email_address": MIRA["email"], "email_marketing_consent": consent()}
    return body | keys


def sms_consent(customer_id: int = 7001, **keys: Any) -> Body:
    """The older of the two topics: it calls the customer plainly `id`."""
    return {"id": customer_id, "phone": "+493410000000", "sms_marketing_consent": consent()} | keys


def product(number: int = 9001, **keys: Any) -> Body:
    pictures = "https://cdn.shopify.com/s/files/lamp"
    return {
        "id": number,
        "title": "Reading lamp",
        "handle": "reading-lamp",
        "status": "active",
        "created_at": later(-100),
        "updated_at": later(-50),
        "image": {"id": 1, "src": f"{pictures}.png", "variant_ids": []},
        "images": [
            {"id": 1, "src": f"{pictures}.png", "variant_ids": []},
            {"id": 2, "src": f"{pictures}-brass.png", "variant_ids": [9101]},
        ],
        "variants": [{"id": 9101, "title": "Brass", "price": "89.90"}],
    } | keys


def shop_details(**keys: Any) -> Body:
    """shop/update, and app/uninstalled."""
    return {
        "id": 1,
        "name": "Lumen Goods",
        "email": "owner@example.com",
        "domain": "lumen-goods.example",
        "myshopify_domain": "lumen-goods.myshopify.com",
        "primary_locale": "en",
        "iana_timezone": "Europe/Berlin",
        "currency": "EUR",
        "country_code": "DE",
        "plan_name": "basic",
        "updated_at": later(0),
    } | keys


def order_edit(order_id: int = 1001, **keys: Any) -> Body:
    edit = {"id": 11, "order_id": order_id, "created_at": later(2), "committed_at": later(2)}
    lines = {"additions": [{"id": order_id * 10 + 2, "delta": 1}], "removals": []}
    return {"order_edit": edit | {"line_items": lines} | keys}


def scopes_update(*scopes: str) -> Body:
    return {"id": 1, "shop_id": "gid://shopify/Shop/1", "previous": [], "current": list(scopes), "updated_at": later(0)}


def bulk_finish(**keys: Any) -> Body:
    gid = "gid://shopify/BulkOperation/1"
    return {"admin_graphql_api_id": gid, "status": "completed", "type": "query", "completed_at": later(0)} | keys


def privacy(kind: str, shop: str = "lumen-goods.myshopify.com", **keys: Any) -> Body:
    """The three compliance topics: customers/data_request, customers/redact, shop/redact."""
    body: Body = {"shop_id": 1, "shop_domain": shop}
    if kind != "shop/redact":
        body["customer"] = {name: MIRA[name] for name in ("id", "email", "phone")}
        body |= {"orders_requested": [1001], "data_request": {"id": 9999}} if kind == "customers/data_request" else {}
        body |= {"orders_to_redact": [1001]} if kind == "customers/redact" else {}
    return body | keys


BODIES: dict[str, Callable[[], Body]] = {
    "orders/create": order,
    "orders/updated": order,
    "orders/paid": order,
    "orders/fulfilled": lambda: order(fulfillment_status="fulfilled", fulfillments=[fulfillment()]),
    "orders/partially_fulfilled": lambda: order(fulfillment_status="partial", fulfillments=[fulfillment()]),
    "orders/cancelled": lambda: order(cancelled_at=later(3), cancel_reason="customer"),
    "orders/edited": order_edit,
    "orders/delete": lambda: {"id": 1001},
    "orders/link_requested": order,
    "fulfillments/create": fulfillment,
    "fulfillments/update": lambda: fulfillment(updated_at=later(25)),
    "fulfillment_events/create": event,
    "fulfillment_events/delete": event,
    "refunds/create": refund,
    "returns/request": returned,
    "returns/approve": lambda: return_news(status="open"),
    "returns/decline": lambda: return_news(status="declined"),
    "returns/update": return_update,
    "returns/process": dict,
    "returns/cancel": lambda: return_news(status="canceled"),
    "returns/close": lambda: return_news(status="closed"),
    "returns/reopen": lambda: return_news(status="open"),
    "checkouts/create": checkout,
    "checkouts/update": lambda: checkout(updated_at=later(-0.5)),
    "checkouts/delete": lambda: {"id": 2001, "cart_token": "cart-1001", "presentment_currency": "EUR"},
    "customers/create": customer,
    "customers/update": lambda: customer(updated_at=later(1)),
    "customers/delete": lambda: {"id": 7001, "admin_graphql_api_id": "gid://shopify/Customer/7001"},
    "customers_email_marketing_consent/update": email_consent,
    "customers_marketing_consent/update": sms_consent,
    "products/create": product,
    "products/update": lambda: product(updated_at=later(-40)),
    "products/delete": lambda: {"id": 9001},
    "shop/update": shop_details,
    "app/uninstalled": shop_details,
    "app/scopes_update": lambda: scopes_update("read_orders", "read_products"),
    "bulk_operations/finish": bulk_finish,
    "customers/data_request": lambda: privacy("customers/data_request"),
    "customers/redact": lambda: privacy("customers/redact"),
    "shop/redact": lambda: privacy("shop/redact"),
}
"""A body for each topic."""
