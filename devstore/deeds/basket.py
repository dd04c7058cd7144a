"""Lines, discounts and shipping, as checkouts and orders share them."""

from collections.abc import Sequence
from decimal import Decimal

from devstore.money import rounded, spread, text
from devstore.records import Discount, Line, ShippingLine
from devstore.state import State

Wanted = Sequence[tuple[int, int]]
"""What the buyer wants: (variant id, pieces)."""

Code = tuple[str, str, str]
"""A discount code: (code, "fixed_amount" or "percentage", value)."""


def lines(state: State, wanted: Wanted) -> list[Line]:
    """KeyError for a variant the store does not have."""
    return [_line(state, variant_id, quantity) for variant_id, quantity in wanted]


def shipping_lines(state: State, shipping: tuple[str, str], currency: str) -> list[ShippingLine]:
    """shipping: (title, price in shop money)."""
    title, price = shipping
    return [ShippingLine(id=state.new_id(), title=title, price=text(price, currency), code=title)]


def discount(lines: list[Line], code: Code | None, currency: str) -> list[Discount]:
    """Spread a code over the lines by their price; the lines get their share."""
    prices = [Decimal(line.price) * line.quantity for line in lines]
    total = _worth(code, sum(prices, Decimal()), currency) if code else Decimal()
    for line, share in zip(lines, spread(total, prices, currency), strict=True):
        line.discount = text(share, currency)
    return [Discount(code=code[0], type=code[1], value=code[2], amount=text(total, currency))] if code else []


def _worth(code: Code, total: Decimal, currency: str) -> Decimal:
    _, kind, value = code
    wanted = total * Decimal(value) / 100 if kind == "percentage" else Decimal(value)
    return rounded(min(wanted, total), currency)


def _line(state: State, variant_id: int, quantity: int) -> Line:
    found = state.variant(variant_id)
    if found is None:
        raise KeyError(f"no variant {variant_id}")
    product, place = found
    variant = product.variants[place]
    return Line(
        id=state.new_id(),
        product_id=product.id,
        variant_id=variant.id,
        title=product.title,
        variant_title=None if variant.title == "Default Title" else variant.title,
        quantity=quantity,
        price=variant.price,
        sku=variant.sku,
        vendor=product.vendor or None,
        grams=variant.grams,
        requires_shipping=variant.requires_shipping and not product.gift_card,
        gift_card=product.gift_card,
        unfulfilled=quantity,
        duty_id=state.new_id(),
    )
