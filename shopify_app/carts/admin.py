"""The merchant's pages about abandoned carts: what became of them, what would have, and the switch."""

from dataclasses import replace

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from shopify_app import clock, dry_runs
from shopify_app.carts import history, results, settings, timer
from shopify_app.codes import making
from shopify_app.db import transaction
from shopify_app.frame import is_fetched, language, say, show
from shopify_app.language import zone
from shopify_app.shopify import guards

admin = Blueprint("carts", __name__, url_prefix="/carts")
admin.before_request(guards.merchant)

DRY_RUN = "carts"
"""Name of the proof that the merchant saw what reminders would have done."""


@admin.get("")
def page() -> ResponseReturnValue:
    state = request.args.get("state")
    orders, money = results.recovered(g.shop)
    return show(
        "carts/results.html",
        chosen=settings.of(g.shop),
        counts=results.counts(g.shop),
        reasons=results.reasons(g.shop),
        orders=orders,
        money=money,
        effect=results.effect(g.shop),
        bars=results.bars,
        rows=results.rows(g.shop, state),
        state=state if state in results.STATES else None,
        span=results.SPAN.days,
        counts_for=timer.COUNTS.days,
    )


@admin.get("/rehearsal")
def rehearsal() -> ResponseReturnValue:
    """Reads the shop's last weeks at Shopify, and changes nothing. Its button holds the proof that it was seen."""
    chosen = settings.of(g.shop)
    return show(
        "carts/rehearsal.html",
        chosen=chosen,
        rehearsal=history.rehearse(g.shop, chosen) if is_fetched() else None,
        span=history.SPAN.days,
        rows=results.ROWS,
        proof=dry_runs.proof(DRY_RUN, g.shop.id),
        zone=zone(g.shop.timezone),
    )


@admin.post("/switch")
def switch() -> ResponseReturnValue:
    """On wants the proof of the rehearsal; what happened before never gets a message."""
    is_on = request.form.get("on") == "yes"
    if is_on and not dry_runs.is_seen(DRY_RUN, g.shop.id, request.form.get("proof", "")):
        return say(language().t("Please look at what reminders would have done first."), status=409)
    with transaction():
        settings.keep(g.shop, replace(settings.of(g.shop), since=clock.now() if is_on else None))
    return say(language().t("Reminders are on.") if is_on else language().t("Reminders are off."))


@admin.get("/settings")
def choices() -> ResponseReturnValue:
    return show(
        "carts/settings.html",
        chosen=settings.of(g.shop),
        choices=settings.CHOICES,
        may_make=making.may_make(g.shop),
        scope=making.SCOPE,
        once_in=making.ONCE_IN.days,
    )


@admin.post("/settings")
def choose() -> ResponseReturnValue:
    now = settings.of(g.shop)
    try:
        chosen = settings.chosen(request.form, now)
    except ValueError as error:
        said = language().t("Please choose one of these.")
        return say(said, status=422, errors={str(error): said})
    with transaction():
        settings.keep(g.shop, replace(now, **chosen))  # type: ignore[arg-type]
    return say(language().t("Saved"))
