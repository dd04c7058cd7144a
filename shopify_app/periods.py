"""How long things are kept. What we propose is also the longest: a merchant may only shorten it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Period:
    most: int
    """Days, where the merchant says nothing else."""
    least: int
    """Shorter, and what it is kept for would not work any more."""


SETTING = "kept_days"
ORDERS, CARTS, NEWS, SIGHTINGS = "orders", "carts", "news", "sightings"
PERIODS: Mapping[str, Period] = {
    ORDERS: Period(730, 180),
    CARTS: Period(90, 30),
    NEWS: Period(30, 7),
    SIGHTINGS: Period(365, 90),
}


def of(settings: Mapping[str, Any], name: str) -> timedelta:
    """`settings`: the shop's. What was chosen under other limits is brought within these."""
    period = PERIODS[name]
    chosen = settings.get(SETTING, {}).get(name, period.most)
    return timedelta(days=min(max(chosen, period.least), period.most))
