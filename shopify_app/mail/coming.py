"""What a person will get, and what not, as far as anybody can tell now: by the decisions that the workers make then.

Features tell their plans through `@coming.tells`; `mail/` knows none of them. Nothing is written here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shopify_app import clock
from shopify_app.mail import budget, outbox, wording
from shopify_app.mail.law import Right
from shopify_app.mail.models import Message, Purpose
from shopify_app.mail.outbox import Mail, Reader, Wait
from shopify_app.shopify.models import Shop

SPAN = timedelta(days=60)
"""So far anybody looks ahead."""
ASKED = 5
"""Plans of one person about which Shopify is asked, the next ones: each costs a call or two while somebody waits."""


@dataclass(frozen=True, slots=True)
class Person:
    """By everything that a feature may know of them."""

    email: str | None
    email_indexes: Sequence[bytes]
    customer_ids: Sequence[int]
    order_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class Plan:
    name: str
    """Of the message, as wording.py has it."""
    why: str
    """A key that the merchant's pages put into words: what it is for, or why it does not come."""
    at: datetime | None = None
    """When, if nothing happens before; None: not before somebody else does something (a carrier, staff)."""
    is_coming: bool = True
    order_id: int | None = None
    reader: Reader | None = None
    """Of marketing: whom the budget decides about."""
    expires_at: datetime | None = None
    held: str | None = None
    """Why it will be later than planned."""


Teller = Callable[[Shop, Person], Iterable[Plan]]

_tellers: list[Teller] = []


def tells(function: Teller) -> Teller:
    """Marks a function that says what its feature has planned for a person, and what it has decided against."""
    _tellers.append(function)
    return function


def of(shop: Shop, person: Person) -> Sequence[Plan]:
    """The next first; what waits for others last."""
    until = clock.now() + SPAN
    told = [plan for teller in _tellers for plan in teller(shop, person) if plan.at is None or plan.at <= until]
    told.sort(key=lambda plan: plan.at or until)
    offers = [plan for plan in told if plan.is_coming and _is_marketing(plan) and plan.at][:ASKED]
    return [_budgeted(shop, person, plan) if plan in offers else plan for plan in told]


def _is_marketing(plan: Plan) -> bool:
    return outbox.purpose(row(plan.name)) is Purpose.MARKETING


def row(name: str) -> str:
    return wording.known()[name].row


def _budgeted(shop: Shop, person: Person, plan: Plan) -> Plan:
    """What the budget would say at that time by what is known now."""
    if person.email is None or plan.reader is None:
        return plan
    message = Message(shop_id=shop.id, template=row(plan.name), key="", order_id=plan.order_id)
    mail = Mail(person.email, "", "", "", plan.reader, plan.expires_at)
    said = budget.look(shop, message, mail, plan.at)
    if isinstance(said, Right):
        return plan
    if isinstance(said, Wait):
        return replace(plan, at=said.until, held=said.reason)
    return replace(plan, why=said.reason, is_coming=False)


def told(plan: Plan) -> dict[str, str | None]:
    """As a file says it."""
    at = plan.at.isoformat() if plan.at else None
    return {"message": plan.name, "at": at if plan.is_coming else None, "why": plan.why, "held": plan.held}
