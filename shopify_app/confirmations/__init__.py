"""The buyer hears from us that the order is there, once."""

from shopify_app.confirmations.admin import settings
from shopify_app.confirmations.messages import TEMPLATE, link_requested, never, order_created
from shopify_app.confirmations.sample import preview

__all__ = ("TEMPLATE", "blueprints", "link_requested", "never", "order_created", "preview")

blueprints = (settings,)
