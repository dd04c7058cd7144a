"""Abandoned checkouts: who began to buy and did not finish, and the reminders they get."""

from shopify_app.carts import messages as messages
from shopify_app.carts import plans as plans
from shopify_app.carts import wording as wording
from shopify_app.carts.admin import admin
from shopify_app.carts.record import forget, order_created, purge, record
from shopify_app.carts.reminders import look

__all__ = ("blueprints", "forget", "look", "order_created", "purge", "record")

blueprints = (admin,)
