"""What our extensions ask, on Shopify's thank-you, order status and account pages."""

import hmac
from collections.abc import Mapping
from datetime import date

from flask import Blueprint, Response, abort, g, jsonify, request

from shopify_app import clock
from shopify_app.language import choose, speak
from shopify_app.orders import doors, facts, places, read
from shopify_app.orders.models import Order
from shopify_app.orders.read import Whole
from shopify_app.shopify import guards
from shopify_app.tracking import answers, promises
from shopify_app.tracking.page import OrderPage
from shopify_app.tracking.state import progress

account = Blueprint("account", __name__, url_prefix="/account")
account.before_request(guards.buyer)
account.after_request(guards.cross_origin)

DIGITS = 18
"""More than any of Shopify's numbers has; the database holds no larger ones."""
PAGE = 20


@account.get("/orders")
def orders() -> Response:
    """The orders of the customer who is logged in, newest first. `older` names the next page, null on the last one.

    403 when nobody is logged in, or Shopify does not tell us who: then nothing is known to be theirs. `look_up` is
    where guests find their orders.
    """
    look_up = g.shop.storefront + g.shop.proxy_path
    if g.buyer.customer is None:
        return _answer({"error": "not_logged_in", "look_up": look_up}, 403)
    place = places.find(request.args.get("older", ""))
    found = read.of_customer(g.shop, g.buyer.customer, PAGE + 1, place)
    shown = found[:PAGE]
    older = places.name(shown[-1]) if len(found) > PAGE else None
    rows = [answers.row(_page(whole, {})) for whole in read.wholes(g.shop, shown)]
    return _answer({"orders": rows, "older": older, "look_up": look_up})


@account.get("/orders/<number>")
def order(number: str) -> Response:
    """How an order is doing, for its buyer: who is logged in as its customer, or has just paid for it.

    404 for every other order, whether or not there is one.
    """
    is_number = number.isascii() and number.isdigit() and len(number) <= DIGITS
    whole = read.whole(g.shop, int(number)) if is_number else None
    if whole is None or not _is_theirs(whole.order):
        abort(404)
    page = _page(whole, promises.first(g.shop, whole.order.id))
    return _answer(answers.whole(page, doors.of(g.shop, whole, page.language)))


@account.after_request
def keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(whole: Whole, promised: Mapping[int, date]) -> OrderPage:
    """In the language that the extension asks for, else in the order's."""
    locale = choose([request.args.get("locale", "")]) or whole.order.locale
    found = progress(whole, g.shop, clock.now())
    return OrderPage(found, speak(locale), g.shop, promised)


def _answer(told: answers.Answer, status: int = 200) -> Response:
    answer = jsonify(told)
    answer.status_code = status
    return answer


def _is_theirs(order: Order) -> bool:
    if g.buyer.customer is not None and g.buyer.customer == order.customer_id:
        return True
    given = facts.checkout_index(g.shop.id, request.args.get("checkout_token"))
    return bool(given and order.checkout_index) and hmac.compare_digest(given or b"", order.checkout_index or b"")
