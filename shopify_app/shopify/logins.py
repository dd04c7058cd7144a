"""Buyers' logins between two requests: in cookies that only we can read and only our own pages send along.

Nothing of them lies with us, and nothing of them is ever in an address.
"""

import base64
import binascii
import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import current_app, request
from werkzeug.wrappers import Response

from shopify_app import clock
from shopify_app.config import Config
from shopify_app.secrets import SecretsError, box
from shopify_app.shopify.customer_api import Attempt, Login
from shopify_app.shopify.models import Shop

PATH = "/portal"
BEGUN, ENTERED, LEAVING = "aftercare_begun", "aftercare_login", "aftercare_leaving"
"""Of a login that has begun, of one that is done, and what names it to Shopify on logging out."""
PATIENCE = timedelta(minutes=10)
"""How long a buyer may take to log in."""


class Begun(NamedTuple):
    """A login that has begun in this browser."""

    handle: str
    """Of the shop."""
    attempt: Attempt
    there: str
    """Where the buyer wanted to go."""


def begin(response: Response, shop: Shop, attempt: Attempt, there: str) -> None:
    kept = asdict(attempt) | {"address": "", "handle": shop.handle, "there": there}
    _put(response, BEGUN, kept, PATH, clock.now() + PATIENCE)


def begun(state: str) -> Begun | None:
    """The login that this browser began, when what it brings back is of that one; None for any other."""
    kept = _taken(BEGUN)
    if kept is None or not state or kept["state"] != state:
        return None
    attempt = Attempt("", kept["state"], kept["nonce"], kept["verifier"])
    return Begun(kept["handle"], attempt, kept["there"])


def enter(response: Response, shop: Shop, login: Login) -> None:
    """The buyer is in: in this shop's part of the portal, and nowhere else."""
    kept = {"shop": shop.id, "customer": login.customer, "token": login.token, "api": login.api}
    path = f"{PATH}/{shop.handle}"
    _put(response, ENTERED, kept, path, login.until)
    _put(response, LEAVING, {"shop": shop.id, "id_token": login.id_token}, f"{path}/logout", login.until)
    response.delete_cookie(BEGUN, path=PATH)


def entered(shop: Shop) -> Login | None:
    """Who is logged in to this shop."""
    kept = _taken(ENTERED)
    if kept is None or kept["shop"] != shop.id:
        return None
    until = datetime.fromisoformat(kept["until"])
    return Login(kept["customer"], kept["token"], kept["api"], until, "")


def leave(response: Response, shop: Shop) -> None:
    path = f"{PATH}/{shop.handle}"
    response.delete_cookie(ENTERED, path=path)
    response.delete_cookie(LEAVING, path=f"{path}/logout")


def leaving(shop: Shop) -> str | None:
    """The ID token of the login that ends; only the address of logging out is told it."""
    kept = _taken(LEAVING)
    return str(kept["id_token"]) if kept and kept["shop"] == shop.id else None


def _put(response: Response, name: str, kept: dict[str, Any], path: str, until: datetime) -> None:
    sealed = box().seal(json.dumps(kept | {"until": until.isoformat()}).encode(), f"cookie.{name}")
    life = max(int((until - clock.now()).total_seconds()), 0)
    value = base64.urlsafe_b64encode(sealed).decode()
    config: Config = current_app.extensions["config"]
    is_secure = config.app_url.startswith("https")
    response.set_cookie(name, value, max_age=life, path=path, secure=is_secure, httponly=True, samesite="Lax")


def _taken(name: str) -> dict[str, Any] | None:
    """What we put there ourselves and is still good; None for anything else."""
    try:
        opened = box().open(base64.urlsafe_b64decode(request.cookies.get(name, "")), f"cookie.{name}")
    except (SecretsError, binascii.Error, ValueError):
        return None
    kept: dict[str, Any] = json.loads(opened)
    return kept if datetime.fromisoformat(kept["until"]) > clock.now() else None
