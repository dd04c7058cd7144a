"""Is this person not to be written to, since when, and why? By the address, for nothing but keyed hashes is kept."""

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from shopify_app.db import transaction
from shopify_app.frame import language, say, show
from shopify_app.mail import refusals
from shopify_app.shopify import guards

looking_up = Blueprint("refusals", __name__, url_prefix="/messages/refusals")
looking_up.before_request(guards.merchant)


@looking_up.get("")
def page() -> ResponseReturnValue:
    return show("home/refusals.html")


@looking_up.post("")
def look_up() -> ResponseReturnValue:
    """A POST, since an e-mail address belongs into no URL."""
    typed = request.form.get("q", "").strip()
    if "@" not in typed:
        return show("home/refusals_found.html", email=None)
    mark = refusals.mark(g.shop, typed)
    told = {"standing": refusals.of_mark(g.shop, mark), "lifted": refusals.lifted(g.shop, mark)}
    return show("home/refusals_found.html", email=typed, **told)


@looking_up.post("/lifting")
def lift() -> ResponseReturnValue:
    """Only a bounce: whoever objected or complained has to take that back themselves."""
    typed = request.form.get("email", "").strip()
    with transaction():
        is_lifted = refusals.lift(g.shop, refusals.mark(g.shop, typed), str(g.user))
    if not is_lifted:
        return say(language().t("There is nothing here that you could take back."), status=409)
    return say(language().t("This address is written to again."))
