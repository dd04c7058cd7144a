"""What the merchant set for the kinds of confirmation."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from shopify_app.addresses import web
from shopify_app.confirmations.kinds import KINDS, PLAIN, Rules
from shopify_app.language import words
from shopify_app.money import decimal, minor
from shopify_app.shopify.models import Shop

SETTING = "confirmation_rules"
"""Key of the shop's setting: the fields of Rules. Nothing but the plain one is on until the merchant says so."""
MOST_DAYS = 365
CHOICES: Mapping[str, tuple[int, ...]] = {
    "percent": (0, 5, 10, 15, 20),
    "days": (7, 14, 30, 60),
    "budget": (10, 50, 100, 500),
}
"""Of a code: what the merchant may choose from."""


class Unclear(Exception):
    """Something typed cannot be used: `errors` says what to mend, by the form's field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


def of(shop: Shop) -> Rules:
    kept: dict[str, Any] = (shop.settings or {}).get(SETTING, {})
    known = {field.name: kept[field.name] for field in fields(Rules) if field.name in kept}
    return Rules(**(known | {"on": frozenset(kept.get("on", ()))}))


def typed(rules: Rules, currency: str) -> dict[str, str]:
    """As the form shows them."""
    value = "" if rules.high_value is None else str(decimal(rules.high_value, currency))
    lead = "" if rules.long_lead is None else str(rules.long_lead)
    return {"high_value": value, "long_lead": lead, "community": rules.community}


def read(kinds: list[str], form: Mapping[str, str], currency: str) -> dict[str, Any]:
    """What the form says, to be kept. Raises Unclear."""
    errors: dict[str, str] = {}
    value, lead = form.get("high_value", "").strip(), form.get("long_lead", "").strip()
    community = form.get("community", "").strip()
    if lead and not (lead.isascii() and lead.isdecimal() and 0 < int(lead[:4]) <= MOST_DAYS):
        errors["long_lead"] = words("Please enter a whole number from 1 to 365, or nothing.")
    if community and not (web(community) and community.startswith("https://")):
        errors["community"] = words("This is no address of a page: it begins with https://.")
    for name, offered in CHOICES.items():
        if form.get(name, str(getattr(Rules(), name))) not in map(str, offered):
            errors[name] = words("Please choose one of these.")
    amount = _amount(value, currency)
    if value and amount is None:
        errors["high_value"] = words("Please enter an amount as in 250.00, or nothing.")
    if errors:
        raise Unclear(errors)
    on = sorted(kind for kind in set(kinds) if kind in KINDS and kind != PLAIN)
    days = int(lead) if lead else None
    numbers = {name: int(form.get(name, getattr(Rules(), name))) for name in CHOICES}
    return {"on": on, "high_value": amount, "long_lead": days, "community": community} | numbers


def _amount(typed: str, currency: str) -> int | None:
    """Minor units; None for what is no amount above nothing."""
    try:
        amount = minor(typed.replace(",", "."), currency) if typed else 0
    except (ValueError, ArithmeticError):
        return None
    return amount if 0 < amount < 10**12 else None
