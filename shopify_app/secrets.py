"""Encryption at rest: columns that only the app can read, and keyed hashes to find rows by what they hold.

Form of a ciphertext: 4 bytes naming the key, 12 bytes nonce, AES-256-GCM of the plain bytes with the purpose
("table.column") as associated data, so that a value copied into another column does not open.
"""

import hashlib
import hmac
import json
import os
from collections import Counter
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app, has_request_context, request
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from sqlalchemy import Dialect, LargeBinary, TypeDecorator

from shopify_app import clock


class SecretsError(Exception):
    """A ciphertext does not open: the key is gone, or it was altered or moved."""


class Box:
    """Seals with the first key, opens with any of them."""

    def __init__(self, keys: tuple[bytes, ...], index_key: bytes) -> None:
        self._ciphers = {_name(key): AESGCM(key) for key in keys}
        self._first = _name(keys[0])
        self._index_key = index_key

    def seal(self, plain: bytes, purpose: str) -> bytes:
        nonce = os.urandom(12)
        return self._first + nonce + self._ciphers[self._first].encrypt(nonce, plain, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        cipher = self._ciphers.get(sealed[:4])
        if cipher is None:
            raise SecretsError(f"no key opens this value of {purpose}")
        try:
            return cipher.decrypt(sealed[4:16], sealed[16:], purpose.encode())
        except (InvalidTag, ValueError) as error:
            raise SecretsError(f"a value of {purpose} does not open") from error

    def is_current(self, sealed: bytes) -> bool:
        return sealed[:4] == self._first

    def derive(self, purpose: str) -> bytes:
        """A key for one other use (signing links, cookies); 32 bytes, the same in every process."""
        return hmac.digest(self._index_key, f"derive {purpose}".encode(), "sha256")

    def index(self, *parts: object) -> bytes:
        """A keyed hash by which equal values are found without being readable; 16 bytes."""
        text = "\x1f".join(str(part) for part in parts)
        return hmac.digest(self._index_key, text.encode(), "sha256")[:16]


def _name(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()[:4]


def box() -> Box:
    found: Box = current_app.extensions["secrets"]
    return found


def index(*parts: object) -> bytes:
    return box().index(*parts)


def opened() -> Counter[str]:
    """What was read of encrypted columns to answer the request at hand: purpose → how many values."""
    found: Counter[str] = request.environ.setdefault("aftercare.opened", Counter())
    return found


def dated(purpose: str) -> URLSafeTimedSerializer:
    """Signs small values with the moment of signing, for one purpose: what is signed for another is not taken."""
    return URLSafeTimedSerializer(box().derive(purpose), salt=purpose, signer=_Signer)


class _Signer(TimestampSigner):
    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


class Encrypted(TypeDecorator[Any]):
    """A JSON value (text, number, list, dictionary) that only the app can read. `purpose` is "table.column"."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Exact numbers (places on the map) become plain ones; money is never kept in here."""
        if value is None:
            return None
        return box().seal(json.dumps(value, ensure_ascii=False, default=float).encode(), self.purpose)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(self._open(value))

    def _open(self, value: bytes) -> bytes:
        if has_request_context():
            opened()[self.purpose] += 1
        return box().open(bytes(value), self.purpose)


class EncryptedBytes(Encrypted):
    """Raw bytes that only the app can read."""

    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else box().seal(value, self.purpose)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else self._open(value)
