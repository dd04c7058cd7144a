"""From a merchant's first click to tokens that stay alive.

Shopify keeps one refreshable token pair per shop and app: an exchange retires the pair before it, and so does a
refresh. Both therefore run under one lock per shop, and a new pair is committed before anyone uses it.
"""

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import requests
import structlog
from flask import current_app
from sqlalchemy import or_, select, update

from shopify_app import clock
from shopify_app.config import Config
from shopify_app.db import db, rest, transaction, upsert
from shopify_app.queue import ring
from shopify_app.shopify import models
from shopify_app.shopify.errors import Refused, Unauthorized, Unavailable
from shopify_app.shopify.models import Shop
from shopify_app.shopify.session_token import Merchant

log = structlog.get_logger()

TIMEOUT = (3, 10)
"""Seconds to connect, seconds to read."""
LOCK_SECONDS = 30
"""Longer than the call it guards."""
FRESH = timedelta(minutes=5)
"""An access token with less than this to live is refreshed first."""
NOTED = timedelta(seconds=10)
"""How exactly we remember when a merchant was here last: not every click is worth a write."""
KEEP_ALIVE = timedelta(days=30)
"""A refresh token lives 90 days; one older than this is renewed by the daily job."""
REFRESH_DAYS = timedelta(days=90)

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"


def welcome(merchant: Merchant, id_token: str, scopes: str) -> Shop:
    """The shop of a verified ID token, with tokens that work; exchanges only when there are none.

    Raises Refused when Shopify does not take the ID token, Unavailable when it does not answer.
    """
    shop = models.find(merchant.shop) or _create(merchant.shop)
    if not _is_settled(shop, scopes):
        with _lock(shop):
            if not _is_settled(shop, scopes):
                _save(shop, _ask(shop, _exchange(id_token)))
    if shop.opened_at is None or merchant.at - shop.opened_at > NOTED:
        with transaction():
            shop.opened_at = merchant.at
    return shop


def finish_grant(domain: str, code: str) -> Shop:
    """The second way in: the code of a verified callback buys the tokens. Raises Refused or Unavailable."""
    shop = models.find(domain) or _create(domain)
    with _lock(shop):
        return _save(shop, _ask(shop, {"code": code, "expiring": "1"}))


def access_token(shop: Shop, rejected: str | None = None) -> str:
    """A token that works for minutes to come; `rejected` is one that Shopify just refused.

    Raises Unauthorized when only the merchant can help, by opening the app.
    """
    if (token := _usable(shop, rejected)) is not None:
        return token
    with _lock(shop):
        if (token := _usable(shop, rejected)) is not None:
            return token
        return _refresh(shop)


def renew(shop: Shop) -> None:
    """New tokens, though the old ones live: they may do what the merchant has allowed meanwhile. Raises Unauthorized or
    Unavailable.
    """
    with _lock(shop):
        _refresh(shop)


def keep_alive() -> int:
    """Renew the refresh tokens of shops that nobody has opened for a month; returns how many."""
    soon = clock.now() + REFRESH_DAYS - KEEP_ALIVE
    dormant = select(Shop).where(Shop.installed_at.is_not(None), Shop.refresh_expires_at < soon)
    renewed = 0
    for shop in db.session.scalars(dormant).all():
        try:
            with _lock(shop):
                _refresh(shop)
            renewed += 1
        except (Unauthorized, Unavailable) as error:
            log.warning("token_not_renewed", shop=shop.domain, error=type(error).__name__)
    return renewed


def uninstall(shop: Shop, at: datetime) -> bool:
    """Forget the tokens; the data waits for shop/redact. False for old news: the shop was installed again since.

    A merchant who comes back at once may find tokens here that look alive and are dead: the ID token tells, then.
    """
    if any(since is not None and at < since for since in (shop.installed_at, shop.opened_at)):
        return False
    with transaction():
        shop.installed_at = shop.greeted_at = None
        shop.access_token = shop.refresh_token = shop.access_expires_at = shop.refresh_expires_at = None
        shop.uninstalled_at = clock.now()
    return True


def _is_settled(shop: Shop, scopes: str) -> bool:
    """Installed with these scopes and a refresh token that lives."""
    alive = shop.refresh_expires_at is not None and shop.refresh_expires_at > clock.now() + FRESH
    return shop.is_installed and alive and covers(shop.scopes.split(","), scopes.split(","))


def covers(granted: Sequence[str], wanted: Sequence[str]) -> bool:
    """Shopify lists only write_x where that implies read_x."""
    return all(scope in granted or scope.replace("read_", "write_", 1) in granted for scope in wanted)


def _usable(shop: Shop, rejected: str | None) -> str | None:
    alive = shop.access_expires_at is not None and shop.access_expires_at > clock.now() + FRESH
    return shop.access_token if alive and shop.access_token != rejected else None


def _create(domain: str) -> Shop:
    """Two first clicks at once make one row."""
    with transaction():
        upsert(Shop, [blank(domain)], ["domain"], keep=True)
    return models.named(domain)


def blank(domain: str) -> dict[str, Any]:
    """What a shop is before Shopify told us more; the insert below does not know the columns' defaults."""
    return {
        "domain": domain,
        "name": "",
        "locale": "en",
        "timezone": "UTC",
        "currency": "USD",
        "proxy_path": "/apps/aftercare",
        "scopes": "",
        "settings": {},
    }


def unknown() -> list[str]:
    """Columns of which we know nothing before an install."""
    return [column.name for column in Shop.__table__.columns if column.nullable]


@contextmanager
def _lock(shop: Shop) -> Iterator[None]:
    """One caller at a time per shop, over all machines. A lease in the row, since no transaction may stay open."""
    owner, deadline = secrets.token_hex(8), time.monotonic() + LOCK_SECONDS
    while not _take(shop, owner):
        if time.monotonic() > deadline:
            raise Unavailable("the shop's tokens are being renewed by somebody else")
        time.sleep(0.05)
    try:
        rest()
        db.session.refresh(shop)
        yield
    finally:
        with transaction():
            ours = update(Shop).where(Shop.id == shop.id, Shop.token_owner == owner)
            db.session.execute(ours.values(token_owner=None, token_lease_until=None))


def _take(shop: Shop, owner: str) -> bool:
    free = or_(Shop.token_owner.is_(None), Shop.token_lease_until < clock.now())
    until = clock.now() + timedelta(seconds=LOCK_SECONDS)
    with transaction():
        taken = update(Shop).where(Shop.id == shop.id, free).values(token_owner=owner, token_lease_until=until)
        return bool(db.session.execute(taken).rowcount)  # type: ignore[attr-defined]


def _refresh(shop: Shop) -> str:
    if shop.refresh_token is None:
        raise Unauthorized("no refresh token")
    try:
        tokens = _ask(shop, {"grant_type": "refresh_token", "refresh_token": shop.refresh_token})
    except Refused as error:
        _forget_tokens(shop)
        raise Unauthorized("the refresh token is no longer taken") from error
    _save(shop, tokens)
    return str(tokens["access_token"])


def _forget_tokens(shop: Shop) -> None:
    """Only the merchant can bring new ones: the next time the app is opened they are exchanged."""
    with transaction():
        shop.access_token = shop.refresh_token = shop.access_expires_at = shop.refresh_expires_at = None


def _exchange(id_token: str) -> dict[str, str]:
    return {
        "grant_type": EXCHANGE,
        "subject_token": id_token,
        "subject_token_type": ID_TOKEN,
        "requested_token_type": OFFLINE,
        "expiring": "1",
    }


def _ask(shop: Shop, form: Mapping[str, str]) -> dict[str, Any]:
    """POST to the token endpoint; the times in the answer count from before it was sent."""
    config: Config = current_app.extensions["config"]
    address = config.shop_url.format(shop=shop.domain) + "/admin/oauth/access_token"
    body = {"client_id": config.api_key, "client_secret": config.api_secret} | dict(form)
    asked_at = clock.now() - timedelta(seconds=30)
    rest()
    try:
        answer = requests.post(
            address, data=body, headers={"Accept": "application/json"}, timeout=TIMEOUT, allow_redirects=False
        )
    except requests.RequestException as error:
        raise Unavailable("the token endpoint does not answer") from error
    if answer.status_code in (400, 401):
        raise Refused(str(_read(answer).get("error", "refused")))
    if answer.status_code != 200:
        raise Unavailable(f"the token endpoint answers {answer.status_code}")
    tokens = _read(answer)
    if "access_token" not in tokens:
        raise Unavailable("the token endpoint answers without a token")
    if not tokens.get("refresh_token"):
        raise Refused("Shopify gave a token that does not expire; the app takes only expiring ones")
    return tokens | {"asked_at": asked_at}


def _read(answer: requests.Response) -> dict[str, Any]:
    """Empty when somebody else than Shopify answered."""
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _save(shop: Shop, tokens: dict[str, Any]) -> Shop:
    """Commit the pair before anyone uses it. A shop that was not installed is, from now on."""
    asked_at: datetime = tokens["asked_at"]
    with transaction():
        shop.access_token, shop.refresh_token = tokens["access_token"], tokens["refresh_token"]
        shop.access_expires_at = asked_at + timedelta(seconds=tokens["expires_in"])
        shop.refresh_expires_at = asked_at + timedelta(seconds=tokens["refresh_token_expires_in"])
        shop.scopes = ",".join(sorted(tokens["scope"].split(",")))
        if shop.installed_at is None:
            shop.installed_at, shop.uninstalled_at, shop.greeted_at = clock.now(), None, None
            ring("sync")
    return shop
