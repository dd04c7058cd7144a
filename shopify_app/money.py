"""Money is a whole number of the currency's smallest unit."""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from babel.numbers import get_currency_precision
from sqlalchemy import BigInteger, TypeDecorator


class Minor(TypeDecorator[int]):
    """A column of money: minor units of the currency that its row, or its row's order, names."""

    impl = BigInteger
    cache_ok = True


@cache
def exponent(currency: str) -> int:
    """Digits after the point: 2 for EUR, 0 for JPY, 3 for KWD (CLDR; 2 for a currency it does not know)."""
    return get_currency_precision(currency)


def minor(amount: Any, currency: str) -> int:
    """Shopify's "12.34" as 1234; None and an empty text count as nothing. Raises ValueError on other text."""
    if amount is None or amount == "":
        return 0
    try:
        value = Decimal(str(amount)).scaleb(exponent(currency))
        return int(value.quantize(Decimal(1), ROUND_HALF_UP))
    except (ArithmeticError, ValueError) as error:
        raise ValueError("not an amount of money") from error


def decimal(amount: int, currency: str) -> Decimal:
    """1234 of EUR as 12.34."""
    return Decimal(amount).scaleb(-exponent(currency))
