"""The one code that a person gives to friends, and what the merchant set for it. Whose orders count is not decided
here, but where they are told (`referrals/`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shopify_app import settings
from shopify_app.codes import making
from shopify_app.codes.making import No, Wish
from shopify_app.codes.models import FRIEND, Code
from shopify_app.orders.models import Order
from shopify_app.shopify.models import Shop

SETTING = "referrals"
"""Key of the shop's setting."""
PERCENTS = (5, 10, 15, 20)
WAITS = (14, 21, 30, 45)
"""Days after a friend's order, within which it may still come back."""
CAPS = (1, 3, 5, 10)
"""Rewards of one person in 30 days."""
DAYS = (30, 60, 90)
"""How long a reward is good for."""


@dataclass(frozen=True, slots=True)
class Terms:
    since: datetime | None = None
    """When it was switched on; None: it is off, and nobody gets a code for friends."""
    percent: int = 10
    """What a friend saves. Codes that are out keep theirs."""
    reward: int = 10
    """What the person saves who sent the friend."""
    wait: int = WAITS[0]
    cap: int = 5
    days: int = 60


CHOICES: Mapping[str, tuple[int, ...]] = {
    "percent": PERCENTS,
    "reward": PERCENTS,
    "wait": WAITS,
    "cap": CAPS,
    "days": DAYS,
}
"""What the merchant may choose from."""


def of(shop: Shop) -> Terms:
    kept: dict[str, Any] = (shop.settings or {}).get(SETTING, {})
    since = datetime.fromisoformat(kept["since"]) if kept.get("since") else None
    return Terms(since=since, **{name: int(kept[name]) for name in CHOICES if name in kept})


def keep(shop: Shop, terms: Terms) -> None:
    """Inside a transaction."""
    since = terms.since and terms.since.isoformat(timespec="seconds")
    settings.put(shop, {SETTING: {"since": since} | {name: getattr(terms, name) for name in CHOICES}})


def chosen(form: Mapping[str, str], terms: Terms) -> dict[str, int]:
    """Each choice of the form, or the one that stands. Raises ValueError with the field's name for one not offered."""
    found = {}
    for name, offered in CHOICES.items():
        text = form.get(name, str(getattr(terms, name)))
        if text not in map(str, offered):
            raise ValueError(name)
        found[name] = int(text)
    return found


def code(shop: Shop, order: Order) -> Code | None:
    """Of whoever placed the order: always the same one. None where there is to be none, and for who has no account.

    Raises one of the ShopifyError family.
    """
    terms = of(shop)
    if terms.since is None or order.customer_id is None:
        return None
    wish = Wish(f"friend/{order.customer_id}", FRIEND, order.email_index, terms.percent, order.customer_id)
    found = making.of(shop, wish)
    return None if isinstance(found, No) else found


def address(shop: Shop, text: str) -> str:
    """Shopify's own address that fills the code in: whoever opens it pays less."""
    return f"{shop.storefront}/discount/{text}"
