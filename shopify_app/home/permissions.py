"""Permissions that a merchant gives later, where they are needed: App Bridge asks for them (static/admin.js)."""

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from shopify_app.frame import language, say
from shopify_app.shopify import guards, install
from shopify_app.shopify.errors import ShopifyError

permissions = Blueprint("permissions", __name__, url_prefix="/permissions")
permissions.before_request(guards.merchant)


@permissions.post("")
def given() -> ResponseReturnValue:
    """A token may do what was allowed when it was made: a new one knows the rest, and Shopify tells with it."""
    try:
        install.renew(g.shop)
    except ShopifyError:
        return say(language().t("Shopify does not answer. Please try again in a minute."), status=503)
    return say(language().t("Thank you. Shopify allows it now."))
