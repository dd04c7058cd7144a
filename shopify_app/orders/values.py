"""What any message about an order may say of it, in the words of `mail/wording.py`."""

from shopify_app.orders.models import Order
from shopify_app.shopify.models import Shop


def of(shop: Shop, order: Order, link: str) -> dict[str, str | None]:
    """Name → value; None where the buyer has none. link: to the order's page."""
    return {
        "order": order.name,
        "first_name": order.person["first_name"],
        "shop": shop.name or shop.domain,
        "link": link,
    }
