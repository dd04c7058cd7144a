"""What our block on the admin's own page of an order is told, in the language of the staff member who looks at it."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, jsonify

from shopify_app import tracking
from shopify_app.frame import everywhere, language, minute
from shopify_app.mail import outbox
from shopify_app.mail.models import Message
from shopify_app.orders import read
from shopify_app.orders.read import Whole
from shopify_app.shopify import guards

block = Blueprint("block", __name__)
block.before_request(guards.merchant)
block.after_request(guards.cross_origin)

Words = Callable[[str, object], str]

NEWEST = 5
"""Parcel events that are told; all of them stand on the order's page in the app."""


@block.get("/orders/<int:order_id>/block")
def order(order_id: int) -> Response:
    """The sentence that the buyer reads, the newest parcel events, every message with what came of it.

    404 for an order that we do not know yet. `url` is the order's page in the app.
    """
    whole = read.whole(g.shop, order_id)
    if whole is None:
        abort(404)
    say = _words()
    answer = jsonify(
        headline=tracking.headline(g.shop, whole, language()),
        events=list(_events(whole, say)),
        messages=[_message(message, say) for message in outbox.about_order(g.shop, order_id)],
        url=guards.embedded_url(g.shop.domain, f"/orders/{order_id}"),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _events(whole: Whole, say: Words) -> Iterator[dict[str, Any]]:
    """Newest first. `parcel` is None where the order has only one."""
    names = {shipment.id: shipment.name for shipment in whole.shipments} if len(whole.shipments) > 1 else {}
    for event in reversed(whole.events[-NEWEST:]):
        place = ", ".join(filter(None, (event.place.get("city"), event.place.get("country"))))
        told = {"words": say("scan", event.status), "place": place, "time": minute(event.happened_at)}
        yield told | {"parcel": names.get(event.shipment_id)}


def _message(message: Message, say: Words) -> dict[str, Any]:
    """`state` is what came of it, for the looks of `outcome`, which says the same in words; `why` is a sentence."""
    return {
        "name": say("message", message.template),
        "state": message.result or ("retrying" if message.tries else "waiting"),
        "outcome": say("sent", message),
        "why": say("sent_why", message),
    }


def _words() -> Words:
    """The macros of the merchant's pages by their names, without the markup of what they say."""
    speaking = language()
    context = {"language": speaking, "t": speaking.t, "n": speaking.n} | everywhere()
    module = current_app.jinja_env.get_template("home/words.html").make_module(context)
    return lambda macro, thing: str(getattr(module, macro)(thing).striptags())
