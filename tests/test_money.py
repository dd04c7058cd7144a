"""Money is a whole number of the currency's smallest unit, and no unit is lost."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopify_app.money import decimal, exponent, minor


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("89.90", "EUR", 8990),
        ("1200", "JPY", 1200),
        ("1200.0", "JPY", 1200),
        ("4.500", "KWD", 4500),
        ("4.5", "KWD", 4500),
        ("0.005", "EUR", 1),
        (Decimal("89.9"), "EUR", 8990),
        (89, "EUR", 8900),
        ("-5.00", "EUR", -500),
        ("", "EUR", 0),
        (None, "EUR", 0),
        ("12.34", "XXZ", 1234),
    ],
)
def test_money_is_counted_in_the_smallest_unit_of_its_currency(amount: Any, currency: str, units: int) -> None:
    assert minor(amount, currency) == units


@pytest.mark.parametrize("amount", ["much", "1,50", "1.5.0", "NaN", "Infinity", "1e999999"])
def test_what_is_no_money_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="money"):
        minor(amount, "EUR")


@given(amount=st.integers(-(10**12), 10**12), currency=st.sampled_from(["EUR", "JPY", "KWD", "CLP", "BHD"]))
def test_no_unit_is_lost_on_the_way(amount: int, currency: str) -> None:
    text = f"{decimal(amount, currency):.{exponent(currency)}f}"
    assert minor(text, currency) == amount
