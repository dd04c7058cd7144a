"""Read from Shopify what no webhook told us: the first import, regular rounds, single things we miss.

Each is a row of `syncs`. What is read goes to `tell`, the same function that webhooks go to, so effects have the same
keys however the news came.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog
from sqlalchemy import func, select, update

from shopify_app import clock, work
from shopify_app.db import db, transaction, upsert
from shopify_app.orders import graph, pages, record
from shopify_app.orders.models import Order, ParcelEvent, Shipment, Sync
from shopify_app.queue import ring
from shopify_app.shopify import bulk
from shopify_app.shopify import models as shops
from shopify_app.shopify.admin_api import AdminApi, document
from shopify_app.shopify.errors import Paused, Refused, ShopifyError, Throttled, Unauthorized
from shopify_app.shopify.models import Shop

log = structlog.get_logger()


class Tell(NamedTuple):
    """Who hears of what was read."""

    order: Callable[..., bool]
    """order(shop, payload, at, imported=False) → whether the order was new."""
    returned: Callable[[Shop, dict[str, Any], datetime], None]
    """returned(shop, node, at): a return as the Admin API shows it."""


ROUND = timedelta(minutes=5)
NIGHT = timedelta(days=1)
OVERLAP = timedelta(minutes=10)
"""Rounds look back further than they must: search lags behind the truth."""
SWEEP = timedelta(hours=48)
IMPORT_DAYS = 60
"""What read_orders shows without read_all_orders."""
POLL = timedelta(seconds=3)
USUAL = {"parcels": 6, "parcelLines": 15, "scans": 20, "refunds": 5, "refundLines": 10}
"""How much of an order is asked for at once: nearly every one fits, and the call stays far below what one may cost."""
LARGE = {"parcels": 100, "parcelLines": 1, "scans": 1, "refunds": 100, "refundLines": 1}
"""The same call for an order with more parcels or refunds than that; what is in them is read page by page."""
PAUSE = timedelta(hours=1)
"""For a shop that is frozen, or whose merchant must open the app first."""


def begin(shop: Shop) -> None:
    """Put the first import and the rounds of a shop to work; a second install starts them anew."""
    now = clock.now()
    starts = {"import": now, "recent": now + ROUND, "nightly": now + NIGHT}
    with transaction():
        for kind, due_at in starts.items():
            _put(shop.id, kind, 0, due_at, {"cursor": None, "count": 0, "total": None})
        ring("sync")


def stop(shop_id: int) -> None:
    """No more reading for a shop that is gone."""
    with transaction():
        open_ = update(Sync).where(Sync.shop_id == shop_id, Sync.done_at.is_(None))
        db.session.execute(open_.values(done_at=clock.now(), owner=None, result="stopped"))


def want(shop_id: int, kind: str, *subjects: int) -> None:
    """Have things read soon: "order", "product", "return" by Shopify's numbers, or "details" (0)."""
    with transaction():
        for subject in subjects:
            _put(shop_id, kind, subject, clock.now(), {})
        if subjects:
            ring("sync")


def hurry(shop_id: int) -> None:
    """Look after the first import now."""
    with transaction():
        waits = update(Sync).where(Sync.shop_id == shop_id, Sync.kind == "import", Sync.done_at.is_(None))
        db.session.execute(waits.where(Sync.owner.is_(None)).values(due_at=clock.now()))
        ring("sync")


def look_now(shop: Shop) -> None:
    """Have the rounds come at once, those too that were given up; a running one is left alone."""
    idle = (Sync.shop_id == shop.id, Sync.done_at.is_(None), Sync.owner.is_(None))
    with transaction():
        for kind in ("recent", "nightly"):
            _put(shop.id, kind, 0, clock.now(), {"cursor": None})
            db.session.execute(update(Sync).where(*idle, Sync.kind == kind).values(due_at=clock.now()))
        ring("sync")


def of(shop: Shop, kind: str) -> Sync | None:
    """The import or a round of a shop, for showing how far it is."""
    return db.session.scalar(select(Sync).where(Sync.shop_id == shop.id, Sync.kind == kind, Sync.subject == 0))


def _put(shop_id: int, kind: str, subject: int, due_at: datetime, columns: dict[str, Any]) -> None:
    """One row per thing; asking again wakes one that is done, and leaves one that waits or runs alone."""
    fresh = {"due_at": due_at, "tries": 0, "done_at": None, "owner": None, "result": None, "error": None} | columns
    row = {"shop_id": shop_id, "kind": kind, "subject": subject, "count": 0, "misses": 0} | fresh
    keys = ("shop_id", "kind", "subject")
    if not upsert(Sync, [row], keys, keep=True):
        same = (Sync.shop_id == shop_id, Sync.kind == kind, Sync.subject == subject)
        db.session.execute(update(Sync).where(*same, Sync.done_at.is_not(None)).values(fresh))


def run(tell: Tell, limit: int = 10) -> int:
    """Claim due reading and do it; returns how many rows were claimed."""
    rows = work.claim(Sync, limit)
    for sync in rows:
        _run(sync, tell)
    return len(rows)


def _run(sync: Sync, tell: Tell) -> None:
    try:
        _try(sync, tell)
    except work.LostLease:
        log.warning("sync_taken_over", sync=sync.id)


def _try(sync: Sync, tell: Tell) -> None:
    try:
        shop = shops.get(sync.shop_id)
        if not shop.is_installed:
            work.finish(sync, "stopped")
            return
        STEPS[sync.kind](sync, shop, tell)
    except Throttled as error:
        work.again(sync, clock.now() + timedelta(seconds=error.wait))
    except (Paused, Unauthorized) as error:
        work.again(sync, clock.now() + PAUSE, error=type(error).__name__)
    except Refused as error:
        work.fail(sync, str(error)[:200])
    except ShopifyError as error:
        work.fail(sync, type(error).__name__)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        # An answer that is not as documented; it must not keep others from being read.
        log.warning("sync_not_understood", sync=sync.id, kind=sync.kind, error=type(error).__name__)
        work.fail(sync, type(error).__name__)


def _order(sync: Sync, shop: Shop, tell: Tell) -> None:
    payload, at = _fetch(shop, sync.subject)
    with transaction():
        if payload is not None:
            tell.order(shop, payload, at)
        work.finish(sync, "read" if payload else "not there")


def _fetch(shop: Shop, order_id: int) -> tuple[dict[str, Any] | None, datetime]:
    """The order as Shopify has it now, and when we asked; None when it shows us no such order."""
    at = clock.now()
    gid = f"gid://shopify/Order/{order_id}"
    api = AdminApi(shop)
    node = api.run("orders/order", id=gid, **USUAL)["order"]
    if node is not None and _is_cut(node):
        node = api.run("orders/order", id=gid, **LARGE)["order"]
    if node is None:
        return None, at
    pages.complete(api, "orders/lines", gid, node["lineItems"])
    for parcel in node["fulfillments"]:
        pages.complete(api, "orders/parcel_lines", parcel["id"], parcel["fulfillmentLineItems"])
        pages.complete(api, "orders/parcel_scans", parcel["id"], parcel["events"])
    for refund in node["refunds"]:
        pages.complete(api, "orders/refund_lines", refund["id"], refund["refundLineItems"])
    return graph.order(node), at


def _is_cut(node: dict[str, Any]) -> bool:
    """Parcels and refunds are plain lists: only a full one tells that there may be more."""
    return len(node["fulfillments"]) == USUAL["parcels"] or len(node["refunds"]) == USUAL["refunds"]


def _product(sync: Sync, shop: Shop, _tell: Tell) -> None:
    at = clock.now()
    node = AdminApi(shop).run("orders/product", id=f"gid://shopify/Product/{sync.subject}")["product"]
    with transaction():
        if node is not None:
            record.product(shop.id, graph.product(node), at)
        work.finish(sync, "read" if node else "not there")


def _return(sync: Sync, shop: Shop, tell: Tell) -> None:
    at = clock.now()
    node = pages.whole_return(shop, sync.subject)
    with transaction():
        if node is not None:
            record.returned(shop.id, graph.returned(node), at)
            tell.returned(shop, node, at)
        work.finish(sync, "read" if node else "not there")


def _recent(sync: Sync, shop: Shop, tell: Tell) -> None:
    started = clock.now()
    since = datetime.fromisoformat(sync.cursor) - OVERLAP if sync.cursor else started - SWEEP
    misses = _compare(shop, since, tell)
    work.again(sync, started + ROUND, cursor=started.isoformat(), misses=sync.misses + misses, tries=0, error=None)


def _nightly(sync: Sync, shop: Shop, tell: Tell) -> None:
    """Two days back, and every parcel under way: a scan does not always touch its order."""
    started = clock.now()
    misses = _compare(shop, started - SWEEP, tell)
    with transaction():
        _mark_under_way(shop.id)
        want(shop.id, "details", 0)
        work.again(sync, started + NIGHT, misses=sync.misses + misses, tries=0, error=None)


def _compare(shop: Shop, since: datetime, tell: Tell) -> int:
    """List what changed at Shopify, fetch what the mirror lacks or has in an older state; how many that were."""
    query = f"updated_at:>='{since.strftime('%Y-%m-%dT%H:%M:%SZ')}'"
    misses, after = 0, None
    while True:
        page = AdminApi(shop).run("orders/recent", query=query, after=after)["orders"]
        for order_id in _behind(shop.id, page["nodes"]):
            payload, at = _fetch(shop, order_id)
            if payload is not None:
                with transaction():
                    tell.order(shop, payload, at)
                misses += 1
        if not page["pageInfo"]["hasNextPage"]:
            return misses
        after = page["pageInfo"]["endCursor"]


def _behind(shop_id: int, nodes: list[dict[str, Any]]) -> list[int]:
    theirs = {graph.number(node["id"]): datetime.fromisoformat(node["updatedAt"]) for node in nodes}
    rows = db.session.execute(
        select(Order.id, Order.updated_at).where(Order.shop_id == shop_id, Order.id.in_(list(theirs)))
    ).all()
    ours = {row.id: row.updated_at for row in rows}
    return [order_id for order_id, at in theirs.items() if order_id not in ours or ours[order_id] < at]


def _mark_under_way(shop_id: int) -> None:
    """Parcels of the last month of which Shopify has not told that they arrived."""
    arrived = select(ParcelEvent.shipment_id).where(
        ParcelEvent.shop_id == shop_id, ParcelEvent.status == "delivered", ParcelEvent.asked_of.is_(None)
    )
    under_way = update(Shipment).where(
        Shipment.shop_id == shop_id,
        Shipment.created_at > clock.now() - timedelta(days=30),
        Shipment.status == "success",
        Shipment.id.not_in(arrived),
    )
    db.session.execute(under_way.values(is_partial=True).execution_options(synchronize_session=False))


def _details(sync: Sync, shop: Shop, tell: Tell) -> None:
    """Fetch the lines and events of parcels that the import could not tell, newest first, a few at a time."""
    partial = select(Shipment.order_id).where(Shipment.shop_id == shop.id, Shipment.is_partial)
    newest = partial.group_by(Shipment.order_id).order_by(func.max(Shipment.created_at).desc()).limit(20)
    order_ids = db.session.scalars(newest).all()
    for order_id in order_ids:
        payload, at = _fetch(shop, order_id)
        with transaction():
            if payload is not None:
                tell.order(shop, payload, at, imported=True)
            _mark_whole(shop.id, order_id)
    if order_ids:
        work.again(sync, clock.now(), count=sync.count + len(order_ids), tries=0)
    else:
        work.finish(sync, "read")


def _mark_whole(shop_id: int, order_id: int) -> None:
    """Also for parcels that Shopify no longer shows, else they would be asked for for ever."""
    whole = update(Shipment).where(Shipment.shop_id == shop_id, Shipment.order_id == order_id, Shipment.is_partial)
    db.session.execute(whole.values(is_partial=False).execution_options(synchronize_session=False))


def _import(sync: Sync, shop: Shop, tell: Tell) -> None:
    if sync.cursor is None:
        _start_import(sync, shop)
        return
    state = AdminApi(shop).run("orders/import_state", id=sync.cursor)["bulkOperation"]
    total = int(state["rootObjectCount"])
    if state["status"] in ("CREATED", "RUNNING", "CANCELING"):
        work.again(sync, clock.now() + POLL, total=total)
    elif state["status"] == "COMPLETED":
        _read_import(sync, shop, tell, state["url"], total)
    else:
        work.fail(sync, f"bulk operation {state['status']} {state['errorCode'] or ''}".strip(), cursor=None)


def _start_import(sync: Sync, shop: Shop) -> None:
    since = (clock.now() - timedelta(days=IMPORT_DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
    query = document("orders/import_orders").replace("SINCE", since)
    started = AdminApi(shop).run("orders/import_start", query=query)["bulkOperationRunQuery"]["bulkOperation"]
    work.again(sync, clock.now() + POLL, cursor=started["id"], count=0)


def _read_import(sync: Sync, shop: Shop, tell: Tell, url: str | None, total: int) -> None:
    """A page of orders per transaction, each of which also moves the lease on; a second reading changes nothing."""
    at, count, page = clock.now(), 0, []
    for node in _orders(url) if url else ():
        page.append(graph.order(node))
        if len(page) == 50:
            count += _tell_page(sync, shop, tell, page, at, count, total)
            page = []
    with transaction():
        for payload in page:
            tell.order(shop, payload, at, imported=True)
        want(shop.id, "details", 0)
        work.finish(sync, "read", count=count + len(page), total=count + len(page))


def _tell_page(
    sync: Sync, shop: Shop, tell: Tell, page: list[dict[str, Any]], at: datetime, count: int, total: int
) -> int:
    with transaction():
        for payload in page:
            tell.order(shop, payload, at, imported=True)
        work.hold(sync, count=count + len(page), total=total, due_at=clock.now() + timedelta(minutes=5))
    return len(page)


def _orders(url: str) -> Iterator[dict[str, Any]]:
    """The orders of a bulk result with their lines. It is grouped: children follow their parent."""
    current: dict[str, Any] | None = None
    for node in bulk.lines(url):
        if "__parentId" not in node:
            if current is not None:
                yield current
            current = node | {"lineItems": []}
        elif current is not None:
            current["lineItems"].append(node)
    if current is not None:
        yield current


STEPS: dict[str, Callable[[Sync, Shop, Tell], None]] = {
    "import": _import,
    "details": _details,
    "recent": _recent,
    "nightly": _nightly,
    "order": _order,
    "product": _product,
    "return": _return,
}
