"""Parcels and what the carrier says about them."""

from collections.abc import Sequence
from datetime import datetime

from devstore.deeds.orders import updated
from devstore.records import Fulfillment, FulfillmentEvent, FulfillmentLine, Order, Tracking
from devstore.state import Change, State

SCANS = (
    "label_purchased",
    "label_printed",
    "confirmed",
    "carrier_picked_up",
    "in_transit",
    "delayed",
    "out_for_delivery",
    "ready_for_pickup",
    "attempted_delivery",
    "delivered",
    "failure",
)
"""What a carrier can say: FulfillmentEventStatus in lower case."""


def fulfil(
    state: State,
    order: Order,
    lines: Sequence[tuple[int, int]] | None = None,
    *,
    company: str | None = None,
    number: str | None = None,
    url: str | None = None,
    at: datetime | None = None,
) -> Fulfillment:
    """Pack (line id, pieces) into one parcel; None packs all that is left. ValueError when nothing is left."""
    with state.changing(at) as change:
        packed = _packed(order, lines)
        parcel = Fulfillment(
            id=state.new_id(),
            order_id=order.id,
            name=f"{order.name}.{len(order.fulfillments) + 1}",
            created_at=change.at,
            updated_at=change.at,
            lines=[FulfillmentLine(id=state.new_id(), line_id=line, quantity=pieces) for line, pieces in packed],
            tracking=[Tracking(company=company, number=number, url=url)] if company or number or url else [],
        )
        for line, pieces in packed:
            order.line(line).unfulfilled -= pieces
        order.fulfillments.append(parcel)
        change.tell(order.shop, "fulfillments/create", parcel)
        whole = not any(line.unfulfilled for line in order.lines)
        change.tell(order.shop, "orders/fulfilled" if whole else "orders/partially_fulfilled", order)
        updated(change, order)
        return parcel


def update_tracking(
    state: State,
    fulfillment: Fulfillment,
    company: str | None,
    number: str | None,
    url: str | None,
    *,
    at: datetime | None = None,
) -> Fulfillment:
    with state.changing(at) as change:
        fulfillment.tracking = [Tracking(company=company, number=number, url=url)]
        _moved(state, change, fulfillment)
        return fulfillment


def cancel_fulfillment(state: State, fulfillment: Fulfillment, *, at: datetime | None = None) -> Fulfillment:
    """The parcel is taken apart again; its pieces are unfulfilled."""
    with state.changing(at) as change:
        order = _order(state, fulfillment)
        fulfillment.status = "cancelled"
        for packed in fulfillment.lines:
            order.line(packed.line_id).unfulfilled += packed.quantity
        _moved(state, change, fulfillment)
        return fulfillment


def scan(
    state: State,
    fulfillment: Fulfillment,
    status: str,
    *,
    city: str | None = None,
    province: str | None = None,
    country: str | None = None,
    zip: str | None = None,
    message: str | None = None,
    happened_at: datetime | None = None,
    estimated_delivery_at: datetime | None = None,
    at: datetime | None = None,
) -> FulfillmentEvent:
    """The carrier speaks. status: one of SCANS. happened_at None = now; it may lie before earlier scans."""
    if status not in SCANS:
        raise ValueError(f"no carrier says {status!r}")
    with state.changing(at) as change:
        event = FulfillmentEvent(
            id=state.new_id(),
            status=status,
            happened_at=happened_at or change.at,
            created_at=change.at,
            updated_at=change.at,
            message=message,
            city=city,
            province=province,
            country=country,
            zip=zip,
            estimated_delivery_at=estimated_delivery_at,
        )
        fulfillment.events.append(event)
        change.tell(_order(state, fulfillment).shop, "fulfillment_events/create", (fulfillment, event))
        _moved(state, change, fulfillment)
        return event


def delete_scan(state: State, fulfillment: Fulfillment, event: FulfillmentEvent) -> None:
    """The carrier takes a scan back."""
    with state.changing() as change:
        fulfillment.events.remove(event)
        change.tell(_order(state, fulfillment).shop, "fulfillment_events/delete", (fulfillment, event))
        _moved(state, change, fulfillment)


def _moved(state: State, change: Change, fulfillment: Fulfillment) -> None:
    fulfillment.updated_at = max(fulfillment.updated_at, change.at)
    order = _order(state, fulfillment)
    change.tell(order.shop, "fulfillments/update", fulfillment)
    updated(change, order)


def _order(state: State, fulfillment: Fulfillment) -> Order:
    return state.orders[fulfillment.order_id]


def _packed(order: Order, lines: Sequence[tuple[int, int]] | None) -> list[tuple[int, int]]:
    if lines is None:
        lines = [(line.id, line.unfulfilled) for line in order.lines if line.unfulfilled]
    if not lines or any(not 0 < pieces <= order.line(id).unfulfilled for id, pieces in lines):
        raise ValueError(f"{order.name} has not that many pieces left to ship")
    return list(lines)
