"""The merchant's pages inside the Shopify admin, and the ways in."""

from shopify_app.home.admin import pages
from shopify_app.home.auth import doors

blueprints = (doors, pages)
