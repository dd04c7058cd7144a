"""The way out with everything: one file, written while it is sent."""

from flask import Blueprint, Response, g, stream_with_context
from flask.typing import ResponseReturnValue

from shopify_app import roles
from shopify_app.frame import language, show
from shopify_app.privacy import takeout
from shopify_app.shopify import guards

exit_door = Blueprint("takeout", __name__, url_prefix="/privacy/takeout")
exit_door.before_request(guards.merchant)


@exit_door.get("")
def page() -> ResponseReturnValue:
    return show("home/privacy_takeout.html", takeouts=takeout.latest(g.shop))


@exit_door.get("/file")
def file() -> ResponseReturnValue:
    """Written while it is sent; who took it is written down before the first byte."""
    roles.check(g.shop, roles.DATA)
    begun = takeout.begin(g.shop, str(g.user))
    answer = Response(stream_with_context(takeout.write(g.shop, begun.id)), mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=f"aftercare-{g.shop.handle}.zip")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@exit_door.get("/progress")
def progress() -> ResponseReturnValue:
    """Of the newest; with no words before there is one."""
    rows = takeout.latest(g.shop, 1)
    if not rows:
        return {"sentence": "", "count": 0, "total": 0}
    count, total = rows[0].count, max(rows[0].total, rows[0].count)
    return {"sentence": _told(rows[0].done_at is not None, count, total), "count": count, "total": total}


def _told(is_done: bool, count: int, total: int) -> str:
    speech = language()
    if is_done:
        return speech.t("The file is whole: {count} rows.", count=speech.number(count))
    return speech.t("{count} of {total} rows are written.", count=speech.number(count), total=speech.number(total))
