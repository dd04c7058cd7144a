"""The way back: what arrived and in which state, and the money."""

from collections.abc import Mapping
from datetime import timedelta

from shopify_app import clock
from shopify_app.db import transaction
from shopify_app.returns.models import APPROVED, DONE, RECEIVED, REFUNDED, Item, Request
from shopify_app.returns.requests import effects, keeping, lookup
from shopify_app.shopify.models import Shop

MISSING = "missing"
"""The condition of units that the parcel lacked and that the shop takes as come back: there is nothing to inspect."""
WARNED_AFTER, DUE_AFTER = timedelta(hours=20), timedelta(hours=24)
"""Since the goods came: staff are warned, and the refund should have been made."""


def receive(shop: Shop, request_id: int, user: str, came: Mapping[int, tuple[int, str | None]]) -> bool:
    """Item's id → units that are back in all, and MISSING where those that are new were not in the parcel; all others
    wait for their inspection. More may come later.

    Raises ValueError for more units than were asked for, fewer than were there, or a word nobody knows.
    """
    with transaction():
        request = lookup.get(shop, request_id, is_locked=True)
        if request is None or request.state not in (APPROVED, RECEIVED, REFUNDED):
            return False
        items = {item.id: item for item in lookup.items(shop, [request_id])[request_id] if item.fulfillment_line_id}
        if not _put(items, came):
            return False
        keeping.count(list(items.values()))
        told = [{"item": number, "units": count, "condition": word} for number, (count, word) in came.items()]
        entry = effects.write(request, user, "received", items=told)
        effects.tell(shop, request, "received", str(entry.id))
        if request.state != RECEIVED:
            start_clock(request, str(entry.id))
        return True


def forgo(shop: Shop, request: Request, by: str) -> None:
    """In the transaction of an approval: where nothing has to come back, the clock of the refund starts. The rule
    refunds what it has agreed to.
    """
    items = lookup.items(shop, [request.id])[request.id]
    if request.state != APPROVED or not keeping.is_all(items):
        return
    keeping.count(items)
    start_clock(request, str(effects.write(request, by, "kept").id))
    if by == effects.RULE:
        refund(shop, request.id, by)


def start_clock(request: Request, which: str) -> None:
    """What comes before the refund of what came first does not win the shop another day."""
    now = request.received_at = clock.now()
    effects.move(request, RECEIVED)
    for kind, after in (("warn", WARNED_AFTER), ("late", DUE_AFTER)):
        effects.order(request, kind, effects.CLOCK, which, now + after, received_at=now.isoformat())


def _put(items: Mapping[int, Item], came: Mapping[int, tuple[int, str | None]]) -> bool:
    """Whether anything came that was not there."""
    is_new = False
    for number, (count, condition) in came.items():
        item = items.get(number)
        if item is None or condition not in (None, MISSING) or not item.received <= count <= item.quantity:
            raise ValueError("nothing of the kind can have come")
        is_new = is_new or count > item.received
        if condition == MISSING:
            item.accept(count - item.received, MISSING)
        item.received = count
    return is_new


def refund(shop: Shop, request_id: int, user: str, fee_waived: bool = False, amount: int | None = None) -> bool:
    """Give the money back for what was accepted, or send what was wished instead; False when nothing waits for it, or
    something that came has not been inspected.

    amount: minor units of the request's currency, where staff decide on another sum than was worked out (Shopify's own
    limit holds); None: the sum that was worked out, and only when Shopify suggests the same.
    """
    with transaction():
        request = lookup.get(shop, request_id, is_locked=True)
        if request is None or request.state != RECEIVED:
            return False
        items = lookup.items(shop, [request.id])[request.id]
        if any(item.uninspected for item in items):
            return False
        which = f"{sum(item.accepted for item in items)}.{_tries(shop, request)}"
        return effects.order(request, "refund", user, which, fee_waived=fee_waived, amount=amount)


def _tries(shop: Shop, request: Request) -> int:
    """How many refunds of it ended without money: each needs a decision anew. One that waits or runs is not counted,
    so that a second click is the same order."""
    refunds = [step for step in lookup.steps(shop, request.id) if step.kind == "refund"]
    return sum(step.done_at is not None and step.result != DONE for step in refunds)
