"""Reports of mail servers: what could not be delivered (RFC 3464), and complaints (RFC 5965)."""

import re
from collections.abc import Iterable
from email import message_from_bytes, message_from_string
from email.message import EmailMessage, Message
from email.policy import default

from shopify_app.bounces.news import Back
from shopify_app.mail.refusals import BOUNCED, COMPLAINED
from shopify_app.mail.returning import HEADER

GONE = re.compile(r"5\.(1\.(0|1|2|3|6|10)|2\.1)\b")
"""RFC 3463: the address itself is wrong or closed. A full mailbox or a server's rules are no reason to be silent."""


def read(message: bytes) -> Iterable[Back]:
    """Nothing where it is no report, or one of something that may pass."""
    report = message_from_bytes(message, policy=default)
    if report.get_content_type() != "multipart/report":
        return []
    reason = _reason(report)
    reader = _reader(report)
    return [Back(reader, reason)] if reason and reader else []


def _reason(report: EmailMessage) -> str | None:
    for part in report.walk():
        kind = part.get_content_type()
        if kind == "message/feedback-report":
            is_abuse = (_fields(part).get("Feedback-Type") or "").strip().lower() == "abuse"
            return COMPLAINED if is_abuse else None
        if kind == "message/delivery-status":
            return BOUNCED if any(map(_is_gone, _blocks(part))) else None
    return None


def _is_gone(block: Message) -> bool:
    is_failed = (block.get("Action") or "").strip().lower() == "failed"
    return is_failed and GONE.match((block.get("Status") or "").strip()) is not None


def _blocks(part: Message) -> list[Message]:
    """Python reads the blocks of a delivery status as messages: one about the server, one for each person."""
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _fields(part: Message) -> Message:
    """Python knows no feedback report: its fields are the text of the part, or a message in it."""
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        return payload[0] if payload[0].keys() else message_from_string(str(payload[0].get_payload()))
    return message_from_string(str(payload))


def _reader(report: EmailMessage) -> str | None:
    """From the headers of the mail that it is about: whole, or its headers alone."""
    for part in report.walk():
        if part is not report and part.get(HEADER):
            return str(part[HEADER]).strip()
        if part.get_content_type() == "text/rfc822-headers":
            return str(message_from_string(part.get_content()).get(HEADER) or "").strip() or None
    return None
