"""Where is my order? The look-up, the page of one order, the link by mail."""

from shopify_app.tracking import arrival as arrival
from shopify_app.tracking import lateness as lateness
from shopify_app.tracking import messages as messages
from shopify_app.tracking import pauses as pauses
from shopify_app.tracking import plans as plans
from shopify_app.tracking.account import account
from shopify_app.tracking.admin import settings
from shopify_app.tracking.asking import ask
from shopify_app.tracking.buyer import pages as buyer
from shopify_app.tracking.editor import pages as editor
from shopify_app.tracking.inquiries import outage
from shopify_app.tracking.lookups import answer
from shopify_app.tracking.merchant import headline
from shopify_app.tracking.merchant import of as troubles
from shopify_app.tracking.rehearsal import of as rehearse
from shopify_app.tracking.samples import preview
from shopify_app.tracking.storefront import pages
from shopify_app.tracking.watches import KINDS, SWITCH, look, parcel_news, switched, tell_now, troubled

__all__ = (
    "KINDS",
    "SWITCH",
    "answer",
    "ask",
    "blueprints",
    "headline",
    "look",
    "outage",
    "parcel_news",
    "preview",
    "rehearse",
    "switched",
    "tell_now",
    "troubled",
    "troubles",
)

blueprints = (pages, buyer, account, settings, editor)
