"""The merchant's pages about what is known of persons: requests, the map, and who looked."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import structlog
from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue

from shopify_app import clock, periods, privacy, roles, settings
from shopify_app.db import transaction
from shopify_app.frame import language, offer, say, show
from shopify_app.home import sighted
from shopify_app.language import words
from shopify_app.orders import read
from shopify_app.privacy import datamap, sightings
from shopify_app.privacy.models import Sighting
from shopify_app.shopify import guards

log = structlog.get_logger()

TIME = timedelta(days=30)
"""Shopify's limit for either kind of request, and a month is the law's."""
SHORTER = words("A whole number from {least} to {most}.")

rooms = Blueprint("privacy", __name__, url_prefix="/privacy")
rooms.before_request(guards.merchant)
rooms.after_app_request(sighted.note)


@rooms.get("")
def requests() -> ResponseReturnValue:
    asked = privacy.requests_of(g.shop)
    return show("home/privacy.html", requests=asked, days=privacy.KEPT.days, time=TIME, now=clock.now())


@rooms.get("/<int:request_id>")
def one(request_id: int) -> ResponseReturnValue:
    found = privacy.request_of(g.shop, request_id) or abort(404)
    titles = {table: purpose.title for purpose in datamap.PURPOSES for table in purpose.tables}
    return show("home/privacy_request.html", request=found, titles=titles, days=privacy.KEPT.days, time=TIME)


@rooms.get("/<int:request_id>/export")
def export(request_id: int) -> ResponseReturnValue:
    """All that is held about a person leaves the app: who took it is written down."""
    roles.check(g.shop, roles.DATA)
    found = privacy.export_of(g.shop, request_id)
    if found is None:
        abort(404)
    log.info("export_handed_over", shop=g.shop.domain, user=g.user, request=request_id)
    return offer(f"data-request-{request_id}.json", found)


@rooms.get("/<int:request_id>/certificate")
def certificate(request_id: int) -> ResponseReturnValue:
    found = privacy.certificate_of(g.shop, request_id)
    if found is None:
        abort(404)
    return offer(f"erasure-{request_id}.json", found)


@rooms.get("/map")
def data_map() -> ResponseReturnValue:
    return show(
        "home/privacy_map.html",
        **datamap.told(g.shop),
        purged=datamap.purged(),
        limits=periods.PERIODS,
        chosen=_chosen(),
    )


@rooms.post("/periods")
def shorten() -> ResponseReturnValue:
    """What is too old by the new periods goes with the next round of the chores."""
    typed = {name: request.form.get(name, "").strip() for name in periods.PERIODS}
    wrong = {name: _wrong(name) for name, value in typed.items() if not _fits(name, value)}
    if wrong:
        return say(next(iter(wrong.values())), status=422, errors=wrong)
    with transaction():
        settings.put(g.shop, {periods.SETTING: {name: int(value) for name, value in typed.items()}})
    return say(language().t("Saved. What is older goes within a day."))


@rooms.get("/log")
def seen() -> ResponseReturnValue:
    user, title = request.args.get("user", ""), request.args.get("page", "")
    told = _listed(sightings.of(g.shop, user=user, rooms=sighted.rooms(title)))
    kept = periods.of(g.shop.settings, periods.SIGHTINGS).days
    return show(
        "home/privacy_log.html",
        users=sightings.users(g.shop),
        user=user,
        titles=dict.fromkeys(sighted.PAGES.values()),
        title=title,
        kept=kept,
        **told,
    )


@rooms.post("/log/search")
def search() -> ResponseReturnValue:
    """Who looked at one person: by e-mail address or order number, which belong into no URL."""
    text = request.form.get("q", "").strip()
    orders = {order.id for order in read.search(g.shop, text)} if text else None
    return show("home/privacy_log_found.html", **_listed(sightings.of(g.shop, orders=orders)))


def _listed(rows: Collection[Sighting]) -> dict[str, Any]:
    names = read.names(g.shop, {row.order_id for row in rows if row.order_id})
    return {"rows": rows, "names": names, "page": sighted.page}


def _chosen() -> dict[str, int]:
    return {name: periods.of(g.shop.settings, name).days for name in periods.PERIODS}


def _fits(name: str, typed: str) -> bool:
    period = periods.PERIODS[name]
    return typed.isascii() and typed.isdigit() and len(typed) < 5 and period.least <= int(typed) <= period.most


def _wrong(name: str) -> str:
    period = periods.PERIODS[name]
    return language().t(SHORTER, least=period.least, most=period.most)
