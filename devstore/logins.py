"""One-time codes for customer accounts. They live in memory: whoever waits for one when the store stops asks again."""

import hmac
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from devstore.clock import Clock

LIFE = timedelta(minutes=10)
TRIES = 5


@dataclass
class Code:
    """Six digits for one e-mail address in one shop. `tries` are those still left."""

    shop: str
    email: str
    digits: str
    ends_at: datetime
    tries: int = TRIES


class Logins:
    """Codes by a key that only the browser which asked knows. Safe for threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._codes: dict[str, Code] = {}
        self._lock = threading.Lock()

    def begin(self, shop: str, email: str) -> tuple[str, str]:
        """The key for this browser's session, and the digits for the mail."""
        now, key = self._clock.now(), secrets.token_hex(16)
        with self._lock:
            self._codes = {known: code for known, code in self._codes.items() if code.ends_at > now}
            self._codes[key] = Code(shop, email, f"{secrets.randbelow(10**6):06d}", now + LIFE)
            return key, self._codes[key].digits

    def waiting(self, key: str, shop: str) -> Code | None:
        """The code that may still be typed: not used, not too old, not missed too often."""
        code = self._codes.get(key)
        is_alive = code and code.shop == shop and code.tries > 0 and code.ends_at > self._clock.now()
        return code if is_alive else None

    def finish(self, key: str, shop: str, digits: str) -> str | None:
        """The e-mail address whose code this is, once; None for a wrong one, which costs a try."""
        with self._lock:
            code = self.waiting(key, shop)
            if code is None:
                return None
            code.tries -= 1
            if not hmac.compare_digest(code.digits.encode(), digits.encode()):
                return None
            del self._codes[key]
            return code.email
