"""The merchant's page of delivery times."""

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from shopify_app import settings as kept
from shopify_app.db import transaction
from shopify_app.frame import language, say, show
from shopify_app.orders import read
from shopify_app.shopify import guards
from shopify_app.tracking import estimates

settings = Blueprint("delivery", __name__, url_prefix="/settings/delivery")
settings.before_request(guards.merchant)


@settings.get("")
def delivery() -> ResponseReturnValue:
    titles = _titles()
    return show(
        "tracking/delivery.html",
        general=estimates.general(g.shop),
        methods=[(title, estimates.of_method(g.shop, title)) for title in titles],
        most=estimates.MOST,
    )


@settings.post("")
def change() -> ResponseReturnValue:
    """The methods come with their titles, so that one that appeared meanwhile moves nothing to another."""
    titles = [title for title in request.form.getlist("method") if title in _titles()]
    if titles != request.form.getlist("method"):
        return say(language().t("The delivery methods have changed. Please reload the page."), status=409)
    try:
        days = estimates.setting(request.form, titles)
    except estimates.Unclear as unclear:
        errors = {field: language().t(text, most=estimates.MOST) for field, text in unclear.errors.items()}
        return say(next(iter(errors.values())), status=422, errors=errors)
    with transaction():
        kept.put(g.shop, {estimates.SETTING: days})
    return say(language().t("Saved"))


def _titles() -> list[str]:
    """What buyers really chose, the commonest first, then others that have a rule."""
    used = read.shipping_methods(g.shop)
    return [*used, *(title for title in estimates.methods(g.shop) if title not in used)]
