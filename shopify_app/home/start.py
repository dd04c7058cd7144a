"""What a merchant sees first: how far the setting up is, the day's work, and four figures.

The document itself asks for little; each figure comes after it, from home/figures.py.
"""

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from shopify_app import clock
from shopify_app.frame import show
from shopify_app.home import duties, progress, steps
from shopify_app.home.measures import TILES
from shopify_app.shopify import guards

start = Blueprint("start", __name__)
start.before_request(guards.merchant)


@start.get("/")
def page() -> ResponseReturnValue:
    return show(
        "home/start.html",
        progress=progress.of(g.shop),
        guide=steps.of(g.shop),
        duties=duties.of(g.shop),
        tiles=TILES,
        now=clock.now(),
    )
