"""What Shopify lets us do: the tokens, and the permissions that a merchant has given or not."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select

from shopify_app import clock, optouts
from shopify_app.codes import making
from shopify_app.db import db
from shopify_app.feedback import ratings
from shopify_app.frame import language
from shopify_app.home.lights.light import Deed, Light, amber, green, red, span
from shopify_app.mail.models import Message
from shopify_app.optouts.models import Withdrawal
from shopify_app.shopify import install
from shopify_app.shopify.models import Shop

SOON = timedelta(days=14)
"""The daily job renews what has less than two months to live: so little left means that it could not."""
SPAN = timedelta(days=30)


def access(shop: Shop) -> Light:
    t = language().t
    name, deed = t("Access to your shop"), Deed(t("Renew the access"), repair="token")
    if shop.refresh_expires_at is None or shop.refresh_expires_at <= clock.now():
        return red(name, t("Shopify does not let Aftercare in any more."), deed)
    left = shop.refresh_expires_at - clock.now()
    said = t("Without a renewal it would end in {span}. It is renewed by itself.", span=span(left.total_seconds()))
    return (amber if left < SOON else green)(name, said, deed)


def scopes(shop: Shop) -> Light:
    """Those that the app cannot do without; Shopify asks for them when the app is opened anew."""
    t = language().t
    name = t("Permissions")
    wanted = current_app.extensions["scopes"].split(",")
    missing = [scope for scope in wanted if not install.covers(shop.scopes.split(","), [scope])]
    if missing:
        said = t(
            "Shopify has not given: {scopes}. Open Aftercare anew from your Shopify admin and agree.",
            scopes=", ".join(missing),
        )
        return red(name, said, Deed(t("Look again"), repair="token"))
    return green(name, t("All that Aftercare cannot do without are given."))


def codes(shop: Shop) -> Light | None:
    """None where no discount was wanted."""
    t, n = language().t, language().n
    refused = (Message.shop_id == shop.id, Message.created_at > clock.now() - SPAN, Message.reason == "codes_forbidden")
    count = db.session.scalar(select(func.count()).select_from(Message).where(*refused)) or 0
    if not count or making.may_make(shop):
        return None
    said = n(
        "{count} message lacked its discount: Aftercare may not make any.",
        "{count} messages lacked their discount: Aftercare may not make any.",
        count,
    )
    return _asks(t("Permission for discounts"), said, making.SCOPE)


def ratings_(shop: Shop) -> Light | None:
    t = language().t
    if not ratings.is_on(shop) or ratings.may_write(shop):
        return None
    said = t("Ratings are to be shown with your products, and Aftercare may not write them there.")
    return _asks(t("Permission for ratings"), said, ratings.SCOPE)


def consents(shop: Shop) -> Light | None:
    t, n = language().t, language().n
    if optouts.may_tell(shop):
        return None
    refused = (Withdrawal.shop_id == shop.id, Withdrawal.result == "forbidden")
    count = db.session.scalar(select(func.count()).select_from(Withdrawal).where(*refused)) or 0
    if not count:
        return None
    said = n(
        "{count} buyer refused advertising, and Shopify does not know. Aftercare itself keeps to it.",
        "{count} buyers refused advertising, and Shopify does not know. Aftercare itself keeps to it.",
        count,
    )
    return _asks(t("Permission for consents"), said, optouts.SCOPE)


def _asks(name: str, said: str, scope: str) -> Light:
    return amber(name, said, Deed(language().t("Ask Shopify for it"), scope=scope))
