"""What a light is, and what a merchant can do about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shopify_app import clock
from shopify_app.frame import language


class State(StrEnum):
    """The worst first."""

    RED = "red"
    """Something does not work, and stays so until somebody does something."""
    AMBER = "amber"
    """Something will not work soon, or works less well."""
    GREEN = "green"


@dataclass(frozen=True, slots=True)
class Deed:
    """The one thing to do about it: a repair of ours, a page to go to, or a permission that Shopify asks for."""

    label: str
    repair: str = ""
    """Its name in repairs.py."""
    href: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Light:
    name: str
    state: State
    sentence: str
    deed: Deed | None = None


def green(name: str, sentence: str, deed: Deed | None = None) -> Light:
    return Light(name, State.GREEN, sentence, deed)


def amber(name: str, sentence: str, deed: Deed | None = None) -> Light:
    return Light(name, State.AMBER, sentence, deed)


def red(name: str, sentence: str, deed: Deed | None = None) -> Light:
    return Light(name, State.RED, sentence, deed)


def span(seconds: float) -> str:
    """How long, in the unit that fits: "40 seconds", "3 minutes", "2 hours"."""
    n = language().n
    if seconds < 60:
        return n("{count} second", "{count} seconds", max(round(seconds), 1))
    if seconds < 3600:
        return n("{count} minute", "{count} minutes", round(seconds / 60))
    if seconds < 2 * 86_400:
        return n("{count} hour", "{count} hours", round(seconds / 3600))
    return n("{count} day", "{count} days", round(seconds / 86_400))


def age(moment: datetime) -> timedelta:
    return clock.now() - moment
