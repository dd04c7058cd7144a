"""A parcel's way to the buyer: the usual carrier, the usual places, the usual sentences."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from devstore import deeds, words
from devstore.carriers import says, tracking
from devstore.places import Town, carrier_to, town_at
from devstore.records import Fulfillment, FulfillmentEvent, Order
from devstore.state import State

Pieces = Sequence[tuple[int, int]]
"""(line id, pieces) that go into one parcel."""

USUALLY = {
    None: "label_printed",
    "label_purchased": "label_printed",
    "label_printed": "carrier_picked_up",
    "confirmed": "carrier_picked_up",
    "carrier_picked_up": "in_transit",
    "in_transit": "out_for_delivery",
    "delayed": "in_transit",
    "out_for_delivery": "delivered",
    "attempted_delivery": "out_for_delivery",
    "ready_for_pickup": "delivered",
}
"""What comes after a scan when nothing goes wrong; nothing follows delivered and failure."""


def send(
    state: State,
    order: Order,
    chance: Random,
    lines: Pieces | None = None,
    *,
    company: str | None = None,
    at: datetime | None = None,
) -> Fulfillment:
    """Pack and hand over. lines None = all that is left; company None = who usually goes there.

    What needs no shipping gets no tracking number.
    """
    carrier = company or (carrier_to(order.shipping_address) if order.shipping_address else None)
    packed = [order.line(id) for id, _ in lines] if lines else [line for line in order.lines if line.unfulfilled]
    shipped = carrier is not None and any(line.requires_shipping for line in packed)
    return deeds.fulfil(state, order, lines, **(tracking(carrier, chance) if carrier and shipped else {}), at=at)


def scan(
    state: State,
    order: Order,
    parcel: Fulfillment,
    status: str,
    *,
    arrives: datetime | None = None,
    at: datetime | None = None,
) -> FulfillmentEvent:
    """The carrier speaks where it usually would. arrives: the day it promises, None for none."""
    town = _town(order, parcel, status)
    company = parcel.tracking[0].company if parcel.tracking else None
    with state.changing(at):
        event = deeds.scan(state, parcel, status, message=says(company, status), estimated_delivery_at=arrives)
        if town:
            _place(event, town)
        return event


def usual_next(parcel: Fulfillment) -> str | None:
    """The scan that usually comes next; None when the way has ended."""
    return USUALLY.get(words.shipment_status(parcel))


def _place(event: FulfillmentEvent, town: Town) -> None:
    event.city, event.zip, event.country = town.name, town.zip, town.country_code
    event.province = town.province
    event.latitude, event.longitude = town.latitude, town.longitude


def _town(order: Order, parcel: Fulfillment, status: str) -> Town | None:
    return town_at(order.shipping_address, status, len(parcel.events)) if order.shipping_address else None
