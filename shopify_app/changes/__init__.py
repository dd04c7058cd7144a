"""Until an order is sent its buyer can ask to cancel it, or to correct where it goes to."""

from shopify_app.changes import door as door
from shopify_app.changes import letters as letters
from shopify_app.changes import sample as sample
from shopify_app.changes.admin import admin
from shopify_app.changes.decisions import about_order, order_news
from shopify_app.changes.execution import run
from shopify_app.changes.storefront import pages

__all__ = ("about_order", "blueprints", "order_news", "run")

blueprints = (pages, admin)
