"""What the merchant has set: whether buyers are asked, and when."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from shopify_app import clock, settings
from shopify_app.language import words
from shopify_app.shopify.models import Shop

SWITCH = "feedback"
"""Key of the shop's setting: a Rule's fields. What is missing is as usual, and off."""
LIMITS: Mapping[str, tuple[int, int]] = {"days": (1, 60), "reminder_days": (2, 30), "cap": (1, 5000)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    since: str | None = None
    """When it was switched on, as ISO 8601; None: off."""
    days: int = 10
    """After the last item was delivered."""
    reminder: bool = True
    reminder_days: int = 7
    """After the request went out."""
    cap: int = 200
    """Most requests of one day."""

    @property
    def began(self) -> datetime | None:
        return datetime.fromisoformat(self.since) if self.since else None


NAMES = tuple(field.name for field in fields(Rule))


class Unclear(Exception):
    """`errors`: field of the form → what to mend."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


def of(shop: Shop) -> Rule:
    """Off again after a new install, whatever was set before the last one ended."""
    kept = (shop.settings or {}).get(SWITCH, {})
    rule = Rule(**{name: kept[name] for name in NAMES if name in kept})
    is_old = rule.began and shop.installed_at and rule.began < shop.installed_at
    return replace(rule, since=None) if is_old else rule


def keep(shop: Shop, **changed: Any) -> None:
    """In a transaction."""
    settings.put(shop, {SWITCH: asdict(of(shop)) | changed})


def switch(shop: Shop, *, is_on: bool) -> None:
    """In a transaction. Switched on twice, it keeps its time: nothing that was due before it is ever asked."""
    keep(shop, since=(of(shop).since or clock.now().isoformat()) if is_on else None)


def chosen(form: Mapping[str, str]) -> dict[str, Any]:
    """What a merchant's form says. Raises Unclear."""
    read = {name: _number(form.get(name, ""), *limits) for name, limits in LIMITS.items()}
    said = words("Please enter a whole number within the limits.")
    if errors := {name: said for name, number in read.items() if number is None}:
        raise Unclear(errors)
    return read | {"reminder": form.get("reminder") == "on"}


def _number(text: str, least: int, most: int) -> int | None:
    text = text.strip()
    is_number = text.isascii() and text.isdigit() and len(text) < 6
    return int(text) if is_number and least <= int(text) <= most else None
