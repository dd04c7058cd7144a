"""Hand one message to the mail server, and tell apart what may be tried again, what may not, and what nobody knows."""

import re
import smtplib
import ssl
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from functools import cache
from urllib.parse import unquote, urlsplit

from flask import current_app

from shopify_app import faults
from shopify_app.config import Config
from shopify_app.db import rest
from shopify_app.secrets import box

WIRE = SMTP.clone(cte_type="7bit")
"""Understood by every server, whatever it can do."""
SIGN = r'[^\s\x00-\x1f\x7f,;:<>()\[\]"\\@]'
ADDRESS = re.compile(f"{SIGN}+@{SIGN}+")
"""Looser than the standard: some providers give addresses with two dots in a row."""
NO_SUCH = (b"5.1.1", b"5.1.2", b"5.1.3", b"5.1.6")
"""How an answer begins that speaks of the address (RFC 3463). A bare 550 may as well mean us, and then is no bounce."""
TIMEOUT = 20
"""Seconds for each step of the conversation."""


MOST = 100
"""Messages on one line: many servers hang up after so many."""


@dataclass(slots=True)
class Line:
    """A conversation with the mail server that goes on: greeting it and agreeing on keys costs more than a message."""

    server: smtplib.SMTP
    messages: int = 0


class Refused(Exception):
    """The server will never take this message."""


class NoSuchAddress(Refused):
    """It never will take one for this address: there is no such mailbox."""


class Unavailable(Exception):
    """The server did not take it now; it has surely not gone out."""


class Doubtful(Exception):
    """The line broke after the message was handed over and before the server said a word."""


def is_keyed() -> bool:
    """Whether the provider recognises a repeated message."""
    return _config().smtp_idempotency_header is not None


def message_id(key: str) -> str:
    """The same for the same key, and telling nothing of it."""
    domain = parseaddr(_config().mail_from)[1].rpartition("@")[2] or "localhost"
    return f"<{box().index('message-id', key).hex()}@{domain}>"


def address(text: str) -> str:
    """One plain address with its domain as mail servers write it. Raises ValueError for none, for several, for a name
    with it: whoever puts those into an order's field writes to nobody else."""
    if not ADDRESS.fullmatch(text):
        raise ValueError("not one plain address")
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def send(email: EmailMessage, key: str) -> None:
    """Raises Refused, Unavailable or Doubtful. The errors' texts hold the server's code, never an address."""
    if header := _config().smtp_idempotency_header:
        email[header] = message_id(key).strip("<>")
    rest()
    sender, recipient = parseaddr(str(email["From"]))[1], str(email["To"])
    line = _begin(sender)
    try:
        _converse(line.server, recipient, email.as_bytes(policy=WIRE))
    except (Refused, Unavailable, Doubtful):
        line.server.close()
        raise
    _keep(line)


def _begin(sender: str) -> Line:
    """A line on which the server has taken the sender. One that was kept may have been cut since, which no message
    suffers from.
    """
    while line := _kept():
        with suppress(OSError, smtplib.SMTPException):
            if line.server.mail(sender)[0] < 300:
                return line
        line.server.close()
    try:
        line = Line(_connect())
        _accepted(line.server.mail(sender))
    except (OSError, smtplib.SMTPException) as error:
        raise Unavailable(type(error).__name__) from error
    return line


def hang_up() -> None:
    """There is nothing to send for now."""
    while line := _kept():
        line.server.close()


def _kept() -> Line | None:
    """Taken out, so that nobody else speaks on it."""
    lines = _lines()
    return lines.pop() if lines else None


def _keep(line: Line) -> None:
    line.messages += 1
    if line.messages < MOST:
        _lines().append(line)
    else:
        line.server.close()


def _lines() -> deque[Line]:
    """Those that nobody speaks on."""
    lines: deque[Line] = current_app.extensions.setdefault("smtp_lines", deque())
    return lines


def _converse(server: smtplib.SMTP, recipient: str, body: bytes) -> None:
    try:
        _accepted(server.rcpt(recipient))
    except UnicodeEncodeError as error:
        raise Refused("the address is not one that this server can write") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unavailable(type(error).__name__) from error
    faults.point("message_connected")
    try:
        _accepted(server.data(body))
    except smtplib.SMTPDataError as error:
        # The server answered DATA itself with a refusal: nothing was handed over.
        _accepted((error.smtp_code, b""))
    except (OSError, smtplib.SMTPException) as error:
        raise Doubtful(type(error).__name__) from error


def _accepted(answer: tuple[int, bytes]) -> None:
    code, text = answer
    if 500 <= code < 600 and text.startswith(NO_SUCH):
        raise NoSuchAddress(f"SMTP {code}")
    if 500 <= code < 600:
        raise Refused(f"SMTP {code}")
    if code >= 300:
        raise Unavailable(f"SMTP {code}")


@cache
def _trust() -> ssl.SSLContext:
    """Whose certificates count. Reading them all costs more than a mail."""
    return ssl.create_default_context()


def _connect() -> smtplib.SMTP:
    address = urlsplit(_config().smtp_url)
    host, port = address.hostname or "localhost", address.port or (465 if address.scheme == "smtps" else 25)
    server: smtplib.SMTP
    if address.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=_trust())
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    server.ehlo_or_helo_if_needed()
    if address.scheme == "smtp+starttls":
        server.starttls(context=_trust())
        server.ehlo()
    if address.username:
        server.login(unquote(address.username), unquote(address.password or ""))
    return server


def _config() -> Config:
    config: Config = current_app.extensions["config"]
    return config
