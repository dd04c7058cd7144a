"""Where is my order? The look-up, the page of one order, the link by mail."""

from shopify_app.tracking import messages as messages
from shopify_app.tracking.account import account
from shopify_app.tracking.lookups import answer
from shopify_app.tracking.storefront import pages

__all__ = ("answer", "blueprints")

blueprints = (pages, account)
