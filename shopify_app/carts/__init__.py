"""Abandoned checkouts: who began to buy and did not finish."""

from shopify_app.carts.record import forget, order_created, purge, record

__all__ = ("forget", "order_created", "purge", "record")
