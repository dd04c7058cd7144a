"""How long the money takes from us to the buyer: an estimate, and said as one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

BUSINESS_DAYS = {"paypal": 5, "gift_card": 1, "store_credit": 1}
"""By the gateway, as they say themselves."""
USUAL_DAYS = 10


def arrival(refunded_at: datetime, gateways: Sequence[str]) -> datetime:
    """When the money should be with the buyer at the latest, if their bank is as quick as most."""
    left = max((BUSINESS_DAYS.get(one, USUAL_DAYS) for one in gateways), default=USUAL_DAYS)
    day = refunded_at
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day
