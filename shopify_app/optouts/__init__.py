"""The way out of marketing, and back."""

from shopify_app.optouts.pages import own, storefront

blueprints = (storefront, own)
