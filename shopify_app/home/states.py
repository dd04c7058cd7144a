"""Where an order's parcels are, in one word."""

from collections.abc import Sequence

from shopify_app.orders.models import Order

TROUBLE = ("failure", "not_delivered", "attempted_delivery", "delayed")
"""The worst first: one parcel in trouble is what the merchant must see."""

WAY = (
    "label_voided",
    "label_purchased",
    "label_printed",
    "submitted",
    "confirmed",
    "shipped",
    "carrier_picked_up",
    "in_transit",
    "out_for_delivery",
    "ready_for_pickup",
    "delivered",
)
"""What happens to a parcel, in this order."""


def shipping(order: Order, parcels: Sequence[str]) -> str:
    """A word of TROUBLE or WAY, or cancelled, unshipped, part_shipped. `parcels`: the newest word on each parcel."""
    if order.cancelled_at is not None:
        return "cancelled"
    for word in TROUBLE:
        if word in parcels:
            return word
    if order.fulfillment_status == "partial":
        return "part_shipped"
    if parcels:
        return min((known(word) for word in parcels), key=WAY.index)
    return "shipped" if order.fulfillment_status == "fulfilled" else "unshipped"


def known(word: str) -> str:
    """Shopify adds words with every version."""
    if word == "picked_up":
        return "delivered"
    return word if word in WAY else "shipped"
