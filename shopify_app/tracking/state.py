"""How an order is doing, as facts. Pure: the mirror's rows and the time in, states and pieces out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import takewhile
from typing import Literal, NamedTuple

from shopify_app import zones
from shopify_app.language import zone
from shopify_app.orders.models import Line, Order, ParcelEvent, Shipment
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop
from shopify_app.tracking import delays, estimates, numbers, scans
from shopify_app.tracking.delays import Calendar, Delay
from shopify_app.tracking.estimates import Rule
from shopify_app.tracking.scans import SCANS, SENT, Scan, Situation, State

UNPAID = ("pending", "unpaid", "partially_paid", "expired")
"""What Shopify calls an order whose payment is still to come."""
SAME = timedelta(minutes=15)
"""What Shopify and an asked carrier tell of one scan is never further apart."""


@dataclass(frozen=True, slots=True)
class Item:
    line: Line
    quantity: int


class Expected(NamedTuple):
    at: datetime
    by: Literal["carrier", "shop"]
    """Who says so: the carrier promised it, or the shop's rule lets one expect it."""


@dataclass(frozen=True, slots=True)
class Parcel:
    shipment: Shipment
    items: Sequence[Item]
    """Empty while we do not know what is in it."""
    events: Sequence[ParcelEvent]
    """Newest first, each once."""
    scan: Scan
    """What the newest thing that we understand says."""
    delay: Delay | None
    """What nobody has told, but the calendar does."""
    deadline: datetime | None
    """When the calendar has more to tell, if nobody is heard before; None: never."""
    promise: datetime | None
    """The day that the most trusted source promises that still can, else the latest that any did; None: none did."""
    estimate: datetime | None
    """The day by the shop's rule, where nobody has promised one and nothing speaks against the usual."""

    @property
    def state(self) -> State:
        return "problem" if self.delay else self.scan.state

    @property
    def situation(self) -> Situation:
        return self.delay.situation if self.delay else self.scan.situation

    @property
    def mistyped(self) -> Sequence[str]:
        """Numbers that its carrier cannot have given, while that still matters."""
        if self.scan.state == "arrived" or self.events:
            return []
        given = (tracking.get("number") for tracking in self.shipment.tracking)
        return [number for number in given if number and numbers.is_mistyped(self.shipment.carrier, number)]

    @property
    def is_troubled(self) -> bool:
        return self.state == "problem" or bool(self.mistyped)

    @property
    def since(self) -> datetime:
        """Since when it is as it is, as far as anybody told."""
        if self.delay:
            return self.delay.at
        same = takewhile(lambda event: scans.read(event) in (self.scan, None), self.events)
        return min((event.happened_at for event in same), default=self.shipment.created_at)

    @property
    def expected_at(self) -> datetime | None:
        """What was promised; None when nothing was, or nothing is left to promise."""
        return None if self.scan.state == "arrived" else self.promise

    @property
    def arrival(self) -> ParcelEvent | None:
        """None while it has not arrived, or when nobody told us when it did."""
        arrivals = (event for event in self.events if scans.read(event) == self.scan)
        return next(arrivals, None) if self.scan.state == "arrived" else None


@dataclass(frozen=True, slots=True)
class Progress:
    whole: Whole
    now: datetime
    zone: tzinfo
    """Where the order goes to, when that is one zone; else the shop's."""
    parcels: Sequence[Parcel]
    unsent: Sequence[Item]
    """Pieces in no parcel yet. None while the content of a parcel is unknown, and none of a cancelled order."""
    unshipped: Sequence[Item]
    """Pieces that need no parcel: downloads, gift cards, services."""
    removed: Sequence[Item]
    """Pieces that were cancelled or taken out before they were sent."""
    estimate: datetime | None
    """The day by the shop's rule on which an order comes of which nothing has been sent; None: not to be told."""

    @property
    def order(self) -> Order:
        return self.whole.order

    def standing(self, parcel: Parcel) -> Expected | None:
        """The promise that still stands, or without one the shop's estimate; None: none, or its day is over."""
        if parcel.expected_at:
            return self._until_over(Expected(parcel.expected_at, "carrier"))
        return self._until_over(Expected(parcel.estimate, "shop")) if parcel.estimate else None

    @property
    def ahead(self) -> Expected | None:
        """The shop's estimate for an order of which nothing has been sent."""
        return self._until_over(Expected(self.estimate, "shop")) if self.estimate else None

    def _until_over(self, expected: Expected) -> Expected | None:
        return expected if self.day(expected.at) >= self.day(self.now) else None

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    @property
    def is_refunded(self) -> bool:
        """All of it."""
        nothing_left = not any(line.current_quantity for line in self.whole.lines)
        return nothing_left and self.order.financial_status == "refunded"

    @property
    def is_over(self) -> bool:
        """Nobody waits for it any more, whatever its parcels do."""
        return self.order.cancelled_at is not None or self.is_refunded

    @property
    def state(self) -> State:
        states = {parcel.state for parcel in self.parcels}
        if self.order.cancelled_at or "problem" in states:
            return "problem"
        if states == {"arrived"} and not self.unsent:
            return "arrived"
        if "moving" in states:
            return "moving"
        return "packing" if states else "paid"


def progress(whole: Whole, shop: Shop, now: datetime) -> Progress:
    """How things stand at this moment. Every piece of the order is in exactly one of its parts, unless it is not known
    what a parcel holds."""
    zone_of_shop = zone(shop.timezone)
    there = zones.at({"country": whole.order.country}, now, zone_of_shop)
    calendar = Calendar(shop.country, whole.order.country, there)
    rule = estimates.of_order(shop, whole.order)
    shipments = sorted(whole.shipments, key=lambda one: (one.created_at, one.id))
    packed = _pack(whole, shipments)
    parcels = [
        _parcel(whole, shipment, items, calendar, rule, now)
        for shipment, items in zip(shipments, packed, strict=True)
        if _travels(shipment, items)
    ]
    rest = _rest(whole, packed, parcels)
    is_waited_for = rest.unsent and not parcels and whole.order.financial_status not in UNPAID
    estimate = estimates.of_unsent(rule, shop, whole.order, calendar, now) if is_waited_for else None
    return Progress(whole, now, there, parcels, *rest, estimate)


def _pack(whole: Whole, shipments: Sequence[Shipment]) -> list[list[Item]]:
    """What is in each; never more of a line than was ordered, whatever a shipment says."""
    lines = {line.id: line for line in whole.lines}
    left = {line.id: line.quantity for line in whole.lines}
    packed = []
    for shipment in shipments:
        items = []
        for one in shipment.lines:
            pieces = min(one["quantity"], left.get(one["id"], 0))
            if pieces > 0:
                left[one["id"]] -= pieces
                items.append(Item(lines[one["id"]], pieces))
        packed.append(items)
    return packed


def _travels(shipment: Shipment, items: Sequence[Item]) -> bool:
    """Downloads and gift cards are shipments to Shopify, but nobody waits for them at the door."""
    return not items or any(item.line.requires_shipping for item in items)


def _parcel(
    whole: Whole, shipment: Shipment, items: Sequence[Item], calendar: Calendar, rule: Rule, now: datetime
) -> Parcel:
    told = _newest([event for event in whole.events if event.shipment_id == shipment.id])
    events = _once(told)
    scan = _scan(shipment, events)
    possible = list(delays.possible(scan, shipment, told, calendar))
    delay = next((delay for delay in possible if delay.at <= now), None)
    promises = delays.promised(shipment, told)
    is_usual = not promises and not delay and scan.situation in estimates.SITUATIONS
    return Parcel(
        shipment,
        items,
        events,
        scan,
        delay,
        deadline=min((delay.at for delay in possible if delay.at > now), default=None),
        promise=next((one for one in promises if calendar.over(one) > now), max(promises, default=None)),
        estimate=estimates.of_parcel(rule, shipment.created_at, calendar) if is_usual else None,
    )


def _scan(shipment: Shipment, events: Sequence[ParcelEvent]) -> Scan:
    """The newest that we understand. Shopify's own "delivered" counts even where its event never came, and only
    Shopify's later news takes it back: carriers that are asked give times without a zone.
    """
    summary = SCANS.get(shipment.shipment_status or "")
    if summary and summary.state == "arrived":
        return summary
    told = next(filter(None, (scans.read(event) for event in events if event.asked_of is None)), None)
    if told and told.state == "arrived":
        return told
    return next(filter(None, (scans.read(event) for event in events)), None) or summary or SENT


def _newest(events: Sequence[ParcelEvent]) -> Sequence[ParcelEvent]:
    """Newest first, whatever order they came in; of the same moment Shopify's first, whose numbers are the higher."""
    return sorted(events, key=lambda event: (event.happened_at, event.id), reverse=True)


def _once(newest: Sequence[ParcelEvent]) -> Sequence[ParcelEvent]:
    """What a carrier told twice stands once, and what it told Shopify need not stand there as its answer to us too."""
    once = {(one.status, one.happened_at, one.place.get("city"), one.place.get("message")): one for one in newest}
    told = [one for one in once.values() if one.asked_of is None]
    return [one for one in once.values() if one.asked_of is None or not any(_is_same(one, other) for other in told)]


def _is_same(one: ParcelEvent, other: ParcelEvent) -> bool:
    """The same state within some minutes, and no two towns."""
    if abs(one.happened_at - other.happened_at) > SAME:
        return False
    towns = {_town(event) for event in (one, other)} - {""}
    return len(towns) < 2 and _state(one) == _state(other)


def _town(event: ParcelEvent) -> str:
    return (event.place.get("city") or "").strip().casefold()


def _state(event: ParcelEvent) -> str:
    scan = scans.read(event)
    return scan.situation if scan else event.status


class Rest(NamedTuple):
    """Pieces that are in no parcel, see Progress."""

    unsent: list[Item]
    unshipped: list[Item]
    removed: list[Item]


def _rest(whole: Whole, packed: Sequence[Sequence[Item]], parcels: Sequence[Parcel]) -> Rest:
    fulfilled = Counter[int]()
    for item in (item for items in packed for item in items):
        fulfilled[item.line.id] += item.quantity
    travelling = Counter[int]()
    for item in (item for parcel in parcels for item in parcel.items):
        travelling[item.line.id] += item.quantity
    is_known = not any(shipment.is_partial for shipment in whole.shipments)
    rest = Rest([], [], [])
    for line in whole.lines:
        left = 0 if whole.order.cancelled_at else max(0, line.current_quantity - fulfilled[line.id])
        unshipped = fulfilled[line.id] - travelling[line.id] + (0 if line.requires_shipping else left)
        unsent = left if line.requires_shipping else 0
        removed = line.quantity - travelling[line.id] - unsent - unshipped
        if is_known:
            _add(rest.unsent, line, unsent)
        _add(rest.unshipped, line, unshipped)
        _add(rest.removed, line, removed)
    return rest


def _add(items: list[Item], line: Line, quantity: int) -> None:
    if quantity > 0:
        items.append(Item(line, quantity))
