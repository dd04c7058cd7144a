"""The control panel: everything that can happen to the shops, as buttons. The deeds behind them are in panel_deeds."""

from dataclasses import asdict, dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from devstore import deeds, road, words
from devstore.carriers import CARRIERS
from devstore.context import store
from devstore.pages import wording
from devstore.pages.panel_deeds import DEEDS, WAY_BACK
from devstore.records import Line, Order, Shop
from devstore.scenarios import SCENARIOS

blueprint = Blueprint("panel", __name__)

SHOWN = 60
"""Rows of a list; the newest ones."""

FORWARD = {"1 hour": "hours=1", "1 day": "days=1", "10 days": "days=10"}


@dataclass(frozen=True)
class Fault:
    """A field of devstore.faults as the panel says it."""

    group: str
    name: str
    label: str
    hint: str


FAULTS = (
    Fault("webhooks", "twice", "Twice", "The next so many are sent twice with the same id"),
    Fault("webhooks", "late", "Late", "The next so many are held back for a minute"),
    Fault("webhooks", "shuffled", "Shuffled", "So many are gathered, then sent in another order"),
    Fault("webhooks", "error_first", "Error first", "The first try breaks off half-way, a later one comes whole"),
    Fault("webhooks", "dropped", "Never", "The next so many are never sent"),
    Fault("graphql", "throttled", "Throttled", "The next so many calls are told to wait"),
    Fault("graphql", "error", "Error 500", "The next so many calls fail"),
    Fault("graphql", "slow_seconds", "Slow, seconds", "Every call takes that much longer"),
    Fault("graphql", "outage", "Down", "503 until it is switched off"),
    Fault("token", "outage", "Down", "The token endpoint answers 503 until it is switched off"),
    Fault("token", "lost", "Answer lost", "The pair is made, but the app never sees it"),
    Fault("smtp", "temporary", "4xx", "The next so many messages are put off with 451"),
    Fault("smtp", "permanent", "5xx", "The next so many recipients are refused with 550"),
    Fault("smtp", "drop_after_data", "Hang up before keeping", "The line ends, the message is lost"),
    Fault("smtp", "drop_after_accept", "Hang up after keeping", "The message arrives, the app is not told"),
    Fault("smtp", "idempotent", "Knows idempotency keys", "A repeated key is accepted and kept once"),
)
GROUPS = {"webhooks": "Webhooks", "graphql": "Admin API", "token": "Tokens", "smtp": "Mail server"}


@blueprint.get("/control")
def orders() -> str:
    """?shop= one shop's orders, else the first one's."""
    shop = _shop(request.args.get("shop"))
    found = store().state.orders.of(shop.domain)[::-1][:SHOWN]
    return _page("orders.html", shop=shop, rows=[_row(order, shop) for order in found], scenarios=SCENARIOS)


@blueprint.get("/control/orders/<int:id>")
def order(id: int) -> str:
    found = store().state.orders.get(id) or abort(404)
    shop = store().state.shops[found.shop]
    return _page(
        "order.html",
        shop=shop,
        **_row(found, shop),
        carriers=list(CARRIERS),
        scans=deeds.SCANS,
        free=returnable_lines(found),
        way_back=WAY_BACK,
        owed=words.outstanding(found, shop.currency),
        status_page=words.status_url(store().storefront_url(shop.domain), shop, found),
        customer=store().state.customers.get(found.customer_id or 0),
    )


@blueprint.get("/control/webhooks")
def webhooks() -> str:
    """?state= and ?topic= narrow the list."""
    rows = store().log.rows(request.args.get("shop") or None)
    counts = {state: sum(row.state == state for row in rows) for state in ("waiting", "delivered", "failed", "dropped")}
    wanted, topic = request.args.get("state"), request.args.get("topic")
    kept = [row for row in rows if wanted in (None, "", row.state) and topic in (None, "", row.topic)]
    topics = sorted({row.topic for row in rows})
    return _page("webhooks.html", rows=kept[:SHOWN], counts=counts, topics=topics, wanted=wanted, topic=topic)


@blueprint.get("/control/trouble")
def trouble() -> str:
    values = asdict(store().faults)
    return _page("trouble.html", faults=FAULTS, groups=GROUPS, values=values, secrets=store().secrets)


@blueprint.get("/control/people")
def people() -> str:
    shop = _shop(request.args.get("shop"))
    customers = store().state.customers.of(shop.domain)
    return _page("people.html", shop=shop, customers=customers, install=store().state.install(shop.domain))


@blueprint.post("/control/do/<name>")
def do(name: str) -> ResponseReturnValue:
    """One button. It says what it did, or why it could not, on the page where it was pressed."""
    if name not in DEEDS:
        abort(404)
    back = request.form.get("back", "/control")
    try:
        said = DEEDS[name](request.form)
    except (LookupError, ValueError) as wrong:
        flash(str(wrong), "wrong")
    else:
        flash(said, "good")
    return redirect(back if back.startswith(("/control", "/store/")) else "/control")


def _shop(domain: str | None) -> Shop:
    shops = store().state.shops
    found = shops.get(domain) if domain else next(iter(shops.values()), None)
    return found or abort(404)


def returnable_lines(order: Order) -> list[tuple[Line, int]]:
    """Lines with the pieces that may still come back."""
    packed = {line.id: line.line_id for parcel in order.fulfillments for line in parcel.lines}
    counts: dict[int, int] = {}
    for id, pieces in deeds.returnable(order).items():
        counts[packed[id]] = counts.get(packed[id], 0) + pieces
    return [(line, counts[line.id]) for line in order.lines if counts.get(line.id)]


def _row(order: Order, shop: Shop) -> dict[str, Any]:
    return {
        "order": order,
        "total": wording.total(order, shop),
        "payment": wording.payment(order, shop),
        "delivery": wording.delivery(order),
        "parcels": [(parcel, wording.parcel(parcel), road.usual_next(parcel)) for parcel in order.fulfillments],
        "left": [line for line in order.lines if line.unfulfilled],
        "when": wording.moment(order.created_at, shop.iana_timezone),
    }


def _page(template: str, **values: Any) -> str:
    said = {"price": wording.price, "moment": wording.moment, "forward": FORWARD, "parcel_words": wording.PARCEL}
    return render_template(f"control/{template}", running=store(), **said, **values)
