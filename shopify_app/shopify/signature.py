"""Shopify's three signatures. Each has its own canonical form; none may be used for another.

Every check takes all client secrets that sign at the moment: during a rotation there are two.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, quote

FRESH_SECONDS = 90
"""How old a signed query may be; the window of Shopify's own libraries."""

SHOP_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")


def is_shop(domain: str) -> bool:
    """Whole and lower-case: "evil.com/x.myshopify.com" and "evilmyshopify.com" are no shops."""
    return SHOP_DOMAIN.fullmatch(domain) is not None


def number(text: str) -> int | None:
    """Shopify's number of something, as its signed texts carry it; None for whatever is not one."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def webhook(body: bytes, header: str | None, secrets: Sequence[str]) -> bool:
    """X-Shopify-Hmac-Sha256: base64 over the raw body."""
    try:
        given = base64.b64decode((header or "").encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return False
    return any(hmac.compare_digest(hmac.digest(secret.encode(), body, "sha256"), given) for secret in secrets)


def query(pairs: Sequence[tuple[str, str]], secrets: Sequence[str], now: float) -> dict[str, str] | None:
    """The parameters of an install or callback query when its `hmac` is right and fresh, else None.

    Values are signed percent-encoded by most of Shopify's libraries and decoded by one; either form is taken.
    """
    params = _once(pairs)
    if params is None or not _is_fresh(params.get("timestamp"), now):
        return None
    given = params.pop("hmac", "")
    rest = sorted(params.items())
    encoded = "&".join(f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in rest)
    plain = "&".join(f"{_escape(key).replace('=', '%3D')}={_escape(value)}" for key, value in rest)
    return params if _is_hex_of((encoded, plain), given, secrets) else None


def proxy(query_string: str, secrets: Sequence[str], now: float) -> dict[str, str] | None:
    """The parameters of an app proxy request when its `signature` is right and fresh, else None.

    Blank values stay, repeated keys are joined by commas, nothing stands between the pairs. The parameters by
    which Shopify speaks may stand there only once: a second `shop` would be a buyer's.
    """
    pairs = parse_qsl(query_string, keep_blank_values=True)
    names = [name for name, _ in pairs]
    if any(names.count(name) != 1 for name in ("shop", "signature", "timestamp")):
        return None
    if any(names.count(name) > 1 for name in ("path_prefix", "logged_in_customer_id")):
        return None
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    given = joined.pop("signature")
    text = "".join(sorted(f"{name}={value}" for name, value in joined.items()))
    if not _is_hex_of((text,), given, secrets) or not _is_fresh(joined["timestamp"], now):
        return None
    return joined


def _once(pairs: Sequence[tuple[str, str]]) -> dict[str, str] | None:
    params = dict(pairs)
    return params if len(params) == len(pairs) else None


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("&", "%26")


def _is_hex_of(texts: Sequence[str], given: str, secrets: Sequence[str]) -> bool:
    digests = (hmac.digest(secret.encode(), text.encode(), "sha256") for secret in secrets for text in texts)
    return any(hmac.compare_digest(digest.hex().encode(), given.encode()) for digest in digests)


def _is_fresh(timestamp: str | None, now: float) -> bool:
    """ASCII digits only: int() would also take "١٣" and " 1 "."""
    if timestamp is None or re.fullmatch(r"[0-9]{1,12}", timestamp) is None:
        return False
    return abs(now - int(timestamp)) <= FRESH_SECONDS
