"""Write a message with its cause; send it later, once.

Over SMTP "never lost and never twice" cannot both be kept: a process may die after the server took the message and
before we wrote that down. A provider that recognises repeated messages by a key (SMTP_IDEMPOTENCY_HEADER) gets them
again; without one the message is held as "unknown", shown to the merchant, and sent again only by hand.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import structlog
from flask import current_app
from jinja2 import TemplateError
from sqlalchemy import select
from sqlalchemy.orm.exc import ObjectDeletedError

from shopify_app import clock, faults, metrics, secrets, work
from shopify_app.addresses import email_key
from shopify_app.db import db, transaction, upsert
from shopify_app.mail import budget, farewell, pace, refusals, returning, smtp
from shopify_app.mail.law import Right
from shopify_app.mail.models import TROUBLED, Basis, Message, Purpose
from shopify_app.mail.verdict import Mail as Mail
from shopify_app.mail.verdict import Reader as Reader
from shopify_app.mail.verdict import Skip as Skip
from shopify_app.mail.verdict import Unready as Unready
from shopify_app.mail.verdict import Wait as Wait
from shopify_app.mail.verdict import silent as silent
from shopify_app.queue import ring
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop

log = structlog.get_logger()

UNATTENDED = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}
"""No person wrote this: who is on holiday need not answer (RFC 3834; the second is what Exchange goes by)."""
KEY_LIFE = timedelta(hours=23)
"""Providers that recognise a repeated message do so for a day."""


Render = Callable[[Shop, Message], Mail | Skip | Wait]

_renders: dict[str, Render] = {}
_purposes: dict[str, Purpose] = {}


def renders(
    template: str,
    purpose: Purpose = Purpose.ORDER,
    basis: Sequence[Basis] = (Basis.CONSENT,),
    *,
    is_answer: bool = True,
) -> Callable[[Render], Render]:
    """Marks the function that makes the message of `template`, or says why not, from what is true at that moment.

    basis: what a marketing message may rely on; each country's law and the merchant narrow it down.
    is_answer: to something that a person did: then no number of others holds it up (pace.py). Marketing never is.
    """

    def register(function: Render) -> Render:
        _renders[template] = function
        _purposes[template] = purpose
        budget.may_rely(template, basis)
        if purpose in (Purpose.REMINDER, Purpose.MARKETING) or not is_answer:
            pace.may_wait(template)
        return function

    return register


def templates() -> Sequence[str]:
    return sorted(_renders)


def purpose(template: str) -> Purpose:
    return _purposes.get(template, Purpose.ORDER)


def write(
    shop: Shop,
    template: str,
    key: str,
    order_id: int | None = None,
    skip: str | None = None,
    *,
    to: str | None = None,
    customer_id: int | None = None,
    due_at: datetime | None = None,
    facts: Mapping[str, str | int] | None = None,
) -> bool:
    """Put a message into the outbox with its cause, in one transaction; the same key again changes nothing: then False.

    skip: the reason why it is not to be sent, and facts: what its sentence has blanks for; the row then only tells the
    merchant so.
    to: the e-mail address, and customer_id: whom it is for, where no order says so or the budget has to know.
    due_at: when to send it; now, unless told.
    """
    now = clock.now()
    row = {
        "shop_id": shop.id,
        "key": key,
        "template": template,
        "purpose": purpose(template),
        "order_id": order_id,
        "customer_id": customer_id,
        "email_index": to and secrets.index(shop.id, "email", email_key(to)),
        "created_at": now,
        "due_at": due_at or now,
        "tries": 0,
        "done_at": now if skip else None,
        "result": "skipped" if skip else None,
        "reason": skip,
        "facts": dict(facts) if facts else None,
    }
    is_new = bool(upsert(Message, [row], ("shop_id", "key"), keep=True))
    if is_new and not skip and (due_at is None or due_at <= now):
        ring("mail")
    return is_new


def send(limit: int = 5) -> int:
    """Claim due messages and send them; returns how many were claimed."""
    rows = work.claim(Message, limit)
    if not rows:
        smtp.hang_up()
    faults.point("messages_claimed")
    for message in rows:
        try:
            metrics.messages.labels(message.template, _try(message)).inc()
        except work.LostLease:
            log.warning("message_taken_over", message=message.id)
    return len(rows)


def _try(message: Message) -> str:
    try:
        return _send(message)
    except Unready as missing:
        return _end(message, "failed", reason="value_missing", error=str(missing))
    except ObjectDeletedError:
        # Whoever it is about was erased since it was claimed; with them goes the message, or it ends here.
        return _end(message, "skipped", reason="erased")
    except (ValueError, LookupError, TypeError, AttributeError, TemplateError) as error:
        # What cannot be made into a message today will not be tomorrow; its text may quote the buyer.
        log.warning("message_not_made", message=message.id, error=type(error).__name__)
        return _end(message, "failed", error=type(error).__name__)


def _send(message: Message) -> str:
    if message.sending_at is not None and not _may_repeat(message.sending_at):
        # Whoever intended to send it has died; whether it went out, nobody knows.
        return _end(message, "unknown")
    shop = shops.get(message.shop_id)
    if _purposes[message.template] is Purpose.MARKETING:
        # Shopify is asked on the way, for each of the batch, and may take its time.
        work.hold(message, due_at=work.lease())
    mail = pace.look(shop, message.template) or _renders[message.template](shop, message)
    mail = _intend(shop, message, mail)
    if isinstance(mail, Skip):
        return _end(message, "skipped", reason=mail.reason, facts=dict(mail.facts) or None)
    if isinstance(mail, Wait):
        work.again(message, mail.until, reason=mail.reason, facts=dict(mail.facts) or None)
        return "waiting"
    faults.point("message_intended")
    return _hand_over(shop, message, mail)


def _intend(shop: Shop, message: Message, mail: Mail | Skip | Wait) -> Mail | Skip | Wait:
    """The intent, written and committed; a marketing message first gets past the budget, or does not."""
    if not isinstance(mail, Mail):
        return mail
    if _purposes[message.template] is not Purpose.MARKETING:
        with transaction():
            against: Skip | Wait | None = pace.book(shop, message.template)
            if against is None:
                _write_intent(message, mail)
        return against or mail
    right = budget.look(shop, message, mail)
    if not isinstance(right, Right):
        return right
    final = mail.last() if mail.last else mail
    return _book(shop, message, final, right) if isinstance(final, Mail) else final


def _book(shop: Shop, message: Message, mail: Mail, right: Right) -> Mail | Skip | Wait:
    with transaction():
        against = budget.book(shop, message, mail) or pace.book(shop, message.template)
        if against is None:
            whom = {"email_index": message.email_index, "customer_id": message.customer_id}
            _write_intent(message, mail, basis=right.basis, grounds=_grounds(right, mail), **whom)
    return against or mail


def _write_intent(message: Message, mail: Mail, **columns: Any) -> None:
    # A lease of its own: the one of the batch may be nearly over, and another worker would call this one doubtful.
    known: dict[str, Any] = {"sending_at": message.sending_at or clock.now(), "facts": dict(mail.facts) or None}
    if mail.reader:
        known["reader_mark"] = refusals.mark(shops.get(message.shop_id), mail.to)
    work.hold(message, due_at=work.lease(), reason=None, **known, **columns)


def _grounds(right: Right, mail: Mail) -> dict[str, str]:
    """What can be shown later, should anybody ask why this was sent."""
    told = {
        "level": right.level,
        "since": right.since and right.since.isoformat(),
        "country": mail.reader and mail.reader.country_code,
        "asked_at": clock.now().isoformat(),
    }
    return {name: text for name, text in told.items() if text}


def _may_repeat(first: datetime) -> bool:
    """Whether the provider would recognise a message it may have taken at `first`."""
    return smtp.is_keyed() and clock.now() - first < KEY_LIFE


def _hand_over(shop: Shop, message: Message, mail: Mail) -> str:
    email = _compose(shop, message, mail)
    try:
        smtp.send(email, message.key)
    except smtp.NoSuchAddress as error:
        with transaction():
            refusals.refuse(shop, refusals.mark(shop, mail.to), refusals.TOPICS, refusals.BOUNCED)
            return _end(message, "failed", error=str(error))
    except smtp.Refused as error:
        return _end(message, "failed", error=str(error))
    except smtp.Doubtful as error:
        if not smtp.is_keyed():
            return _end(message, "unknown", error=str(error), facts=dict(mail.facts) or None)
        work.fail(message, str(error))
        return "again"
    except smtp.Unavailable as error:
        # Not this time; an earlier try that ended in doubt stays one.
        work.fail(message, str(error), sending_at=message.sending_at)
        return "again"
    faults.point("message_accepted")
    outcome = _end(message, "sent", facts=dict(mail.facts) or None)
    faults.point("message_recorded")
    return outcome


def _end(message: Message, result: str, *, reason: str | None = None, error: str | None = None, **facts: Any) -> str:
    """Facts that are not given stay as an earlier look left them."""
    work.finish(message, result, error=error, reason=reason, **facts)
    return result


def _compose(shop: Shop, message: Message, mail: Mail) -> EmailMessage:
    """EmailMessage refuses line breaks in headers; the Message-ID follows from the key, so a repetition has it too."""
    is_marketing = _purposes[message.template] is Purpose.MARKETING
    mail = farewell.with_link(shop, mail) if is_marketing else mail
    email = EmailMessage(farewell.POLICY)
    email["From"] = current_app.extensions["config"].mail_from
    email["To"] = smtp.address(mail.to)
    email["Subject"] = mail.subject
    if shop.email:
        email["Reply-To"] = shop.email
    email["Message-ID"] = smtp.message_id(f"{shop.domain}/{message.key}")
    email["Date"] = clock.now()
    for name, value in UNATTENDED.items():
        email[name] = value
    returning.mark(email, shop, mail.to, current_app.extensions["config"])
    if is_marketing:
        farewell.add_headers(email, shop, mail.to)
    email.set_content(mail.text)
    email.add_alternative(mail.html, subtype="html")
    return email


def about_order(shop: Shop, order_id: int) -> Sequence[Message]:
    written = select(Message).where(Message.shop_id == shop.id, Message.order_id == order_id)
    return db.session.scalars(written.order_by(Message.created_at, Message.id)).all()


def troubled(shop: Shop, limit: int = 50) -> Sequence[Message]:
    """The newest that failed, died or may or may not have gone out."""
    bad = select(Message).where(Message.shop_id == shop.id, TROUBLED)
    return db.session.scalars(bad.order_by(Message.created_at.desc()).limit(limit)).all()


def recent(shop: Shop, limit: int = 50) -> Sequence[Message]:
    """The newest, whatever came of them."""
    newest = select(Message).where(Message.shop_id == shop.id).order_by(Message.created_at.desc(), Message.id.desc())
    return db.session.scalars(newest.limit(limit)).all()


def get(shop: Shop, message_id: int) -> Message | None:
    return db.session.scalar(select(Message).where(Message.shop_id == shop.id, Message.id == message_id))


def keyed(shop: Shop, key: str) -> Message | None:
    return db.session.scalar(select(Message).where(Message.shop_id == shop.id, Message.key == key))


def send_again(message: Message) -> None:
    """By the merchant's own hand: also one of which nobody knows whether it went out."""
    with transaction():
        message.sending_at = message.reason = message.facts = message.error = None
        work.replay(message)
