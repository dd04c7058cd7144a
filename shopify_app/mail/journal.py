"""What was decided about every message, for the merchant to read: sent or not, when, why, and by what right."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, tuple_

from shopify_app import clock
from shopify_app.db import db
from shopify_app.mail.models import TROUBLED, Message, Purpose
from shopify_app.shopify.models import Shop

PAGE = 50
NUMBER = re.compile("[0-9]{1,3}")
LOOKED_AT = 1_000
"""The newest messages among which the reasons to choose from are looked for."""

OUTCOMES: dict[str, ColumnElement[bool]] = {
    "sent": Message.result == "sent",
    "skipped": Message.result == "skipped",
    "waiting": Message.done_at.is_(None),
    "troubled": TROUBLED,  # type: ignore[dict-item]
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which messages are shown; "" for all."""

    purpose: str = ""
    outcome: str = ""
    reason: str = ""
    days: str = ""
    """A number: only what was written to others in so many days, as figures.py counts it."""

    @property
    def query(self) -> dict[str, str]:
        chosen = {"purpose": self.purpose, "outcome": self.outcome, "reason": self.reason, "days": self.days}
        return {name: value for name, value in chosen.items() if value}

    def conditions(self) -> Sequence[ColumnElement[bool]]:
        return [
            *([Message.purpose == self.purpose] if self.purpose in list(Purpose) else ()),
            *([OUTCOMES[self.outcome]] if self.outcome in OUTCOMES else ()),
            *([Message.reason == self.reason] if self.reason else ()),
            *(self._lately() if NUMBER.fullmatch(self.days) else ()),
        ]

    def _lately(self) -> Sequence[ColumnElement[bool]]:
        return [Message.created_at > clock.now() - timedelta(days=int(self.days)), Message.purpose != Purpose.TEST]


def listed(shop: Shop, which: Filter, below: Message | None = None) -> Sequence[Message]:
    """The newest first, one more than a page; `below`: only what is older than this one."""
    found = select(Message).where(Message.shop_id == shop.id, *which.conditions())
    if below is not None:
        found = found.where(tuple_(Message.created_at, Message.id) < tuple_(below.created_at, below.id))
    return db.session.scalars(found.order_by(Message.created_at.desc(), Message.id.desc()).limit(PAGE + 1)).all()


def reasons(shop: Shop) -> Sequence[str]:
    newest = select(Message.reason).where(Message.shop_id == shop.id).order_by(Message.created_at.desc())
    looked = newest.limit(LOOKED_AT).subquery()
    return db.session.scalars(select(looked.c.reason).distinct().where(looked.c.reason.is_not(None))).all()


def of_person(
    shop: Shop, email_indexes: Sequence[bytes], customer_ids: Sequence[int], order_ids: Sequence[int]
) -> Sequence[Message]:
    """What was written to a person, or was not, by all features; the newest first, at most 200."""
    ways = [
        *([Message.email_index.in_(email_indexes)] if email_indexes else ()),
        *([Message.customer_id.in_(customer_ids)] if customer_ids else ()),
        *([Message.order_id.in_(order_ids)] if order_ids else ()),
    ]
    found = select(Message).where(Message.shop_id == shop.id, or_(false(), *ways))
    return db.session.scalars(found.order_by(Message.created_at.desc(), Message.id.desc()).limit(200)).all()


def told(message: Message) -> dict[str, Any]:
    """All that explains one decision, as a file says it."""
    known = {
        "message": message.template,
        "purpose": message.purpose,
        "decided on": message.created_at.isoformat(),
        "outcome": message.result or "waiting",
        "at": (message.done_at or message.due_at).isoformat(),
        "reason": message.reason,
        "facts": message.facts,
        "basis": message.basis,
        "grounds": message.grounds,
    }
    return {name: value for name, value in known.items() if value is not None}
