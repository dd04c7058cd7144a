"""What buyers send back: asked for, decided, received, refunded."""

from shopify_app.returns import letters as letters
from shopify_app.returns import models as models
from shopify_app.returns.execution import run
from shopify_app.returns.news import news
from shopify_app.returns.overdue import kept_share
from shopify_app.returns.photos import tidy
from shopify_app.returns.pictures import album
from shopify_app.returns.policy_admin import policy
from shopify_app.returns.storefront import pages, withdrawals

__all__ = ("blueprints", "kept_share", "news", "run", "tidy")

blueprints = (pages, withdrawals, album, policy)
