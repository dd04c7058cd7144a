"""When a parcel should come by the shop's own rule, where nobody has promised a day.

A rule is what the merchant thinks usual, no promise: it is told as the shop's estimate, stands in no ledger, and a
parcel is never called late because of it. Without a rule nothing is claimed.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from shopify_app.language import words, zone
from shopify_app.orders.models import Order
from shopify_app.shopify.models import Shop
from shopify_app.tracking.delays import Calendar

SETTING = "delivery_days"
"""Key of the shop's setting: a Rule's fields, and under "methods" those of each delivery method that has its own."""
MOST = 60
"""Working days that a merchant may enter."""
SITUATIONS = ("packed", "sent", "moving")
"""Of a parcel, in which a usual time means something: no trouble, not with customs, not at the door."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Working days; None: the merchant has not said, so it is not claimed."""

    handling: int | None = None
    """From the order until it is sent."""
    domestic: int | None = None
    """From then until it is there."""
    abroad: int | None = None

    def transit(self, calendar: Calendar) -> int | None:
        """None too where we do not know from where it comes, or where it goes."""
        if not (calendar.origin and calendar.destination):
            return None
        return self.abroad if calendar.is_abroad else self.domestic


FIELDS = tuple(field.name for field in fields(Rule))


class Unclear(Exception):
    """Something typed is no number of days: `errors` says what to mend, by the form's field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


def general(shop: Shop) -> Rule:
    return _rule(_setting(shop))


def of_method(shop: Shop, title: str) -> Rule:
    """What was entered for this method alone."""
    return _rule(_setting(shop).get("methods", {}).get(title, {}))


def methods(shop: Shop) -> Collection[str]:
    """Titles that have a rule of their own."""
    return _setting(shop).get("methods", {}).keys()  # type: ignore[no-any-return]


def _rule(entered: Mapping[str, Any]) -> Rule:
    return Rule(**{name: entered.get(name) for name in FIELDS})


def _setting(shop: Shop) -> Mapping[str, Any]:
    return (shop.settings or {}).get(SETTING, {})  # type: ignore[no-any-return]


def of_order(shop: Shop, order: Order) -> Rule:
    """By its delivery method; what that leaves open is the general rule's."""
    own = asdict(of_method(shop, order.shipping_method or ""))
    return Rule(**(asdict(general(shop)) | {name: days for name, days in own.items() if days is not None}))


def of_parcel(rule: Rule, sent_at: datetime, calendar: Calendar) -> datetime | None:
    days = rule.transit(calendar)
    return None if days is None else calendar.after(sent_at, days)


def of_unsent(rule: Rule, shop: Shop, order: Order, calendar: Calendar, now: datetime) -> datetime | None:
    """Of an order nothing of which has been sent. None as soon as it should have been sent: then the rule has not been
    kept, and says nothing of the day on which it comes."""
    if rule.handling is None:
        return None
    here = Calendar(shop.country, shop.country, zone(shop.timezone))
    sent_at = here.after(order.placed_at, rule.handling)
    return of_parcel(rule, sent_at, calendar) if now < here.over(sent_at) else None


def setting(form: Mapping[str, str], titles: Collection[str]) -> dict[str, Any]:
    """What the form says, to be kept; `titles` are the methods in its order. Raises Unclear."""
    errors: dict[str, str] = {}
    entered = _read(form, "", errors)
    own = {title: _read(form, f"-{place}", errors) for place, title in enumerate(titles)}
    if errors:
        raise Unclear(errors)
    return entered | {"methods": {title: days for title, days in own.items() if days}}


def _read(form: Mapping[str, str], suffix: str, errors: dict[str, str]) -> dict[str, int]:
    days = {}
    for name in FIELDS:
        text = form.get(name + suffix, "").strip()
        if not text:
            continue
        if text.isascii() and text.isdigit() and len(text) <= len(str(MOST)) and int(text) <= MOST:
            days[name] = int(text)
        else:
            errors[name + suffix] = words("Please enter a whole number from 0 to {most}, or nothing.")
    return days
