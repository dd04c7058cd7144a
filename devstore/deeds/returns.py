"""Returns: asked for, decided, taken back. What comes of the goods and the money is in `received`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from devstore import reasons
from devstore.deeds.orders import updated
from devstore.money import text
from devstore.records import (
    ExchangeLine,
    Fulfillment,
    FulfillmentLine,
    Order,
    Return,
    ReturnLine,
    ReverseLine,
    ReverseOrder,
)
from devstore.state import Change, State

Asked = tuple[int, int]
"""(line id, pieces) to send back."""

LONGEST_CUSTOMER_NOTE = 300
LONGEST_NOTE = 255
LONGEST_DECLINE_NOTE = 500
LIVE = ("REQUESTED", "OPEN", "CLOSED")
"""States whose pieces cannot be asked for again."""


class Refused(ValueError):
    """What Shopify would not do. code: a ReturnErrorCode; field: where in the input it stands."""

    def __init__(self, code: str, message: str, *field: str) -> None:
        super().__init__(message)
        self.code, self.message, self.field = code, message, field


@dataclass(frozen=True)
class Wanted:
    """Pieces of one parcel's line. definition: a handle of the library; restocking: percent."""

    fulfillment_line_id: int
    quantity: int
    reason: str = "UNKNOWN"
    definition: str | None = None
    note: str = ""
    customer_note: str | None = None
    restocking: float | None = None


@dataclass(frozen=True)
class Instead:
    """What the buyer gets for it. discount: on all pieces, in shop money."""

    variant_id: int
    quantity: int
    discount: str = "0"


def request_return(
    state: State,
    order: Order,
    lines: Sequence[Asked],
    *,
    reason: str = "UNKNOWN",
    definition: str | None = None,
    customer_note: str | None = None,
    at: datetime | None = None,
) -> Return:
    """The buyer asks. Only shipped pieces can come back: ValueError for others. reason: a ReturnReason."""
    like = Wanted(0, 0, reason, definition, customer_note=customer_note)
    return file_return(state, order, _packed(order, lines, like), at=at)


def file_return(
    state: State,
    order: Order,
    wanted: Sequence[Wanted],
    *,
    is_open: bool = False,
    instead: Sequence[Instead] = (),
    shipping_fee: str | None = None,
    at: datetime | None = None,
) -> Return:
    """REQUESTED, or OPEN where nobody has to agree. shipping_fee in what the buyer paid with. Refused where it is."""
    check_units(order, wanted)
    with state.changing(at) as change:
        back = Return(
            id=state.new_id(),
            order_id=order.id,
            name=f"{order.name}-R{len(order.returns) + 1}",
            status="OPEN" if is_open else "REQUESTED",
            created_at=change.at,
            lines=[_line(state, order, one) for one in wanted],
            exchange_lines=[_exchange(state, order, one) for one in instead],
            shipping_fee=None if shipping_fee is None else text(shipping_fee, order.presentment_currency),
            shipping_fee_id=state.new_id(),
        )
        order.returns.append(back)
        if is_open:
            _expect(state, change, back)
            order.closed_at = None
        _told(state, change, back, "returns/approve" if is_open else "returns/request")
        return back


def check_units(order: Order, wanted: Sequence[Wanted]) -> None:
    """Refused when something is asked for that did not go out, or more of it than may still come back."""
    free = returnable(order)
    for place, one in enumerate(wanted):
        field = ("returnLineItems", str(place))
        if one.fulfillment_line_id not in free:
            raise Refused("NOT_FOUND", "Fulfillment line item does not exist", *field, "fulfillmentLineItemId")
        if one.quantity < 1:
            raise Refused("GREATER_THAN", "Quantity must be greater than 0", *field, "quantity")
        if one.quantity > free[one.fulfillment_line_id]:
            message = "Return line item has an invalid quantity: more than can still be returned"
            raise Refused("INVALID", message, *field, "quantity")
        free[one.fulfillment_line_id] -= one.quantity


def returnable(order: Order) -> dict[int, int]:
    """Pieces that may still come back, by the parcels' lines: sent, not refunded, in no live return."""
    live = [line for back in order.returns if back.status in LIVE for line in back.lines]
    waiting: dict[int, int] = {}
    for line in live:
        waiting[line.line_id] = waiting.get(line.line_id, 0) + line.quantity - line.processed
    rest = {b.id: b.quantity - b.removed - b.unfulfilled - waiting.get(b.id, 0) for b in order.lines}
    free = {}
    for packed in (packed for parcel in _shipped(order) for packed in parcel.lines):
        claimed = sum(line.quantity for line in live if line.fulfillment_line_id == packed.id)
        free[packed.id] = max(0, min(packed.quantity - claimed, rest[packed.line_id]))
        rest[packed.line_id] -= free[packed.id]
    return free


def approve_return(state: State, asked: Return, *, at: datetime | None = None) -> Return:
    with state.changing(at) as change:
        _become(state, change, asked, {"REQUESTED"}, "OPEN", "returns/approve")
        asked.request_approved_at = change.at
        _expect(state, change, asked)
        return asked


def decline_return(state: State, asked: Return, reason: str, note: str, *, at: datetime | None = None) -> Return:
    """reason: a ReturnDeclineReason: RETURN_PERIOD_ENDED, FINAL_SALE or OTHER."""
    if len(note) > LONGEST_DECLINE_NOTE:
        raise Refused("TOO_LONG", "Decline note is too long (maximum is 500 characters)", "input", "declineNote")
    with state.changing(at) as change:
        _become(state, change, asked, {"REQUESTED"}, "DECLINED", "returns/decline")
        asked.decline_reason, asked.decline_note = reason, note
        return asked


def cancel_return(state: State, asked: Return, *, at: datetime | None = None) -> Return:
    """Only what is open and not begun: a request is declined instead."""
    with state.changing(at) as change:
        if is_begun(state.orders[asked.order_id], asked):
            raise Refused("INVALID_STATE", "Return cannot be canceled after it has been processed", "id")
        _become(state, change, asked, {"OPEN"}, "CANCELED", "returns/cancel")
        for expected in asked.reverse_orders:
            expected.status = "CANCELED"
        return asked


def close_return(state: State, asked: Return, *, at: datetime | None = None) -> Return:
    with state.changing(at) as change:
        _become(state, change, asked, {"OPEN"}, "CLOSED", "returns/close")
        asked.closed_at = change.at
        return asked


def reopen_return(state: State, asked: Return, *, at: datetime | None = None) -> Return:
    with state.changing(at) as change:
        _become(state, change, asked, {"CLOSED"}, "OPEN", "returns/reopen")
        asked.closed_at = None
        return asked


def remove_from_return(
    state: State,
    back: Return,
    lines: Mapping[int, int],
    exchanges: Mapping[int, int] | None = None,
    *,
    at: datetime | None = None,
) -> Return:
    """Take pieces off a return, by the ids of its lines; they may be asked for again. Refused for what is processed."""
    _check_removal(back, lines, exchanges or {})
    with state.changing(at) as change:
        for line in back.lines:
            line.quantity -= lines.get(line.id, 0)
        for expected in (one for reverse in back.reverse_orders for one in reverse.lines):
            expected.quantity -= lines.get(expected.return_line_id, 0)
        back.lines = [line for line in back.lines if line.quantity]
        for exchange in back.exchange_lines:
            exchange.removed += (exchanges or {}).get(exchange.id, 0)
        order = state.orders[back.order_id]
        change.tell(order.shop, "returns/update", (back, dict(lines)))
        updated(change, order)
        return back


def is_begun(order: Order, back: Return) -> bool:
    """Whether something was inspected, processed or paid back."""
    disposed = any(line.dispositions for expected in back.reverse_orders for line in expected.lines)
    processed = any(line.processed for line in back.lines) or any(line.processed for line in back.exchange_lines)
    return disposed or processed or any(refund.return_id == back.id for refund in order.refunds)


def _check_removal(back: Return, lines: Mapping[int, int], exchanges: Mapping[int, int]) -> None:
    if back.status not in ("REQUESTED", "OPEN"):
        raise Refused("INVALID_STATE", f"Return is {back.status.casefold()}", "returnId")
    left = {line.id: line.quantity - line.processed for line in back.lines}
    swaps = {line.id: line.quantity - line.processed - line.removed for line in back.exchange_lines}
    for field, wanted, free in (("returnLineItems", lines, left), ("exchangeLineItems", exchanges, swaps)):
        for place, (id, pieces) in enumerate(wanted.items()):
            if id not in free:
                raise Refused("NOT_FOUND", "Return line item does not exist", field, str(place))
            if not 0 < pieces <= free[id]:
                raise Refused("INVALID", "Quantity to remove is invalid", field, str(place), "quantity")


def _become(state: State, change: Change, asked: Return, allowed: set[str], status: str, topic: str) -> None:
    if asked.status not in allowed:
        raise Refused("INVALID_STATE", f"{asked.name} is {asked.status}", "id")
    asked.status = status
    _told(state, change, asked, topic)


def _told(state: State, change: Change, asked: Return, topic: str) -> None:
    order = state.orders[asked.order_id]
    change.tell(order.shop, topic, asked)
    updated(change, order)


def _expect(state: State, change: Change, back: Return) -> None:
    """The warehouse is told what will come."""
    lines = [ReverseLine(id=state.new_id(), return_line_id=line.id, quantity=line.quantity) for line in back.lines]
    back.reverse_orders.append(ReverseOrder(id=state.new_id(), created_at=change.at, lines=lines))


def units_of(order: Order, line_id: int) -> int:
    """Pieces of one of the order's lines that may still come back."""
    free = returnable(order)
    return sum(free[packed.id] for packed in _packed_of(order, line_id))


def spread(order: Order, line_id: int, pieces: int, besides: Sequence[Wanted] = ()) -> list[tuple[int, int]] | None:
    """Pieces of a line, found in its parcels: parcel's line and how many of it. None when there are not so many.

    besides: what is asked for in the same breath.
    """
    free, found = returnable(order), []
    for other in besides:
        free[other.fulfillment_line_id] -= other.quantity
    for packed in _packed_of(order, line_id):
        if taken := min(pieces, free[packed.id]):
            found.append((packed.id, taken))
            pieces -= taken
    return None if pieces else found


def _packed(order: Order, lines: Sequence[Asked], like: Wanted) -> list[Wanted]:
    """Pieces of the order's lines, found in its parcels. Refused when there are not so many."""
    wanted: list[Wanted] = []
    for line_id, pieces in lines:
        found = spread(order, line_id, pieces, wanted)
        if found is None:
            raise Refused("INVALID", f"{order.name} did not ship {pieces} of line {line_id} that may come back")
        wanted += [replace(like, fulfillment_line_id=packed, quantity=units) for packed, units in found]
    return wanted


def _packed_of(order: Order, line_id: int) -> list[FulfillmentLine]:
    return [packed for parcel in _shipped(order) for packed in parcel.lines if packed.line_id == line_id]


def _shipped(order: Order) -> list[Fulfillment]:
    return [parcel for parcel in order.fulfillments if parcel.status == "success"]


def _line(state: State, order: Order, wanted: Wanted) -> ReturnLine:
    packed = next(p for f in _shipped(order) for p in f.lines if p.id == wanted.fulfillment_line_id)
    word = reasons.by_handle(wanted.definition).word if wanted.definition else wanted.reason
    return ReturnLine(
        id=state.new_id(),
        fulfillment_line_id=packed.id,
        line_id=packed.line_id,
        quantity=wanted.quantity,
        reason=word,
        definition=wanted.definition,
        reason_note=wanted.note,
        customer_note=wanted.customer_note,
        restocking=wanted.restocking,
        fee_id=state.new_id(),
    )


def _exchange(state: State, order: Order, instead: Instead) -> ExchangeLine:
    found = state.variant(instead.variant_id)
    if found is None or found[0].shop != order.shop:
        raise Refused("NOT_FOUND", "Variant does not exist", "exchangeLineItems", "variantId")
    product, place = found
    variant, currency = product.variants[place], state.shops[order.shop].currency
    cost = Decimal(variant.price) * instead.quantity
    return ExchangeLine(
        id=state.new_id(),
        variant_id=variant.id,
        quantity=instead.quantity,
        price=variant.price,
        discount=text(min(Decimal(instead.discount), cost), currency),
        product_id=product.id,
        title=product.title,
        variant_title=None if variant.title == "Default Title" else variant.title,
        sku=variant.sku,
    )
