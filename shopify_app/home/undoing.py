"""What may be set back to how it was: nothing that the app of today would not take, and nothing that goes on by it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shopify_app import settings
from shopify_app.carts import settings as carts
from shopify_app.changes import rules as changes
from shopify_app.codes import friends
from shopify_app.confirmations import rules as confirmations
from shopify_app.db import db, transaction
from shopify_app.feedback import rules as feedback
from shopify_app.home.staff import ROLES, assign
from shopify_app.language import TWO_WAYS
from shopify_app.mail import brand
from shopify_app.mail import rules as budget
from shopify_app.mail.law import CONSENT_ONLY
from shopify_app.settings import Change, Overtaken
from shopify_app.shopify import staff
from shopify_app.shopify.models import Shop
from shopify_app.tracking import estimates

SWITCHES = ("carts", "feedback", "referrals")
"""Settings that are on from a moment on, which stands under "since"."""
OWN_WAY = frozenset({"ratings", "page_texts"})
"""Where more hangs on it than the setting."""


class SwitchesOn(Exception):
    """It would go on by this: there is a dry run to be seen first, and nothing older may count."""


class Unfit(Exception):
    """What was set then cannot be set any more."""


def can(key: str) -> bool:
    return key not in OWN_WAY


def undo(shop: Shop, change: Change) -> None:
    """Raises SwitchesOn, Unfit, settings.Overtaken, roles.Denied and roles.NoOwner."""
    if change.key == ROLES:
        _give_back(shop, change)
        return

    def check(now: Any, then: Any) -> None:
        if goes_on(change.key, now, then):
            raise SwitchesOn
        if then is not None and not FIT.get(change.key, lambda _: True)(then):
            raise Unfit

    settings.undo(shop, change, check)


def _give_back(shop: Shop, change: Change) -> None:
    with transaction():
        db.session.refresh(shop, with_for_update={"key_share": True})
        now = {member.user: member.role for member in staff.everybody(shop) if member.user in change.after}
        if now != change.after:
            raise Overtaken
        assign(shop, change.before, undoes=change.id)


def goes_on(key: str, now: Any, then: Any) -> bool:
    """Whether something would go on, or count from an earlier moment."""
    if key == "parcel_messages":
        return bool((then or {}).keys() - (now or {}).keys())
    if key in SWITCHES:
        since = (then or {}).get("since")
        return since is not None and since != (now or {}).get("since")
    return key == "confirmations" and bool(then) and not now


def _are_offered(choices: Mapping[str, Iterable[Any]]) -> Callable[[Mapping[str, Any]], bool]:
    return lambda then: all(then[name] in offered for name, offered in choices.items() if name in then)


def _is_brand(then: Mapping[str, Any]) -> bool:
    try:
        brand.read({name: str(value) for name, value in then.items()}, brand.Brand())
    except brand.Unclear:
        return False
    return True


def _is_feedback(then: Mapping[str, Any]) -> bool:
    return all(least <= then.get(name, least) <= most for name, (least, most) in feedback.LIMITS.items())


def _is_lawful(then: Mapping[str, Any]) -> bool:
    return not budget.read(then).customers & CONSENT_ONLY


def _are_days(then: Mapping[str, Any]) -> bool:
    rules = (then, *then.get("methods", {}).values())
    return all(0 <= rule.get(name, 0) <= estimates.MOST for rule in rules for name in estimates.FIELDS)


FIT: Mapping[str, Callable[[Any], bool]] = {
    "brand": _is_brand,
    "budget": _is_lawful,
    "carts": _are_offered(carts.CHOICES),
    "changes": lambda then: all(rule["how"] in changes.HOW for rule in then.values()),
    "confirmation_rules": _are_offered(confirmations.CHOICES),
    "delivery_days": _are_days,
    "feedback": _is_feedback,
    "informal": lambda then: set(then) <= set(TWO_WAYS),
    "referrals": _are_offered(friends.CHOICES),
    "staff": lambda then: then.get("role", staff.MANAGER) in staff.ROLES,
}
"""Key → whether the app would take it today. What is not here has always been taken as it is."""
