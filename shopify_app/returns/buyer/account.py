"""What our extension in the customer account asks: the same steps as on the order's page, as JSON, for the customer
whom Shopify has logged in.
"""

from typing import Any

from flask import Blueprint, Response, abort, g, jsonify, request

from shopify_app.orders import links, proof, read
from shopify_app.returns.buyer import answers, by_buyer, flow
from shopify_app.returns.buyer.flow import Answer, Next, Visitor
from shopify_app.shopify import guards
from shopify_app.shopify.customer_api import document
from shopify_app.storefront import keep_private

ACCOUNT = "account"
"""This door, as in models.Request.door."""
STEPS = {"what": flow.WHAT, "details": flow.DETAILS, "more": flow.MORE}
"""What an extension calls them."""
MOST_FIELDS, LONGEST_FIELD = 1_000, 20_000

account = Blueprint("returns_account", __name__, url_prefix="/account/returns/<number>")
account.before_request(guards.buyer)
account.after_request(guards.cross_origin)
account.after_request(keep_private)


@account.get("")
def look(number: str) -> Response:
    """What of the order can come back, and what was asked for so far."""
    visitor = _visitor(number)
    return _answer(visitor, flow.show(visitor, flow.WHAT))


@account.post("/<any(what, details, more):step>")
def choose(number: str, step: str) -> Response:
    """`form`: what was typed, by the names of that step's fields. The answer is the next step, or what is wrong."""
    visitor = _visitor(number)
    answer = flow.take(visitor, STEPS[step], _form())
    if isinstance(answer, Next):
        answer = flow.show(visitor, answer.path)
    return _answer(visitor, answer)


@account.post("/check")
def send(number: str) -> Response:
    """Written down with us. `filing`: what the extension then sends to Shopify as the buyer; null: nothing, as it is
    there or will be.
    """
    visitor = _visitor(number)
    answer = flow.send(visitor, _form().get("seen", ""))
    if not isinstance(answer, Next):
        return _answer(visitor, answer)
    sent = answer.path.removeprefix("requests/")
    if not sent.isdigit():
        return _answer(visitor, flow.show(visitor, answer.path))
    variables = by_buyer.claim(g.shop, int(sent))
    filing = {"query": document(by_buyer.DOCUMENT), "variables": variables} if variables else None
    return _told(answers.sent(visitor) | {"filing": filing})


def _visitor(number: str) -> Visitor:
    """403 when nobody is logged in; 404 for an order of somebody else, whether or not there is one."""
    if g.buyer.customer is None:
        abort(403)
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    whole = read.whole(g.shop, int(number)) if is_number else None
    if whole is None or whole.order.customer_id != g.buyer.customer:
        abort(404)
    order_page, given = links.url(g.shop, whole.order.id), f"proof={proof.word(g.shop, whole.order.id)}"
    return Visitor(
        shop=g.shop,
        whole=whole,
        door=ACCOUNT,
        is_guest=False,
        locale=str(g.shop.voice(request.args.get("locale", ""), whole.order.locale or "")),
        order_page=f"{order_page}?{given}",
        to=lambda path: f"{order_page}/return" + (f"/{path}" if path else "") + f"?{given}",
    )


def _form() -> dict[str, str]:
    """Fields as a browser would send them: texts by name, and not too many."""
    body = request.get_json(silent=True)
    form = body.get("form") if isinstance(body, dict) else None
    if not isinstance(form, dict) or len(form) > MOST_FIELDS:
        abort(400)
    fields = {str(name): value for name, value in form.items()}
    if not all(isinstance(value, str) and len(value) <= LONGEST_FIELD for value in fields.values()):
        abort(400)
    return fields


def _answer(visitor: Visitor, answer: Answer) -> Response:
    return _told(answers.page(visitor, answer)) if isinstance(answer, flow.Page) else _told(answers.sent(visitor))


def _told(answer: dict[str, Any]) -> Response:
    """What is wrong with a form stands in the answer, which is therefore 200 as long as there is one to be shown."""
    return jsonify(answer)
