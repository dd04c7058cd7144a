"""Where all settings begin: grouped by what they are for, each with how it stands."""

from collections import Counter
from typing import Any

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from shopify_app import periods, privacy, settings, tracking
from shopify_app.carts import settings as carts
from shopify_app.codes import friends
from shopify_app.confirmations import messages, rules
from shopify_app.feedback import rules as feedback
from shopify_app.frame import show, tongue
from shopify_app.language import LANGUAGES
from shopify_app.mail import brand, versions
from shopify_app.mail import rules as budget
from shopify_app.returns.policy import policies
from shopify_app.returns.staff import goodwill
from shopify_app.shopify import guards, plans, staff
from shopify_app.shopify.models import Shop
from shopify_app.tracking import estimates

hub = Blueprint("hub", __name__, url_prefix="/settings")
hub.before_request(guards.merchant)


@hub.get("")
def page() -> ResponseReturnValue:
    newest = next(iter(settings.changes(g.shop, None, None, 1)), None)
    return show("home/hub.html", newest=newest, **_messages(g.shop), **_rules(g.shop), **_people(g.shop))


def _messages(shop: Shop) -> dict[str, Any]:
    return {
        "brand": brand.of(shop),
        "sender": guards.config().mail_from,
        "parcels_on": len(shop.settings.get(tracking.SWITCH, {})),
        "parcels": len(tracking.KINDS),
        "has_days": estimates.general(shop) != estimates.Rule(),
        "confirms": bool(shop.settings.get(messages.SWITCH)),
        "kinds_on": len(rules.of(shop).on),
        "languages": LANGUAGES,
        "informal": [tongue(code) for code in shop.settings.get("informal", ())],
        "own_words": len({name for name, _ in versions.written(shop)}),
    }


def _rules(shop: Shop) -> dict[str, Any]:
    return {
        "policy": next(iter(policies.history(shop)), None),
        "carts": carts.of(shop),
        "budget": budget.of(shop),
        "friends": friends.of(shop),
        "feedback": feedback.of(shop),
    }


def _people(shop: Shop) -> dict[str, Any]:
    return {
        "staff": Counter(member.role for member in staff.everybody(shop)),
        "limits": goodwill.limits(shop),
        "raw_days": min(periods.of(shop.settings, periods.NEWS).days, guards.config().raw_days),
        "plan": plans.of(shop),
        "requests": len([one for one in privacy.requests_of(shop) if one.done_at is None]),
    }
