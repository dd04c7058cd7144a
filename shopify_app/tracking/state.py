"""How an order is doing, as facts, in one word and in one sentence. Pure: the mirror's rows in, words out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from shopify_app.language import Language, words
from shopify_app.orders.models import Line, Order, ParcelEvent, Shipment
from shopify_app.orders.read import Whole

State = Literal["paid", "packing", "moving", "arrived", "problem"]


class Scan(NamedTuple):
    """What a carrier's status says of its parcel."""

    state: State
    words: str


SCANS = {
    "label_purchased": Scan("packing", words("The shipping label has been bought")),
    "label_printed": Scan("packing", words("The shipping label has been printed")),
    "label_voided": Scan("packing", words("The shipping label has been withdrawn")),
    "submitted": Scan("packing", words("The parcel has been announced to the carrier")),
    "confirmed": Scan("packing", words("The carrier expects the parcel")),
    "fulfilled": Scan("moving", words("The parcel has been sent")),
    "marked_as_fulfilled": Scan("moving", words("The parcel has been sent")),
    "carrier_picked_up": Scan("moving", words("The carrier has the parcel")),
    "in_transit": Scan("moving", words("On its way")),
    "out_for_delivery": Scan("moving", words("Out for delivery")),
    "ready_for_pickup": Scan("moving", words("Ready for pickup")),
    "delayed": Scan("problem", words("Delayed")),
    "attempted_delivery": Scan("problem", words("The carrier tried to deliver")),
    "not_delivered": Scan("problem", words("Could not be delivered")),
    "failure": Scan("problem", words("Could not be delivered")),
    "delivered": Scan("arrived", words("Delivered")),
    "picked_up": Scan("arrived", words("Picked up")),
}
"""Shopify's words, those of parcel events and those of shipments."""
SENT = SCANS["fulfilled"]
"""A shipment of which no carrier has told us anything yet: the merchant has sent it."""
UNKNOWN = words("News from the carrier")


@dataclass(frozen=True, slots=True)
class Item:
    line: Line
    quantity: int


@dataclass(frozen=True, slots=True)
class Parcel:
    shipment: Shipment
    items: Sequence[Item]
    """Empty while we do not know what is in it."""
    events: Sequence[ParcelEvent]
    """Newest first, each once."""
    status: str | None
    """Shopify's word for the newest thing known of it; None: nothing that we understand."""

    @property
    def scan(self) -> Scan:
        return SCANS.get(self.status or "", SENT)

    @property
    def expected_at(self) -> datetime | None:
        """The newest promise; None when there is none, or nothing left to promise."""
        if self.scan.state == "arrived":
            return None
        promises = [event.estimated_delivery_at for event in self.events if event.estimated_delivery_at]
        return promises[0] if promises else self.shipment.estimated_delivery_at

    @property
    def arrival(self) -> ParcelEvent | None:
        """None while it has not arrived, or when nobody told us at what time it did."""
        arrivals = (event for event in self.events if event.status == self.status)
        return next(arrivals, None) if self.scan.state == "arrived" else None


@dataclass(frozen=True, slots=True)
class Progress:
    whole: Whole
    parcels: Sequence[Parcel]
    unsent: Sequence[Item]

    @property
    def order(self) -> Order:
        return self.whole.order

    @property
    def is_refunded(self) -> bool:
        """All of it."""
        nothing_left = not any(line.current_quantity for line in self.whole.lines)
        return nothing_left and self.order.financial_status == "refunded"

    @property
    def state(self) -> State:
        states = {parcel.scan.state for parcel in self.parcels}
        if self.order.cancelled_at or "problem" in states:
            return "problem"
        if states == {"arrived"} and not self.unsent:
            return "arrived"
        if "moving" in states:
            return "moving"
        return "packing" if states else "paid"


def progress(whole: Whole) -> Progress:
    parcels = [
        _parcel(whole, shipment) for shipment in sorted(whole.shipments, key=lambda one: (one.created_at, one.id))
    ]
    return Progress(whole, [parcel for parcel in parcels if _travels(parcel)], _unsent(whole))


def _parcel(whole: Whole, shipment: Shipment) -> Parcel:
    lines = {line.id: line for line in whole.lines}
    items = [Item(lines[one["id"]], one["quantity"]) for one in shipment.lines if one["id"] in lines]
    events = _events([event for event in whole.events if event.shipment_id == shipment.id])
    return Parcel(shipment, items, events, _status(shipment, events))


def _status(shipment: Shipment, events: Sequence[ParcelEvent]) -> str | None:
    """The newest word that we understand; Shopify's own "delivered" counts even where its event never came."""
    known = [event.status for event in events if event.status in SCANS]
    summary = shipment.shipment_status if shipment.shipment_status in SCANS else None
    if summary and SCANS[summary].state == "arrived":
        return summary
    return known[0] if known else summary


def _events(events: Sequence[ParcelEvent]) -> Sequence[ParcelEvent]:
    """Newest first, whatever order they came in; what a carrier told twice stands once."""
    newest = sorted(events, key=lambda event: (event.happened_at, event.id), reverse=True)
    once = {(one.status, one.happened_at, one.place.get("city"), one.place.get("message")): one for one in newest}
    return list(once.values())


def _travels(parcel: Parcel) -> bool:
    """Downloads and gift cards are shipments to Shopify, but nobody waits for them at the door."""
    return not parcel.items or any(item.line.requires_shipping for item in parcel.items)


def _unsent(whole: Whole) -> Sequence[Item]:
    """Pieces in no parcel. None as long as we do not know what is in every parcel, and none of a cancelled order."""
    if whole.order.cancelled_at or any(shipment.is_partial for shipment in whole.shipments):
        return []
    sent: Counter[int] = Counter()
    for shipment in whole.shipments:
        sent.update({one["id"]: one["quantity"] for one in shipment.lines})
    rest = [Item(line, line.current_quantity - sent[line.id]) for line in whole.lines if line.requires_shipping]
    return [item for item in rest if item.quantity > 0]


def headline(progress: Progress, language: Language) -> str:
    """The truth about the order in one sentence, or two when part of it is still with the shop."""
    if progress.order.cancelled_at:
        return language.t("This order has been cancelled.")
    if progress.is_refunded:
        return language.t("This order has been refunded.")
    if not progress.parcels:
        return _before(progress, language)
    sentences = [_of_one(progress.parcels[0], language) if len(progress.parcels) == 1 else _of_many(progress, language)]
    if pieces := sum(item.quantity for item in progress.unsent):
        sentences.append(language.n("{count} item is still with us.", "{count} items are still with us.", pieces))
    return " ".join(sentences)


def _before(progress: Progress, language: Language) -> str:
    """Nothing has been sent."""
    if progress.order.financial_status in ("pending", "unpaid", "partially_paid", "expired"):
        return language.t("We have your order and are waiting for the payment.")
    if progress.whole.lines and not progress.unsent:
        return language.t("Your order is complete: there is nothing to deliver.")
    if progress.order.financial_status in ("paid", "partially_refunded"):
        return language.t("Your order is paid, and we are preparing it.")
    return language.t("We have your order and are preparing it.")


ALONE = {
    "out_for_delivery": words("Your parcel is out for delivery."),
    "ready_for_pickup": words("Your parcel is ready for pickup."),
    "delayed": words("Your parcel is delayed."),
    "attempted_delivery": words("The carrier tried to deliver your parcel."),
    "not_delivered": words("Your parcel could not be delivered."),
    "failure": words("Your parcel could not be delivered."),
    "picked_up": words("Your parcel has been picked up."),
}
"""Where the status of an only parcel says more than its state."""

BY_STATE = {
    "packing": words("Your parcel is packed and waits for the carrier."),
    "moving": words("Your parcel is on its way."),
    "arrived": words("Your parcel has arrived."),
}


def _of_one(parcel: Parcel, language: Language) -> str:
    return language.t(ALONE.get(parcel.status or "") or BY_STATE[parcel.scan.state])


def _of_many(progress: Progress, language: Language) -> str:
    """Counts parcels: those in trouble before those that have arrived, before those on their way."""
    total = len(progress.parcels)
    count = Counter(parcel.scan.state for parcel in progress.parcels)
    if troubled := count["problem"]:
        return language.n(
            "There is a problem with {count} of your {total} parcels.",
            "There are problems with {count} of your {total} parcels.",
            troubled,
            total=total,
        )
    if count["arrived"] == total:
        return language.t("All {total} parcels have arrived.", total=total)
    if arrived := count["arrived"]:
        return language.n(
            "{count} of your {total} parcels has arrived.",
            "{count} of your {total} parcels have arrived.",
            arrived,
            total=total,
        )
    if count["moving"] == total:
        return language.t("Your {total} parcels are on their way.", total=total)
    if moving := count["moving"]:
        return language.n(
            "{count} of your {total} parcels is on its way.",
            "{count} of your {total} parcels are on their way.",
            moving,
            total=total,
        )
    return language.t("Your {total} parcels are packed and wait for the carrier.", total=total)
