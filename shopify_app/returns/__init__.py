"""What buyers send back: asked for, decided, received, refunded."""

from shopify_app.returns import letters as letters
from shopify_app.returns import models as models
from shopify_app.returns import pauses as pauses
from shopify_app.returns import samples as samples
from shopify_app.returns import troubles as troubles
from shopify_app.returns.buyer.account import account
from shopify_app.returns.buyer.entrance import entrance
from shopify_app.returns.buyer.portal import portal
from shopify_app.returns.buyer.storefront import pages, withdrawals
from shopify_app.returns.execution.news import news
from shopify_app.returns.execution.run import run
from shopify_app.returns.execution.unsent import booked
from shopify_app.returns.photos import tidy
from shopify_app.returns.photos.pictures import album
from shopify_app.returns.policy import saying as saying
from shopify_app.returns.policy.admin import policy
from shopify_app.returns.policy.page import public
from shopify_app.returns.requests.lookup import of_order
from shopify_app.returns.staff.admin import admin
from shopify_app.returns.staff.review import review

__all__ = ("blueprints", "booked", "news", "of_order", "run", "tidy")

blueprints = (pages, withdrawals, album, admin, review, policy, account, entrance, portal, public)
