"""So many messages of a kind go out in an hour, and the others wait: should anything ever go wrong (news of a year in
one night, a rule that catches everybody), the merchant has time to see it.

What answers to a person's own deed (an order, a request, a click) is never held up; news that come by themselves are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, or_, select

from shopify_app import clock, secrets
from shopify_app.db import db, upsert
from shopify_app.mail import rules
from shopify_app.mail.models import Message, Slot
from shopify_app.mail.verdict import Wait
from shopify_app.shopify.models import Shop

RUN = timedelta(hours=1)
FULL = "hour_full"

_paced: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Hour:
    """Of one kind: what went out in the last hour, and what waits for the next."""

    sent: int
    waiting: int


def may_wait(template: str) -> None:
    """Said by outbox.renders, where each template is declared. Templates of one feature are of one kind."""
    _paced[template] = template.partition("/")[0]


def look(shop: Shop, template: str) -> Wait | None:
    """Before anybody is asked anything; None: there is room."""
    if template not in _paced:
        return None
    most = rules.of(shop).hourly
    return Wait(clock.now() + RUN, FULL, {"count": most}) if _sent(shop, _kind(template)) >= most else None


def book(shop: Shop, template: str) -> Wait | None:
    """The same in the transaction that writes the intent: of two workers the second counts what the first has sent."""
    if template in _paced:
        mark = secrets.index(shop.id, "slot", f"pace/{_paced[template]}")
        upsert(Slot, [{"shop_id": shop.id, "mark": mark, "taken_at": clock.now()}], ("shop_id", "mark"))
    return look(shop, template)


def hours(shop: Shop) -> Mapping[str, Hour]:
    """Kind → how its hour is doing."""
    kinds = dict.fromkeys(_paced.values())
    return {kind: Hour(_sent(shop, _of(kind)), _waiting(shop, _of(kind))) for kind in kinds}


def _kind(template: str) -> Sequence[str]:
    return _of(_paced[template])


def _of(kind: str) -> Sequence[str]:
    return [name for name, one in _paced.items() if one == kind]


def _sent(shop: Shop, templates: Sequence[str]) -> int:
    """What went out, may have, or is about to."""
    went = or_(Message.done_at.is_(None), Message.result.in_(("sent", "unknown")))
    return _count(shop, templates, Message.sending_at > clock.now() - RUN, went)


def _waiting(shop: Shop, templates: Sequence[str]) -> int:
    return _count(shop, templates, Message.done_at.is_(None), Message.reason == FULL)


def _count(shop: Shop, templates: Sequence[str], *which: ColumnElement[bool]) -> int:
    mine = (Message.shop_id == shop.id, Message.template.in_(templates), *which)
    return db.session.scalar(select(func.count()).select_from(Message).where(*mine)) or 0
