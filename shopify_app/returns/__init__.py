"""What buyers send back: asked for, decided, received, refunded."""

from shopify_app.returns import models as models
from shopify_app.returns.admin import admin
from shopify_app.returns.photos import tidy
from shopify_app.returns.pictures import pictures
from shopify_app.returns.review import review
from shopify_app.returns.storefront import pages

__all__ = ("blueprints", "tidy")

blueprints = (pages, pictures, admin, review)
