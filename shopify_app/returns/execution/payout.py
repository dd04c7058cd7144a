"""The money, once the goods are back: what Shopify suggests is compared with what the buyer was told, and then sent.

`returnProcess` knows no key to recognise a repetition by. So what the return was like before is written down first;
whoever comes after a death reads the return again and sees whether it happened.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from shopify_app import clock, faults, work
from shopify_app.db import transaction
from shopify_app.money import minor
from shopify_app.orders import pages, reconcile
from shopify_app.orders.graph import number
from shopify_app.returns import reading
from shopify_app.returns.basket import Basket, Wish, wish_for
from shopify_app.returns.execution import steps, there
from shopify_app.returns.execution.filing import money as priced
from shopify_app.returns.execution.there import Node
from shopify_app.returns.models import DONE, EXCHANGE, RECEIVED, REFUNDED, WITHDRAWAL, Item, Request, Step
from shopify_app.returns.policy import money, policies
from shopify_app.returns.policy.money import Preview
from shopify_app.returns.policy.terms import Fee
from shopify_app.returns.requests import effects, lookup
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.errors import Refused
from shopify_app.shopify.models import Shop

TOO_MUCH = "too_much"
"""More than Shopify would let go back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What was accepted and is not done with. Units by the items' ids; of the return's lines by Shopify's numbers."""

    items: Mapping[int, int]
    lines: Mapping[int, int]
    conditions: Mapping[int, Counter[str]]
    """Line of the return → how many of its units are in which condition."""
    exchanges: Mapping[str, int]
    """Gid of a line of the exchange → units."""


def refund(step: Step, shop: Shop, request: Request) -> None:
    node = there.read(shop, request.return_id) if request.return_id else None
    if node is None:
        steps.refuse(step, steps.NOT_FOUND)
        return
    items = lookup.items(shop, [request.id])[request.id]
    if (intent := step.content.get("intent")) and _is_done(node, intent):
        _record(step, shop, node, intent)
        return
    due = _due(node, items)
    if not due.lines:
        # Somebody else did it, in Shopify's admin: what they booked counts.
        _record(step, shop, node, {"refunds": _refunds_known(request)})
        return
    _pay(step, shop, request, node, items, due)


def close(step: Step, shop: Shop, request: Request) -> None:
    """Nothing is left to do with it."""
    node = there.read(shop, request.return_id) if request.return_id else None
    if node is not None and node["status"] == there.OPEN and not _left(node):
        AdminApi(shop).run("returns/close", id=node["id"])
    work.finish(step, DONE)


def _pay(step: Step, shop: Shop, request: Request, node: Node, items: Sequence[Item], due: Due) -> None:
    basket = reading.read(shop, request.order_id)
    if basket is None:
        steps.refuse(step, steps.NOT_FOUND)
        return
    told = expected(shop, request, basket, items, due.items)
    suggested = _suggested(shop, request, node, due, told, basket)
    transfer = _transfer(suggested, request.currency)
    wanted: int | None = step.content.get("amount")
    if wanted is None:
        if transfer != told.total - told.owed:
            _differ(step, shop, told.total - told.owed, transfer)
            return
        is_waived = step.content.get("fee_waived", False)
        given = expected(shop, request, basket, items, due.items, fee_waived=True) if is_waived else told
        wanted = given.total
    if wanted > minor(suggested["maximumRefundable"]["presentmentMoney"]["amount"], request.currency):
        steps.refuse(step, TOO_MUCH)
        return
    credit = wanted if told.total and told.credit == told.total else min(told.credit, wanted)
    money_back = _input(shop, request, node, due, basket, told) | _financial(
        request, suggested, wanted - credit, credit
    )
    _send(step, shop, node, due, money_back)


def expected(
    shop: Shop,
    request: Request,
    basket: Basket,
    items: Sequence[Item],
    units: Mapping[int, int],
    *,
    fee_waived: bool = False,
) -> Preview:
    """What these units (by the items' ids) are worth to the buyer: by the terms of the order, as the order is now."""
    wishes = [wish_for(item, units[item.id]) for item in items if units.get(item.id)]
    terms = policies.version(shop, request.policy_version)
    if fee_waived:
        terms = replace(terms, refund=Fee(), exchange=Fee(), credit=Fee())
    elif request.refunded is not None:
        # The way back is paid for once, with what came first.
        once = {name: replace(getattr(terms, name), shipping=0) for name in ("refund", "exchange", "credit")}
        terms = replace(terms, **once)
    return money.preview(
        _delivery(request, basket),
        wishes,
        terms,
        _prices(shop, basket, wishes),
        is_withdrawal=request.kind == WITHDRAWAL,
        asked_at=request.asked_at,
        zone=ZoneInfo(shop.timezone),
    )


def _delivery(request: Request, basket: Basket) -> Basket:
    """Whether the delivery goes back too was decided when the buyer was told: by now what the return holds is not free
    at Shopify, and looks like all there is.
    """
    told = request.content.get("preview")
    return replace(basket, shipping=0) if told and not told["shipping_back"] else basket


def _prices(shop: Shop, basket: Basket, wishes: Sequence[Wish]) -> Mapping[int, int]:
    prices: dict[int, int] = {}
    for wish in wishes:
        piece = basket.piece(wish.fulfillment_line_id)
        if wish.outcome == EXCHANGE and piece is not None and wish.variant_id not in prices:
            prices |= {variant.id: variant.price for variant in reading.variants(shop, basket, piece)}
    return prices


def _due(node: Node, items: Sequence[Item]) -> Due:
    done = there.done(node, items)
    open_ = {number(line["id"]): line["processableQuantity"] for line in there.lines(node)}
    units: dict[int, int] = {}
    lines: Counter[int] = Counter()
    conditions: dict[int, Counter[str]] = {}
    for item in items:
        line, past = item.return_line_id or 0, done[item.id]
        count = min(item.accepted - past, open_.get(line, 0) - lines[line])
        if count > 0:
            units[item.id] = count
            lines[line] += count
            found = [word or "not_restocked" for word in item.conditions[past : past + count]]
            conditions.setdefault(line, Counter()).update(found)
    return Due(items=units, lines=dict(lines), conditions=conditions, exchanges=_exchanges(node, items, units))


def _exchanges(node: Node, items: Sequence[Item], units: Mapping[int, int]) -> Mapping[str, int]:
    wanted: Counter[int] = Counter()
    for item in items:
        if item.outcome == EXCHANGE and item.variant_id:
            wanted[item.variant_id] += units.get(item.id, 0)
    released: dict[str, int] = {}
    for line in node["exchangeLineItems"]["nodes"]:
        variant = number(line["variantId"]) if line["variantId"] else 0
        count = min(wanted[variant], line["processableQuantity"])
        if count:
            released[line["id"]] = count
            wanted[variant] -= count
    return released


def _suggested(shop: Shop, request: Request, node: Node, due: Due, told: Preview, basket: Basket) -> Node:
    variables = {
        "lines": [{"id": _line(line), "quantity": count} for line, count in due.lines.items()],
        "exchanges": [{"id": line, "quantity": count} for line, count in due.exchanges.items()],
        "shipping": _shipping(told),
        "duties": _duties(told, basket),
        "allocation": "STORE_CREDIT" if told.credit and told.credit == told.total else "ORIGINAL_PAYMENT_METHODS",
    }
    outcome = AdminApi(shop).run("returns/outcome", id=node["id"], **variables)["return"]["suggestedFinancialOutcome"]
    if outcome is None:
        raise Refused("returns/outcome: nothing suggested")
    return outcome  # type: ignore[no-any-return]


def _transfer(suggested: Node, currency: str) -> int:
    """What goes back, in minor units; below zero what the buyer owes."""
    transfer = suggested["financialTransfer"]
    if transfer is None:
        return 0
    amount = minor(transfer["amount"]["presentmentMoney"]["amount"], currency)
    return amount if transfer["__typename"] == "RefundReturnOutcome" else -amount


def _differ(step: Step, shop: Shop, told: int, suggested: int) -> None:
    """Staff decide: nothing is sent that is not what the buyer was told."""
    with transaction():
        request = steps.locked(shop, step)
        steps.flag(request, steps.DIFFERS)
        effects.write(request, effects.SHOPIFY, "differs", expected=told, suggested=suggested)
        work.finish(step, steps.DIFFERS, error=steps.DIFFERS)


def _input(shop: Shop, request: Request, node: Node, due: Due, basket: Basket, told: Preview) -> dict[str, Any]:
    made: dict[str, Any] = {
        "returnId": node["id"],
        "notifyCustomer": False,
        "returnLineItems": _returned(shop, request, node, due),
        "exchangeLineItems": [{"id": line, "quantity": count} for line, count in due.exchanges.items()],
    }
    shipping, duties = _shipping(told), _duties(told, basket)
    return made | ({"refundShipping": shipping} if shipping else {}) | ({"refundDuties": duties} if duties else {})


def _financial(request: Request, suggested: Node, back: int, credit: int) -> dict[str, Any]:
    """The way it was paid as far as that goes, the transactions in Shopify's order; the rest as store credit."""
    if not back and not credit:
        return {}
    transfer = suggested["financialTransfer"] or {}
    transactions: list[dict[str, Any]] = []
    left = back
    for one in transfer.get("suggestedTransactions") or []:
        most = (one["maximumRefundableSet"] or one["amountSet"])["presentmentMoney"]["amount"]
        count = min(left, minor(most, request.currency))
        if count and one["parentTransaction"]:
            given = priced(count, request.currency)
            transactions.append({"parentId": one["parentTransaction"]["id"], "transactionAmount": given})
            left -= count
    if left:
        raise Refused(f"returns/outcome: {TOO_MUCH}")
    methods = [{"storeCreditRefund": {"amount": priced(credit, request.currency)}}] if credit else []
    return {"financialTransfer": {"issueRefund": {"orderTransactions": transactions, "refundMethods": methods}}}


def _shipping(told: Preview) -> dict[str, Any] | None:
    """All of it: an amount would have to be without the tax, where that stands on top."""
    return {"fullRefund": True} if told.shipping_back else None


def _duties(told: Preview, basket: Basket) -> list[dict[str, str]]:
    """Those of what comes back."""
    lines = {part.fulfillment_line_id for part in told.parts if part.duties}
    found = [piece for line in sorted(lines) if (piece := basket.piece(line))]
    gids = dict.fromkeys(gid for piece in found for gid in piece.duty_ids)
    return [{"dutyId": gid, "refundType": "PROPORTIONAL"} for gid in gids]


def _returned(shop: Shop, request: Request, node: Node, due: Due) -> list[dict[str, Any]]:
    """Units with what becomes of them; what goes back on the shelf goes where it was sent from."""
    is_restocked = any("restocked" in words for words in due.conditions.values())
    places = _places(shop, request) if is_restocked else {}
    unseen = _unseen(node)
    made = []
    for line, count in due.lines.items():
        parcel_line = _parcel_line(node, line)
        disposed = _disposed(due.conditions[line], unseen.get(parcel_line, {}), places.get(parcel_line))
        made.append({"id": _line(line), "quantity": count} | ({"dispositions": disposed} if disposed else {}))
    return made


def _disposed(conditions: Counter[str], unseen: dict[str, int], place: str | None) -> list[dict[str, Any]]:
    """Of the units that nobody has looked at in Shopify; taken out of `unseen`, which several lines may share."""
    made: list[dict[str, Any]] = []
    for word, units in conditions.items():
        left = units
        kind = "processing_required" if word == "restocked" and place is None else word
        where = {"locationId": place} if kind == "restocked" else {}
        for line, free in unseen.items():
            count = min(left, free)
            left -= count
            unseen[line] -= count
            one = {"quantity": count, "dispositionType": kind.upper(), "reverseFulfillmentOrderLineItemId": line}
            made += [one | where] if count else []
    return made


def _unseen(node: Node) -> Mapping[str, dict[str, int]]:
    """Gid of a parcel's line → of the same on its way back, one or more → units that nobody has looked at yet."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    orders = [one for one in node["reverseFulfillmentOrders"]["nodes"] if one["status"] == "OPEN"]
    for line in (line for one in orders for line in one["lineItems"]["nodes"] if line["fulfillmentLineItem"]):
        seen = sum(one["quantity"] for one in line["dispositions"])
        found[line["fulfillmentLineItem"]["id"]][line["id"]] = int(line["totalQuantity"] - seen)
    return found


def _places(shop: Shop, request: Request) -> Mapping[str, str]:
    """Gid of a parcel's line → of the place it was sent from."""
    api = AdminApi(shop)
    order = api.run("returns/locations", id=f"gid://shopify/Order/{request.order_id}")["order"]
    for parcel in order["fulfillments"] if order else ():
        pages.complete(api, "returns/parcel_lines", parcel["id"], parcel["fulfillmentLineItems"])
    return {
        line["id"]: parcel["location"]["id"]
        for parcel in (order["fulfillments"] if order else ())
        if parcel["location"]
        for line in parcel["fulfillmentLineItems"]["nodes"]
    }


def _parcel_line(node: Node, line: int) -> str:
    found = next(one for one in there.lines(node) if number(one["id"]) == line)
    return str(found["fulfillmentLineItem"]["id"])


def _line(line: int) -> str:
    return f"gid://shopify/ReturnLineItem/{line}"


def _send(step: Step, shop: Shop, node: Node, due: Due, given: dict[str, Any]) -> None:
    """The intent first, with what had been done and refunded before."""
    before = {str(line): there.processed(node)[line] for line in due.lines}
    intent = {
        "before": before,
        "units": {str(line): count for line, count in due.lines.items()},
        "refunds": [one["id"] for one in node["refunds"]["nodes"]],
    }
    steps.learn(step, intent=intent)
    faults.point("return_intended")
    AdminApi(shop).run("returns/process", input=given)
    faults.point("return_processed")
    after = there.read(shop, number(node["id"]))
    if after is None or not _is_done(after, intent):
        raise Refused("returns/process: not_processed")
    _record(step, shop, after, intent)


def _is_done(node: Node, intent: Mapping[str, Any]) -> bool:
    done = there.processed(node)
    return all(done.get(int(line), 0) >= intent["before"][line] + count for line, count in intent["units"].items())


def _record(step: Step, shop: Shop, node: Node, intent: Mapping[str, Any]) -> None:
    """What Shopify booked since the intent is what went back."""
    fresh = [one for one in node["refunds"]["nodes"] if one["id"] not in intent["refunds"]]
    with transaction():
        request = steps.locked(shop, step)
        amounts = [minor(one["totalRefundedSet"]["presentmentMoney"]["amount"], request.currency) for one in fresh]
        booked = sum(amounts)
        request.refunded, request.refunded_at = (request.refunded or 0) + booked, clock.now()
        steps.unflag(request, steps.DIFFERS)
        items = lookup.items(shop, [request.id])[request.id]
        is_over = not any(item.uninspected for item in items) and not _due(node, items).lines
        for item_id, count in there.done(node, items).items():
            next(item for item in items if item.id == item_id).processed = count
        if request.state == RECEIVED and is_over:
            effects.move(request, REFUNDED)
        refunds = [number(one["id"]) for one in fresh]
        request.content = request.content | {"refunds": [*request.content.get("refunds", []), *refunds]}
        which = step.key.rpartition("/")[2]
        effects.write(request, step.by, "refunded", amount=booked, refunds=refunds, which=which)
        effects.tell(shop, request, "refunded", which)
        effects.order(request, "close", effects.CLOCK, which)
        reconcile.want(shop.id, "order", request.order_id)
        work.finish(step, DONE)
    faults.point("return_recorded")


def _refunds_known(request: Request) -> list[str]:
    return [f"gid://shopify/Refund/{one}" for one in request.content.get("refunds", [])]


def _left(node: Node) -> int:
    others: Sequence[Node] = node["exchangeLineItems"]["nodes"]
    return sum(line["processableQuantity"] for line in [*there.lines(node), *others])
