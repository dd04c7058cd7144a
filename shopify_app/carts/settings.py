"""What the merchant decided about reminders. Nothing goes out before they are switched on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shopify_app import settings as kept
from shopify_app.carts import decisions
from shopify_app.shopify.models import Shop

SETTING = "carts"
"""Key of the shop's settings."""
CAPS = (10, 50, 200, 1_000)
"""Messages per hour of which the merchant chooses the most: what is above waits for the next hour."""
SHARES = (0, 5, 10, 20, 50)
"""Per cent of persons that nobody writes to, so that the others can be compared with somebody."""
PERCENTS = (0, 5, 10, 15, 20)
"""What a code takes off; 0: no codes."""
BUDGETS = (10, 50, 100, 500)
"""Codes in 30 days of which the merchant chooses the most."""
DAYS = (2, 3, 7, 14)
"""How long a code is good for."""


@dataclass(frozen=True, slots=True)
class Settings:
    since: datetime | None = None
    """When reminders were switched on; None: they are off."""
    first: int = decisions.FIRST[0]
    """Hours from the last activity to the first message."""
    steps: int = 1
    holdout: int = 10
    """Per cent."""
    cap: int = 50
    percent: int = 0
    """What a code takes off; 0: no codes."""
    budget: int = 50
    days: int = 7

    @property
    def delays(self) -> tuple[timedelta, ...]:
        return decisions.delays(self.first, self.steps)


CHOICES: Mapping[str, tuple[int, ...]] = {
    "first": decisions.FIRST,
    "steps": tuple(range(1, decisions.MOST + 1)),
    "holdout": SHARES,
    "cap": CAPS,
    "percent": PERCENTS,
    "budget": BUDGETS,
    "days": DAYS,
}
"""What the merchant may choose from."""


def of(shop: Shop) -> Settings:
    told: dict[str, Any] = shop.settings.get(SETTING, {})
    since = datetime.fromisoformat(told["since"]) if told.get("since") else None
    return Settings(since=since, **{name: int(told[name]) for name in CHOICES if name in told})


def keep(shop: Shop, settings: Settings) -> None:
    """Inside a transaction. Time in whole seconds, as Shopify's is, or what comes in the same one would be older."""
    since = settings.since and settings.since.isoformat(timespec="seconds")
    kept.put(shop, {SETTING: {"since": since} | {name: getattr(settings, name) for name in CHOICES}})


def chosen(form: Mapping[str, str], settings: Settings) -> dict[str, int]:
    """Each choice of the form, or the one that stands. Raises ValueError with the field's name for one not offered."""
    found = {}
    for name, offered in CHOICES.items():
        text = form.get(name, str(getattr(settings, name)))
        if text not in map(str, offered):
            raise ValueError(name)
        found[name] = int(text)
    return found
