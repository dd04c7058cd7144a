"""Whether a marketing message goes out: all features ask here, and none of them knows of another.

Asked twice: `look` before Shopify is asked for the person's consent, which takes a call and so no transaction, and
`book` in the transaction that writes the intent down, with the person's slot in hand.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from shopify_app import clock, secrets
from shopify_app.addresses import email_key
from shopify_app.db import db, upsert
from shopify_app.mail import consents, decision, law, refusals, rules
from shopify_app.mail.decision import Facts
from shopify_app.mail.law import Consent, Right
from shopify_app.mail.models import Basis, Message, Purpose, Slot
from shopify_app.mail.verdict import Mail, Reader, Skip, Wait
from shopify_app.shopify.errors import ShopifyError, Throttled
from shopify_app.shopify.models import Shop

log = structlog.get_logger()

Pause = Callable[[Shop, Message, Reader], str | None]

AWAY = timedelta(minutes=15)
"""Until Shopify, which did not say whether the person agrees, is asked again."""

_pauses: list[Pause] = []
_bases: dict[str, Sequence[Basis]] = {}


def pauses(function: Pause) -> Pause:
    """Marks a function that knows of trouble with a person's orders: the reason to be silent for now, or None.

    Whom the message is for stands in its `email_index` and `customer_id`.
    """
    _pauses.append(function)
    return function


def may_rely(template: str, basis: Sequence[Basis]) -> None:
    """Said by outbox.renders, where each template is declared."""
    _bases[template] = basis


def look(shop: Shop, message: Message, mail: Mail, at: datetime | None = None) -> Right | Skip | Wait:
    """By what right it may go, or why not now. Notes in the message, not yet in its row, whom it is for.

    at: as if it were then already, by what is known now.

    Raises TypeError for a mail that does not say who reads it.
    """
    reader = _reader(mail)
    _name(shop, message, mail.to, reader.customer_id)
    if not shop.is_installed:
        return Skip("uninstalled")
    if against := decision.stop(_facts(shop, message, mail, at)):
        return against
    consent = _consent(shop, message, mail.to)
    if isinstance(consent, Wait):
        return consent
    _name(shop, message, mail.to, consent.customer_id or reader.customer_id)
    basis = _bases[message.template]
    return law.right(consent, reader.agreed_at, reader.country_code, basis, rules.of(shop))


def book(shop: Shop, message: Message, mail: Mail) -> Skip | Wait | None:
    """None: the intent may be written, in the same transaction. Until it is over nobody else books for this person."""
    _take_slots(shop, message)
    return decision.stop(_facts(shop, message, mail))


def _reader(mail: Mail) -> Reader:
    if mail.reader is None:
        raise TypeError("a marketing message without a reader")
    return mail.reader


def _name(shop: Shop, message: Message, email: str, customer_id: int | None) -> None:
    message.email_index = secrets.index(shop.id, "email", email_key(email))
    message.customer_id = customer_id or message.customer_id


def _consent(shop: Shop, message: Message, email: str) -> Consent | Wait:
    try:
        return consents.ask(shop, email, message.customer_id)
    except ShopifyError as error:
        log.info("consent_unknown", message=message.id, error=type(error).__name__)
        pause = timedelta(seconds=max(error.wait, 30)) if isinstance(error, Throttled) else AWAY
        return Wait(clock.now() + pause, "consent_unread")


def _facts(shop: Shop, message: Message, mail: Mail, at: datetime | None = None) -> Facts:
    reader = _reader(mail)
    return Facts(
        now=at or clock.now(),
        zones=reader.zones,
        rules=rules.of(shop),
        refused=refusals.why(shop, mail.to, "marketing"),
        trouble=next((found for pause in _pauses if (found := pause(shop, message, reader))), None),
        has_urgent=bool(db.session.scalar(_urgent(shop, message))),
        sent=[moment for moment in db.session.scalars(_sent(shop, message)) if moment],
        expires_at=mail.expires_at,
    )


def _same_person(shop: Shop, message: Message) -> ColumnElement[bool]:
    """Other messages of whoever this one is for: by the address, or by Shopify's number."""
    same = [Message.email_index == message.email_index]
    if message.customer_id is not None:
        same.append(Message.customer_id == message.customer_id)
    return and_(Message.shop_id == shop.id, or_(*same), Message.id != message.id)


def _urgent(shop: Shop, message: Message) -> Select[bool]:
    """Due, in somebody's hands, or to be tried again after a failure."""
    near = or_(Message.due_at <= clock.now(), Message.owner.is_not(None), Message.tries > 0)
    is_urgent = and_(Message.purpose != Purpose.MARKETING, Message.done_at.is_(None), near)
    return select(exists().where(_same_person(shop, message), is_urgent))


def _sent(shop: Shop, message: Message) -> Select[datetime | None]:
    """What went out, what may have, and what is about to."""
    went = or_(Message.done_at.is_(None), Message.result.in_(("sent", "unknown")))
    since = Message.sending_at > clock.now() - rules.SPAN
    ours = and_(_same_person(shop, message), Message.purpose == Purpose.MARKETING)
    return select(Message.sending_at).where(ours, since, went)


def _take_slots(shop: Shop, message: Message) -> None:
    """In the order of their marks, so that two workers never wait for each other."""
    names = [f"email/{(message.email_index or b'').hex()}"]
    if message.customer_id is not None:
        names.append(f"customer/{message.customer_id}")
    for mark in sorted(secrets.index(shop.id, "slot", name) for name in names):
        upsert(Slot, [{"shop_id": shop.id, "mark": mark, "taken_at": clock.now()}], ("shop_id", "mark"))
