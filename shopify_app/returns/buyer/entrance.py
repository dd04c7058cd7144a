"""The portal's door: where buyers log in with the shop's customer account, and where they come out again.

These pages know nobody: they tell of the shop what everybody sees.
"""

import re

import structlog
from flask import Blueprint, Response, g, redirect, request
from flask.typing import ResponseReturnValue

from shopify_app.language import words
from shopify_app.limits import limits, network
from shopify_app.returns.buyer import sheet
from shopify_app.shopify import customer_api, guards, logins, models
from shopify_app.shopify.errors import Refused, ShopifyError
from shopify_app.shopify.models import Shop

log = structlog.get_logger()

entrance = Blueprint("portal_entrance", __name__, url_prefix=logins.PATH)
entrance.before_request(guards.anyone)
entrance.after_request(sheet.keep_to_ourselves)

PLACE = re.compile(r"(/[A-Za-z0-9-]+)+")
"""A page of the portal; nothing in it may lead elsewhere."""
AWAY = words("The shop’s login does not answer at the moment. Please try again soon.")
NOT_LOGGED_IN = words("The login was not finished. Please try again.")
TOO_OFTEN = words("A login was begun too often from here. Please try again in ten minutes.")
STALE = words("This login was begun in another browser, or too long ago. Please begin again.")


@entrance.get("/<handle>")
def welcome(handle: str) -> ResponseReturnValue:
    shop = guards.addressed()
    if logins.entered(shop) is not None:
        return redirect(f"{logins.PATH}/{shop.handle}/orders", 303)
    return _welcome(shop)


@entrance.get("/<handle>/login")
def log_in(handle: str) -> ResponseReturnValue:
    """To Shopify, and back to `callback`. Nothing is kept of it but in this browser."""
    shop = guards.addressed()
    if not limits().allows(limits().login, shop.id, "login", network(request.remote_addr or "")):
        return _welcome(shop, TOO_OFTEN, 429)
    try:
        attempt = customer_api.begin(shop, _back(), sheet.reader(shop))
    except ShopifyError as error:
        log.warning("portal_login_away", error=str(error))
        return _welcome(shop, AWAY, 503)
    answer = redirect(attempt.address, 303)
    logins.begin(answer, shop, attempt, _there(shop))
    return answer


@entrance.get("/login/callback")
def callback() -> ResponseReturnValue:
    """Whoever comes back is let in when it is the login that this browser began."""
    begun = logins.begun(request.args.get("state", ""))
    shop = models.installed(f"{begun.handle}.myshopify.com") if begun else None
    if begun is None or shop is None:
        return _bare(STALE, 403)
    code = request.args.get("code", "")
    if "error" in request.args or not code:
        return _welcome(shop, NOT_LOGGED_IN, 403)
    try:
        login = customer_api.finish(shop, _back(), code, begun.attempt.nonce, begun.attempt.verifier)
    except Refused as error:
        log.warning("portal_login_refused", error=str(error))
        return _welcome(shop, NOT_LOGGED_IN, 403)
    except ShopifyError as error:
        log.warning("portal_login_away", error=str(error))
        return _welcome(shop, AWAY, 503)
    answer = redirect(begun.there, 303)
    logins.enter(answer, shop, login)
    return answer


@entrance.get("/login/over")
def over() -> ResponseReturnValue:
    return _bare(words("You are logged out."), 200)


def _welcome(shop: Shop, notice: str | None = None, status: int = 200) -> Response:
    g.shop = shop
    there = _there(shop)
    return sheet.show("returns/welcome.html", sheet.reader(shop), status, notice=notice, there=there)


def _bare(text: str, status: int) -> Response:
    """Without a shop, as nothing proves which one it is about."""
    return sheet.show("returns/bare.html", sheet.reader(None), status, text=text)


def _there(shop: Shop) -> str:
    """Where the buyer wanted to go: a page of this shop's portal, else their orders."""
    wanted, own = request.args.get("there", ""), f"{logins.PATH}/{shop.handle}"
    is_ours = PLACE.fullmatch(wanted) and wanted.startswith(f"{own}/")
    return wanted if is_ours else f"{own}/orders"


def _back() -> str:
    return f"{guards.config().app_url}{logins.PATH}/login/callback"
