"""Friends: who sends one gets thanks, once, when the friend's first order has stayed."""

from shopify_app.referrals import letters as letters
from shopify_app.referrals.admin import admin
from shopify_app.referrals.record import order_news
from shopify_app.referrals.rewarding import look

__all__ = ("blueprints", "look", "order_news")

blueprints = (admin,)
