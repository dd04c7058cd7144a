"""What nobody says, but the calendar does: parcels that should have been heard of by now.

Days count only where both the sender and the buyer work: no weekend, no public holiday.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Literal, NamedTuple

import holidays

from shopify_app.orders.models import ParcelEvent, Shipment
from shopify_app.tracking.scans import Scan

UNCOLLECTED = 4
SILENT, SILENT_ABROAD = 3, 5
"""Working days that may pass after a label was made, and after a scan at home or abroad."""
DONE = ("arrived", "collected", "waiting", "returning", "failed", "held")
"""Situations in which no carrier has anything left to do for this buyer."""


class Delay(NamedTuple):
    situation: Literal["late", "silent", "uncollected"]
    since: datetime
    """The promise that was not kept, the last scan, or the label."""
    at: datetime
    """When it became a delay, or will."""


class Calendar(NamedTuple):
    origin: str | None
    destination: str | None
    """Countries, as in "DE"; None where we do not know."""
    zone: tzinfo
    """The buyer's."""

    @property
    def is_abroad(self) -> bool:
        return bool(self.origin and self.destination) and self.origin != self.destination

    def after(self, moment: datetime, days: int) -> datetime:
        """The same time of day, so many working days later."""
        local = moment.astimezone(self.zone)
        day = local.date()
        while days:
            day += timedelta(days=1)
            days -= self.is_working(day)
        return local.replace(year=day.year, month=day.month, day=day.day)

    def is_working(self, day: date) -> bool:
        return all(_is_working(country, day) for country in (self.origin, self.destination))

    def over(self, moment: datetime) -> datetime:
        """When the day of that moment is over."""
        return datetime.combine(moment.astimezone(self.zone).date() + timedelta(days=1), time(), self.zone)


def _is_working(country: str | None, day: date) -> bool:
    known = _holidays(country or "")
    return day.weekday() < 5 if known is None else known.is_working_day(day)


@cache
def _holidays(country: str) -> holidays.HolidayBase | None:
    """With the country's own weekend; None for one that the library does not know."""
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        return None


def promised(shipment: Shipment, events: Sequence[ParcelEvent]) -> Sequence[datetime]:
    """The newest day that each source has promised: what Shopify was told, then what the carrier says when we ask it.
    Empty when nobody promised any. `events` are the newest first.
    """
    dated = [event for event in events if event.estimated_delivery_at]
    told = (event.estimated_delivery_at for event in dated if event.asked_of is None)
    answered = (event.estimated_delivery_at for event in dated if event.asked_of is not None)
    return [one for one in (next(told, shipment.estimated_delivery_at), next(answered, None)) if one]


def possible(scan: Scan, shipment: Shipment, events: Sequence[ParcelEvent], calendar: Calendar) -> Iterator[Delay]:
    """What is or will be the matter if nothing more is heard; a broken promise says more than silence. Broken it is
    when no source promises a later day.

    `events` are the newest first.
    """
    if scan.situation in DONE:
        return
    promise = max(promised(shipment, events), default=None)
    if promise and scan.situation != "attempted":  # the carrier came, and that says more
        yield Delay("late", promise, calendar.over(promise))
    if scan.situation == "packed":
        label = events[0].happened_at if events else shipment.created_at
        yield Delay("uncollected", label, calendar.after(label, UNCOLLECTED))
    elif events:
        heard = events[0].happened_at
        yield Delay("silent", heard, calendar.after(heard, SILENT_ABROAD if calendar.is_abroad else SILENT))
