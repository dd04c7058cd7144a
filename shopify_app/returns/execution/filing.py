"""The return at Shopify: filed, approved, declined, called off, made anew."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from shopify_app import clock, faults, work
from shopify_app.db import transaction
from shopify_app.money import decimal
from shopify_app.orders import reconcile
from shopify_app.orders.facts import moment
from shopify_app.orders.graph import number
from shopify_app.returns.execution import fees, steps, there
from shopify_app.returns.execution.there import Node
from shopify_app.returns.models import ASKED, DONE, EXCHANGE, OVER, WAITING, Item, Request, Step
from shopify_app.returns.requests import effects, lookup
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.errors import Refused
from shopify_app.shopify.models import Shop

SELF_FILED = ("account", "portal")
"""Doors behind which the buyer's own session files the return, before or after it tells us."""
PATIENCE = timedelta(minutes=2)
"""So long it may take the buyer's session; then we file."""
LOOK = timedelta(seconds=5)
SKEW = timedelta(minutes=15)
"""Our clock and Shopify's, and a buyer's session that files before it tells us."""
NOTE, REASON_NOTE, DECLINE_NOTE = 300, 255, 500
"""Signs that Shopify takes."""


def file(step: Step, shop: Shop, request: Request) -> None:
    """Tell Shopify what the buyer asked for. What is not sent yet cannot be returned there: staff cancel it."""
    everything = _items(shop, request)
    items = [item for item in everything if item.fulfillment_line_id is not None]
    if len(items) < len(everything):
        _to_be_cancelled(step, shop)
    if request.return_id is not None:
        work.finish(step, DONE)
    elif not items:
        work.finish(step, steps.NOT_SENT)
    elif (node := _filed(step, shop, request, items)) is not None:
        _record(step, shop, node)
    elif request.state in OVER:
        work.finish(step, "not_needed")
    elif request.door in SELF_FILED and clock.now() < request.asked_at + PATIENCE:
        work.again(step, clock.now() + LOOK)
    else:
        _record(step, shop, _send(step, shop, request, items))


def _to_be_cancelled(step: Step, shop: Shop) -> None:
    """Staff see what to do; the refund's own news end it (unsent.py)."""
    with transaction():
        request = steps.locked(shop, step)
        if any(item.fulfillment_line_id is None and item.received < item.quantity for item in _items(shop, request)):
            steps.flag(request, steps.NOT_SENT)


def approve(step: Step, shop: Shop, request: Request) -> None:
    """With an exchange Shopify's return is declined and made anew: none that is filed takes other goods along."""
    if request.decided_at is None:
        # Its buyer has changed it since, and it is to be decided again.
        work.finish(step, "not_needed")
        return
    items = _items(shop, request)
    if all(item.fulfillment_line_id is None for item in items):
        work.finish(step, steps.NOT_SENT)
        return
    node = _node(shop, request)
    is_begun = number(node["id"]) in request.content.get("replaced", [])
    if is_begun or (node["status"] == there.REQUESTED and _has_other(items)):
        node = _renew(step, shop, request, node)
    elif node["status"] == there.REQUESTED:
        AdminApi(shop).run("returns/approve", id=node["id"])
        faults.point("return_approved")
    elif node["status"] != there.OPEN:
        steps.refuse(step, steps.ELSEWHERE)
        return
    with transaction():
        effects.tell(shop, steps.locked(shop, step), "approved", step.key.rpartition("/")[2])
        reconcile.want(shop.id, "return", number(node["id"]))
        work.finish(step, DONE)


def decline(step: Step, shop: Shop, request: Request) -> None:
    why, note = step.content["why"].upper(), step.content["message"]
    if request.return_id is None:
        work.finish(step, "not_needed")
        return
    node = _node(shop, request)
    if node["status"] == there.REQUESTED:
        AdminApi(shop).run("returns/decline", id=node["id"], reason=why, note=note[:DECLINE_NOTE] or None)
    elif number(node["id"]) in request.content.get("replaced", []):
        # Agreed to once, changed by its buyer, and declined before it was made anew.
        _free(shop, node)
    elif node["status"] != there.DECLINED:
        steps.refuse(step, steps.ELSEWHERE)
        return
    _settle(step, shop, request)


def cancel(step: Step, shop: Shop, request: Request) -> None:
    if request.return_id is None:
        work.finish(step, "not_needed")
        return
    _free(shop, _node(shop, request))
    _settle(step, shop, request)


def refile(step: Step, shop: Shop, request: Request) -> None:
    """Other units, or other outcomes: a return takes no more in, so it is made anew."""
    if request.return_id is not None and request.state not in OVER:
        if "old" not in step.content:
            steps.learn(step, old=request.return_id)
        if step.content["old"] == request.return_id:
            _renew(step, shop, request, _node(shop, request))
    work.finish(step, DONE)


def _settle(step: Step, shop: Shop, request: Request) -> None:
    with transaction():
        reconcile.want(shop.id, "return", request.return_id or 0)
        work.finish(step, DONE)


def _free(shop: Shop, node: Node) -> None:
    """Its units can be asked for again."""
    if node["status"] == there.REQUESTED:
        AdminApi(shop).run("returns/decline", id=node["id"], reason="OTHER", note=None)
    elif node["status"] == there.OPEN:
        AdminApi(shop).run("returns/cancel", id=node["id"])


def _renew(step: Step, shop: Shop, request: Request, old: Node) -> Node:
    """Put another return in the place of one; news of the old one is no news of the request any more."""
    items = [item for item in _items(shop, request) if item.fulfillment_line_id is not None]
    if number(old["id"]) not in request.content.get("replaced", []):
        with transaction():
            request = steps.locked(shop, step)
            replaced: list[int] = request.content.get("replaced", [])
            request.content = request.content | {"replaced": [*replaced, number(old["id"])]}
    _free(shop, old)
    faults.point("return_freed")
    node = _filed(step, shop, request, items) or _send(step, shop, request, items)
    with transaction():
        _adopt(shop, steps.locked(shop, step), node)
    return node


def _filed(step: Step, shop: Shop, request: Request, items: Sequence[Item]) -> Node | None:
    """What we filed when the answer got lost, or what the buyer's own session has filed."""
    sent_at = moment(step.content.get("sent_at"))
    if sent_at is not None:
        since = sent_at - timedelta(minutes=1)
    elif request.door in SELF_FILED and request.return_id is None:
        since = request.asked_at - SKEW
    else:
        return None
    found = there.find(shop, request, items, since)
    return found and there.read(shop, number(found["id"]))


def _send(step: Step, shop: Shop, request: Request, items: Sequence[Item]) -> Node:
    is_open = request.state not in (ASKED, WAITING) and (request.return_id is not None or _has_other(items))
    steps.learn(step, sent_at=clock.now().isoformat())
    faults.point("return_sending")
    name, variables = ("create", creation(shop, request, items)) if is_open else ("file", filing(shop, request, items))
    filed = AdminApi(shop).run(f"returns/{name}", **variables)["filed"]["return"]
    faults.point("return_filed")
    node = there.read(shop, number(filed["id"]))
    if node is None:
        raise Refused(f"returns/{name}: {steps.NOT_FOUND}")
    return node


def _record(step: Step, shop: Shop, node: Node) -> None:
    with transaction():
        request = steps.locked(shop, step)
        _adopt(shop, request, node)
        effects.write(request, effects.SHOPIFY, "filed", name=node["name"])
        work.finish(step, DONE)


def _adopt(shop: Shop, request: Request, node: Node) -> None:
    """From now on this return stands for the request, which keeps the name that its buyer knows."""
    request.return_id, request.name = number(node["id"]), request.name or node["name"]
    request.filed_at = clock.now()
    there.bind(node, _items(shop, request))
    if request.state == ASKED:
        effects.move(request, WAITING)
    reconcile.want(shop.id, "return", request.return_id)


def _has_other(items: Sequence[Item]) -> bool:
    return any(item.outcome == EXCHANGE for item in items)


def _items(shop: Shop, request: Request) -> Sequence[Item]:
    return lookup.items(shop, [request.id])[request.id]


def _node(shop: Shop, request: Request) -> Node:
    """Raises Refused when there is no such return at Shopify."""
    node = there.read(shop, request.return_id) if request.return_id else None
    if node is None:
        raise Refused(f"return: {steps.NOT_FOUND}")
    return node


def filing(shop: Shop, request: Request, items: Sequence[Item]) -> dict[str, Any]:
    """Variables of returns/file. It takes no other goods along: what is wanted instead waits for the approval."""
    percent = fees.restocking(shop, request, _items(shop, request))
    lines = [_line(item, percent[item.id]) | _note(item, "customerNote", NOTE) for item in items]
    return {"input": _input(request, lines)}


def creation(shop: Shop, request: Request, items: Sequence[Item]) -> dict[str, Any]:
    """Variables of returns/create."""
    percent = fees.restocking(shop, request, _items(shop, request))
    lines = [_line(item, percent[item.id]) | _note(item, "returnReasonNote", REASON_NOTE) for item in items]
    others = [
        {"variantId": f"gid://shopify/ProductVariant/{item.variant_id}", "quantity": item.quantity}
        for item in items
        if item.outcome == EXCHANGE
    ]
    more: dict[str, Any] = {"requestedAt": request.asked_at.isoformat()}
    return {"input": _input(request, lines) | ({"exchangeLineItems": others} if others else {}) | more}


def _input(request: Request, lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {"orderId": f"gid://shopify/Order/{request.order_id}", "returnLineItems": list(lines)}
    if fee := fees.shipping(request):
        made["returnShippingFee"] = {"amount": money(fee, request.currency)}
    return made


def _line(item: Item, percent: Decimal) -> dict[str, Any]:
    line: dict[str, Any] = {
        "fulfillmentLineItemId": f"gid://shopify/FulfillmentLineItem/{item.fulfillment_line_id}",
        "quantity": item.quantity,
    }
    if reason := item.content.get("reason_id"):
        line["returnReasonDefinitionId"] = reason
    if percent:
        line["restockingFee"] = {"percentage": float(percent)}
    return line


def _note(item: Item, name: str, longest: int) -> dict[str, str]:
    note = (item.content.get("note") or "")[:longest]
    return {name: note} if note else {}


def money(amount: int, currency: str) -> dict[str, str]:
    """Shopify's MoneyInput."""
    return {"amount": str(decimal(amount, currency)), "currencyCode": currency}
