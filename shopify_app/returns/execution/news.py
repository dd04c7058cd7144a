"""What Shopify says of a return, whoever did it: filed natively or by another app, decided, changed, paid or closed in
the admin. News are a hint: the return was read again, and what is told here is how it stands.

What was done in Shopify is not mailed a second time, except what a buyer who asked here waits for.
"""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select

from shopify_app import clock
from shopify_app.db import db
from shopify_app.money import minor
from shopify_app.orders.facts import moment
from shopify_app.orders.graph import number
from shopify_app.returns.execution import there
from shopify_app.returns.execution.there import Node
from shopify_app.returns.models import (
    APPROVED,
    ASKED,
    CANCELLED,
    CLOSED,
    DECLINED,
    OVER,
    RECEIVED,
    REFUNDED,
    RETURN,
    WAITING,
    Item,
    Request,
    Step,
)
from shopify_app.returns.requests import effects, keeping, labelling, lookup, units
from shopify_app.returns.requests.effects import SHOPIFY
from shopify_app.returns.requests.handling import forgo, start_clock
from shopify_app.shopify.models import Shop

STATES = {
    there.REQUESTED: WAITING,
    there.OPEN: APPROVED,
    there.DECLINED: DECLINED,
    there.CANCELED: CANCELLED,
    there.CLOSED: CLOSED,
}
FORWARD = {
    ASKED: (WAITING, APPROVED, DECLINED, CANCELLED, CLOSED),
    WAITING: (APPROVED, DECLINED, CANCELLED, CLOSED),
    APPROVED: (CANCELLED, CLOSED),
    RECEIVED: (CANCELLED, CLOSED),
    CLOSED: (APPROVED,),
}
"""State → where news may move it. What we decided and Shopify has not heard of yet is not undone by old news."""


def news(shop: Shop, node: Node) -> None:
    """A return as read at Shopify. Called in the transaction in which the mirror learns of it."""
    _lock(shop, number(node["order"]["id"]))
    request = _request(shop, node)
    if request is None:
        return
    items = lookup.items(shop, [request.id])[request.id]
    _resize(request, node, items)
    if not items or not all(item.is_rejected for item in items):
        _move(shop, request, node)
    _label(request, node)
    if not _is_paying(request):
        _arrive(shop, request, node, items)
        _count(request, node, items)


def _lock(shop: Shop, order_id: int) -> None:
    """An order may be unknown yet: then nobody can ask for its units either."""
    try:
        units.lock(shop, order_id)
    except LookupError:
        return


def _request(shop: Shop, node: Node) -> Request | None:
    """None for a return that another one took the place of."""
    theirs, requests = number(node["id"]), lookup.of_order(shop, number(node["order"]["id"]))
    if any(theirs in one.content.get("replaced", []) for one in requests):
        return None
    known = next((one for one in requests if one.return_id == theirs), None)
    return known or _expected(shop, node, requests) or _appeared(shop, node)


def _expected(shop: Shop, node: Node, requests: Sequence[Request]) -> Request | None:
    """One of ours that is just being filed, and whose answer is not back."""
    for request in requests:
        is_free = request.return_id is None or request.return_id in request.content.get("replaced", [])
        if not is_free or request.state in OVER or node["status"] not in (there.REQUESTED, there.OPEN):
            continue
        items = lookup.items(shop, [request.id])[request.id]
        if there.is_for(node, request, items):
            request.return_id, request.filed_at = number(node["id"]), clock.now()
            request.name = request.name or node["name"]
            there.bind(node, items)
            return request
    return None


def _appeared(shop: Shop, node: Node) -> Request:
    """Filed elsewhere. What it is worth, and what our terms say of it, is found out by a step of its own."""
    created = moment(node["createdAt"]) or clock.now()
    request = Request(
        shop_id=shop.id,
        order_id=number(node["order"]["id"]),
        return_id=number(node["id"]),
        name=node["name"],
        kind=RETURN,
        door=SHOPIFY,
        policy_version=1,
        state=STATES[node["status"]],
        state_at=clock.now(),
        asked_at=created,
        filed_at=created,
        currency=node["order"]["presentmentCurrencyCode"],
    )
    if request.state != WAITING:
        request.decided_at, request.decided_by = clock.now(), SHOPIFY
    request.content = {"message": (node["decline"] or {}).get("note")} if node["decline"] else {}
    db.session.add(request)
    db.session.flush()
    for line in there.lines(node):
        _put_item(request, line)
    db.session.flush()
    effects.write(request, SHOPIFY, "filed", name=node["name"])
    if request.state not in OVER:
        effects.order(request, "look", SHOPIFY)
    return request


def _put_item(request: Request, line: Node) -> None:
    parcel_line = line["fulfillmentLineItem"]
    item = Item(
        shop_id=request.shop_id,
        request_id=request.id,
        order_id=request.order_id,
        line_id=number(parcel_line["lineItem"]["id"]),
        fulfillment_line_id=number(parcel_line["id"]),
        return_line_id=number(line["id"]),
        quantity=line["quantity"],
        outcome="refund",
        reason=(line["returnReasonDefinition"] or {}).get("handle"),
        decision={},
        content={"note": line["customerNote"] or ""},
    )
    db.session.add(item)


def _resize(request: Request, node: Node, items: Sequence[Item]) -> None:
    """Units taken out of the return are free again, but for those that we took out because they were rejected."""
    left = Counter({number(line["id"]): line["quantity"] for line in there.lines(node)})
    gone = 0
    for item in items:
        if item.return_line_id is None:
            continue
        count = min(item.quantity - item.rejected, left[item.return_line_id])
        left[item.return_line_id] -= count
        gone += item.quantity - item.rejected - count
        item.quantity = item.rejected + count
        item.received = min(item.received, item.quantity)
        item.accepted = min(item.accepted, item.received - item.rejected)
        item.conditions = item.conditions[: item.accepted]
        if not item.quantity:
            db.session.delete(item)
    if gone:
        effects.write(request, SHOPIFY, "changed", gone=gone)


def _label(request: Request, node: Node) -> None:
    """One that was given in Shopify's admin, where the buyer is mailed too; and whose parcel a number of ours is of."""
    deliverables = [
        one["deliverable"]
        for back in node["reverseFulfillmentOrders"]["nodes"]
        for one in back["reverseDeliveries"]["nodes"]
        if one["deliverable"]
    ]
    if request.state != APPROVED or not deliverables:
        return
    tracking, label = (deliverables[-1].get(name) or {} for name in ("tracking", "label"))
    given, carrier = request.content.get("label"), tracking.get("carrierName")
    if given and carrier and not given.get("carrier") and given["number"] == tracking.get("number"):
        labelling.carried(request, carrier)
    elif not given and (label.get("publicFileUrl") or tracking.get("number")):
        about = (tracking.get("number"), tracking.get("url"), carrier)
        labelling.noted(request, SHOPIFY, label.get("publicFileUrl"), *about)


def _arrive(shop: Shop, request: Request, node: Node, items: Sequence[Item]) -> None:
    """What staff took in in Shopify's admin is inspected there, and starts the clock of the refund just the same."""
    came: Counter[int] = Counter()
    conditions: dict[int, str] = {}
    for line in there.expected_back(node):
        for one in line["dispositions"]:
            line_of = number(line["fulfillmentLineItem"]["id"])
            came[line_of] += 0 if one["type"] == "MISSING" else one["quantity"]
            conditions[line_of] = one["type"].lower()
    is_new = False
    for item in items:
        line_id = item.fulfillment_line_id or 0
        count = min(item.quantity - item.rejected, came[line_id])
        came[line_id] -= count
        is_new = _accept(item, count, conditions.get(line_id)) or is_new
    if is_new:
        keeping.count(items)
    if is_new and request.state == APPROVED:
        entry = effects.write(request, SHOPIFY, "received")
        effects.tell(shop, request, "received", str(entry.id))
        start_clock(request, str(entry.id))


def _accept(item: Item, count: int, condition: str | None) -> bool:
    """So many of it were taken in Shopify in all; whether any of them had not come before."""
    item.accept(max(count - item.accepted, 0), condition)
    before, item.received = item.received, max(item.received, item.accepted + item.rejected)
    return item.received > before


def _is_paying(request: Request) -> bool:
    """Whether a refund of ours is under way: it writes down itself what came of it."""
    paying = select(Step.id).where(
        Step.shop_id == request.shop_id,
        Step.request_id == request.id,
        Step.kind == "refund",
        Step.done_at.is_(None),
    )
    return db.session.scalar(paying.limit(1)) is not None


def _count(request: Request, node: Node, items: Sequence[Item]) -> None:
    """What was processed and refunded in Shopify."""
    done = Counter(there.processed(node))
    for item in items:
        line = item.return_line_id
        if line is None:
            continue
        count = min(item.quantity - item.rejected, done[line])
        done[line] -= count
        _accept(item, count, None)
        item.processed = count
    known: list[int] = request.content.get("refunds", [])
    fresh = [one for one in node["refunds"]["nodes"] if number(one["id"]) not in known]
    if not fresh:
        return
    amount = sum(minor(one["totalRefundedSet"]["presentmentMoney"]["amount"], request.currency) for one in fresh)
    numbers = [number(one["id"]) for one in fresh]
    request.content = request.content | {"refunds": [*known, *numbers]}
    request.refunded, request.refunded_at = (request.refunded or 0) + amount, clock.now()
    effects.write(request, SHOPIFY, "refunded", amount=amount, refunds=numbers)
    if not any(line["processableQuantity"] for line in there.lines(node)) and request.state != REFUNDED:
        request.received_at = request.received_at or clock.now()
        effects.move(request, REFUNDED)


def _move(shop: Shop, request: Request, node: Node) -> None:
    state = STATES[node["status"]]
    if state not in FORWARD.get(request.state, ()):
        return
    was = request.state
    effects.move(request, state)
    if state == WAITING:
        return
    if state in (APPROVED, DECLINED):
        request.decided_at, request.decided_by, request.is_buyers_turn = clock.now(), SHOPIFY, False
    if state == DECLINED and node["decline"]:
        request.content = request.content | {"message": node["decline"]["note"] or ""}
    effects.write(request, SHOPIFY, state)
    if state == APPROVED and request.door != SHOPIFY:
        labelling.promise(shop, request)
    if state == CANCELLED:
        labelling.spare(request)
    forgo(shop, request, SHOPIFY)
    if state in (APPROVED, DECLINED) and request.door != SHOPIFY and was != CLOSED:
        effects.tell(shop, request, state)
