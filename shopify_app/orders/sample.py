"""An order made up to show a merchant what buyers get. It is in no table."""

from shopify_app import clock
from shopify_app.language import speak
from shopify_app.orders import read
from shopify_app.orders.models import Line, Order
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop


def whole(shop: Shop) -> Whole:
    """Paid, of two lines, in the shop's own language, to its own address."""
    t = speak(shop.locale).t
    lines = [_line(1, t("Desk lamp"), t("Brass"), 1, 8900), _line(2, t("Cord set"), None, 2, 1450)]
    return Whole(_order(shop), lines, shipments=[], events=[], refunds=[], returns=[], products={})


def shown(shop: Shop, order_id: int | None) -> Whole | None:
    """What a message is looked at with: a real order, or for None the one made up. None: there is no such order."""
    return read.whole(shop, order_id) if order_id else whole(shop)


def _line(number: int, title: str, variant: str | None, quantity: int, price: int) -> Line:
    pieces = {"quantity": quantity, "current_quantity": quantity}
    unknown = {"product_id": None, "variant_id": None, "sku": None, "paid": None}
    named = {"title": title, "variant_title": variant, "price": price}
    return Line(id=number, requires_shipping=True, **named, **pieces, **unknown)


def _order(shop: Shop) -> Order:
    street = {"name": "Alex Sample", "address1": "1 Example Street"}
    person = {"email": shop.email or "", "phone": None, "first_name": "Alex", "last_name": "Sample"}
    return Order(
        id=0,
        name="#1001",
        placed_at=clock.now(),
        cancelled_at=None,
        country="DE",
        locale=shop.locale,
        currency=shop.currency,
        total=11800,
        subtotal=11800,
        shipping=0,
        tax=0,
        discounts=0,
        customer_id=None,
        gateways=["shopify_payments"],
        financial_status="paid",
        shipping_method=None,
        person=person | {"address": street | {"zip": "10115", "city": "Berlin", "country_code": "DE"}},
    )
