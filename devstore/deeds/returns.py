"""Returns, as far as their states go."""

from collections.abc import Sequence
from datetime import datetime

from devstore.deeds.orders import updated
from devstore.records import Fulfillment, FulfillmentLine, Order, Return, ReturnLine
from devstore.state import Change, State

Asked = tuple[int, int]
"""(line id, pieces) to send back."""


def request_return(
    state: State,
    order: Order,
    lines: Sequence[Asked],
    *,
    reason: str = "UNKNOWN",
    customer_note: str | None = None,
    at: datetime | None = None,
) -> Return:
    """The buyer asks. Only shipped lines can come back: ValueError for others. reason: a ReturnReason."""
    with state.changing(at) as change:
        asked = Return(
            id=state.new_id(),
            order_id=order.id,
            name=f"{order.name}-R{len(order.returns) + 1}",
            status="REQUESTED",
            created_at=change.at,
            lines=[_line(state, order, line, reason, customer_note) for line in lines],
        )
        order.returns.append(asked)
        _told(state, change, asked, "returns/request")
        return asked


def approve_return(state: State, asked: Return, *, at: datetime | None = None) -> Return:
    with state.changing(at) as change:
        _become(state, change, asked, {"REQUESTED"}, "OPEN", "returns/approve")
        asked.request_approved_at = change.at
        return asked


def decline_return(state: State, asked: Return, reason: str, note: str, *, at: datetime | None = None) -> Return:
    """reason: a ReturnDeclineReason: RETURN_PERIOD_ENDED, FINAL_SALE or OTHER."""
    with state.changing(at) as change:
        _become(state, change, asked, {"REQUESTED"}, "DECLINED", "returns/decline")
        asked.decline_reason, asked.decline_note = reason, note
        return asked


def cancel_return(state: State, asked: Return, *, at: datetime | None = None) -> Return:
    with state.changing(at) as change:
        _become(state, change, asked, {"REQUESTED", "OPEN"}, "CANCELED", "returns/cancel")
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


def _become(state: State, change: Change, asked: Return, allowed: set[str], status: str, topic: str) -> None:
    if asked.status not in allowed:
        raise ValueError(f"{asked.name} is {asked.status}")
    asked.status = status
    _told(state, change, asked, topic)


def _told(state: State, change: Change, asked: Return, topic: str) -> None:
    order = state.orders[asked.order_id]
    change.tell(order.shop, topic, asked)
    updated(change, order)


def _line(state: State, order: Order, asked: Asked, reason: str, note: str | None) -> ReturnLine:
    line_id, pieces = asked
    packed = next((p for f in _shipped(order) for p in f.lines if p.line_id == line_id and p.quantity >= pieces), None)
    if packed is None:
        raise ValueError(f"{order.name} did not ship {pieces} of line {line_id} in one parcel")
    return _return_line(state, packed, pieces, reason, note)


def _shipped(order: Order) -> list[Fulfillment]:
    return [parcel for parcel in order.fulfillments if parcel.status == "success"]


def _return_line(state: State, packed: FulfillmentLine, pieces: int, reason: str, note: str | None) -> ReturnLine:
    return ReturnLine(
        id=state.new_id(),
        fulfillment_line_id=packed.id,
        line_id=packed.line_id,
        quantity=pieces,
        reason=reason,
        customer_note=note,
    )
