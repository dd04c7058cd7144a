"""Whoever got something broken remembers it."""

from collections.abc import Sequence

from sqlalchemy import exists, select

from shopify_app.db import db
from shopify_app.orders import troubles
from shopify_app.returns.models import Item
from shopify_app.shopify.models import Shop

DAMAGE = ("damaged", "arrived-damaged", "defective")
"""Shopify's handles."""


@troubles.knows
def damage(shop: Shop, order_ids: Sequence[int]) -> str | None:
    broken = exists().where(Item.shop_id == shop.id, Item.order_id.in_(order_ids), Item.reason.in_(DAMAGE))
    return "earlier_damage" if db.session.scalar(select(broken)) else None
