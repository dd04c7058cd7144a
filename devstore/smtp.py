"""A real SMTP server that keeps every message, and goes wrong on request."""

import asyncio
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from devstore.clock import Clock
from devstore.faults import Faults

KEY = "Resend-Idempotency-Key"
KEPT = 20_000


@dataclass(frozen=True)
class Message:
    """One message as the server took it. `received_at` is on the store's clock; text and html None when absent."""

    id: int
    received_at: datetime
    mail_from: str
    rcpt_tos: list[str]
    raw: bytes = field(repr=False)
    headers: dict[str, list[str]]
    text: str | None
    html: str | None
    attachments: list[dict[str, Any]]

    @property
    def subject(self) -> str:
        return self.header("Subject") or ""

    @property
    def sender(self) -> str:
        return self.header("From") or self.mail_from

    @property
    def to(self) -> str:
        return self.header("To") or ", ".join(self.rcpt_tos)

    def header(self, name: str) -> str | None:
        """The first header of this name, decoded, in any case; None when absent."""
        found = [values for key, values in self.headers.items() if key.casefold() == name.casefold()]
        return found[0][0] if found else None

    def shown(self) -> dict[str, Any]:
        """For the JSON list."""
        return {
            "id": self.id,
            "received_at": self.received_at.isoformat(),
            "mail_from": self.mail_from,
            "rcpt_tos": self.rcpt_tos,
            "subject": self.subject,
            "headers": self.headers,
            "text": self.text,
            "html": self.html,
            "attachments": self.attachments,
        }


class Mailbox:
    """What every person received. Safe for threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._messages: dict[int, Message] = {}
        self._keys: set[str] = set()
        self._next = 1
        self._came = threading.Condition()
        self.greetings = 0
        """How many conversations began: several messages may go through one."""

    def messages(self, to: str | None = None) -> list[Message]:
        """Newest first. to: only those for this address."""
        with self._came:
            found = reversed(list(self._messages.values()))
        wanted = to.casefold() if to else None
        return [m for m in found if wanted is None or wanted in (r.casefold() for r in m.rcpt_tos)]

    def get(self, id: int) -> Message | None:
        return self._messages.get(id)

    def clear(self) -> None:
        with self._came:
            self._messages.clear()
            self._keys.clear()

    def wait(self, count: int, to: str | None = None, seconds: float = 10.0) -> list[Message]:
        """Wait until that many messages are there; gives what is there when the time is over."""
        with self._came:
            self._came.wait_for(lambda: len(self.messages(to)) >= count, seconds)
        return self.messages(to)

    def keep(self, mail_from: str, rcpt_tos: Iterable[str], raw: bytes, *, once_per_key: bool) -> Message | None:
        """Keep a message; None when its key was kept before and keys count."""
        mail = BytesParser(policy=policy.default).parsebytes(raw)
        key = mail.get(KEY)
        with self._came:
            if once_per_key and key and str(key) in self._keys:
                return None
            if key:
                self._keys.add(str(key))
            message = _read(self._next, self._clock.now(), mail_from, list(rcpt_tos), raw, mail)
            self._next += 1
            self._messages[message.id] = message
            if len(self._messages) > KEPT:
                del self._messages[next(iter(self._messages))]
            self._came.notify_all()
            return message


class Handler:
    """What aiosmtpd asks for each command."""

    def __init__(self, mailbox: Mailbox, faults: Faults) -> None:
        self._mailbox, self._faults = mailbox, faults

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self._mailbox.greetings += 1
        return responses

    async def handle_RCPT(  # noqa: N802, aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._faults.take(self._faults.smtp, "permanent"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        smtp = self._faults.smtp
        if self._faults.take(smtp, "temporary"):
            return "451 4.3.0 try again later"
        if self._faults.take(smtp, "drop_after_data"):
            return _hang_up(server)
        content = envelope.original_content or b""
        self._mailbox.keep(envelope.mail_from or "", envelope.rcpt_tos, content, once_per_key=smtp.idempotent)
        if self._faults.take(smtp, "drop_after_accept"):
            return _hang_up(server)
        if self._faults.take(smtp, "drop_after_answer"):
            asyncio.get_running_loop().call_soon(_hang_up, server)
        return "250 2.0.0 kept"


class Listener(Controller):
    """aiosmtpd's server, also on port 0: the system chooses while it binds, so nobody can be there first."""

    async def _create_server(self) -> asyncio.AbstractServer:
        server = cast(asyncio.Server, await super()._create_server())
        self.port = int(server.sockets[0].getsockname()[1])  # aiosmtpd makes its first call to this one
        return server


class MailServer:
    """The SMTP server in a thread of its own. port 0 = any free one."""

    def __init__(self, mailbox: Mailbox, faults: Faults, port: int) -> None:
        self._listener = Listener(
            Handler(mailbox, faults),
            hostname="127.0.0.1",
            port=port,
            data_size_limit=50 * 2**20,
            enable_SMTPUTF8=True,
            ready_timeout=10,
        )

    def start(self) -> None:
        self._listener.start()

    def stop(self) -> None:
        self._listener.stop()

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens: host and port."""
        return self._listener.hostname, self._listener.port


def _hang_up(server: SMTP) -> str:
    """End the connection now; the answer is not heard by anybody."""
    if isinstance(server.transport, asyncio.Transport):
        server.transport.abort()
    return "421 4.3.0 gone"


def _read(id: int, at: datetime, mail_from: str, rcpt_tos: list[str], raw: bytes, mail: EmailMessage) -> Message:
    headers: dict[str, list[str]] = {}
    for name, value in mail.items():
        headers.setdefault(name, []).append(str(value))
    files = [
        {
            "filename": part.get_filename(),
            "content_type": part.get_content_type(),
            "size": len(part.get_payload(decode=True) or b""),
        }
        for part in mail.iter_attachments()
    ]
    text, html = _part(mail, "plain"), _part(mail, "html")
    return Message(id, at, mail_from, rcpt_tos, raw, headers, text, html, files)


def _part(mail: EmailMessage, kind: str) -> str | None:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else None
