"""What a merchant has set for what nobody asked for: how much in an hour; marketing also how often, when, and by what
right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from shopify_app.mail.hours import Quiet
from shopify_app.shopify.models import Shop

SETTING = "budget"
"""Key of the shop's setting."""
SPAN = timedelta(days=30)
"""In which `most` messages may go to one person."""

NIGHT = Quiet()


@dataclass(frozen=True, slots=True)
class Rules:
    gap: timedelta = timedelta(hours=16)
    """Between two marketing messages to one person."""
    most: int = 5
    """To one person in 30 days; 0: none at all."""
    hourly: int = 1_000
    """Of each kind that nobody asked for, to all persons together: what is above waits."""
    quiet: Quiet = NIGHT
    customers: frozenset[str] = frozenset()
    """Countries in which the merchant says that every buyer was told, when giving the address, that they may object:
    only there may a message rely on Basis.CUSTOMER."""
    blocked: frozenset[str] = frozenset()
    """Countries to which no marketing goes."""


def of(shop: Shop) -> Rules:
    return read(shop.settings.get(SETTING, {}))


def read(kept: Mapping[str, Any]) -> Rules:
    """What was never set stands as it comes."""
    plain = Rules()
    return Rules(
        gap=timedelta(hours=kept["gap"]) if "gap" in kept else plain.gap,
        most=kept.get("most", plain.most),
        hourly=kept.get("hourly", plain.hourly),
        quiet=Quiet(*map(time.fromisoformat, kept["quiet"])) if "quiet" in kept else plain.quiet,
        customers=frozenset(kept.get("customers", ())),
        blocked=frozenset(kept.get("blocked", ())),
    )


def write(rules: Rules) -> dict[str, Any]:
    """As it is kept in the shop's settings."""
    return {
        "gap": int(rules.gap / timedelta(hours=1)),
        "most": rules.most,
        "hourly": rules.hourly,
        "quiet": [f"{rules.quiet.begins:%H:%M}", f"{rules.quiet.ends:%H:%M}"],
        "customers": sorted(rules.customers),
        "blocked": sorted(rules.blocked),
    }
