"""The buyer hears from us that the order is there, once."""

from shopify_app.confirmations.messages import link_requested, order_created

__all__ = ("link_requested", "order_created")
