"""What buyers send back: asked for, decided, received, refunded."""

from shopify_app.returns import letters as letters
from shopify_app.returns import models as models
from shopify_app.returns import saying as saying
from shopify_app.returns.account import account
from shopify_app.returns.admin import admin
from shopify_app.returns.desk import alarms
from shopify_app.returns.entrance import entrance
from shopify_app.returns.execution import run
from shopify_app.returns.lookup import of_order
from shopify_app.returns.news import news
from shopify_app.returns.overdue import kept_share
from shopify_app.returns.photos import tidy
from shopify_app.returns.pictures import album
from shopify_app.returns.policy_admin import policy
from shopify_app.returns.policy_page import public
from shopify_app.returns.portal import portal
from shopify_app.returns.review import review
from shopify_app.returns.storefront import pages, withdrawals

__all__ = ("alarms", "blueprints", "kept_share", "news", "of_order", "run", "tidy")

blueprints = (pages, withdrawals, album, admin, review, policy, account, entrance, portal, public)
