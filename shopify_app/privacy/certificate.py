"""The proof that something was erased. It names the shop and nobody else, so it may outlive both."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def issue(shop: str, kind: str, asked_at: datetime, done_at: datetime, tables: Mapping[str, int]) -> dict[str, Any]:
    """`tables`: how many rows of each were erased. Times are ISO 8601 in UTC."""
    content = {
        "shop": shop,
        "kind": kind,
        "asked_at": asked_at.astimezone(UTC).isoformat(),
        "done_at": done_at.astimezone(UTC).isoformat(),
        "tables": {table: count for table, count in sorted(tables.items()) if count},
    }
    return content | {"hash": digest(content)}


def holds(certificate: Mapping[str, Any]) -> bool:
    """Whether nothing was changed since it was issued."""
    content = {key: value for key, value in certificate.items() if key != "hash"}
    return bool(certificate.get("hash") == digest(content))


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 in hexadecimal over JSON with sorted keys and no blanks."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
