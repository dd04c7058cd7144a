"""Nobody wants to hear of anything else while a parcel is late, lost or damaged."""

from sqlalchemy import exists, select

from shopify_app import clock
from shopify_app.db import db
from shopify_app.mail import budget
from shopify_app.mail.models import Message
from shopify_app.mail.outbox import Reader
from shopify_app.orders import read
from shopify_app.shopify.models import Shop
from shopify_app.tracking.models import Watch
from shopify_app.tracking.watches import RESTED


@budget.pauses
def parcel_trouble(shop: Shop, message: Message, reader: Reader) -> str | None:
    orders = read.of_person(shop, message.email_index, message.customer_id)
    fresh = (Watch.shop_id == shop.id, Watch.order_id.in_(orders), Watch.troubled_at > clock.now() - RESTED)
    return "parcel_trouble" if orders and db.session.scalar(select(exists().where(*fresh))) else None
