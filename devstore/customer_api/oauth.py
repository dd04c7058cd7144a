"""The login of customers for apps, on the shop's own domain: what tells where it is, the code, the tokens, the way out.

OAuth 2 with PKCE and OpenID Connect, as Shopify plays it for the Customer Account API.
"""

import base64
import binascii
import re
from typing import Any
from urllib.parse import quote, unquote, urlencode

from flask import Blueprint, abort, redirect, request, session
from flask.typing import ResponseReturnValue

from devstore.context import buyer, shop_domain, store
from devstore.customer_api.grants import ACCESS_LIFE, Asked, Login
from devstore.pages import phrases
from devstore.tokens import Refused

blueprint = Blueprint("customer_login", __name__)

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
PRIVATE = {"Cache-Control": "no-store"}


@blueprint.get("/.well-known/openid-configuration")
def configuration() -> dict[str, Any]:
    place = _place()
    return {
        "issuer": place,
        "authorization_endpoint": f"{place}/oauth/authorize",
        "token_endpoint": f"{place}/oauth/token",
        "end_session_endpoint": f"{place}/logout",
        "jwks_uri": f"{place}/.well-known/jwks.json",
        "scopes_supported": ["openid", "email", "customer-account-api:full"],
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "nonce", "email", "email_verified"],
    }


@blueprint.get("/.well-known/customer-account-api")
def customer_account_api() -> dict[str, str]:
    version = store().app.api_version
    return {"graphql_api": f"{_storefront()}/customer/api/{version}/graphql"}


@blueprint.get("/authentication/<int:shop_id>/.well-known/jwks.json")
def keys(shop_id: int) -> dict[str, Any]:
    _check(shop_id)
    return store().signer.keys()


@blueprint.get("/authentication/<int:shop_id>/oauth/authorize")
def authorize(shop_id: int) -> ResponseReturnValue:
    """Whoever is logged in goes back with a code, whoever is not logs in first.

    A redirect_uri that the app did not declare gets nobody anywhere; any other mistake is told to the app.
    """
    _check(shop_id)
    running, back = store(), request.args.get("redirect_uri", "")
    is_known = request.args.get("client_id") == running.client_id and running.state.install(shop_domain())
    if not is_known or back not in running.customer_redirect_uris():
        abort(400, "invalid client_id or redirect_uri")
    wrong = _mistake()
    if wrong:
        return _back(back, error=wrong)
    if (language := request.args.get("locale", "").partition("-")[0]) in phrases.LOCALES:
        session["locale"] = language
    customer = buyer()
    if customer is None:
        if request.args.get("prompt") == "none":
            return _back(back, error="login_required")
        asked = urlencode(request.args, quote_via=quote, safe="")
        return redirect(f"/account/login?{urlencode({'next': f'{request.path}?{asked}'})}")
    given = Asked(
        shop=shop_domain(),
        customer=customer.id,
        redirect_uri=back,
        challenge=request.args["code_challenge"],
        scope=request.args["scope"],
        nonce=request.args.get("nonce"),
    )
    return _back(back, code=running.grants.begin(given))


@blueprint.post("/authentication/<int:shop_id>/oauth/token")
def token(shop_id: int) -> ResponseReturnValue:
    """Tokens for a code and its verifier, or for a refresh token; the client says who it is by Basic."""
    _check(shop_id)
    running = store()
    if running.faults.token.outage:
        return {"error": "temporarily_unavailable"}, 503
    try:
        _check_client()
        return _answer(_login()), PRIVATE
    except Refused as refusal:
        told = {"error": refusal.error, "error_description": refusal.description}
        return told, refusal.status, PRIVATE


@blueprint.get("/authentication/<int:shop_id>/logout")
def logout(shop_id: int) -> ResponseReturnValue:
    """The customer whom the ID token names is logged out, here and in the app; back where the app declared."""
    _check(shop_id)
    running = store()
    customer = running.signer.whose(request.args.get("id_token_hint", ""), running.client_id)
    if customer is None:
        abort(400, "id_token_hint is missing or not of this shop")
    running.grants.end(shop_domain(), customer)
    if session.get("customer_id") == customer:
        session.pop("customer_id")
    back = request.args.get("post_logout_redirect_uri", "")
    return redirect(back if back in running.logout_urls() else "/")


def _mistake() -> str | None:
    """What OAuth calls what is wrong with a wish to log in; None when nothing is."""
    if request.args.get("response_type") != "code":
        return "unsupported_response_type"
    if "openid" not in request.args.get("scope", "").split():
        return "invalid_scope"
    is_s256 = request.args.get("code_challenge_method") == "S256"
    if not is_s256 or not CHALLENGE.fullmatch(request.args.get("code_challenge", "")):
        return "invalid_request"
    return None if request.args.get("state") else "invalid_request"


def _back(to: str, **told: str) -> ResponseReturnValue:
    return redirect(f"{to}?{urlencode(told | {'state': request.args.get('state', '')})}")


def _check_client() -> None:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    try:
        name, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        kind = name = secret = ""
    known = store().client_id, unquote(secret) in store().secrets.live()
    if kind != "Basic" or (unquote(name), True) != known:
        raise Refused(401, "invalid_client", "client id or secret is wrong")


def _login() -> Login:
    grants, form, shop = store().grants, request.form, shop_domain()
    if store().state.install(shop) is None:
        raise Refused(400, "invalid_client", "the app is not installed in this shop")
    match form.get("grant_type"):
        case "authorization_code":
            verifier = form.get("code_verifier", "")
            if not VERIFIER.fullmatch(verifier):
                raise Refused(400, "invalid_request", "there is no code_verifier, or not one")
            return grants.redeem(shop, form.get("code", ""), form.get("redirect_uri", ""), verifier)
        case "refresh_token":
            return grants.refresh(shop, form.get("refresh_token", ""))
    raise Refused(400, "unsupported_grant_type", "the store does not know this grant")


def _answer(login: Login) -> dict[str, Any]:
    running, asked = store(), login.asked
    customer = running.state.customers.get(asked.customer)
    if customer is None:
        raise Refused(400, "invalid_grant", "the customer is gone")
    now = running.app_clock.now()
    return {
        "access_token": list(login.access)[-1],
        "token_type": "bearer",
        "expires_in": int(ACCESS_LIFE.total_seconds()),
        "refresh_token": login.refresh,
        "id_token": running.signer.id_token(_place(), running.client_id, asked, customer, now),
        "scope": asked.scope,
    }


def _storefront() -> str:
    return store().storefront_url(shop_domain())


def _place() -> str:
    return f"{_storefront()}/authentication/{store().state.shops[shop_domain()].id}"


def _check(shop_id: int) -> None:
    if store().state.shops[shop_domain()].id != shop_id:
        abort(404)
