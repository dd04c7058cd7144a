"""Where a buyer asks for a change, and takes it back. Only who has proven to be the buyer sees more than a word."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, g, request

from shopify_app import postal, storefront
from shopify_app.changes import decisions, form, words
from shopify_app.changes.decisions import Standing
from shopify_app.changes.models import ADDRESS
from shopify_app.language import speak
from shopify_app.orders import proof
from shopify_app.orders.read import Whole
from shopify_app.shopify import guards

pages = Blueprint("changes", __name__, url_prefix="/proxy/orders/<token>/<any(cancellation, address):path>")
pages.before_request(guards.storefront)
pages.after_request(storefront.keep_private)


@pages.get("")
def look(token: str, path: str) -> Response:
    return _page(token, path, _proven(token, path))


@pages.post("")
def ask(token: str, path: str) -> Response:
    whole, kind = _proven(token, path, keeps=True), words.KINDS[path]
    if decisions.standing(g.shop, whole, kind).word not in ("possible", "asked"):
        return _page(token, path, whole, 409)
    content, errors = _typed(whole, kind)
    if errors:
        return _page(token, path, whole, 422, shown=storefront.typed(whole.order.id), errors=errors)
    if decisions.ask(g.shop, whole.order.id, kind, content) is None:
        return _page(token, path, whole, 409)
    return _show("sent", whole, token, path, is_back=False)


@pages.post("/withdrawal")
def withdraw(token: str, path: str) -> Response:
    whole = _proven(token, path)
    if not decisions.withdraw(g.shop, whole.order.id, words.KINDS[path]):
        return _page(token, path, whole, 409)
    return _show("sent", whole, token, path, is_back=True)


def _proven(token: str, path: str, *, keeps: bool = False) -> Whole:
    """The order of this link, for its buyer; everybody else is answered here. `keeps`: what was typed goes along."""
    found = storefront.visit(token)
    if found.level != "verified":
        typed = storefront.sealed(found.whole.order.id) if keeps else ""
        abort(_show("prove", found.whole, token, path, 403, typed=typed))
    return found.whole


def _typed(whole: Whole, kind: str) -> tuple[dict[str, Any], dict[str, str]]:
    """What is asked for, and what is wrong with it: field → sentence."""
    language = speak(storefront.reader(whole.order.locale))
    if kind == ADDRESS:
        old = form.before(whole.order.person["address"] or {})
        new, errors = form.read(storefront.typed(whole.order.id), old, language)
        return {"address": new, "before": old}, errors
    note = storefront.typed(whole.order.id).get("note", "").strip()
    is_long = len(note) > form.LONGEST_NOTE
    return {"note": note} if note else {}, {"note": language.t("This is too long.")} if is_long else {}


def _page(token: str, path: str, whole: Whole, status: int = 200, **context: Any) -> Response:
    """The form while it is possible to ask, else how things stand."""
    kind = words.KINDS[path]
    found = decisions.standing(g.shop, whole, kind)
    said = words.NOTES.get((kind, found.word)) or words.REASONS.get((kind, found.word))
    context |= {"standing": found, "said": said, "longest": form.LONGEST_NOTE}
    return _show(path, whole, token, path, status, **_address(whole, kind, found, context), **context)


def _address(whole: Whole, kind: str, found: Standing, context: dict[str, Any]) -> dict[str, Any]:
    """For the page of the address: its fields, or the addresses in question."""
    language = speak(storefront.reader(whole.order.locale))
    if kind != ADDRESS:
        return {}
    if found.word != "possible":
        asked = found.change.content.get("address") if found.change and found.change.is_open else None
        return {"wanted": postal.lines(asked, language)}
    old = form.before(whole.order.person["address"] or {})
    shown, errors = context.get("shown", old), context.get("errors", {})
    country = language.country(old["country_code"])
    return {"fields": form.fields(shown, old, errors, language), "country": country}


def _show(template: str, whole: Whole, token: str, path: str, status: int = 200, **context: Any) -> Response:
    order_page = f"{g.shop.proxy_path}/orders/{token}"
    given = proof.renewed(g.shop, whole.order.id, request.args.get("proof", ""))
    query = f"?{urlencode({'proof': given})}" if given else ""
    ways = {"order_page": order_page, "here": f"{order_page}/{path}", "query": query, "path": path}
    locale = storefront.reader(whole.order.locale)
    return storefront.show(f"changes/{template}.html", locale, status, order=whole.order, **ways, **context)
