"""Files that the app hands over: an address to send each to, and what came. Kept in memory."""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

MOST_BYTES = 20_000_000
KEPT = 500
LABELS = ("application/pdf", "image/png", "image/jpeg")


@dataclass
class Upload:
    """One file. `content` None until it came. `method`: PUT with the bytes, POST as a form."""

    key: str
    name: str
    mime: str
    method: str
    content: bytes | None = None


class Uploads:
    """The newest ones. Safe for threads."""

    def __init__(self) -> None:
        self._all: OrderedDict[str, Upload] = OrderedDict()
        self._lock = threading.Lock()

    def expect(self, name: str, mime: str, method: str) -> Upload:
        made = Upload(secrets.token_hex(16), name, mime, method)
        with self._lock:
            self._all[made.key] = made
            while len(self._all) > KEPT:
                self._all.popitem(last=False)
        return made

    def get(self, key: str) -> Upload | None:
        with self._lock:
            return self._all.get(key)
