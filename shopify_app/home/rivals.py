"""Does somebody else send the same? What Shopify can tell is asked for by hand and kept; what nobody can tell is a list
of places to look at.

Not to be read by any app: which of Shopify's own notifications and automations are on, and what other apps send. An app
that has written into the timeline of an order is there, and that is all that is claimed of it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from shopify_app import clock, settings
from shopify_app.db import transaction
from shopify_app.frame import language, say, show
from shopify_app.language import words
from shopify_app.shopify import guards
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.errors import ShopifyError
from shopify_app.shopify.models import Shop

looking = Blueprint("rivals", __name__, url_prefix="/messages/rivals")
looking.before_request(guards.merchant)

SETTING = "rivals"
"""Key of the shop's setting: what was found when somebody looked last."""
SPAN = timedelta(days=30)
OWN = "Aftercare"
APPS: Mapping[str, Sequence[str]] = {
    "AfterShip": ("tracking", "returns"),
    "Judge.me": ("feedback",),
    "Klaviyo": ("carts", "feedback", "confirmations", "tracking"),
    "Loop": ("returns",),
    "Loox": ("feedback",),
    "Narvar": ("tracking", "returns"),
    "Okendo": ("feedback",),
    "Omnisend": ("carts", "feedback", "confirmations", "tracking"),
    "ParcelPanel": ("tracking", "returns"),
    "ReturnGO": ("returns",),
    "Stamped": ("feedback",),
    "Yotpo": ("feedback",),
}
"""How the titles of other apps begin, and what they can send."""
KINDS = ("confirmations", "tracking", "carts", "feedback", "returns")

NOTIFICATIONS, AUTOMATIONS, INSTALLED = (
    "shopify://admin/settings/notifications/customer",
    "shopify://admin/marketing/automations",
    "shopify://admin/settings/apps",
)


@dataclass(frozen=True, slots=True)
class Check:
    """Something that only the merchant can see."""

    text: str
    href: str


CHECKS: Mapping[str, Sequence[Check]] = {
    "confirmations": (
        Check(words("Shopify’s notification “Order confirmation” goes out for every order."), NOTIFICATIONS),
    ),
    "tracking": (
        Check(
            words("Shopify’s notifications “Shipping confirmation”, “Out for delivery” and “Delivered” may be on."),
            NOTIFICATIONS,
        ),
    ),
    "carts": (
        Check(words("Shopify’s automation for abandoned checkouts may be on."), AUTOMATIONS),
        Check(words("Another app may remind of carts."), INSTALLED),
    ),
    "feedback": (Check(words("An app for reviews may ask your buyers, too."), INSTALLED),),
    "returns": (Check(words("Shopify’s notifications about returns may be on."), NOTIFICATIONS),),
}


@dataclass(frozen=True, slots=True)
class App:
    name: str
    orders: int
    """In the timelines of how many of the newest orders it stands."""
    kinds: Sequence[str]


@dataclass(frozen=True, slots=True)
class Found:
    at: datetime
    mails: int
    """Reminders of carts that Shopify sent by itself, or is about to, of checkouts of the last days."""
    is_more: bool
    """Shopify stopped counting there."""
    orders: int
    """Whose timelines were read."""
    apps: Sequence[App]

    def of(self, kind: str) -> Sequence[App]:
        return [app for app in self.apps if kind in app.kinds]


@looking.get("")
def page() -> ResponseReturnValue:
    return show("home/rivals.html", found=kept(g.shop), checks=CHECKS, kinds=KINDS, days=SPAN.days)


@looking.post("")
def look() -> ResponseReturnValue:
    try:
        found = _read(g.shop)
    except ShopifyError:
        return say(language().t("Shopify did not answer. Please try again in a moment."), status=502)
    with transaction():
        settings.note(g.shop, SETTING, found)
    return say(language().t("Looked."))


def kept(shop: Shop) -> Found | None:
    """None: nobody has looked yet."""
    told: dict[str, Any] | None = shop.settings.get(SETTING)
    if told is None:
        return None
    apps = [App(name, count, APPS.get(name, ())) for name, count in told["apps"].items()]
    return Found(datetime.fromisoformat(told["at"]), told["mails"], told["is_more"], told["orders"], apps)


def _read(shop: Shop) -> dict[str, Any]:
    """As it is kept: nothing personal. Raises one of the ShopifyError family."""
    now = clock.now()
    since = f"created_at:>='{now - SPAN:%Y-%m-%dT%H:%M:%SZ}'"
    answer = AdminApi(shop).run("home/rivals", mailed=f"{since} (email_state:sent OR email_state:scheduled)")
    orders = answer["orders"]["nodes"]
    seen = Counter(name for order in orders for name in {_known(event) for event in order["events"]["nodes"]} if name)
    counted = answer["abandonedCheckoutsCount"] or {"count": 0, "precision": "EXACT"}
    return {
        "at": now.isoformat(),
        "mails": counted["count"],
        "is_more": counted["precision"] != "EXACT",
        "orders": len(orders),
        "apps": dict(seen.most_common()),
        "kinds": {kind: [name for name in seen if kind in APPS.get(name, ())] for kind in KINDS},
    }


def _known(event: Mapping[str, Any]) -> str | None:
    """One of APPS, else the title as it is where an app wrote; None for people, Shopify and ourselves."""
    title = event["appTitle"] if event["attributeToApp"] else None
    if not title or title == OWN:
        return None
    return next((name for name in APPS if title.casefold().startswith(name.casefold())), title)
