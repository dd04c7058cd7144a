"""The page behind a link of mail/links.py: in the shop's theme, and at our own address, where mail programs knock.

Whoever holds the link may choose. Opening it changes nothing, since scanners open every link; a POST takes effect at
once, with whatever body and without any cookie.
"""

from flask import Blueprint, Response, abort, g, request

from shopify_app import statics
from shopify_app import storefront as theme
from shopify_app.db import db, transaction
from shopify_app.language import choose, render
from shopify_app.mail import links, refusals
from shopify_app.mail.links import PATH, Holder
from shopify_app.optouts import telling
from shopify_app.shopify import guards
from shopify_app.shopify.models import Shop

TOPIC = "marketing"
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"

storefront = Blueprint("optouts", __name__, url_prefix=f"/proxy{PATH}/<token>")
storefront.before_request(guards.storefront)
storefront.after_request(theme.keep_private)

own = Blueprint("optouts_own", __name__, url_prefix=f"{PATH}/<token>")
own.before_request(guards.anyone)
own.after_request(theme.keep_private)


@storefront.get("")
def page(token: str) -> Response:
    return _themed(token, _of_this_shop(token))


@storefront.post("")
def leave(token: str) -> Response:
    return _themed(token, _leave(g.shop, _of_this_shop(token)), is_changed=True)


@storefront.post("/return")
def come_back(token: str) -> Response:
    return _themed(token, _come_back(g.shop, _of_this_shop(token)), is_changed=True)


@own.get("")
def own_page(token: str) -> Response:
    return _bare(token, _holder(token))


@own.post("")
def leave_at_once(token: str) -> Response:
    """Also what a mail program sends by itself: List-Unsubscribe=One-Click."""
    holder = _holder(token)
    return _bare(token, _leave(g.shop, holder), is_changed=True)


@own.post("/return")
def come_back_here(token: str) -> Response:
    holder = _holder(token)
    return _bare(token, _come_back(g.shop, holder), is_changed=True)


def _of_this_shop(token: str) -> Holder:
    holder = links.holder(token)
    return holder if holder is not None and holder.shop_id == g.shop.id else abort(theme.missing())


def _holder(token: str) -> Holder:
    """The shop is that of the link, which we have signed; also one that has uninstalled the app meanwhile."""
    holder = links.holder(token)
    shop = db.session.get(Shop, holder.shop_id) if holder else None
    if holder is None or shop is None:
        abort(_show("optouts/unknown.html", choose(request.accept_languages.values()) or "en", 404))
    g.shop = shop
    return holder


def _leave(shop: Shop, holder: Holder) -> Holder:
    with transaction():
        refusals.refuse(shop, holder.mark, [TOPIC])
        telling.want(shop, holder.mark)
    return holder


def _come_back(shop: Shop, holder: Holder) -> Holder:
    with transaction():
        refusals.take_back(shop, holder.mark, [TOPIC])
        telling.drop(shop, holder.mark)
    return holder


def _themed(token: str, holder: Holder, is_changed: bool = False) -> Response:
    here = theme.link(f"{PATH.strip('/')}/{token}")
    return theme.show("optouts/choice.html", theme.reader(), here=here, **_state(holder, is_changed))


def _bare(token: str, holder: Holder, is_changed: bool = False) -> Response:
    voice = g.shop.voice(*request.accept_languages.values())
    return _show("optouts/choice.html", voice, here=f"{PATH}/{token}", **_state(holder, is_changed))


def _state(holder: Holder, is_changed: bool) -> dict[str, bool]:
    is_out = any(one.topic == TOPIC for one in refusals.of_mark(g.shop, holder.mark))
    return {"is_out": is_out, "is_changed": is_changed, "is_told": telling.is_told(g.shop, holder.mark)}


def _show(template: str, voice: str, status: int = 200, **context: object) -> Response:
    shop = g.get("shop")
    html = render(template, voice, is_portal=True, shop=shop, asset=statics.address, version=None, **context)
    return Response(html, status, {"Content-Security-Policy": POLICY}, mimetype="text/html")
