"""The way out of marketing, and back."""

from shopify_app.optouts.pages import own, storefront
from shopify_app.optouts.telling import SCOPE, may_tell, tell

__all__ = ("SCOPE", "blueprints", "may_tell", "tell")

blueprints = (storefront, own)
