"""What only Shopify can say. It is asked when somebody presses a button, never while a page waits, and kept as a note.

Subscriptions of shopify.app.toml are not to be read by any app: `webhookSubscriptions` gives only those that were made
through the API for one shop. We make none, so each of them is a leftover by which news comes twice. What the file's own
subscriptions do is seen by what comes (`news.py`).
"""

from datetime import date, datetime, timedelta
from typing import Any

from shopify_app import clock, settings
from shopify_app.db import transaction
from shopify_app.frame import language, minute
from shopify_app.home.lights.light import Deed, Light, amber, green, red, span
from shopify_app.shopify.admin_api import API_VERSION, AdminApi
from shopify_app.shopify.models import Shop

NOTE = "asked"
"""Key of the shop's setting: {"at", "subscriptions", "versions" (those supported), "cost"}."""
LIFE = timedelta(days=365)
"""Shopify supports a version for at least so long from its first day."""
SOON = timedelta(days=90)
"""From then on an app is refused for calling it."""
FULL = 0.2
"""Of the budget: less than that left makes calls wait."""


def ask(shop: Shop) -> None:
    """Raises one of the ShopifyError family."""
    api = AdminApi(shop)
    answer = api.run("home/condition")
    note = {
        "at": clock.now().isoformat(),
        "subscriptions": answer["webhookSubscriptionsCount"]["count"],
        "versions": [one["handle"] for one in answer["publicApiVersions"] if one["supported"]],
        "cost": api.cost,
    }
    scopes = ",".join(sorted(one["handle"] for one in answer["currentAppInstallation"]["accessScopes"]))
    with transaction():
        shop.scopes = scopes
        settings.note(shop, NOTE, note)


def note(shop: Shop) -> dict[str, Any]:
    """Empty when nobody has asked."""
    kept: dict[str, Any] = shop.settings.get(NOTE) or {}
    return kept


def subscriptions(shop: Shop) -> Light:
    t, n, told = language().t, language().n, note(shop)
    name = t("What notifications were ordered")
    if not told:
        return green(name, t("Nobody has asked Shopify yet."), _asking())
    asked = t("Asked: {moment}", moment=minute(datetime.fromisoformat(told["at"])))
    if count := told["subscriptions"]:
        said = n(
            "{count} notification was ordered once more for your shop alone and comes twice. Nothing is done twice.",
            "{count} notifications were ordered once more for your shop alone and come twice. Nothing is done twice.",
            count,
        )
        return amber(name, f"{said} {asked}", _asking())
    return green(name, f"{t('Only what Aftercare orders for all shops; nothing comes twice.')} {asked}", _asking())


def budget(shop: Shop) -> Light:
    t, told = language().t, note(shop)
    name = t("What Aftercare may ask of Shopify")
    status = (told.get("cost") or {}).get("throttleStatus")
    if not status:
        return green(name, t("Nobody has asked Shopify yet."), _asking())
    left, most = float(status["currentlyAvailable"]), float(status["maximumAvailable"])
    said = t(
        "{left} of {most} points were left.", left=language().number(round(left)), most=language().number(round(most))
    )
    asked = t("Asked: {moment}", moment=minute(datetime.fromisoformat(told["at"])))
    if left < FULL * most:
        slow = t("Aftercare waits and reads more slowly.")
        return amber(name, f"{said} {slow} {asked}", _asking())
    return green(name, f"{said} {asked}", _asking())


def version(shop: Shop) -> Light:
    """Which version of Shopify's interface we speak, and until when Shopify does."""
    t, told = language().t, note(shop)
    name = t("Version of Shopify’s interface")
    ends, today = end(API_VERSION), clock.now().date()
    operator = t("Whoever runs this app has to update it.")
    if today >= ends or (told.get("versions") and API_VERSION not in told["versions"]):
        return red(name, f"{t('{version} is over.', version=API_VERSION)} {operator}")
    left = span((ends - today).total_seconds())
    said = t("{version}, supported for at least {span} more.", version=API_VERSION, span=left)
    return amber(name, f"{said} {operator}") if ends - today < SOON else green(name, said)


def end(version: str) -> date:
    """Versions are named after the month that begins with their first day."""
    return date.fromisoformat(f"{version}-01") + LIFE


def _asking() -> Deed:
    return Deed(language().t("Ask Shopify"), repair="shopify")
