"""A mail server that counts what it took, knows repeated messages by their key when told to, and goes wrong."""

import asyncio
import threading
import zlib
from collections import Counter
from email.parser import BytesHeaderParser

from aiosmtpd.smtp import SMTP, Envelope, Session

from devstore.smtp import Listener

KEY = "Resend-Idempotency-Key"
"""How one provider names the header by which it recognises a repeated message."""


class Sink:
    """keyed: a key that was seen before is answered 250 and not delivered again.

    trouble: what happens to the first try of every third message. "later": 451 instead of 250. "unheard": the line
    breaks after DATA, and the message is not taken. "taken": it breaks after the message was taken.
    """

    def __init__(self, *, keyed: bool, trouble: str | None = None) -> None:
        self.keyed, self.trouble = keyed, trouble
        self.delivered: Counter[str] = Counter()
        """Recipient → how many messages reached the mailbox."""
        self.troubled = 0
        self._keys: set[str] = set()
        self._tried: set[str] = set()
        self._lock = threading.Lock()
        self._listener = Listener(self, hostname="127.0.0.1", port=0, ready_timeout=30)

    def open(self) -> str:
        """Returns the address for SMTP_URL."""
        self._listener.start()
        return f"smtp://127.0.0.1:{self._listener.port}"

    def close(self) -> None:
        self._listener.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        headers = BytesHeaderParser().parsebytes(content)
        goes_wrong = self._goes_wrong(str(headers["Message-ID"]))
        if goes_wrong and self.trouble == "later":
            return "451 4.3.0 try again later"
        if not goes_wrong or self.trouble == "taken":
            self._take(envelope.rcpt_tos[0], headers.get(KEY))
        if goes_wrong:
            _hang_up(server)
        return "250 2.0.0 taken"

    def _goes_wrong(self, message_id: str) -> bool:
        with self._lock:
            is_first = message_id not in self._tried
            self._tried.add(message_id)
            goes_wrong = self.trouble is not None and is_first and zlib.crc32(message_id.encode()) % 3 == 0
            self.troubled += goes_wrong
            return goes_wrong

    def _take(self, to: str, key: str | None) -> None:
        with self._lock:
            if self.keyed and key is not None:
                if key in self._keys:
                    return
                self._keys.add(key)
            self.delivered[to] += 1


def _hang_up(server: SMTP) -> None:
    if isinstance(server.transport, asyncio.Transport):
        server.transport.abort()
