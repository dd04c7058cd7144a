"""The tokens by which a browser proves who it acts for: a merchant, or a buyer inside one of Shopify's extensions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import jwt

from shopify_app import clock
from shopify_app.shopify import signature

LEEWAY_SECONDS = 10
"""What Shopify's own libraries allow clocks to differ."""


class TokenError(Exception):
    """The token is missing, forged, stale or meant for somebody else."""


@dataclass(frozen=True, slots=True)
class Merchant:
    shop: str
    """Domain of the shop, from the token's `dest`: the only thing that names the tenant."""
    user: str
    """Shopify's id of the staff member."""
    at: datetime
    """When Shopify made the token, which it does only while the app is installed."""


@dataclass(frozen=True, slots=True)
class Buyer:
    shop: str
    customer: int | None
    """Shopify's id of the customer; None: not logged in, and then nothing is proven but the shop."""


def merchant(token: str, api_key: str, secrets: Sequence[str]) -> Merchant:
    """Who sends an ID token of the admin; raises TokenError."""
    claims = _decode(token, api_key, secrets, ("exp", "nbf", "aud", "iss", "dest", "sub"))
    shop = _host(claims["dest"])
    if _host(claims["iss"]) != shop:
        raise TokenError("iss and dest name different shops")
    return Merchant(shop, str(claims["sub"]), datetime.fromtimestamp(claims["nbf"], UTC))


def buyer(token: str, api_key: str, secrets: Sequence[str]) -> Buyer:
    """Who sends a token of a checkout or customer-account extension; raises TokenError.

    These have no `iss`, their `dest` may be bare, and `sub` is there only for a customer who is logged in.
    """
    claims = _decode(token, api_key, secrets, ("exp", "nbf", "aud", "dest"))
    if "iss" in claims:
        raise TokenError("a token of the admin")
    sub = str(claims.get("sub") or "")
    return Buyer(_host(claims["dest"]), signature.number(sub.removeprefix("gid://shopify/Customer/")))


def _decode(token: str, api_key: str, secrets: Sequence[str], required: Sequence[str]) -> dict[str, Any]:
    """Time is checked here against our own clock, which the library would not know."""
    options: Any = {"require": list(required), "verify_exp": False, "verify_nbf": False, "verify_iat": False}
    error: Exception = TokenError("no secret")
    for secret in secrets:
        try:
            claims: dict[str, Any] = jwt.decode(token, secret, ["HS256"], audience=api_key, options=options)
            return _timely(claims)
        except jwt.PyJWTError as failure:
            error = failure
    raise TokenError(str(error)) from error


def _timely(claims: dict[str, Any]) -> dict[str, Any]:
    now = clock.now().timestamp()
    times = (claims["exp"], claims["nbf"])
    if any(isinstance(time, bool) or not isinstance(time, int | float) for time in times):
        raise TokenError("exp and nbf must be numbers")
    if claims["exp"] <= now - LEEWAY_SECONDS or not 0 <= claims["nbf"] <= now + LEEWAY_SECONDS:
        raise TokenError("the token is stale")
    return claims


def _host(address: Any) -> str:
    """The shop's domain in "https://shop.myshopify.com/admin" or in the bare form."""
    text = str(address)
    try:
        host = urlsplit(text if "://" in text else f"https://{text}").netloc
    except ValueError as error:
        raise TokenError("not an address") from error
    if not signature.is_shop(host):
        raise TokenError("not a shop's address")
    return host
