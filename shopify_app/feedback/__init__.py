"""After a while each buyer is asked once how it was: what is wrong comes to staff, what they think to everybody."""

from shopify_app.feedback import letters as letters
from shopify_app.feedback import plans as plans
from shopify_app.feedback import wording as wording
from shopify_app.feedback.admin import admin
from shopify_app.feedback.moderation import album, desk
from shopify_app.feedback.public import public
from shopify_app.feedback.ratings import recount, tell
from shopify_app.feedback.requests import look, order_news
from shopify_app.feedback.storefront import pages

__all__ = ("blueprints", "look", "order_news", "recount", "tell")

blueprints = (pages, public, admin, desk, album)
