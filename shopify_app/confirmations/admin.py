"""The merchant's page of the kinds of confirmation: which are on, and which one each of the latest orders would get."""

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from shopify_app import settings as chosen
from shopify_app.codes import making
from shopify_app.confirmations import choosing, messages, rules
from shopify_app.confirmations.kinds import KINDS
from shopify_app.db import transaction
from shopify_app.frame import language, say, show
from shopify_app.orders import read
from shopify_app.shopify import guards

settings = Blueprint("confirmations", __name__, url_prefix="/settings/confirmations")
settings.before_request(guards.merchant)


@settings.get("")
def kinds() -> ResponseReturnValue:
    found = rules.of(g.shop)
    latest = read.wholes(g.shop, read.page(g.shop)[: read.PAGE])
    return show(
        "confirmations/kinds.html",
        kinds=KINDS,
        rules=found,
        typed=rules.typed(found, g.shop.currency),
        choices=rules.CHOICES,
        may_make=making.may_make(g.shop),
        scope=making.SCOPE,
        orders=[(whole.order, choosing.foreseen(g.shop, whole)) for whole in latest],
        went=messages.went_out(g.shop, [whole.order.id for whole in latest]),
    )


@settings.post("")
def change() -> ResponseReturnValue:
    try:
        kept = rules.read(request.form.getlist("kinds"), request.form, g.shop.currency)
    except rules.Unclear as unclear:
        errors = {field: language().t(text) for field, text in unclear.errors.items()}
        return say(next(iter(errors.values())), status=422, errors=errors)
    with transaction():
        chosen.put(g.shop, {rules.SETTING: kept})
    return say(language().t("Saved"))
