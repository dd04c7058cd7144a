"""Requests of buyers, from the asking to the decision; execution.py carries out what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from shopify_app import clock, work
from shopify_app.changes import rules
from shopify_app.changes.models import DECLINED, FAILED, WITHDRAWN, Change
from shopify_app.db import db, transaction
from shopify_app.mail import outbox
from shopify_app.orders import read
from shopify_app.orders.read import Whole
from shopify_app.queue import ring
from shopify_app.shopify.models import Shop

BUYER, RULE = "buyer", "rule"
CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with one kind of change of one order."""

    word: str
    """possible, asked, confirmed, declined, or one of rules.obstacle."""
    change: Change | None
    """The newest; None: nobody has asked."""


def standing(shop: Shop, whole: Whole, kind: str) -> Standing:
    change = newest(shop, whole.order.id, kind)
    if change is not None and change.is_open:
        return Standing(CONFIRMED if change.is_confirmed else "asked", change)
    reason = rules.obstacle(shop, whole, kind)
    if reason is None and change is not None and change.result == DECLINED:
        # A shop that said no is not asked again by a button: whoever has more to say, writes.
        return Standing(DECLINED, change)
    return Standing(reason or "possible", change)


def ask(shop: Shop, order_id: int, kind: str, content: dict[str, Any]) -> Change | None:
    """The buyer's request; of two at the same time, the first. None when it is not possible (any more)."""
    try:
        with transaction():
            return _ask(shop, order_id, kind, content)
    except IntegrityError:
        return newest(shop, order_id, kind)


def _ask(shop: Shop, order_id: int, kind: str, content: dict[str, Any]) -> Change | None:
    # Whoever erases a person holds the shop's row: what is read after this is still there when it is written.
    db.session.refresh(shop, with_for_update={"read": True, "key_share": True})
    whole = read.whole(shop, order_id)
    if whole is None:
        return None
    found = standing(shop, whole, kind)
    if found.word != "possible":
        return found.change if found.change and found.change.is_open else None
    now = clock.now()
    change = Change(shop_id=shop.id, order_id=order_id, kind=kind, content=content, asked_at=now, due_at=now)
    db.session.add(change)
    if rules.of(shop, kind).decides(whole.order, now):
        _decide(change, CONFIRMED, RULE)
    db.session.flush()
    if change.is_undecided:
        await_staff(shop, change)
    return change


def await_staff(shop: Shop, change: Change) -> None:
    """Tell the buyer that it came, and the shop that it waits. In a transaction."""
    whose = read.whose(read.get(shop, change.order_id))
    outbox.write(shop, "changes/asked", f"change/{change.id}/asked", change.order_id, **whose)
    outbox.write(shop, "changes/staff", f"change/{change.id}/staff", change.order_id)


def withdraw(shop: Shop, order_id: int, kind: str) -> bool:
    """By the buyer, while nobody has decided; False when somebody has."""
    with transaction():
        change = newest(shop, order_id, kind, is_locked=True)
        if change is None or not change.is_undecided:
            return False
        _decide(change, WITHDRAWN, BUYER)
        _close(change, WITHDRAWN)
        return True


def confirm(shop: Shop, change_id: int, user: str) -> bool:
    """By staff; False when it waits for nobody any more. Carried out by a worker a moment later."""
    with transaction():
        change = get(shop, change_id, is_locked=True)
        if change is None or not change.is_undecided:
            return False
        _decide(change, CONFIRMED, user)
        return True


def decline(shop: Shop, change_id: int, user: str, answer: str | None) -> bool:
    """By staff, also after Shopify refused what they had confirmed. The buyer is told, with `answer`."""
    with transaction():
        change = get(shop, change_id, is_locked=True)
        if change is None or not (change.is_undecided or change.result in FAILED):
            return False
        _decide(change, DECLINED, user)
        change.content = change.content | ({"answer": answer} if answer else {})
        _close(change, DECLINED)
        whose = read.whose(read.get(shop, change.order_id))
        outbox.write(shop, "changes/declined", f"change/{change.id}/declined", change.order_id, **whose)
        return True


def try_again(shop: Shop, change_id: int) -> bool:
    """What Shopify refused or never answered; False when nothing of the kind waits."""
    with transaction():
        change = get(shop, change_id, is_locked=True)
        if change is None or change.result not in FAILED:
            return False
        work.replay(change)
        return True


def order_news(shop: Shop, order_id: int) -> None:
    """Called in the transaction of the news: what was asked may have come too late, or be done."""
    waiting = update(Change).where(
        Change.shop_id == shop.id, Change.order_id == order_id, Change.done_at.is_(None), Change.owner.is_(None)
    )
    woken = db.session.execute(waiting.values(due_at=clock.now()).execution_options(synchronize_session=False))
    if woken.rowcount:  # type: ignore[attr-defined]
        ring(Change.queue)


def get(shop: Shop, change_id: int, *, is_locked: bool = False) -> Change | None:
    found = select(Change).where(Change.shop_id == shop.id, Change.id == change_id)
    return db.session.scalar(_locked(found) if is_locked else found)


def newest(shop: Shop, order_id: int, kind: str, *, is_locked: bool = False) -> Change | None:
    asked = select(Change).where(Change.shop_id == shop.id, Change.order_id == order_id, Change.kind == kind)
    asked = asked.order_by(Change.id.desc()).limit(1)
    return db.session.scalar(_locked(asked) if is_locked else asked)


def about_order(shop: Shop, order_id: int) -> Sequence[Change]:
    asked = select(Change).where(Change.shop_id == shop.id, Change.order_id == order_id)
    return db.session.scalars(asked.order_by(Change.id)).all()


def open_ones(shop: Shop, limit: int = 100) -> Sequence[Change]:
    """Those that wait for staff or for a worker, the longest first."""
    waiting = select(Change).where(Change.shop_id == shop.id, or_(Change.result.is_(None), Change.result.in_(FAILED)))
    return db.session.scalars(waiting.order_by(Change.asked_at, Change.id).limit(limit)).all()


def ended(shop: Shop, limit: int = 50) -> Sequence[Change]:
    over = select(Change).where(Change.shop_id == shop.id, Change.result.is_not(None), Change.result.not_in(FAILED))
    return db.session.scalars(over.order_by(Change.asked_at.desc(), Change.id.desc()).limit(limit)).all()


def _locked(found: Any) -> Any:
    """Of two clicks at the same time the second sees what the first did."""
    return found.with_for_update().execution_options(populate_existing=True)


def _decide(change: Change, decision: str, by: str) -> None:
    """Due at once, and out of the hands of a worker that was just looking at it."""
    change.decided_at, change.decided_by, change.decision = clock.now(), by, decision
    change.due_at, change.owner, change.tries, change.error = clock.now(), None, 0, None
    ring(Change.queue)


def _close(change: Change, result: str) -> None:
    change.done_at, change.result = clock.now(), result
