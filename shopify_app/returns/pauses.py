"""Whoever is sending something back is not asked to buy, nor how they like it."""

from sqlalchemy import exists, select

from shopify_app.db import db
from shopify_app.mail import budget
from shopify_app.mail.models import Message
from shopify_app.mail.outbox import Reader
from shopify_app.orders import read
from shopify_app.orders.models import Return
from shopify_app.returns.models import OVER, Request
from shopify_app.shopify.models import Shop

OPEN = ("requested", "open")
"""Shopify's words for a return that is not over."""


@budget.pauses
def return_open(shop: Shop, message: Message, reader: Reader) -> str | None:
    """Ours, or one that somebody filed in Shopify."""
    orders = read.of_person(shop, message.email_index, message.customer_id)
    ours = exists().where(Request.shop_id == shop.id, Request.order_id.in_(orders), Request.state.not_in(OVER))
    theirs = exists().where(Return.shop_id == shop.id, Return.order_id.in_(orders), Return.status.in_(OPEN))
    return "return_open" if orders and db.session.scalar(select(ours | theirs)) else None
