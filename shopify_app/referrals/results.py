"""What came of codes for friends: counts, and the rows behind each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import case, func, select

from shopify_app import clock
from shopify_app.codes.models import FRIEND, Code
from shopify_app.db import db
from shopify_app.mail.models import Message
from shopify_app.orders import read
from shopify_app.referrals.models import REFUSED, REWARDED, Referral
from shopify_app.shopify.models import Shop

SPAN = timedelta(days=90)
"""What the page looks back on."""
ROWS = 50
SHARED, ORDERED, WAITING = "shared", "ordered", "waiting"
STATES = (SHARED, ORDERED, WAITING, REWARDED, REFUSED)

STATE_OF = case((Referral.result == REWARDED, REWARDED), (Referral.done_at.is_not(None), REFUSED), else_=WAITING)


@dataclass(frozen=True, slots=True)
class Row:
    """A friend's order."""

    referral: Referral
    order: str | None
    """Its name; None: it is gone."""
    state: str
    message: Message | None
    """The thanks, where there are any."""


def counts(shop: Shop) -> Mapping[str, int]:
    """Of each state, of the last weeks."""
    grouped = select(STATE_OF, func.count()).where(*_recent(shop)).group_by(STATE_OF)
    found = {row[0]: row[1] for row in db.session.execute(grouped)}
    given = select(func.count()).select_from(Code).where(*_given(shop))
    told = {SHARED: db.session.scalar(given) or 0, ORDERED: sum(found.values())}
    return {state: (told | found).get(state, 0) for state in STATES}


def reasons(shop: Shop) -> Sequence[tuple[str, int]]:
    """Why orders brought nothing, the commonest first."""
    grouped = select(Referral.reason, func.count()).where(*_recent(shop), Referral.reason.is_not(None))
    rows = db.session.execute(grouped.group_by(Referral.reason))
    return Counter({str(reason): count for reason, count in rows}).most_common()


def codes(shop: Shop) -> Sequence[Code]:
    """The newest that were given away."""
    found = select(Code).where(*_given(shop)).order_by(Code.created_at.desc(), Code.key)
    return db.session.scalars(found.limit(ROWS)).all()


def rows(shop: Shop, state: str | None) -> Sequence[Row]:
    """The newest friends' orders, those of one state only if it is told."""
    found = select(Referral, STATE_OF).where(*_recent(shop))
    if state in (WAITING, REWARDED, REFUSED):
        found = found.where(STATE_OF.in_([state]))
    newest = db.session.execute(found.order_by(Referral.placed_at.desc(), Referral.id.desc()).limit(ROWS)).all()
    names = read.names(shop, {one.order_id for one, _ in newest})
    messages = _messages(shop, [one.id for one, _ in newest])
    return [Row(one, names.get(one.order_id), word, messages.get(f"reward/{one.id}")) for one, word in newest]


def _messages(shop: Shop, ids: Sequence[int]) -> Mapping[str, Message]:
    keys = [f"reward/{number}" for number in ids]
    found = db.session.scalars(select(Message).where(Message.shop_id == shop.id, Message.key.in_(keys)))
    return {message.key: message for message in found}


def _recent(shop: Shop) -> Sequence[Any]:
    return Referral.shop_id == shop.id, Referral.placed_at > clock.now() - SPAN


def _given(shop: Shop) -> Sequence[Any]:
    since = Code.created_at > clock.now() - SPAN
    return Code.shop_id == shop.id, Code.kind == FRIEND, Code.made_at.is_not(None), since
