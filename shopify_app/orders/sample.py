"""An order made up to show a merchant what buyers get. It is in no table."""

from shopify_app import clock
from shopify_app.language import speak
from shopify_app.orders.models import Line, Order
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop


def whole(shop: Shop) -> Whole:
    """Paid, in the shop's own language, to its own address."""
    t = speak(shop.locale).t
    lamp = Line(
        id=1,
        title=t("Desk lamp"),
        variant_title=t("Brass"),
        quantity=1,
        current_quantity=1,
        price=8900,
        requires_shipping=True,
    )
    cord = Line(
        id=2,
        title=t("Cord set"),
        variant_title=None,
        quantity=2,
        current_quantity=2,
        price=1450,
        requires_shipping=True,
    )
    address = {
        "name": "Alex Sample",
        "address1": "1 Example Street",
        "zip": "10115",
        "city": "Berlin",
        "country_code": "DE",
    }
    order = Order(
        id=0,
        name="#1001",
        placed_at=clock.now(),
        country="DE",
        locale=shop.locale,
        currency=shop.currency,
        total=11800,
        financial_status="paid",
        cancelled_at=None,
        shipping_method=None,
        person={"email": shop.email or "", "first_name": "Alex", "last_name": "Sample", "address": address},
    )
    return Whole(order, [lamp, cord], shipments=[], events=[], refunds=[], returns=[], products={})
