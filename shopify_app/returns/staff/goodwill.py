"""What one member of staff may give a buyer beyond the shop's terms, and who gave what.

Agents have limits: below them it passes, above them an owner or a manager has to agree, who have none (`roles.py`).
The limits are amounts of the shop's own currency: what is given in another one always asks, for nobody here knows its
rate.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import func, select

from shopify_app import clock, roles, settings
from shopify_app.db import db, transaction
from shopify_app.money import exponent
from shopify_app.returns.models import Goodwill, Request
from shopify_app.shopify.models import Shop

SWITCH = "goodwill"
"""Key of the shop's setting: Limits as a dictionary."""
CASE, WEEK = 50, 500
"""Whole units of the shop's currency, until a merchant sets something else."""
FEE, OUTSIDE, MORE = "fee", "outside", "more"
SPAN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Limits:
    """Minor units of the shop's currency."""

    case: int
    """For all that one person gives in one return."""
    week: int
    """For all that one person gives in any seven days."""


class Above(Exception):
    """It is more than this person may give alone."""


class Overtaken(Exception):
    """What should have been done is not possible any more, so nothing was given."""


def limits(shop: Shop) -> Limits:
    kept = usual(shop) | (shop.settings.get(SWITCH) or {})
    return Limits(kept["case"], kept["week"])


def usual(shop: Shop) -> dict[str, int]:
    """As long as nobody has set anything."""
    unit = 10 ** exponent(shop.currency)
    return {"case": CASE * unit, "week": WEEK * unit}


def set_limits(shop: Shop, chosen: Limits) -> None:
    """In a transaction. Raises roles.Denied."""
    settings.put(shop, {SWITCH: asdict(chosen)})


def spent(shop: Shop, user: str, request_id: int | None = None) -> int:
    """What a person gave on their own: in one return, or in the last seven days."""
    own = select(func.sum(Goodwill.amount)).where(
        Goodwill.shop_id == shop.id,
        Goodwill.asked_by == user,
        Goodwill.decided_by == user,
        Goodwill.is_granted.is_(True),
        Goodwill.currency == shop.currency,
    )
    if request_id is not None:
        return int(db.session.scalar(own.where(Goodwill.request_id == request_id)) or 0)
    return int(db.session.scalar(own.where(Goodwill.asked_at > clock.now() - SPAN)) or 0)


def left(shop: Shop, user: str, request_id: int) -> tuple[int, int] | None:
    """What a person may still give alone, in this return and in these seven days; None: any sum."""
    if roles.may(shop, roles.MONEY, user):
        return None
    allowed = limits(shop)
    return max(allowed.case - spent(shop, user, request_id), 0), max(allowed.week - spent(shop, user), 0)


def give(shop: Shop, request: Request, user: str, kind: str, amount: int, deed: Callable[[], bool]) -> str:
    """Do it if this person may give so much: done, asked (it waits for another person), overtaken (`deed` said no).

    What was granted for this return before counts, so that a deed done twice is given once.
    """
    try:
        with transaction():
            _grant(shop, request, user, kind, amount)
            if not deed():
                raise Overtaken
    except Overtaken:
        return "overtaken"
    except Above:
        _ask(shop, request, user, kind, amount)
        return "asked"
    return "done"


def decide(shop: Shop, request_id: int, number: int, user: str, amount: int, *, is_granted: bool) -> str:
    """An owner or a manager agrees or not, to the `amount` they saw: done, not_you (an agent), overtaken (it
    waits no more, or for more than that).
    """
    with transaction():
        found = select(Goodwill).where(
            Goodwill.shop_id == shop.id, Goodwill.request_id == request_id, Goodwill.id == number
        )
        row = db.session.scalar(found.with_for_update().execution_options(populate_existing=True))
        if row is None or row.decided_at is not None or row.amount != amount:
            return "overtaken"
        if not may_decide(shop, user):
            return "not_you"
        row.decided_by, row.decided_at, row.is_granted = user, clock.now(), is_granted
        return "done"


def may_decide(shop: Shop, user: str) -> bool:
    return roles.may(shop, roles.MONEY, user)


def of_request(shop: Shop, request_id: int) -> Sequence[Goodwill]:
    """Oldest first."""
    found = select(Goodwill).where(Goodwill.shop_id == shop.id, Goodwill.request_id == request_id)
    return db.session.scalars(found.order_by(Goodwill.id)).all()


def ledger(shop: Shop, limit: int = 100) -> Sequence[Goodwill]:
    """The newest of the whole shop."""
    found = select(Goodwill).where(Goodwill.shop_id == shop.id)
    return db.session.scalars(found.order_by(Goodwill.id.desc()).limit(limit)).all()


def _grant(shop: Shop, request: Request, user: str, kind: str, amount: int) -> None:
    """In a transaction. Raises Above."""
    # Two gifts of one person at the same time are added up one after the other.
    db.session.refresh(shop, with_for_update={"key_share": True})
    missing = amount - _granted(shop, request, kind)
    if missing <= 0:
        return
    allowed, now = limits(shop), clock.now()
    if not roles.may(shop, roles.MONEY, user) and not (
        request.currency == shop.currency
        and spent(shop, user, request.id) + missing <= allowed.case
        and spent(shop, user) + missing <= allowed.week
    ):
        raise Above
    _add(shop, request, user, kind, missing, decided_by=user, decided_at=now, is_granted=True)


def _granted(shop: Shop, request: Request, kind: str) -> int:
    found = select(func.sum(Goodwill.amount)).where(
        Goodwill.shop_id == shop.id,
        Goodwill.request_id == request.id,
        Goodwill.kind == kind,
        Goodwill.is_granted.is_(True),
    )
    return int(db.session.scalar(found) or 0)


def _ask(shop: Shop, request: Request, user: str, kind: str, amount: int) -> None:
    """Once: who asks again for the same thing waits for the same answer."""
    with transaction():
        db.session.refresh(shop, with_for_update={"key_share": True})
        missing = amount - _granted(shop, request, kind)
        waiting = [row for row in of_request(shop, request.id) if row.decided_at is None and row.kind == kind]
        if waiting:
            waiting[0].amount = max(missing, waiting[0].amount)
            return
        _add(shop, request, user, kind, missing)


def _add(shop: Shop, request: Request, user: str, kind: str, amount: int, **decided: object) -> None:
    about = {"shop_id": shop.id, "order_id": request.order_id, "request_id": request.id, "currency": request.currency}
    db.session.add(Goodwill(**about, kind=kind, amount=amount, asked_by=user, asked_at=clock.now(), **decided))
    db.session.flush()
