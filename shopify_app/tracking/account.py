"""What our extensions ask, on Shopify's thank-you, order status and account pages."""

import hmac

from flask import Blueprint, Response, abort, g, jsonify, request

from shopify_app import clock, milestones
from shopify_app.language import speak
from shopify_app.orders import facts, places, read
from shopify_app.orders.models import Order
from shopify_app.shopify import guards
from shopify_app.tracking import answers
from shopify_app.tracking import page as order_page
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
    milestones.notice(g.shop, "extension/account")
    look_up = g.shop.storefront + g.shop.proxy_path
    if g.buyer.customer is None:
        return _answer({"error": "not_logged_in", "look_up": look_up}, 403)
    place = places.find(request.args.get("older", ""))
    found = read.of_customer(g.shop, g.buyer.customer, PAGE + 1, place)
    shown = found[:PAGE]
    older = places.name(shown[-1]) if len(found) > PAGE else None
    now, wholes = clock.now(), read.wholes(g.shop, shown)
    rows = [answers.row(g.shop, progress(one, g.shop, now), speak(_voice(one.order))) for one in wholes]
    return _answer({"orders": rows, "older": older, "look_up": look_up})


@account.get("/orders/<number>")
def order(number: str) -> Response:
    """How an order is doing, for its buyer: who is logged in as its customer, or has just paid for it.

    404 for every other order, whether or not there is one.
    """
    milestones.notice(g.shop, "extension/order")
    is_number = number.isascii() and number.isdigit() and len(number) <= DIGITS
    whole = read.whole(g.shop, int(number)) if is_number else None
    if whole is None or not _is_theirs(whole.order):
        abort(404)
    return _answer(answers.whole(order_page.of(g.shop, whole, _voice(whole.order), "pre-verified")))


@account.after_request
def keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _voice(order: Order) -> str:
    """In the language that the extension asks for, else in the order's."""
    return str(g.shop.voice(request.args.get("locale", ""), order.locale))


def _answer(told: answers.Answer, status: int = 200) -> Response:
    answer = jsonify(told)
    answer.status_code = status
    return answer


def _is_theirs(order: Order) -> bool:
    if g.buyer.customer is not None and g.buyer.customer == order.customer_id:
        return True
    given = facts.checkout_index(g.shop.id, request.args.get("checkout_token"))
    return bool(given and order.checkout_index) and hmac.compare_digest(given or b"", order.checkout_index or b"")
