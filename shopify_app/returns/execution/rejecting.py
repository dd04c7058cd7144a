"""What was rejected is taken out of Shopify's return, which then holds what is refunded or exchanged, and what is still
to come.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from shopify_app import faults, work
from shopify_app.db import transaction
from shopify_app.orders import reconcile
from shopify_app.orders.graph import number
from shopify_app.returns import reading
from shopify_app.returns.execution import payout, steps, there
from shopify_app.returns.execution.there import Node
from shopify_app.returns.models import DONE, EXCHANGE, Item, Request, Step
from shopify_app.returns.policy import money
from shopify_app.returns.policy.money import Preview
from shopify_app.returns.requests import effects, lookup
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.models import Shop


def reject(step: Step, shop: Shop, request: Request) -> None:
    """What is too much there is worked out anew each time, so that a second try finds nothing left to do.

    A return of which nothing was accepted is cancelled, as long as nothing was done with it: the buyer keeps the goods.
    """
    node = there.read(shop, request.return_id) if request.return_id else None
    if node is None:
        steps.refuse(step, steps.NOT_FOUND)
        return
    items = lookup.items(shop, [request.id])[request.id]
    if node["status"] == there.OPEN and all(item.is_rejected for item in items) and not _is_begun(node):
        AdminApi(shop).run("returns/cancel", id=node["id"])
    elif node["status"] == there.OPEN and (surplus := removal(node, items)):
        AdminApi(shop).run("returns/remove", id=node["id"], **surplus)
    faults.point("return_reduced")
    _record(step, shop, _worth(shop, request, items))


def removal(node: Node, items: Sequence[Item]) -> dict[str, Any]:
    """Variables of returns/remove, but for the return's own; empty where it holds no more than it should."""
    wanted, swaps = Counter[int](), Counter[int]()
    for item in items:
        wanted[item.return_line_id or 0] += item.quantity - item.rejected
        if item.outcome == EXCHANGE:
            swaps[item.variant_id or 0] += item.quantity - item.rejected
    known = {item.return_line_id for item in items}
    lines = [
        {"returnLineItemId": line["id"], "quantity": count}
        for line in there.lines(node)
        if number(line["id"]) in known and (count := _surplus(line, wanted, number(line["id"])))
    ]
    exchanges = [
        {"exchangeLineItemId": line["id"], "quantity": count}
        for line in node["exchangeLineItems"]["nodes"]
        if line["variantId"] and (count := _surplus(line, swaps, number(line["variantId"])))
    ]
    return {"lines": lines, "exchanges": exchanges} if lines or exchanges else {}


def _surplus(line: Node, wanted: Counter[int], key: int) -> int:
    """Units of a line beyond those that are wanted of its kind; what Shopify is done with stays."""
    held = line["processedQuantity"] + line["processableQuantity"]
    kept = min(held, wanted[key])
    wanted[key] -= kept
    return int(min(held - kept, line["processableQuantity"]))


def _is_begun(node: Node) -> bool:
    """Something was inspected there, processed or paid: Shopify cancels it no more."""
    is_seen = any(line["dispositions"] for line in there.expected_back(node))
    return is_seen or any(there.processed(node).values()) or bool(node["refunds"]["nodes"])


def _worth(shop: Shop, request: Request, items: Sequence[Item]) -> Preview | None:
    """Of what is still to go out; None: nothing is, or nobody has worked it out before."""
    units = {item.id: item.quantity - item.rejected - item.processed for item in items}
    basket = reading.read(shop, request.order_id) if request.expected is not None and any(units.values()) else None
    return payout.expected(shop, request, basket, items, units) if basket is not None else None


def _record(step: Step, shop: Shop, worth: Preview | None) -> None:
    with transaction():
        request = steps.locked(shop, step)
        if request.expected is not None:
            request.expected = (request.refunded or 0) + (worth.total if worth else 0)
        request.content = request.content | {"due": money.packed(worth) if worth else None}
        effects.order(request, "close", effects.CLOCK, step.key.rpartition("/")[2])
        reconcile.want(shop.id, "return", request.return_id or 0)
        work.finish(step, DONE)
