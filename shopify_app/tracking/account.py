"""What our extensions ask, on Shopify's thank-you, order status and account pages."""

import hmac

from flask import Blueprint, Response, abort, g, jsonify, request

from shopify_app import clock
from shopify_app.language import speak
from shopify_app.orders import facts, links, read
from shopify_app.orders.models import Order
from shopify_app.shopify import guards
from shopify_app.tracking.sentence import headline
from shopify_app.tracking.state import progress

account = Blueprint("account", __name__, url_prefix="/account")
account.before_request(guards.buyer)
account.after_request(guards.cross_origin)

DIGITS = 18
"""More than any of Shopify's numbers has; the database holds no larger ones."""


@account.get("/orders/<number>")
def order(number: str) -> Response:
    """How an order is doing, for its buyer: who is logged in as its customer, or has just paid for it.

    404 for every other order, whether or not there is one.
    """
    is_number = number.isascii() and number.isdigit() and len(number) <= DIGITS
    whole = read.whole(g.shop, int(number)) if is_number else None
    if whole is None or not _is_theirs(whole.order):
        abort(404)
    locale = g.shop.voice(request.args.get("locale", ""), whole.order.locale)
    found = progress(whole, g.shop, clock.now())
    answer = jsonify(state=found.state, headline=headline(found, speak(locale)), url=links.url(g.shop, whole.order.id))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _is_theirs(order: Order) -> bool:
    if g.buyer.customer is not None and g.buyer.customer == order.customer_id:
        return True
    given = facts.checkout_index(g.shop.id, request.args.get("checkout_token"))
    return bool(given and order.checkout_index) and hmac.compare_digest(given or b"", order.checkout_index or b"")
