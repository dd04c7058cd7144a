"""Words that Shopify derives from a record: states and addresses."""

from decimal import Decimal

from devstore import totals
from devstore.records import Checkout, Fulfillment, Order, Shop


def financial_status(order: Order, currency: str) -> str:
    """pending, partially_paid, paid, partially_refunded, refunded or voided. currency: the shop's."""
    paid, refunded = Decimal(order.paid), Decimal(order.refunded)
    if order.cancelled_at and not paid:
        return "voided"
    if refunded:
        return "refunded" if refunded >= paid else "partially_refunded"
    if not paid and totals.of_order_now(order, currency).total > 0:
        return "pending"
    return "paid" if outstanding(order, currency) <= 0 else "partially_paid"


def outstanding(order: Order, currency: str) -> Decimal:
    """What the buyer still owes, in shop money; never below zero."""
    worth = totals.of_order_now(order, currency).total + Decimal(order.fees)
    due = worth - Decimal(order.paid) + Decimal(order.refunded)
    return Decimal() if order.cancelled_at else max(due, Decimal())


def fulfillment_status(order: Order) -> str | None:
    """None (nothing shipped), "partial" or "fulfilled"."""
    shipped = any(f.status == "success" for f in order.fulfillments)
    if not shipped:
        return None
    return "partial" if any(line.unfulfilled for line in order.lines) else "fulfilled"


def shipment_status(fulfillment: Fulfillment) -> str | None:
    """The newest scan by the time it happened; None before the first."""
    newest = max(fulfillment.events, key=lambda event: (event.happened_at, event.id), default=None)
    return newest.status if newest else None


def status_url(base: str, shop: Shop, order: Order) -> str:
    """The buyer's order status page below the storefront address `base`. Holds a key: a secret."""
    return f"{base}/{shop.id}/orders/{order.token}/authenticate?key={order.key}"


def recover_url(base: str, shop: Shop, checkout: Checkout) -> str:
    """Where an abandoned checkout goes on."""
    return f"{base}/{shop.id}/checkouts/{checkout.token}/recover?key={checkout.cart_token}"


def gid(kind: str, id: int) -> str:
    return f"gid://shopify/{kind}/{id}"
