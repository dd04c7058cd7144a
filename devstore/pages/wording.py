"""Money, times and states as people read them."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency

from devstore import totals, words
from devstore.money import rounded
from devstore.records import Fulfillment, Order, Shop

PAYMENT = {
    "pending": ("Payment pending", "warning"),
    "partially_paid": ("Partially paid", "warning"),
    "paid": ("Paid", "calm"),
    "partially_refunded": ("Partially refunded", "info"),
    "refunded": ("Refunded", "info"),
    "voided": ("Voided", "calm"),
}
PARCEL = {
    None: ("Shipped", "calm"),
    "label_purchased": ("Label bought", "calm"),
    "label_printed": ("Label printed", "calm"),
    "confirmed": ("Confirmed", "calm"),
    "carrier_picked_up": ("Picked up", "info"),
    "in_transit": ("In transit", "info"),
    "delayed": ("Delayed", "warning"),
    "out_for_delivery": ("Out for delivery", "info"),
    "ready_for_pickup": ("Ready for pick-up", "info"),
    "attempted_delivery": ("Delivery attempted", "warning"),
    "delivered": ("Delivered", "success"),
    "failure": ("Failed", "critical"),
}
"""Each with the colour of its badge."""


def price(amount: Decimal | str, currency: str, locale: str = "en") -> str:
    """An amount in its currency: "€89.00", "89,00 €", "￥1,200"."""
    return format_currency(rounded(Decimal(amount), currency), currency, locale=locale)


def paid_price(amount: Decimal | str, order: Order, locale: str = "en") -> str:
    """An amount in shop money, in what the buyer paid with."""
    return price(Decimal(amount) * Decimal(order.exchange_rate), order.presentment_currency, locale)


def day(when: datetime, zone: str, locale: str = "en") -> str:
    return format_date(when.astimezone(ZoneInfo(zone)), "medium", locale=locale)


def moment(when: datetime, zone: str, locale: str = "en") -> str:
    return format_datetime(when.astimezone(ZoneInfo(zone)), "d MMM, HH:mm", locale=locale)


def payment(order: Order, shop: Shop) -> tuple[str, str]:
    """Words and colour of the payment."""
    return PAYMENT[words.financial_status(order, shop.currency)]


def delivery(order: Order) -> tuple[str, str]:
    """Words and colour of the delivery of the whole order."""
    if order.cancelled_at:
        return "Cancelled", "critical"
    return {
        None: ("Unfulfilled", "warning"),
        "partial": ("Partially fulfilled", "warning"),
        "fulfilled": ("Fulfilled", "calm"),
    }[words.fulfillment_status(order)]


def parcel(fulfillment: Fulfillment) -> tuple[str, str]:
    """Words and colour of where a parcel is."""
    if fulfillment.status == "cancelled":
        return "Cancelled", "critical"
    return PARCEL[words.shipment_status(fulfillment)]


def total(order: Order, shop: Shop) -> str:
    """The order's total as bought, in shop money."""
    return price(totals.of_order(order, shop.currency).total, shop.currency)
