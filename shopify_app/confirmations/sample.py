"""An order made up to show a merchant what buyers get. It is in no table."""

from shopify_app import clock
from shopify_app.confirmations import letter
from shopify_app.language import speak
from shopify_app.mail.outbox import Mail
from shopify_app.orders.models import Line, Order
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop


def preview(shop: Shop) -> Mail:
    """The confirmation in the shop's own language. Its link leads to the look-up."""
    return letter.write(shop, _whole(shop), shop.storefront + shop.proxy_path)


def _whole(shop: Shop) -> Whole:
    t = speak(shop.locale).t
    lamp = Line(id=1, title=t("Desk lamp"), variant_title=t("Brass"), quantity=1, price=8900, requires_shipping=True)
    cord = Line(id=2, title=t("Cord set"), variant_title=None, quantity=2, price=1450, requires_shipping=True)
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
        locale=shop.locale,
        currency=shop.currency,
        total=11800,
        financial_status="paid",
        shipping_method=None,
        person={"email": shop.email or "", "first_name": "Alex", "last_name": "Sample", "address": address},
    )
    return Whole(order, [lamp, cord], shipments=[], events=[], refunds=[], returns=[], products={})
