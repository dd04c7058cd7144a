"""Who is calling? One guard for each kind of caller, hung on a blueprint as its before_request.

Each one leaves the verified shop in `g.shop`; nothing in the app takes a shop from anywhere else.
"""

import re
import time
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Response, abort, current_app, g, make_response, redirect, request
from flask.typing import ResponseReturnValue

from shopify_app import clock
from shopify_app.config import Config
from shopify_app.db import transaction
from shopify_app.shopify import install, logins, models, session_token, signature, staff
from shopify_app.shopify.errors import Refused
from shopify_app.shopify.session_token import TokenError

RETRY = "X-Shopify-Retry-Invalid-Session-Request"
PROXY_PATH = re.compile(r"(/[A-Za-z0-9_-]+)+")
"""What buyers' links begin with: nothing in it may lead to another host."""
BOUNCES = 3
"""After so many bounces in a row something is wrong that another one will not mend."""


def config() -> Config:
    found: Config = current_app.extensions["config"]
    return found


def merchant() -> ResponseReturnValue | None:
    """Staff in the Shopify admin: an ID token in the header, or in the query of a document's first load."""
    if request.method == "OPTIONS":
        return "", 204
    g.began = time.perf_counter()
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    is_fetched = bool(bearer) or request.headers.get("Sec-Fetch-Mode") == "cors"
    is_document = request.method == "GET" and (not is_fetched or "X-Shopify-Bounce" in request.headers)
    if is_document and not bearer and "id_token" not in request.args and request.args.get("embedded") != "1":
        return _to_admin()
    # Only a document brings its token in the query: a POST proves by its header that it comes from our own page.
    token = bearer or (request.args.get("id_token", "") if is_document else "")
    try:
        who = session_token.merchant(token, config().api_key, config().secrets)
        g.framing_shop = who.shop
        g.shop = install.welcome(who, token, current_app.extensions["scopes"])
    except (TokenError, Refused):
        return _bounce() if is_document else _retry()
    g.user = who.user
    staff.seen(g.shop, who.user)
    return None


def elapsed() -> float:
    """Seconds since the merchant's request came in; 0 for what no merchant asked."""
    return time.perf_counter() - g.began if "began" in g else 0.0


def storefront() -> ResponseReturnValue | None:
    """A visitor of the storefront, through the app proxy: proves the shop; who the visitor is only when logged in."""
    query = request.query_string.decode("ascii", "replace")
    params = signature.proxy(query, config().secrets, clock.now().timestamp())
    shop = models.installed(params["shop"]) if params and signature.is_shop(params["shop"]) else None
    if params is None or shop is None:
        abort(401)
    g.shop = shop
    g.customer = signature.number(params.get("logged_in_customer_id", ""))
    _learn_path(params.get("path_prefix", ""))
    return None


def buyer() -> ResponseReturnValue | None:
    """A buyer inside one of our extensions, on Shopify's own pages. The answer carries CORS headers, errors too."""
    if request.method == "OPTIONS":
        return "", 204
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        g.buyer = session_token.buyer(token, config().api_key, config().secrets)
    except TokenError:
        abort(401)
    g.shop = models.installed(g.buyer.shop)
    if g.shop is None:
        abort(401)
    return None


def customer() -> ResponseReturnValue | None:
    """A buyer on our own pages, logged in with the shop's customer account. Who is not is asked to log in.

    The address names the shop, the login proves it: it opens nothing but the shop that it was made in.
    """
    shop = addressed()
    if request.method != "GET" and not _is_from_here():
        abort(403)
    login = logins.entered(shop)
    if login is None:
        there = f"?{urlencode({'there': request.path})}" if request.method == "GET" else ""
        return redirect(f"{logins.PATH}/{shop.handle}{there}", 303)
    g.shop, g.login, g.customer = shop, login, login.customer
    return None


def addressed() -> models.Shop:
    """The shop that an address of the portal names, which proves nothing: for pages that tell nothing of its buyers."""
    domain = f"{(request.view_args or {}).get('handle', '')}.myshopify.com"
    shop = models.installed(domain) if signature.is_shop(domain) else None
    return shop if shop is not None else abort(404)


def _is_from_here() -> bool:
    """Whether a page of ours sends it. Every browser says by one of two headers where a POST comes from."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    return request.headers.get("Origin") == config().app_url


def cross_origin(response: Response) -> Response:
    """What extensions ask: they run in a worker without an origin; there are no cookies to protect."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = RETRY
    response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
    response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    response.headers["Access-Control-Max-Age"] = "7200"
    return response


def anyone() -> None:
    """Pages that prove who calls by themselves (install, bounce) or tell nothing (health)."""


def frame_ancestors(response: Response) -> Response:
    """Every HTML answer says who may frame it: this shop's own pages and its admin, nobody for an unknown one. A page
    that has said so itself is left as it is.
    """
    if response.mimetype in ("text/html", "application/liquid"):
        domain = g.get("framing_shop") or getattr(g.get("shop"), "domain", None)
        ancestors = f"{_origin(domain)} {config().admin_url}" if domain else "'none'"
        policy = [f"frame-ancestors {ancestors}", "object-src 'none'", "base-uri 'none'"]
        response.headers.setdefault("Content-Security-Policy", "; ".join(policy) + ";")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    return response


def _origin(domain: str) -> str:
    return f"https://{domain}"


def _learn_path(prefix: str) -> None:
    """A merchant may rename the proxy's path; the signed request says what it is now."""
    if PROXY_PATH.fullmatch(prefix) and prefix != g.shop.proxy_path and len(prefix) < 100:
        with transaction():
            g.shop.proxy_path = prefix


def embedded_url(shop: str, path: str = "") -> str:
    """Where a merchant sees the app inside the admin."""
    return f"{config().admin_url}/store/{shop.removesuffix('.myshopify.com')}/apps/{config().api_key}{path}"


def _to_admin() -> ResponseReturnValue:
    shop = request.args.get("shop", "").lower()
    if not signature.is_shop(shop):
        return "Please open Aftercare from your Shopify admin, under Apps.", 400, {"Content-Type": "text/plain"}
    return redirect(embedded_url(shop))


def _bounce() -> ResponseReturnValue:
    """A document without a token of its own: a page with nothing but App Bridge fetches one and comes back here."""
    query: dict[str, Any] = dict(parse_qsl(request.query_string.decode("ascii", "replace")))
    query.pop("id_token", None)
    count = query.pop("bounced", "0")
    bounced = int(count) + 1 if count.isascii() and count.isdigit() and len(count) < 3 else 1
    if bounced > BOUNCES:
        abort(401)
    reload = f"{config().app_url}{request.path}?{urlencode(query | {'bounced': bounced})}"
    return redirect(f"{config().app_url}/auth/bounce?{urlencode(query | {'shopify-reload': reload})}")


def _retry() -> ResponseReturnValue:
    """App Bridge takes a new token and asks once more."""
    return make_response(("", 401, {RETRY: "1"}))
