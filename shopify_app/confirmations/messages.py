"""Decide on a confirmation when an order comes; make it when it is sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from shopify_app import clock
from shopify_app.confirmations import choosing, letter
from shopify_app.db import db
from shopify_app.mail import outbox
from shopify_app.mail.models import Message
from shopify_app.mail.outbox import Mail, Skip
from shopify_app.orders import links, read
from shopify_app.orders.models import Order
from shopify_app.shopify.models import Shop

SWITCH = "confirmations"
"""Key of the shop's setting; off until the merchant switches it on, for Shopify sends a confirmation of its own."""
TEMPLATE = "confirmations/order"
LATE = timedelta(hours=48)
"""Nobody wants to hear today that an order of last week has come in."""


def order_created(shop: Shop, order_id: int, heard_at: datetime | None) -> None:
    """Called in the transaction that first records the order. Writes the message, or why there is none.

    heard_at: when Shopify told us; None when we found out by ourselves.
    """
    order = read.get(shop, order_id)
    if order is None:
        return
    skip = _why_not(shop, order, heard_at)
    outbox.write(shop, TEMPLATE, f"confirmation/{order_id}", order_id, skip=skip, **read.whose(order))


def link_requested(shop: Shop, order_id: int, at: datetime) -> None:
    """The buyer asked Shopify for a fresh link to the order: ours comes too, when the merchant lets us write."""
    hour = f"{order_id}/{at:%Y%m%d%H}"
    if shop.settings.get(SWITCH):
        whose = read.whose(read.get(shop, order_id))
        outbox.write(shop, "tracking/link", f"link/{hour}", order_id, **whose)
    else:
        # Under a key of its own: a link that the buyer asks us for in the same hour must still go out.
        outbox.write(shop, "tracking/link", f"link-requested/{hour}", order_id, skip="switched_off")


def went_out(shop: Shop, order_ids: Sequence[int]) -> Mapping[int, Mapping[str, str | int]]:
    """Order → kind and why of its confirmation, of those that went out or may have; empty where nobody kept it."""
    keys = [f"confirmation/{number}" for number in order_ids]
    mine = (Message.shop_id == shop.id, Message.key.in_(keys), Message.result.in_(("sent", "unknown")))
    return {message.order_id or 0: message.facts or {} for message in db.session.scalars(select(Message).where(*mine))}


def _why_not(shop: Shop, order: Order, heard_at: datetime | None) -> str | None:
    if not shop.settings.get(SWITCH):
        return "switched_off"
    if why := never(order):
        return why
    if min(heard_at or order.created_at, order.created_at) < clock.now() - LATE:
        return "too_late"
    if shop.came_after(order.created_at):
        return "before_install"
    return None


def never(order: Order) -> str | None:
    """Why nobody would confirm it, whenever it is heard of."""
    if order.is_test:
        return "test_order"
    if not order.person["email"]:
        return "no_address"
    return "brought_in" if order.placed_at < order.created_at - LATE else None


@outbox.renders(TEMPLATE)
def confirmation(shop: Shop, message: Message) -> Mail | Skip:
    whole = read.whole(shop, message.order_id or 0)
    if whole is None:
        return Skip("order_gone")
    if whole.order.cancelled_at is not None:
        return Skip("cancelled")
    if not whole.order.person["email"]:
        return Skip("no_address")
    return letter.write(shop, whole, links.url(shop, whole.order.id), choosing.now(shop, whole))
