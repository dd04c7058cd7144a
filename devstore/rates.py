"""What one currency is worth in another, fixed: the shops' prices in the buyer's money."""

from decimal import Decimal

FOR_ONE_EURO = {
    "EUR": "1",
    "USD": "1.0850",
    "GBP": "0.8420",
    "CHF": "0.9410",
    "SEK": "11.2400",
    "JPY": "163.25",
}


def rate(of: str, into: str) -> str:
    """How much of `into` one unit of `of` buys, as a decimal string. KeyError for a currency nobody quoted."""
    worth = Decimal(FOR_ONE_EURO[into]) / Decimal(FOR_ONE_EURO[of])
    return str(worth.quantize(Decimal("0.0001")).normalize()) if of != into else "1"
