"""The four tiles of the start page, what is behind each figure, and the same as a file."""

from collections.abc import Iterator, Sequence
from itertools import islice

import structlog
from flask import Blueprint, Response, abort, g, request, stream_with_context
from flask.typing import ResponseReturnValue

from shopify_app import clock
from shopify_app.carts import results
from shopify_app.db import rest
from shopify_app.feedback.exporting import cell, line
from shopify_app.frame import language, link, show
from shopify_app.home import curves, measures, weeks
from shopify_app.home.measures import MEASURES, TILES, Figure, Measure
from shopify_app.home.weeks import Row
from shopify_app.language import zone
from shopify_app.orders import read
from shopify_app.shopify import guards
from shopify_app.shopify.models import Shop

log = structlog.get_logger()

PAGE = 50
WHICH = ("hits", "others")
BATCH = 500

figures = Blueprint("figures", __name__, url_prefix="/figures")
figures.before_request(guards.merchant)


@figures.get("/tiles/<name>")
def tile(name: str) -> ResponseReturnValue:
    """What fills one tile, fetched once the page stands."""
    chosen = TILES.get(name) or abort(404)
    found = [measures.of(g.shop, one, chosen.lately) for one in chosen.measures]
    return show(
        "home/tile.html",
        figures=found,
        drawing=curves.draw(found, g.shop.installed_at),
        lately=chosen.lately,
        effect=_effect(found) if len(found) == 2 and found[0].measure is measures.WRITTEN_TO else None,
    )


@figures.get("/<name>")
def page(name: str) -> ResponseReturnValue:
    """What it means, week by week, and the rows behind it."""
    measure = MEASURES.get(name) or abort(404)
    which = request.args.get("which", "")
    skip = min(max(request.args.get("skip", 0, type=int), 0), 1_000_000)
    found = measures.of(g.shop, measure)
    shown = list(islice(_rows(g.shop, measure, which), skip, skip + PAGE + 1))
    asked = {"which": which} if which in WHICH else {}
    return show(
        "home/figure.html",
        figure=found,
        drawing=curves.draw([found], g.shop.installed_at),
        rows=shown[:PAGE],
        names=read.names(g.shop, {row.order_id for row in shown if row.order_id}),
        which=which,
        older=link(f"/figures/{name}", skip=skip + PAGE, **asked) if len(shown) > PAGE else None,
        newer=link(f"/figures/{name}", skip=max(skip - PAGE, 0), **asked) if skip else None,
        span=weeks.WEEKS,
    )


@figures.get("/<name>.csv")
def file(name: str) -> Response:
    """Every row of the weeks that are shown, with what it counts as."""
    measure = MEASURES.get(name) or abort(404)
    log.info("figures_handed_over", shop=g.shop.domain, user=g.user, figure=name)
    answer = Response(stream_with_context(_lines(g.shop, measure)), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"aftercare-{name}.csv")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _rows(shop: Shop, measure: Measure, which: str = "") -> Iterator[Row]:
    """All that its weeks count, or one side of the line."""
    begins = weeks.bounds(clock.now(), zone(shop.timezone))
    for row in measure.rows(shop, measures.first(shop, measure, begins), begins[-1]):
        if which not in WHICH or row.is_hit is (which == "hits"):
            yield row


def _lines(shop: Shop, measure: Measure) -> Iterator[str]:
    """A batch of names at a time, and no transaction open while a slow reader takes them."""
    home, words = zone(shop.timezone), language()
    said = {True: words.t(measure.hit), False: words.t(measure.other)}
    yield line(["day", "at", "order", "counted_as", "is_hit"])
    rows = iter(list(_rows(shop, measure)))
    while batch := list(islice(rows, BATCH)):
        names = read.names(shop, {row.order_id for row in batch if row.order_id})
        rest()
        for row in batch:
            name = names.get(row.order_id or 0, "")
            day = row.at.astimezone(home).date().isoformat()
            cells = (day, row.at.isoformat(), name, said[row.is_hit], int(row.is_hit))
            yield line([cell(one) for one in cells])


def _effect(found: Sequence[Figure]) -> results.Effect:
    """Of reminders, by comparison with those whom chance held out."""
    treated, held_out = (results.Share(*one.lately) for one in found)
    return results.Effect(treated, held_out)
