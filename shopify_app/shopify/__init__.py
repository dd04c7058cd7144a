"""Shopify's protocols: signatures, tokens, install, Admin API. Nothing else in the app speaks them."""
