"""Tracking numbers that cannot be right are found; those that may be are left alone."""

import pytest

from shopify_app.tracking.numbers import is_mistyped


@pytest.mark.parametrize(
    ("carrier", "number"),
    [
        ("La Poste Colissimo", "CB372159015FR"),
        ("Deutsche Post", "LX123456785DE"),
        ("UPS", "1Z5R89390357567127"),
        ("UPS", "1z 5r89 3903 5756 7127"),
        ("FedEx", "986578788855"),
        ("USPS", "9405511899223197428490"),
        ("DHL", "00340434161094042557"),
        ("GLS", "741215472808"),
        ("A cousin with a van", "7"),
        ("UPS", "H1234567890"),
        (None, "hello"),
        ("UPS", ""),
        ("UPS", None),
    ],
)
def test_a_number_that_may_be_right_is_believed(carrier: str | None, number: str | None) -> None:
    assert not is_mistyped(carrier, number)


@pytest.mark.parametrize(
    ("carrier", "number"),
    [
        ("La Poste Colissimo", "CB372159016FR"),
        ("La Poste Colissimo", "CB372159051FR"),
        (None, "LX123456784DE"),
        ("UPS", "1Z5R89390357567128"),
        ("United Parcel", "1Z5R89390375567127"),
        ("FedEx", "986578788856"),
        ("USPS", "9405511899223197428491"),
    ],
)
def test_a_wrong_digit_is_noticed(carrier: str | None, number: str) -> None:
    assert is_mistyped(carrier, number)


def test_every_slip_of_one_digit_is_noticed() -> None:
    right = "LX123456785DE"
    for place in range(2, 11):
        for digit in "0123456789":
            slip = right[:place] + digit + right[place + 1 :]
            assert is_mistyped("Deutsche Post", slip) == (slip != right and _would_fail(slip))


def _would_fail(number: str) -> bool:
    """The check of UPU S10: weights 8 6 4 2 3 5 9 7, 11 minus the rest by 11; 10 becomes 0, 11 becomes 5."""
    total = sum(int(digit) * weight for digit, weight in zip(number[2:10], (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    check = 11 - total % 11
    return int(number[10]) != {10: 0, 11: 5}.get(check, check)
