"""The buyer hears from us that the order is there, once."""

from shopify_app.confirmations.admin import settings
from shopify_app.confirmations.messages import link_requested, order_created
from shopify_app.confirmations.sample import is_sent, preview

__all__ = ("blueprints", "is_sent", "link_requested", "order_created", "preview")

blueprints = (settings,)
