"""Work that was given up, of every kind there is, and a new life for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, select

from shopify_app import work
from shopify_app.db import db
from shopify_app.frame import language
from shopify_app.home.lights.light import Deed, Light, green, red
from shopify_app.language import words
from shopify_app.mail.models import TROUBLED
from shopify_app.shopify.models import Shop
from shopify_app.webhooks import models as webhooks
from shopify_app.webhooks.models import Webhook
from shopify_app.work import Work

NAMES: Mapping[str, str] = {
    "webhooks": words("Notifications from Shopify"),
    "messages": words("Messages to buyers"),
    "syncs": words("Reading from Shopify"),
    "changes": words("Changes of orders"),
    "return_steps": words("Steps of returns"),
    "cart_reminders": words("Reminders of carts"),
    "feedback_requests": words("Requests for feedback"),
    "product_ratings": words("Ratings of products"),
    "lookups": words("Buyers who looked for an order"),
    "watches": words("Watching parcels"),
    "inquiries": words("Asking carriers"),
    "referrals": words("Orders of friends"),
    "withdrawals": words("Refusals told to Shopify"),
    "privacy_requests": words("Privacy requests"),
}
"""Table of work → what a merchant calls it."""
SHOWN = 20
"""Of each kind."""
FAILED: Mapping[str, Sequence[str]] = {"webhooks": ("failed", work.DEAD)}
"""Results after which another try makes sense; of all others only after the last of their tries."""


ALSO: Mapping[str, Sequence[ColumnElement[bool]]] = {
    "webhooks": (literal_column(str(webhooks.FAILED)), Webhook.body.is_not(None)),
    "messages": (literal_column(str(TROUBLED)),),
}
"""Written out so that an index of these few rows serves it; a notification whose content is gone stays as it is."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Of one kind of work: what was given up, the newest first."""

    table: str
    name: str
    count: int
    rows: Sequence[Work]


def kinds() -> Mapping[str, type[Work]]:
    """Table → kind of work."""
    found: dict[str, Any] = {model.__table__.name: model for model in work.kinds()}  # type: ignore[attr-defined]
    return found


def dead(shop: Shop) -> Sequence[Kind]:
    """Kinds of which something was given up in this shop."""
    return [kind for table in kinds() if (kind := _kind(shop, table)).count]


def one(shop: Shop, table: str, number: int) -> Work | None:
    """A row of this shop that was given up."""
    model: Any = kinds()[table]
    return db.session.scalar(select(model).where(*_given_up(shop, table), model.id == number))


def retry_all(shop: Shop, table: str) -> int:
    """Give all of a kind another life; returns how many there were."""
    model: Any = kinds()[table]
    rows = db.session.scalars(select(model).where(*_given_up(shop, table))).all()
    for row in rows:
        work.replay(row)
    return len(rows)


def given_up(shop: Shop) -> Light:
    t, n = language().t, language().n
    name = t("Work that was given up")
    found = [kind for kind in dead(shop) if kind.table != "webhooks"]
    if not found:
        return green(name, t("None. What fails is tried again by itself, eight times in about a day."))
    count = sum(kind.count for kind in found)
    told = ", ".join(kind.name for kind in found)
    said = n(
        "{count} was tried for a day in vain: {kinds}.",
        "{count} were tried for a day in vain: {kinds}.",
        count,
        kinds=told,
    )
    return red(name, said, Deed(t("Try all again"), repair="work"))


def _kind(shop: Shop, table: str) -> Kind:
    model: Any = kinds()[table]
    mine = _given_up(shop, table)
    count = db.session.scalar(select(func.count()).select_from(model).where(*mine)) or 0
    newest = select(model.id, model.done_at, model.error, model.tries, model.result).where(*mine)
    rows = db.session.execute(newest.order_by(model.done_at.desc()).limit(SHOWN)).all() if count else ()
    return Kind(table, language().t(NAMES.get(table, table)), count, rows)  # type: ignore[arg-type]


def _given_up(shop: Shop, table: str) -> tuple[Any, ...]:
    """A notification whose content is gone cannot be tried again."""
    model: Any = kinds()[table]
    mine = model.shop_domain == shop.domain if hasattr(model, "shop_domain") else model.shop_id == shop.id
    results = model.result.in_(FAILED.get(table, (work.DEAD,)))
    return (mine, results, model.done_at.is_not(None), *ALSO.get(table, ()))
