"""What was withdrawn from before it was sent: no return at Shopify holds it. Staff cancel and refund it there, and what
Shopify then books without a return is what went back.
"""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select

from shopify_app import clock
from shopify_app.db import db
from shopify_app.orders.models import Order, Refund
from shopify_app.returns.execution import steps
from shopify_app.returns.models import APPROVED, ASKED, FREEING, REFUNDED, WAITING, WITHDRAWAL, Item, Request
from shopify_app.returns.policy.money import share
from shopify_app.returns.requests import effects, lookup, units
from shopify_app.returns.requests.effects import SHOPIFY
from shopify_app.shopify.models import Shop

Taken = dict[str, dict[str, int]]
"""Refund → line → units; Shopify's numbers, as JSON keeps them."""
UNPAID = ("pending", "authorized", "voided", "expired")
"""Shopify's words for orders that nothing was paid of: their refunds move no money."""


def booked(shop: Shop, order_id: int) -> None:
    """After news of an order or a refund, in their transaction. Each refund counts once, and for whom asked first."""
    if not any(_waits(shop, one) for one in lookup.of_order(shop, order_id)):
        return
    try:
        order = units.lock(shop, order_id)
    except LookupError:
        return
    refunds = _refunds(shop, order)
    requests = [lookup.get(shop, one.id, is_locked=True) for one in lookup.of_order(shop, order_id)]
    for request in requests:
        if request is not None and _waits(shop, request):
            _count(shop, request, refunds, [one for one in requests if one is not None])


def _waits(shop: Shop, request: Request) -> bool:
    if request.kind != WITHDRAWAL or request.state in FREEING:
        return False
    return any(item.received < item.quantity for item in _items(shop, request))


def _items(shop: Shop, request: Request) -> Sequence[Item]:
    return [item for item in lookup.items(shop, [request.id])[request.id] if item.fulfillment_line_id is None]


def _refunds(shop: Shop, order: Order) -> Sequence[Refund]:
    """Without a return, whose money has gone, oldest first."""
    made = select(Refund).where(Refund.shop_id == shop.id, Refund.order_id == order.id, Refund.return_id.is_(None))
    refunds = db.session.scalars(made.order_by(Refund.created_at, Refund.id)).all()
    return [one for one in refunds if one.amount or order.financial_status in UNPAID]


def _count(shop: Shop, request: Request, refunds: Sequence[Refund], requests: Sequence[Request]) -> None:
    """Take the units that were refunded since the statement, and write down what it was."""
    items, taken, amount = _items(shop, request), dict(request.content.get("unsent") or {}), 0
    for refund in refunds:
        if refund.created_at < request.asked_at or str(refund.id) in taken:
            continue
        left = _left(refund, requests)
        whole, worth, got = left.total(), 0, Counter[str]()
        for item in items:
            count = min(left[str(item.line_id)], item.quantity - item.received)
            worth += share(item.amount or 0, item.quantity, item.received, count)
            item.accept(count, None)
            item.received += count
            item.processed += count
            left[str(item.line_id)] -= count
            got[str(item.line_id)] += count
        if got.total():
            taken[str(refund.id)] = +got
            is_all = got.total() == whole == sum(line["quantity"] for line in refund.lines)
            amount += refund.amount if is_all and refund.currency == request.currency else min(worth, refund.amount)
            request.content = request.content | {"unsent": taken}
    if fresh := [number for number in taken if int(number) not in request.content.get("refunds", [])]:
        _write(shop, request, amount, [int(number) for number in fresh])


def _left(refund: Refund, requests: Sequence[Request]) -> Counter[str]:
    """Units of each line that no request has counted yet."""
    left = Counter[str]()
    for line in refund.lines:
        left[str(line["id"])] += line["quantity"]
    for request in requests:
        left.subtract((request.content.get("unsent") or {}).get(str(refund.id), {}))
    return +left


def _write(shop: Shop, request: Request, amount: int, refunds: Sequence[int]) -> None:
    request.refunded, request.refunded_at = (request.refunded or 0) + amount, clock.now()
    request.content = request.content | {"refunds": [*request.content.get("refunds", []), *refunds]}
    which = f"unsent.{refunds[0]}"
    effects.write(request, SHOPIFY, "refunded", amount=amount, refunds=refunds, which=which)
    effects.tell(shop, request, "refunded", which)
    if any(item.received < item.quantity for item in _items(shop, request)):
        return
    steps.unflag(request, steps.NOT_SENT)
    everything = lookup.items(shop, [request.id])[request.id]
    if request.state in (ASKED, WAITING, APPROVED) and all(one.fulfillment_line_id is None for one in everything):
        if request.decided_at is None:
            request.decided_at, request.decided_by = clock.now(), SHOPIFY
        effects.move(request, REFUNDED)
