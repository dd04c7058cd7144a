"""A return as Shopify has it at this moment, and which of ours it is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shopify_app.orders import pages
from shopify_app.orders.facts import moment
from shopify_app.orders.graph import number
from shopify_app.returns.models import Item, Request
from shopify_app.returns.requests import lookup
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.models import Shop

REQUESTED, OPEN, DECLINED, CANCELED, CLOSED = "REQUESTED", "OPEN", "DECLINED", "CANCELED", "CLOSED"
"""Shopify's states."""

Node = dict[str, Any]


def read(shop: Shop, return_id: int) -> Node | None:
    """None when Shopify shows us no such return."""
    return pages.whole_return(shop, return_id)


def gid(return_id: int) -> str:
    return f"gid://shopify/Return/{return_id}"


def lines(node: Node) -> Sequence[Node]:
    """Those that belong to a parcel of the order: what was bought elsewhere is none of ours."""
    return [line for line in node["returnLineItems"]["nodes"] if line.get("fulfillmentLineItem")]


def expected_back(node: Node) -> Sequence[Node]:
    """What the warehouse waits or waited for, with what became of it."""
    orders = node["reverseFulfillmentOrders"]["nodes"]
    return [line for one in orders for line in one["lineItems"]["nodes"] if line["fulfillmentLineItem"]]


def find(shop: Shop, request: Request, items: Sequence[Item], since: datetime) -> Node | None:
    """A live return of these very units that no request of ours stands for, filed since then: our own, whose answer got
    lost, or the one that the buyer's session has filed.
    """
    order = AdminApi(shop).run("returns/filed", id=f"gid://shopify/Order/{request.order_id}")["order"]
    taken = {number for one in lookup.of_order(shop, request.order_id) for number in numbers(one)}
    for node in order["returns"]["nodes"] if order else ():
        is_new = number(node["id"]) not in taken and (moment(node["createdAt"]) or since) >= since
        if is_new and node["status"] in (REQUESTED, OPEN) and is_for(_whole(shop, node), request, items):
            return node  # type: ignore[no-any-return]
    return None


def _whole(shop: Shop, node: Node) -> Node:
    """Of a return with more lines than a list of returns shows: all of them."""
    is_cut = node["returnLineItems"]["pageInfo"]["hasNextPage"]
    return read(shop, number(node["id"])) or node if is_cut else node


def numbers(request: Request) -> set[int]:
    """Every return at Shopify that stands or stood for a request."""
    return {request.return_id or 0, *request.content.get("replaced", [])}


def is_for(node: Node, request: Request, items: Sequence[Item]) -> bool:
    """Whether it is what the request asks for. Who files as a buyer names lines, and Shopify chooses the parcels."""
    return is_of(node, items) or ("by_buyer" in request.content and _is_of_lines(node, items))


def _is_of_lines(node: Node, items: Sequence[Item]) -> bool:
    """Whether it holds as many units of each line, from whichever parcels."""
    theirs: Counter[int] = Counter()
    for line in lines(node):
        theirs[_line_id(line)] += line["quantity"]
    ours: Counter[int] = Counter()
    for item in items:
        ours[item.line_id] += item.quantity
    return bool(ours) and ours == theirs


def _line_id(line: Node) -> int:
    return number(line["fulfillmentLineItem"]["lineItem"]["id"])


def is_of(node: Node, items: Sequence[Item]) -> bool:
    """Whether it holds the very units of these items."""
    theirs: Counter[int] = Counter()
    for line in lines(node):
        theirs[number(line["fulfillmentLineItem"]["id"])] += line["quantity"]
    ours: Counter[int] = Counter()
    for item in items:
        if item.fulfillment_line_id is not None:
            ours[item.fulfillment_line_id] += item.quantity
    return bool(ours) and ours == theirs


def bind(node: Node, items: Sequence[Item]) -> None:
    """Write down which line of the return each item is: one of its size before one that holds more. Where Shopify took
    the units from another parcel, the item is of that one.
    """
    left = {line["id"]: line["quantity"] for line in lines(node)}
    for item in sorted(items, key=lambda item: -item.quantity):
        fitting = [line for line in lines(node) if left[line["id"]] >= item.quantity]
        same = [line for line in fitting if number(line["fulfillmentLineItem"]["id"]) == item.fulfillment_line_id]
        alike = [line for line in fitting if _line_id(line) == item.line_id]
        best = min(same or alike, key=lambda line: left[line["id"]], default=None)
        if best is not None:
            left[best["id"]] -= item.quantity
            item.return_line_id = number(best["id"])
            item.fulfillment_line_id = number(best["fulfillmentLineItem"]["id"])


def done(node: Node, items: Sequence[Item]) -> Mapping[int, int]:
    """Item's id → its accepted units that are done with: of a line they are those of its first items. What no return
    holds, since it was never sent, is done with as it was.
    """
    left, found = Counter(processed(node)), {item.id: item.processed for item in items}
    for item in (one for one in items if one.return_line_id):
        found[item.id] = min(left[item.return_line_id or 0], item.accepted)
        left[item.return_line_id or 0] -= found[item.id]
    return found


def processed(node: Node) -> Mapping[int, int]:
    """Line of the return → units that are done with."""
    return {number(line["id"]): line["processedQuantity"] for line in lines(node)}
