"""The right to know and the right to be forgotten."""

from shopify_app.privacy.requests import customer_redacted, data_requested, shop_redacted

__all__ = ("customer_redacted", "data_requested", "shop_redacted")
