"""The way back: labels, tracking numbers, and what the carrier says."""

from collections.abc import Sequence
from datetime import datetime

from devstore.carriers import carrier_of
from devstore.deeds.orders import updated
from devstore.deeds.parcels import SCANS
from devstore.deeds.received import Dispose, dispose
from devstore.deeds.returns import Refused
from devstore.records import (
    FulfillmentEvent,
    Order,
    Return,
    ReverseDelivery,
    ReverseDeliveryLine,
    ReverseOrder,
    Tracking,
)
from devstore.state import Change, State

WAY_BACK = ("carrier_picked_up", "in_transit", "delivered")
"""Dropped off, under way, at the warehouse."""


def expect_delivery(
    state: State,
    order: Order,
    expected: ReverseOrder,
    lines: Sequence[tuple[int, int]] = (),
    *,
    tracking: Tracking | None = None,
    label: str | None = None,
    at: datetime | None = None,
) -> ReverseDelivery:
    """A parcel that will come back. lines: (reverse line id, pieces), empty = all of them. Refused when not OPEN."""
    if expected.status != "OPEN":
        raise Refused("INVALID_STATE", "Reverse fulfillment order is not open", "reverseFulfillmentOrderId")
    wanted = lines or [(line.id, line.quantity) for line in expected.lines]
    most = {line.id: line.quantity for line in expected.lines}
    for place, (id, pieces) in enumerate(wanted):
        if not 0 < pieces <= most.get(id, 0):
            raise Refused("INVALID", "Quantity is more than is expected", "reverseDeliveryLineItems", str(place))
    with state.changing(at) as change:
        made = ReverseDelivery(
            id=state.new_id(),
            created_at=change.at,
            updated_at=change.at,
            lines=[
                ReverseDeliveryLine(id=state.new_id(), reverse_line_id=id, quantity=pieces) for id, pieces in wanted
            ],
        )
        expected.deliveries.append(made)
        _attach(change, order, made, tracking, label)
        return made


def update_delivery(
    state: State,
    order: Order,
    delivery: ReverseDelivery,
    *,
    tracking: Tracking | None = None,
    label: str | None = None,
    at: datetime | None = None,
) -> ReverseDelivery:
    """Another number or label; None leaves it."""
    with state.changing(at) as change:
        _attach(change, order, delivery, tracking, label)
        return delivery


def scan_back(
    state: State,
    order: Order,
    delivery: ReverseDelivery,
    status: str,
    *,
    message: str | None = None,
    at: datetime | None = None,
) -> FulfillmentEvent:
    """The carrier speaks of a parcel that comes back; Shopify hears nothing of it. status: one of SCANS."""
    if status not in SCANS:
        raise ValueError(f"no carrier says {status!r}")
    with state.changing(at) as change:
        event = FulfillmentEvent(
            id=state.new_id(),
            status=status,
            happened_at=change.at,
            created_at=change.at,
            updated_at=change.at,
            message=message,
        )
        delivery.scans.append(event)
        change.touch(order)
        return event


def take_in(state: State, order: Order, back: Return, type: str = "RESTOCKED", *, at: datetime | None = None) -> Return:
    """The merchant's own staff says that all of it came back. type: a disposition."""
    shelf = state.shops[order.shop].location_id if type == "RESTOCKED" else None
    wanted = []
    for line in (line for expected in back.reverse_orders for line in expected.lines):
        left = line.quantity - sum(one.quantity for one in line.dispositions)
        wanted += [Dispose(line.id, left, type, shelf)] if left else []
    if not wanted:
        raise Refused("INVALID_STATE", f"Nothing of {back.name} is expected", "id")
    dispose(state, order, wanted, at=at)
    return back


def _attach(
    change: Change, order: Order, delivery: ReverseDelivery, tracking: Tracking | None, label: str | None
) -> None:
    if tracking is not None:
        delivery.tracking = Tracking(
            company=carrier_of(tracking.number, tracking.url), number=tracking.number, url=tracking.url
        )
    if label is not None:
        delivery.label_made_at = delivery.label_made_at or change.at
        delivery.label, delivery.label_changed_at = label, change.at
    delivery.updated_at = change.at
    change.tell(order.shop, "reverse_deliveries/attach_deliverable", (order, delivery))
    updated(change, order)
