"""The order status page behind the address in `statusPageUrl`: its key opens it."""

import hmac
from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, redirect, request, session
from flask.typing import ResponseReturnValue

from devstore import deeds, totals, words
from devstore.context import buyer, store
from devstore.pages import phrases, surfaces, wording
from devstore.pages.theme import locale, page, say, shop
from devstore.records import Fulfillment, Order

blueprint = Blueprint("orders", __name__)


@blueprint.get("/<int:shop_id>/orders/<token>/authenticate")
def authenticate(shop_id: int, token: str) -> ResponseReturnValue:
    """With the right key this browser may see the order; the key does not stay in the address."""
    order = _order(shop_id, token)
    if not hmac.compare_digest(order.key, request.args.get("key", "")):
        return page("link_old.html", say("order_status"), order=order, asked=False), 403
    session["orders"] = [*session.get("orders", []), order.id][-20:]
    return redirect(f"/{shop_id}/orders/{token}")


@blueprint.get("/<int:shop_id>/orders/<token>")
def status(shop_id: int, token: str) -> ResponseReturnValue:
    order = _order(shop_id, token)
    if order.id not in session.get("orders", []) and not is_theirs(order):
        return page("link_old.html", say("order_status"), order=order, asked=False), 403
    return page("order.html", f"{say('order')} {order.name}", **_surfaces(order), **shown(order))


def _surfaces(order: Order) -> dict[str, Any]:
    """The extensions of an order's status page: blocks for everyone who may see it, the rest for its customer."""
    here, language, theirs = shop(), locale(), is_theirs(order)
    known = surfaces.order_status(here, order, language, theirs)
    deed = surfaces.order_action(here, order, language)

    def of_customer(target: str, knows: surfaces.Knowledge) -> list[surfaces.Frame]:
        return surfaces.frames(here, language, target, knows) if theirs else []

    return {
        "blocks": surfaces.frames(here, language, surfaces.ORDER_STATUS, known),
        "items": of_customer(surfaces.MENU_ITEM, deed),
        "modals": of_customer(surfaces.ACTION, deed),
        "pages": [
            (found.name, surfaces.order_page_path(order, found.handle))
            for found in of_customer(surfaces.ORDER_PAGE, known)
        ],
        "around": surfaces.around_buyer(here, order),
        "theirs": theirs,
    }


def is_theirs(order: Order) -> bool:
    """Whether the order belongs to the customer who is logged in. The link alone does not prove that."""
    customer = buyer()
    return customer is not None and order.customer_id == customer.id


def shown(order: Order) -> dict[str, Any]:
    """What the pages about one order say, in what the buyer paid with."""
    here = shop()

    def price(amount: Decimal | str) -> str:
        return wording.paid_price(amount, order, locale())

    return {
        "order": order,
        "shown": price,
        "sums_of": totals.of_order(order, here.currency),
        "paid": Decimal(order.paid) > 0,
        "refunded": price(order.refunded) if Decimal(order.refunded) else None,
        "bought": wording.day(order.created_at, here.iana_timezone, locale()),
        "parcels": [_parcel(order, parcel) for parcel in order.fulfillments if parcel.status == "success"],
        "left": [line for line in order.lines if line.unfulfilled],
        "status_page": words.status_url("", here, order),
    }


def order_word(order: Order) -> str:
    """Where the whole order is, in a word or two."""
    if order.cancelled_at:
        return say("cancelled")
    if not order.fulfillments:
        return say("not_shipped")
    return phrases.parcel_word(words.shipment_status(order.fulfillments[-1]), locale())


def _parcel(order: Order, parcel: Fulfillment) -> dict[str, Any]:
    status = words.shipment_status(parcel)
    return {
        "status": status,
        "word": phrases.parcel_word(status, locale()),
        "tracking": parcel.tracking,
        "lines": [(order.line(packed.line_id), packed.quantity) for packed in parcel.lines],
    }


@blueprint.post("/<int:shop_id>/orders/<token>/link")
def ask_for_link(shop_id: int, token: str) -> ResponseReturnValue:
    """The link is too old: Shopify tells the apps, one of them mails a fresh one."""
    order = _order(shop_id, token)
    deeds.request_link(store().state, order)
    return page("link_old.html", say("order_status"), order=order, asked=True)


def _order(shop_id: int, token: str) -> Order:
    found = next((order for order in store().state.orders.of(shop().domain) if order.token == token), None)
    return found if found and shop_id == shop().id else abort(404)
