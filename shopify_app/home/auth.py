"""The ways in: the bounce that fetches a token, and the authorization code grant for who comes without the admin."""

import secrets
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature

from shopify_app import clock
from shopify_app.secrets import dated
from shopify_app.shopify import guards, install, signature
from shopify_app.shopify.errors import Refused, ShopifyError

doors = Blueprint("auth", __name__, url_prefix="/auth")
doors.before_request(guards.anyone)

STATE = "aftercare_state"
STATE_SECONDS = 60


@doors.get("/bounce")
def bounce() -> ResponseReturnValue:
    """Nothing but App Bridge, which reads `shopify-reload`, fetches an ID token and goes there with it."""
    shop, reloads = request.args.get("shop", "").lower(), request.args.getlist("shopify-reload")
    if not signature.is_shop(shop) or len(reloads) != 1 or not _is_ours(reloads[0]):
        return _plain("This link does not belong to Aftercare.", 400)
    g.framing_shop = shop
    page = make_response(render_template("bounce.html", config=guards.config()))
    page.headers["Link"] = f'<{guards.config().cdn_url}/app-bridge.js>; rel="preload"; as="script"'
    return page


@doors.get("")
def begin() -> ResponseReturnValue:
    """A signed request from Shopify starts the grant, which no frame may show: a framed one leaves it first."""
    params = _signed()
    if params is None:
        return _plain("Please open Aftercare from your Shopify admin, under Apps.", 400)
    shop, state = params["shop"], secrets.token_urlsafe(24)
    query = {
        "client_id": guards.config().api_key,
        "scope": current_app.extensions["scopes"],
        "redirect_uri": f"{guards.config().app_url}/auth/callback",
        "state": state,
    }
    address = f"{guards.config().shop_url.format(shop=shop)}/admin/oauth/authorize?{urlencode(query)}"
    g.framing_shop = shop
    answer = make_response(_leave_frame(address) if params.get("embedded") == "1" else redirect(address))
    secure = guards.config().app_url.startswith("https")
    cookie = dated("state").dumps([shop, state])
    same_site = "None" if secure else "Lax"
    answer.set_cookie(STATE, cookie, STATE_SECONDS, path="/auth", secure=secure, httponly=True, samesite=same_site)
    return answer


@doors.get("/callback")
def callback() -> ResponseReturnValue:
    params = _signed()
    if params is None or not _is_expected(params["shop"], params.get("state", "")) or not params.get("code"):
        return _plain("This install link is not valid any more. Please open Aftercare from your Shopify admin.", 400)
    try:
        install.finish_grant(params["shop"], params["code"])
    except ShopifyError as error:
        # A code that Shopify does not take is the caller's fault; that it does not answer is nobody's here.
        status = 400 if isinstance(error, Refused) else 502
        return _plain("Shopify did not confirm the install. Please try again from your Shopify admin.", status)
    answer = make_response(redirect(guards.embedded_url(params["shop"])))
    answer.delete_cookie(STATE, path="/auth")
    return answer


def _leave_frame(address: str) -> str:
    return render_template("leave_frame.html", address=address, config=guards.config())


def _signed() -> dict[str, str] | None:
    """The query when Shopify signed it just now, for a host that is exactly a shop's."""
    pairs = list(request.args.items(multi=True))
    params = signature.query(pairs, guards.config().secrets, clock.now().timestamp())
    return params if params and signature.is_shop(params.get("shop", "")) else None


def _is_expected(shop: str, state: str) -> bool:
    """The same browser began the grant for the same shop a minute ago."""
    try:
        begun = dated("state").loads(request.cookies.get(STATE, ""), max_age=STATE_SECONDS)
    except BadSignature:
        return False
    return bool(state) and begun == [shop, state]


def _is_ours(address: str) -> bool:
    """Only our own pages may be reloaded, or the bounce would send merchants anywhere."""
    own = urlsplit(guards.config().app_url)
    try:
        given = urlsplit(address)
    except ValueError:
        return False
    return (given.scheme, given.netloc) == (own.scheme, own.netloc) and given.path.startswith("/")


def _plain(text: str, status: int) -> ResponseReturnValue:
    return text, status, {"Content-Type": "text/plain"}
