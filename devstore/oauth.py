"""A shop's OAuth endpoints and the address under which the admin opens the app."""

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue

from devstore import signing
from devstore.context import shop_or_404, store
from devstore.tokens import Refused

if TYPE_CHECKING:
    from devstore.server import Running

blueprint = Blueprint("oauth", __name__)

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105, it names a kind
ONLINE = "urn:shopify:params:oauth:token-type:online-access-token"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
CODE_LIFE = 60
"""Seconds between the redirect and the exchange of a code."""


@dataclass(frozen=True)
class Code:
    """What an authorization code stands for; it works once."""

    shop: str
    per_user: bool
    made_at: float


@blueprint.get("/<shop>/admin/oauth/authorize")
def authorize(shop: str) -> ResponseReturnValue:
    """The merchant is logged in and agrees: install, then back to the app with a code."""
    running, found = store(), shop_or_404(shop)
    back = request.args.get("redirect_uri", "")
    if request.args.get("client_id") != running.client_id or back not in running.redirect_urls():
        abort(400, "invalid client_id or redirect_uri")
    running.approve(shop)
    code = secrets.token_hex(16)
    per_user = "per-user" in request.args.getlist("grant_options[]")
    running.codes[code] = Code(shop, per_user, time.monotonic())
    params = {
        "code": code,
        "host": signing.host(found.handle),
        "shop": shop,
        "state": request.args.get("state", ""),
        "timestamp": str(int(running.app_clock.now().timestamp())),
    }
    params["hmac"] = signing.query(running.secrets.current, params)
    return redirect(f"{back}?{urlencode(params)}")


@blueprint.post("/<shop>/admin/oauth/access_token")
def access_token(shop: str) -> ResponseReturnValue:
    """Token exchange, refresh and the code grant; a form or JSON."""
    running = store()
    shop_or_404(shop)
    if running.faults.token.outage:
        return {"error": "temporarily_unavailable"}, 503
    try:
        answer = _answer(shop, _params())
    except Refused as refusal:
        return {"error": refusal.error, "error_description": refusal.description}, refusal.status
    if running.faults.take(running.faults.token, "lost"):
        return {"error": "bad_gateway"}, 502
    return answer


def launch_query(running: "Running", shop: str, extra: dict[str, str]) -> str:
    """The signed query of a first document load in the admin's frame."""
    params = {
        "embedded": "1",
        "host": signing.host(running.state.shops[shop].handle),
        "id_token": running.id_token(shop),
        "locale": running.state.shops[shop].staff.locale,
        "session": secrets.token_hex(32),
        "shop": shop,
        "timestamp": str(int(running.app_clock.now().timestamp())),
        **extra,
    }
    return urlencode(params | {"hmac": signing.query(running.secrets.current, params)})


def _params() -> dict[str, Any]:
    body = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    return body if isinstance(body, dict) else {}


def _answer(shop: str, params: dict[str, Any]) -> dict[str, Any]:
    tokens = store().tokens
    minted_with = tokens.check_client(params.get("client_id"), params.get("client_secret"))
    install = tokens.install_of(shop)
    expiring = str(params.get("expiring", "0")) == "1"
    match params.get("grant_type"):
        case "refresh_token":
            return tokens.refreshed(install, minted_with, params.get("refresh_token"))
        case grant if grant == EXCHANGE:
            staff_id = _subject(shop, params)
            if params.get("requested_token_type", OFFLINE) == ONLINE:
                return tokens.online(install, minted_with, staff_id)
            return tokens.offline(install, minted_with, expiring=expiring)
        case None | "authorization_code":
            code = _code(shop, params.get("code"))
            if code.per_user:
                return tokens.online(install, minted_with, store().state.shops[shop].staff.id)
            return tokens.offline(install, minted_with, expiring=expiring)
    raise Refused(400, "unsupported_grant_type", "the store does not know this grant")


def _subject(shop: str, params: dict[str, Any]) -> int:
    if params.get("subject_token_type") != ID_TOKEN:
        raise Refused(400, "invalid_request", "subject_token_type must be an ID token")
    return store().tokens.check_subject(shop, params.get("subject_token"))


def _code(shop: str, given: object) -> Code:
    code = store().codes.pop(str(given), None)
    if code is None or code.shop != shop or time.monotonic() - code.made_at > CODE_LIFE:
        raise Refused(400, "invalid_request", "the authorization code was not found or was already used")
    return code
