"""The merchant's page of codes for friends: the switch, what they are worth, what came of them."""

from dataclasses import replace

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from shopify_app import clock
from shopify_app.codes import friends, making
from shopify_app.db import transaction
from shopify_app.frame import language, say, show
from shopify_app.referrals import results
from shopify_app.shopify import guards

admin = Blueprint("referrals", __name__, url_prefix="/friends")
admin.before_request(guards.merchant)


@admin.get("")
def page() -> ResponseReturnValue:
    state = request.args.get("state")
    return show(
        "referrals/results.html",
        terms=friends.of(g.shop),
        choices=friends.CHOICES,
        may_make=making.may_make(g.shop),
        scope=making.SCOPE,
        counts=results.counts(g.shop),
        reasons=results.reasons(g.shop),
        state=state if state in results.STATES else None,
        codes=results.codes(g.shop) if state == results.SHARED else (),
        rows=results.rows(g.shop, state),
        span=results.SPAN.days,
    )


@admin.post("/switch")
def switch() -> ResponseReturnValue:
    """Orders that came while it was on bring what was promised, also when it is off."""
    is_on = request.form.get("on") == "yes"
    if is_on and not making.may_make(g.shop):
        return say(language().t("Shopify has not allowed Aftercare to make discounts yet"), status=409)
    with transaction():
        friends.keep(g.shop, replace(friends.of(g.shop), since=clock.now() if is_on else None))
    return say(language().t("Codes for friends are on.") if is_on else language().t("Codes for friends are off."))


@admin.post("")
def choose() -> ResponseReturnValue:
    now = friends.of(g.shop)
    try:
        chosen = friends.chosen(request.form, now)
    except ValueError as error:
        said = language().t("Please choose one of these.")
        return say(said, status=422, errors={str(error): said})
    with transaction():
        friends.keep(g.shop, replace(now, **chosen))  # type: ignore[arg-type]
    return say(language().t("Saved"))
