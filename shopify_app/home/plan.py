"""The merchant's page about the plan: what it is, until when it may be tried, and that nothing stops without one."""

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from shopify_app.frame import language, say, show
from shopify_app.shopify import guards, plans

plan = Blueprint("plan", __name__, url_prefix="/plan")
plan.before_request(guards.merchant)


@plan.get("")
def page() -> ResponseReturnValue:
    """What Shopify adds to the address on the way back is no proof and is not read."""
    return show("home/plan.html", standing=plans.of(g.shop), prices=plans.prices(g.shop))


@plan.post("/reading")
def read() -> ResponseReturnValue:
    plans.read(g.shop)
    return say(language().t("Shopify was asked anew."))
