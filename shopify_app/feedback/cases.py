"""What went wrong and who sees to it."""

from collections.abc import Sequence

from sqlalchemy import exists, func, select

from shopify_app import clock
from shopify_app.db import db, transaction
from shopify_app.feedback import reading, requests
from shopify_app.feedback.causes import CAUSES
from shopify_app.feedback.models import OPEN, SOLVED, STATES, UNSOLVED, Case, Entry
from shopify_app.mail import budget, outbox
from shopify_app.mail.models import Message
from shopify_app.mail.outbox import Reader
from shopify_app.orders import troubles
from shopify_app.orders.models import Order
from shopify_app.shopify.models import Shop

BUYER = "buyer"
PAGE = 50


def open_(shop: Shop, order: Order, cause: str | None) -> None:
    """In the transaction of the answer. Staff gets one message each time that a case opens."""
    case = of_order(shop, order.id)
    if case is not None and case.state != SOLVED:
        case.cause = cause or case.cause
        _log(case, BUYER, "told")
        return
    if case is None:
        case = Case(shop_id=shop.id, order_id=order.id, opened_at=clock.now(), state=OPEN, cause=cause)
        case.customer_id, case.email_index = order.customer_id, order.email_index
        db.session.add(case)
        db.session.flush()
    else:
        case.state, case.solved_at, case.opened_at, case.cause = OPEN, None, clock.now(), cause or case.cause
    opened = _log(case, BUYER, "opened")
    db.session.flush()
    outbox.write(shop, "feedback/staff", f"feedback-case/{case.id}/{opened.id}", order.id)


def told(shop: Shop, order_id: int) -> None:
    """The buyer said more, nothing of it bad; in a transaction."""
    case = of_order(shop, order_id)
    if case is not None and case.state != SOLVED:
        _log(case, BUYER, "told")


def note(shop: Shop, case_id: int, user: str, text: str) -> bool:
    """False for a case that is not there (any more)."""
    with transaction():
        case = _held(shop, case_id)
        if case is not None:
            _log(case, user, "note", text)
    return case is not None


def move(shop: Shop, case_id: int, user: str, state: str, text: str) -> bool:
    """Staff answered the buyer, solved it, or opens it again; False when it is so already, or gone."""
    if state not in STATES:
        return False
    with transaction():
        case = _held(shop, case_id)
        if case is None or case.state == state:
            return False
        case.state, case.solved_at = state, clock.now() if state == SOLVED else None
        _log(case, user, state, text)
        requests.order_news(shop, case.order_id)
    return True


def find_cause(shop: Shop, case_id: int, cause: str) -> bool:
    """What staff found to be the cause; False when there is no such thing."""
    if cause not in CAUSES:
        return False
    with transaction():
        case = _held(shop, case_id)
        if case is not None:
            case.cause = cause
    return case is not None


def _held(shop: Shop, case_id: int) -> Case | None:
    """Under a lock, so that two clicks are one deed."""
    found = select(Case).where(Case.shop_id == shop.id, Case.id == case_id)
    return db.session.scalar(found.with_for_update())


def _log(case: Case, by: str, word: str, text: str = "") -> Entry:
    entry = Entry(shop_id=case.shop_id, case_id=case.id, order_id=case.order_id, at=clock.now(), by=by, word=word)
    entry.content = {"note": text} if text else {}
    db.session.add(entry)
    return entry


def get(shop: Shop, case_id: int) -> Case | None:
    return db.session.scalar(select(Case).where(Case.shop_id == shop.id, Case.id == case_id))


def of_order(shop: Shop, order_id: int) -> Case | None:
    return db.session.scalar(select(Case).where(Case.shop_id == shop.id, Case.order_id == order_id))


def entries(case: Case) -> Sequence[Entry]:
    """Oldest first."""
    logged = select(Entry).where(Entry.shop_id == case.shop_id, Entry.case_id == case.id)
    return db.session.scalars(logged.order_by(Entry.at, Entry.id)).all()


def listed(shop: Shop, state: str) -> Sequence[Case]:
    """The longest waiting first; of solved ones the newest."""
    found = select(Case).where(Case.shop_id == shop.id, Case.state == state).limit(PAGE)
    return db.session.scalars(found.order_by(Case.opened_at.desc() if state == SOLVED else Case.opened_at)).all()


def counts(shop: Shop) -> dict[str, int]:
    """How many are in each state."""
    counted = select(Case.state, func.count()).where(Case.shop_id == shop.id).group_by(Case.state)
    found = {row[0]: row[1] for row in db.session.execute(counted)}
    return {state: found.get(state, 0) for state in STATES}


@budget.pauses
def trouble(shop: Shop, message: Message, reader: Reader) -> str | None:
    """Whoever waits for an answer of staff is sent no advertising meanwhile."""
    if message.template.startswith("feedback/"):
        return None  # the request looks for itself, and more closely
    is_waiting = reading.waits(shop, message.order_id, reader.customer_id, message.email_index)
    return "case_open" if is_waiting else None


@troubles.knows
def complaint(shop: Shop, order_ids: Sequence[int]) -> str | None:
    """Also one that staff has answered, until it is solved."""
    unsolved = exists().where(Case.shop_id == shop.id, Case.order_id.in_(order_ids), UNSOLVED)
    return "earlier_complaint" if db.session.scalar(select(unsolved)) else None
