"""Nora's order, which the pages' tests know to the cent; it has as few keys as an order can have (see factories.py)."""

from typing import Any

Payload = dict[str, Any]

BUYER = {
    "first_name": "Nora",
    "last_name": "Lindqvist",
    "email": "nora.lindqvist@example.com",
    "phone": "+33612345678",
}
ADDRESS = {
    "name": "Nora Lindqvist",
    "first_name": "Nora",
    "last_name": "Lindqvist",
    "address1": "12 Rue de l'Exemple",
    "address2": None,
    "zip": "69007",
    "city": "Lyon",
    "country": "France",
    "country_code": "FR",
    "phone": "06 12 34 56 78",
}


def line(number: int, title: str, quantity: int = 1, price: str = "10.00", **fields: Any) -> Payload:
    product = {"product_id": 900 + number, "variant_id": 950 + number, "variant_title": None}
    return (
        {"id": number, "title": title, "quantity": quantity, "price": price, "requires_shipping": True}
        | product
        | fields
    )


def order(number: int = 4711, **fields: Any) -> Payload:
    """orders/create: paid, to Lyon, of two lamps and one cord set."""
    return {
        "id": number,
        "name": "#1001",
        "email": BUYER["email"],
        "phone": BUYER["phone"],
        "created_at": "2026-06-01T10:00:00+02:00",
        "processed_at": "2026-06-01T10:00:00+02:00",
        "updated_at": "2026-06-01T10:00:00+02:00",
        "financial_status": "paid",
        "currency": "EUR",
        "current_total_price": "214.90",
        "current_subtotal_price": "210.00",
        "current_total_tax": "34.31",
        "total_shipping_price_set": {"shop_money": {"amount": "4.90", "currency_code": "EUR"}},
        "customer_locale": "en",
        "checkout_token": "c0ffee",
        "customer": {"id": 77} | BUYER,
        "shipping_address": ADDRESS,
        "shipping_lines": [{"title": "Standard"}],
        "line_items": [line(1, "Desk lamp", 2, "95.00", variant_title="Brass"), line(2, "Cord set", 1, "20.00")],
    } | fields


def parcel(number: int, lines: dict[int, int], order_id: int = 4711, **fields: Any) -> Payload:
    """fulfillments/create: `lines` are pieces by line."""
    return {
        "id": number,
        "order_id": order_id,
        "status": "success",
        "name": f"#1001.{number}",
        "created_at": "2026-06-02T09:00:00+02:00",
        "updated_at": "2026-06-02T09:00:00+02:00",
        "tracking_company": "Colissimo",
        "tracking_number": f"CB{number:08}FR",
        "tracking_url": f"https://carrier.example.com/track?code=CB{number:08}FR",
        "line_items": [{"id": one, "quantity": quantity} for one, quantity in lines.items()],
    } | fields


def scan(number: int, parcel_id: int, status: str, at: str, order_id: int = 4711, **fields: Any) -> Payload:
    """fulfillment_events/create"""
    return {
        "id": number,
        "order_id": order_id,
        "fulfillment_id": parcel_id,
        "status": status,
        "happened_at": at,
        "created_at": at,
        "city": "Lyon",
        "country": "France",
    } | fields
