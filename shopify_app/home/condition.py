"""How the app is doing, and what can be done about it. The page comes at once; what has to be looked up, after it."""

from flask import Blueprint, abort, g
from flask.typing import ResponseReturnValue

from shopify_app import work
from shopify_app.frame import language, say, show
from shopify_app.home import lights, repairs
from shopify_app.home.lights import State, rows, topics
from shopify_app.home.repairs import Done
from shopify_app.shopify import guards
from shopify_app.webhooks import inbox

condition = Blueprint("condition", __name__, url_prefix="/health")
condition.before_request(guards.merchant)


@condition.get("")
def page() -> ResponseReturnValue:
    return show("home/health.html")


@condition.get("/lights")
def lit() -> ResponseReturnValue:
    """A piece of the page."""
    found, seen = lights.lit(g.shop), topics.newest(g.shop)
    return show(
        "home/lights.html",
        lights=found,
        ill=[one for one in found if one.state is not State.GREEN],
        well=[one for one in found if one.state is State.GREEN],
        failed=inbox.failed(g.shop),
        dead=[kind for kind in rows.dead(g.shop) if kind.table != "webhooks"],
        heard=topics.heard(seen),
        silent=topics.silent(seen),
        days=topics.SPAN.days,
        span=lights.span,
    )


@condition.post("/repairs")
def mend_all() -> ResponseReturnValue:
    return _said(repairs.everything(g.shop))


@condition.post("/repairs/<repair>")
def mend(repair: str) -> ResponseReturnValue:
    if repair not in repairs.REPAIRS:
        abort(404)
    return _said(repairs.REPAIRS[repair](g.shop))


@condition.post("/work/<table>/retries")
def retry_all(table: str) -> ResponseReturnValue:
    """Of one kind of work."""
    if table not in rows.NAMES:
        abort(404)
    return _said(repairs.retry(g.shop, table))


@condition.post("/work/<table>/<int:row_id>/retry")
def retry(table: str, row_id: int) -> ResponseReturnValue:
    row = rows.one(g.shop, table, row_id) if table in rows.NAMES else None
    if row is None:
        abort(404)
    work.replay(row)
    return say(language().t("It is being tried again."))


def _said(done: Done) -> ResponseReturnValue:
    return say(done.said, status=200 if done.is_done else 409)
