"""Where the buyer of an order may live, by the clock."""

from collections.abc import Sequence
from datetime import tzinfo

from shopify_app import zones
from shopify_app.language import zone
from shopify_app.orders.models import Order
from shopify_app.shopify.models import Shop


def of(shop: Shop, order: Order) -> Sequence[tzinfo]:
    """One zone, or those of a country that has several; the shop's own where nothing is known."""
    return zones.home(order.person.get("zone"), order.country, zone(shop.timezone))
