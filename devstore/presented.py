"""An order in the money the buyer paid with, as Shopify's `presentmentMoney` has it."""

from decimal import Decimal

from devstore import totals
from devstore.money import rounded
from devstore.records import Line, Order, Refund


def into(amount: Decimal | str, order: Order) -> Decimal:
    """Shop money in the buyer's."""
    return rounded(Decimal(amount) * Decimal(order.exchange_rate), order.presentment_currency)


def back(amount: Decimal, order: Order, currency: str) -> Decimal:
    """The buyer's money in the shop's, whose currency is given."""
    return rounded(amount / Decimal(order.exchange_rate), currency)


def line_paid(line: Line, order: Order) -> Decimal:
    """What all units of a line cost after its discounts: the difference of the two sums that the API tells."""
    return into(Decimal(line.price) * line.quantity, order) - into(line.discount, order)


def line_tax(line: Line, order: Order, currency: str) -> Decimal:
    """The tax on all units of a line, contained in its price or not. currency: the shop's."""
    cost = totals.line_total(line, line.quantity, currency)
    return into(totals.tax_of(cost, order.tax_rate, order.taxes_included, currency), order)


def delivery_tax(order: Order, amount: Decimal, currency: str) -> Decimal:
    """The part of its tax that goes with so much of its price; with all that is left, the rest of the tax."""
    price = sum((into(one.price, order) for one in order.shipping_lines), Decimal())
    taxes = (
        totals.tax_of(Decimal(one.price), order.tax_rate, order.taxes_included, currency)
        for one in order.shipping_lines
    )
    tax, before = sum((into(one, order) for one in taxes), Decimal()), delivery_refunded(order)
    if not price:
        return Decimal()
    paid_in = order.presentment_currency
    return rounded(tax * (before + amount) / price, paid_in) - rounded(tax * before / price, paid_in)


def delivery_refunded(order: Order) -> Decimal:
    return sum((into(one.refunded, order) for one in order.shipping_lines), Decimal())


def of_refund(refund: Refund, order: Order) -> Decimal:
    return into(refund.amount, order) if refund.presented is None else Decimal(refund.presented)


def refunded(order: Order) -> Decimal:
    """All that went back so far."""
    return sum((of_refund(refund, order) for refund in order.refunds), Decimal())


def left(order: Order) -> Decimal:
    """What was paid and not yet given back."""
    return into(order.paid, order) - refunded(order)


def duty_refunded(order: Order, duty_id: int) -> Decimal:
    key = str(duty_id)
    return sum((Decimal(refund.duties.get(key, "0")) for refund in order.refunds), Decimal())
