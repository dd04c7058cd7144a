"""What an order or checkout costs, in shop money, from its lines, discounts, shipping and refunds."""

from dataclasses import dataclass
from decimal import Decimal

from devstore.money import rounded
from devstore.records import Checkout, Line, Order, ShippingLine


@dataclass(frozen=True)
class Totals:
    """`tax` is contained in `total` either way; with taxes_included it is also contained in the prices."""

    lines: Decimal
    discounts: Decimal
    subtotal: Decimal
    shipping: Decimal
    tax: Decimal
    duties: Decimal
    total: Decimal


def tax_of(amount: Decimal, rate: str, included: bool, currency: str) -> Decimal:
    """The tax in (included) or on top of an amount."""
    part = Decimal(rate)
    return rounded(amount * part / (1 + part) if included else amount * part, currency)


def of_order(order: Order, currency: str) -> Totals:
    """As bought."""
    duties = sum((Decimal(line.duty) for line in order.lines), Decimal())
    return _totals(order.lines, order.shipping_lines, order.tax_rate, order.taxes_included, currency, duties)


def of_order_now(order: Order, currency: str) -> Totals:
    """After refunds, removals and edits: Shopify's current_* fields."""
    given_back = sum((Decimal(amount) for refund in order.refunds for amount in refund.duties.values()), Decimal())
    bought = sum((Decimal(line.duty) for line in order.lines), Decimal())
    duties = bought - rounded(given_back / Decimal(order.exchange_rate), currency)
    shipping, included = order.shipping_lines, order.taxes_included
    return _totals(order.lines, shipping, order.tax_rate, included, currency, duties, now=True)


def of_checkout(checkout: Checkout, tax_rate: str, taxes_included: bool, currency: str) -> Totals:
    return _totals(checkout.lines, checkout.shipping_lines, tax_rate, taxes_included, currency)


def line_total(line: Line, pieces: int, currency: str) -> Decimal:
    """What these pieces of a line cost after its discount."""
    whole = Decimal(line.price) * line.quantity - Decimal(line.discount)
    return rounded(whole * pieces / line.quantity, currency) if line.quantity else Decimal()


def _totals(
    lines: list[Line],
    shipping: list[ShippingLine],
    tax_rate: str,
    included: bool,
    currency: str,
    duties: Decimal = Decimal(),
    now: bool = False,
) -> Totals:
    counts = [line.quantity - line.removed if now else line.quantity for line in lines]
    gross = sum((Decimal(line.price) * n for line, n in zip(lines, counts, strict=True)), Decimal())
    subtotal = sum((line_total(line, n, currency) for line, n in zip(lines, counts, strict=True)), Decimal())
    carriage = sum((Decimal(s.price) - (Decimal(s.refunded) if now else 0) for s in shipping), Decimal())
    tax = tax_of(subtotal + carriage, tax_rate, included, currency)
    total = subtotal + carriage + duties + (0 if included else tax)
    return Totals(gross, gross - subtotal, subtotal, carriage, tax, duties, total)
