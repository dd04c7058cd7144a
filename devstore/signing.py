"""Every signature Shopify makes. All of them are keyed with the app's client secret."""

import base64
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from urllib.parse import quote

import jwt

ID_TOKEN_LIFE = timedelta(seconds=60)
EXTENSION_TOKEN_LIFE = timedelta(minutes=5)


def webhook(secret: str, body: bytes) -> str:
    """X-Shopify-Hmac-Sha256: base64 over the raw body."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def query(secret: str, params: Mapping[str, str]) -> str:
    """The `hmac` of an install request, first load or OAuth callback: hex over percent-encoded `k=v&k=v`."""
    words = (f"{quote(key, safe='')}={quote(params[key], safe='')}" for key in sorted(params) if key != "hmac")
    return _hex(secret, "&".join(words))


def proxy(secret: str, pairs: Iterable[tuple[str, str]]) -> str:
    """The `signature` of an app proxy request: hex over sorted `k=v`, nothing between, repeated values by comma."""
    merged: dict[str, list[str]] = {}
    for key, value in pairs:
        merged.setdefault(key, []).append(value)
    merged.pop("signature", None)
    return _hex(secret, "".join(sorted(f"{key}={','.join(values)}" for key, values in merged.items())))


def host(handle: str) -> str:
    """The `host` parameter: base64 of the shop's admin address, without padding."""
    return base64.b64encode(f"admin.shopify.com/store/{handle}".encode()).decode().rstrip("=")


def id_token(secret: str, client_id: str, shop: str, staff_id: int, now: datetime) -> str:
    """What App Bridge hands to the app: one minute, for one staff user of one shop."""
    claims = {
        "iss": f"https://{shop}/admin",
        "dest": f"https://{shop}",
        "aud": client_id,
        "sub": str(staff_id),
        "sid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{shop}/{staff_id}/{client_id}")),
        **_life(now, ID_TOKEN_LIFE),
    }
    return jwt.encode(claims | {"sig": secrets.token_hex(32)}, secret, "HS256")


def extension_token(secret: str, client_id: str, shop: str, customer_id: int | None, now: datetime) -> str:
    """What checkout and customer-account extensions get: five minutes, no iss or sid, a bare dest.

    customer_id None: nobody is logged in, or the app may not see customers; then there is no `sub`.
    """
    claims: dict[str, object] = {"dest": shop, "aud": client_id, **_life(now, EXTENSION_TOKEN_LIFE)}
    if customer_id is not None:
        claims["sub"] = f"gid://shopify/Customer/{customer_id}"
    return jwt.encode(claims, secret, "HS256")


def _life(now: datetime, life: timedelta) -> dict[str, object]:
    start = int(now.timestamp())
    return {"exp": start + int(life.total_seconds()), "nbf": start, "iat": start, "jti": str(uuid.uuid4())}


def _hex(secret: str, message: str) -> str:
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
