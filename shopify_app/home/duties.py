"""The day's work: what waits for somebody of the shop, how long it has waited, and when it is due at the latest.

Everything is counted in the tables that its own page lists, so the count and the page never differ.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from shopify_app import clock
from shopify_app.changes.models import FAILED as REFUSED_CHANGES
from shopify_app.changes.models import Change
from shopify_app.db import db
from shopify_app.feedback.models import OPEN, Case
from shopify_app.mail.models import TROUBLED, Message
from shopify_app.returns.execution.overdue import legal_due_at
from shopify_app.returns.models import WITHDRAWAL, Goodwill, Request
from shopify_app.returns.requests.handling import DUE_AFTER
from shopify_app.returns.staff.desk import VIEWS
from shopify_app.shopify.models import Shop
from shopify_app.tracking.models import Watch
from shopify_app.tracking.watches import RESTED
from shopify_app.webhooks.models import FAILED, Webhook

LOOKED_AT = 200
"""Withdrawals that wait, the oldest, among which the nearest day of the law is looked for."""


@dataclass(frozen=True, slots=True)
class Waiting:
    count: int
    oldest: datetime | None
    """Since when the first of them waits."""
    due: datetime | None = None
    """The nearest clock; None: nobody has promised anything, and no law says so."""

    @property
    def is_late(self) -> bool:
        return self.due is not None and self.due <= clock.now()


@dataclass(frozen=True, slots=True)
class Duty:
    path: str
    query: Mapping[str, str]
    """Where the things themselves are listed."""
    waiting: Callable[[Shop], Waiting]


def of(shop: Shop) -> Mapping[str, tuple[Duty, Waiting]]:
    """What there is to do, by its name in DUTIES: first what is late, then by the clock, then in the order there."""
    found = [(name, (duty, duty.waiting(shop))) for name, duty in DUTIES.items()]
    some = [one for one in found if one[1][1].count]
    return dict(sorted(some, key=lambda one: (one[1][1].due is None, one[1][1].due or clock.now())))


def _decide(shop: Shop) -> Waiting:
    """With the day of the law, of withdrawals; the shop's own terms set no clock for deciding."""
    which = VIEWS["decide"].which("")
    by_law = select(Request).where(Request.shop_id == shop.id, which, Request.kind == WITHDRAWAL)
    withdrawals = db.session.scalars(by_law.order_by(Request.asked_at).limit(LOOKED_AT))
    days = [day for day in map(legal_due_at, withdrawals) if day]
    return replace(_count(shop, Request, Request.asked_at, which), due=min(days, default=None))


def _inspect(shop: Shop) -> Waiting:
    return _on_the_clock(shop, "inspect")


def _refund(shop: Shop) -> Waiting:
    return _on_the_clock(shop, "refund")


def _on_the_clock(shop: Shop, view: str) -> Waiting:
    """Since the goods came the shop has a day, for looking at them and for the money together."""
    found = _count(shop, Request, Request.received_at, VIEWS[view].which(""))
    return replace(found, due=found.oldest + DUE_AFTER if found.oldest else None)


def _arrived(shop: Shop) -> Waiting:
    """The carrier says that they are back; nobody has said what came, so no clock runs yet."""
    return _count(shop, Request, Request.state_at, VIEWS["arrived"].which(""))


def _labels(shop: Shop) -> Waiting:
    return _count(shop, Request, Request.state_at, VIEWS["labels"].which(""))


def _goodwill(shop: Shop) -> Waiting:
    return _count(shop, Goodwill, Goodwill.asked_at, Goodwill.decided_at.is_(None))


def _parcels(shop: Shop) -> Waiting:
    return _count(shop, Watch, Watch.troubled_at, Watch.troubled_at > clock.now() - RESTED)


def _cases(shop: Shop) -> Waiting:
    return _count(shop, Case, Case.opened_at, Case.state == OPEN)


def _changes(shop: Shop) -> Waiting:
    """Undecided, or confirmed and then refused by Shopify; not what a worker is about to do."""
    undecided = Change.decided_at.is_(None) & Change.done_at.is_(None) & Change.result.is_(None)
    return _count(shop, Change, Change.asked_at, or_(undecided, Change.result.in_(REFUSED_CHANGES)))


def _messages(shop: Shop) -> Waiting:
    return _count(shop, Message, Message.created_at, TROUBLED)  # type: ignore[arg-type]


def _news(shop: Shop) -> Waiting:
    counted = select(func.count(), func.min(Webhook.received_at)).where(Webhook.shop_domain == shop.domain, FAILED)
    return Waiting(*db.session.execute(counted).one())


def _count(shop: Shop, model: Any, since: Any, which: ColumnElement[bool]) -> Waiting:
    counted = select(func.count(), func.min(since)).select_from(model).where(model.shop_id == shop.id, which)
    return Waiting(*db.session.execute(counted).one())


DUTIES: Mapping[str, Duty] = {
    "refund": Duty("/returns", {"show": "refund"}, _refund),
    "inspect": Duty("/returns", {"show": "inspect"}, _inspect),
    "decide": Duty("/returns", {"show": "decide"}, _decide),
    "changes": Duty("/changes", {}, _changes),
    "cases": Duty("/feedback", {}, _cases),
    "parcels": Duty("/parcels", {}, _parcels),
    "arrived": Duty("/returns", {"show": "arrived"}, _arrived),
    "labels": Duty("/returns", {"show": "labels"}, _labels),
    "goodwill": Duty("/returns/limits", {}, _goodwill),
    "messages": Duty("/messages", {}, _messages),
    "news": Duty("/health", {}, _news),
}
"""What a start page tells of, the most pressing first; templates/home/start_words.html has the words."""
