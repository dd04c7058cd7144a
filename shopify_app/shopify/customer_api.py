"""The Customer Account API: a buyer logs in with Shopify for us, and we act with their own authority, never beyond it.

OAuth 2 with PKCE and OpenID Connect. Every address comes from the shop's own discovery pages; none is built here.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt
import requests
from flask import current_app

from shopify_app import clock
from shopify_app.config import Config
from shopify_app.db import rest
from shopify_app.shopify import admin_api, signature
from shopify_app.shopify.errors import Refused, Unauthorized, Unavailable
from shopify_app.shopify.models import Shop

SCOPE = "openid email customer-account-api:full"
TIMEOUT = (3, 10)
"""Seconds to connect, seconds to read: a buyer is waiting."""
LEEWAY = 10
LONGEST = timedelta(hours=12)
"""A login ends after this, however long Shopify's token lives."""
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A login that has begun: what the browser must bring back, and what only we know."""

    address: str
    """Where the buyer logs in."""
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Login:
    """A buyer who logged in, and what we may do as this buyer until `until`."""

    customer: int
    """Shopify's number."""
    token: str
    api: str
    """Where the shop's customers' API is."""
    until: datetime
    id_token: str
    """Names the login when the buyer logs out."""


def begin(shop: Shop, back: str, locale: str) -> Attempt:
    """`back`: where the buyer comes back to, one of the addresses in shopify.app.toml; locale: as from Shop.voice.
    Raises ShopifyError.
    """
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    asked = {
        "client_id": _config().api_key,
        "response_type": "code",
        "redirect_uri": back,
        "scope": SCOPE,
        "state": state,
        "nonce": nonce,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
        "locale": locale.partition("@")[0].replace("_", "-"),
    }
    place = _place(_discovered(shop), "authorization_endpoint")
    return Attempt(f"{place}?{urlencode(asked, quote_via=quote)}", state, nonce, verifier)


def finish(shop: Shop, back: str, code: str, nonce: str, verifier: str) -> Login:
    """Who comes back with a code. Raises Refused when it is not worth a login, else one of the ShopifyError family."""
    config, found = _config(), _discovered(shop)
    asked = {
        "grant_type": "authorization_code",
        "client_id": config.api_key,
        "redirect_uri": back,
        "code": code,
        "code_verifier": verifier,
    }
    told = _answer(_post(_place(found, "token_endpoint"), data=asked, auth=(config.api_key, config.api_secret)))
    claims = _claims(str(told.get("id_token", "")), found)
    if claims.get("nonce") != nonce:
        raise Refused("the ID token is of another login")
    token = str(told.get("access_token", ""))
    api = _place(_answer(_get(f"{shop.storefront}/.well-known/customer-account-api")), "graphql_api")
    customer = _customer(api, token)
    seconds = told.get("expires_in")
    life = timedelta(seconds=seconds) if isinstance(seconds, int) and seconds > 0 else LONGEST
    return Login(customer, token, api, clock.now() + min(life, LONGEST), str(told["id_token"]))


def goodbye(shop: Shop, id_token: str, back: str) -> str:
    """Where the buyer logs out of Shopify too. Raises ShopifyError."""
    asked = {"id_token_hint": id_token, "post_logout_redirect_uri": back}
    return f"{_place(_discovered(shop), 'end_session_endpoint')}?{urlencode(asked)}"


def run(login: Login, name: str, **variables: Any) -> Answer:
    """The data of the document `name`, as in "returns/request". Raises one of the ShopifyError family."""
    return _run(login.api, login.token, name, variables)


def _run(api: str, token: str, name: str, variables: Mapping[str, Any]) -> Answer:
    body = {"query": document(name), "variables": variables}
    answer = _post(api, json=body, headers={"Authorization": token})
    if answer.status_code == 401:
        raise Unauthorized(f"{name}: the login is over")
    told = _answer(answer)
    if errors := told.get("errors"):
        raise Refused(f"{name}: {_first(errors)}")
    data = told.get("data")
    if not isinstance(data, dict):
        raise Unavailable(f"{name}: neither data nor errors")
    return data


def document(name: str) -> str:
    """A document of the customers' schema: these lie in <feature>/queries/customer/."""
    feature, _, operation = name.partition("/")
    return admin_api.document(f"{feature}/customer/{operation}")


def _customer(api: str, token: str) -> int:
    told = _run(api, token, "shopify/who", {}).get("customer") or {}
    number = signature.number(str(told.get("id", "")).removeprefix("gid://shopify/Customer/"))
    if number is None:
        raise Refused("the login names no customer")
    return number


def _claims(id_token: str, found: Answer) -> Answer:
    """Of an ID token that this shop's login has signed, for us and just now. Raises Refused."""
    keys = _answer(_get(_place(found, "jwks_uri")))
    options: Any = {"require": ["iss", "aud", "exp", "iat", "sub"], "verify_exp": False, "verify_iat": False}
    try:
        name = jwt.get_unverified_header(id_token).get("kid")
        key = next(one for one in jwt.PyJWKSet.from_dict(keys).keys if one.key_id == name)
        claims: Answer = jwt.decode(
            id_token, key, ["RS256"], audience=_config().api_key, issuer=str(found.get("issuer")), options=options
        )
    except (jwt.PyJWTError, StopIteration) as error:
        raise Refused("the ID token is not of this shop's login") from error
    if not isinstance(claims["exp"], int | float) or claims["exp"] <= clock.now().timestamp() - LEEWAY:
        raise Refused("the ID token is stale")
    return claims


def _discovered(shop: Shop) -> Answer:
    return _answer(_get(f"{shop.storefront}/.well-known/openid-configuration"))


def _place(found: Answer, name: str) -> str:
    """An address out of discovery: of another host as it may be, but never an open line or another scheme."""
    address = str(found.get(name, ""))
    if not _is_safe(address):
        raise Unavailable(f"{name} is not an address that we would call")
    return address


def _is_safe(address: str) -> bool:
    """https; on this machine also the store that stands for Shopify."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_here = urlsplit(_config().shop_url).hostname in ("127.0.0.1", "localhost")
    is_loopback = is_here and parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    return bool(parts.hostname) and (parts.scheme == "https" or is_loopback) and not parts.username


def _get(address: str) -> requests.Response:
    return _sent("GET", address)


def _post(address: str, **more: Any) -> requests.Response:
    return _sent("POST", address, **more)


def _sent(method: str, address: str, **more: Any) -> requests.Response:
    if not _is_safe(address):
        raise Unavailable("not an address that we would call")
    headers = {"User-Agent": "Aftercare", "Accept": "application/json"} | more.pop("headers", {})
    rest()
    try:
        return requests.request(method, address, headers=headers, timeout=TIMEOUT, allow_redirects=False, **more)
    except requests.RequestException as error:
        raise Unavailable(f"{urlsplit(address).path}: {type(error).__name__}") from error


def _answer(answer: requests.Response) -> Answer:
    if 400 <= answer.status_code < 500 and answer.status_code != 429:
        raise Refused(f"{urlsplit(answer.url).path}: {answer.status_code}")
    try:
        body = answer.json() if answer.status_code == 200 else None
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Unavailable(f"{urlsplit(answer.url).path}: {answer.status_code}")
    return body


def _first(errors: Any) -> str:
    first = errors[0] if isinstance(errors, list) and errors else {}
    return str(first.get("message") if isinstance(first, dict) else first)


def _challenge(verifier: str) -> str:
    """S256 of RFC 7636."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _config() -> Config:
    found: Config = current_app.extensions["config"]
    return found
