"""The merchant's page of how often and when anybody gets marketing."""

import re
from collections.abc import Mapping
from datetime import time, timedelta

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from shopify_app import optouts, zones
from shopify_app import settings as kept
from shopify_app.db import transaction
from shopify_app.frame import language, say, show
from shopify_app.language import words
from shopify_app.mail import pace, rules
from shopify_app.mail.hours import Quiet
from shopify_app.mail.law import CONSENT_ONLY
from shopify_app.mail.rules import Rules
from shopify_app.shopify import guards

settings = Blueprint("budget", __name__, url_prefix="/settings/budget")
settings.before_request(guards.merchant)

LONGEST_GAP, MOST, HOURLY = 720, 30, 10_000
"""Hours, messages in 30 days to one person, messages of one kind in an hour."""
NUMBER = words("A whole number from {least} to {most}.")
CLOCK = words("A time such as 21:00.")
COUNTRY = words("Two letters for each country, with commas between them, as in FR, BE.")
CONSENTED = words("In Germany and Austria only those who agreed may be written to.")


class Unclear(Exception):
    """What was typed, field by field, and what is wrong with it."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("unclear")
        self.errors = errors


@settings.get("")
def page() -> ResponseReturnValue:
    return show(
        "home/budget.html",
        rules=rules.of(g.shop),
        longest_gap=LONGEST_GAP,
        most=MOST,
        hourly=HOURLY,
        hours=pace.hours(g.shop),
        may_tell=optouts.may_tell(g.shop),
        scope=optouts.SCOPE,
    )


@settings.post("")
def change() -> ResponseReturnValue:
    try:
        wanted = _read(request.form)
    except Unclear as unclear:
        return say(next(iter(unclear.errors.values())), status=422, errors=dict(unclear.errors))
    with transaction():
        kept.put(g.shop, {rules.SETTING: rules.write(wanted)})
    return say(language().t("Saved"))


def _read(form: Mapping[str, str]) -> Rules:
    """Raises Unclear with all that is wrong at once."""
    errors: dict[str, str] = {}
    gap = _number(form, "gap", 0, LONGEST_GAP, errors)
    most = _number(form, "most", 0, MOST, errors)
    hourly = _number(form, "hourly", 1, HOURLY, errors)
    begins, ends = _clock(form, "begins", errors), _clock(form, "ends", errors)
    customers, blocked = _countries(form, "customers", errors), _countries(form, "blocked", errors)
    if customers & CONSENT_ONLY:
        errors["customers"] = language().t(CONSENTED)
    if errors:
        raise Unclear(errors)
    return Rules(timedelta(hours=gap), most, hourly, Quiet(begins, ends), customers, blocked)


def _number(form: Mapping[str, str], name: str, least: int, most: int, errors: dict[str, str]) -> int:
    typed = form.get(name, "").strip()
    if not re.fullmatch(r"[0-9]{1,5}", typed) or not least <= int(typed) <= most:
        errors[name] = language().t(NUMBER, least=least, most=most)
        return least
    return int(typed)


def _clock(form: Mapping[str, str], name: str, errors: dict[str, str]) -> time:
    typed = form.get(name, "").strip()
    if not re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", typed):
        errors[name] = language().t(CLOCK)
        return time()
    hour, minute = typed.split(":")
    return time(int(hour), int(minute))


def _countries(form: Mapping[str, str], name: str, errors: dict[str, str]) -> frozenset[str]:
    """By their letters, or by their name in a language that we speak."""
    typed = [part.strip() for part in form.get(name, "").split(",") if part.strip()]
    found = [zones.country(part) for part in typed]
    if None in found:
        errors[name] = language().t(COUNTRY)
    return frozenset(code for code in found if code)
