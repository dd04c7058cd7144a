"""Money as decimal strings. Each currency has its own number of decimals (ISO 4217)."""

from decimal import ROUND_HALF_UP, Decimal

DECIMALS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "JOD": 3, "OMR": 3, "TND": 3}


def rounded(amount: Decimal, currency: str) -> Decimal:
    """To the currency's decimals, half up."""
    return amount.quantize(Decimal(1).scaleb(-DECIMALS.get(currency, 2)), ROUND_HALF_UP)


def text(amount: Decimal | str, currency: str) -> str:
    """As in Shopify's webhooks: "89.90", "1200" in JPY, "4.500" in KWD."""
    return str(rounded(Decimal(amount), currency))


def graphql_text(amount: Decimal | str, currency: str) -> str:
    """As in Shopify's GraphQL: no needless zeros but always one decimal, "89.9", "1200.0"."""
    plain = format(rounded(Decimal(amount), currency).normalize(), "f")
    return plain if "." in plain else plain + ".0"


def spread(total: Decimal, weights: list[Decimal], currency: str) -> list[Decimal]:
    """Share a total over lines by weight so that the shares add up to it exactly."""
    whole = sum(weights, Decimal())
    shares = []
    left_amount, left_weight = total, whole
    for weight in weights:
        share = rounded(left_amount * weight / left_weight, currency) if left_weight else Decimal()
        shares.append(share)
        left_amount, left_weight = left_amount - share, left_weight - weight
    return shares
