"""The numbers of the start page once more, from all rows of all tables, in plain Python and by the words of their
definitions. Nothing of the app is used but its tables.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from shopify_app.carts.models import Reminder
from shopify_app.changes.models import Change
from shopify_app.db import db
from shopify_app.feedback.models import Answer, Case
from shopify_app.mail.models import Message
from shopify_app.orders.models import Order, ParcelEvent, Shipment
from shopify_app.returns.models import Goodwill, Item, Request
from shopify_app.shopify.models import Shop
from shopify_app.tracking.models import Search, Watch
from shopify_app.webhooks.models import Webhook

DAY = timedelta(days=1)
Counted = tuple[datetime, bool]


class Duty(NamedTuple):
    count: int
    due: datetime | None


class Recount:
    def __init__(self, shop: Shop, now: datetime) -> None:
        self.shop, self.now, self.home = shop, now, ZoneInfo(shop.timezone)

    def all(self, model: Any) -> list[Any]:
        return [row for row in db.session.scalars(select(model)) if row.shop_id == self.shop.id]

    def day(self, at: datetime) -> int:
        return at.astimezone(self.home).date().toordinal()

    # Figures

    def weeks(self, name: str) -> list[tuple[int, int]]:
        """Above and below the line, of 26 weeks, the newest first."""
        found = [[0, 0] for _ in range(26)]
        for at, is_hit in self.counted(name):
            back = (self.day(self.now) - self.day(at)) // 7
            if 0 <= back < 26:
                self._add(found[back], name, is_hit)
        return [(hits, of) for hits, of in found]

    def since(self, name: str) -> tuple[int, int]:
        """Of these weeks, what was after the install."""
        return self._sum(name, lambda at: at >= self.installed and self.day(self.now) - self.day(at) < 26 * 7)

    def before(self, name: str) -> tuple[int, int]:
        return self._sum(name, lambda at: self.installed - 60 * DAY <= at < self.installed)

    @property
    def installed(self) -> datetime:
        assert self.shop.installed_at
        return self.shop.installed_at

    def _sum(self, name: str, which: Any) -> tuple[int, int]:
        found = [0, 0]
        for at, is_hit in self.counted(name):
            if which(at):
                self._add(found, name, is_hit)
        return found[0], found[1]

    def _add(self, found: list[int], name: str, is_hit: bool) -> None:
        found[0] += is_hit
        found[1] += 1 if name != "lookups" else not is_hit

    def counted(self, name: str) -> Iterator[Counted]:
        rows: Iterator[Counted] = getattr(self, name)()
        for at, is_hit in rows:
            if at <= self.now and (name == "arrivals" or at >= self.installed):
                yield at, is_hit

    def lookups(self) -> Iterator[Counted]:
        yield from ((row.at, True) for row in self.all(Search))
        yield from ((row.placed_at, False) for row in self.all(Order) if not row.is_test and row.deleted_at is None)

    def arrivals(self) -> Iterator[Counted]:
        orders = {row.id: row for row in self.all(Order)}
        for parcel in self.all(Shipment):
            order = orders[parcel.order_id]
            scans = [row for row in self.all(ParcelEvent) if row.shipment_id == parcel.id and row.deleted_at is None]
            scans.sort(key=lambda row: (row.happened_at, row.id))
            named = [row for row in scans if row.estimated_delivery_at]
            came = [row.happened_at for row in scans if row.status in ("delivered", "picked_up")]
            if not named or parcel.status != "success" or order.is_test or order.deleted_at or order.cancelled_at:
                continue
            day, told = named[0].estimated_delivery_at, named[0].happened_at
            if self.day(day) < self.day(self.now) and not (came and came[0] <= told):
                yield day, bool(came) and self.day(came[0]) <= self.day(day)

    def refunds(self) -> Iterator[Counted]:
        for row in self.all(Request):
            if row.state == "refunded":
                yield row.received_at, (row.refunded_at - row.received_at).total_seconds() <= 86_400
            elif row.state == "received" and (self.now - row.received_at).total_seconds() > 86_400:
                yield row.received_at, False

    def written(self) -> Iterator[Counted]:
        yield from ((at, has_bought) for at, is_held, has_bought in self._persons() if not is_held)

    def held(self) -> Iterator[Counted]:
        yield from ((at, has_bought) for at, is_held, has_bought in self._persons() if is_held)

    def _persons(self) -> list[tuple[datetime, bool, bool]]:
        """Each by the first time in these weeks and since the install that chance decided."""
        found: dict[bytes | None, tuple[datetime, bool, bool]] = {}
        for row in sorted(self.all(Reminder), key=lambda row: (row.assigned_at or self.now, row.id)):
            at = row.assigned_at
            if (
                at is None
                or at > self.now - 7 * DAY
                or at <= self.installed
                or self.day(self.now) - self.day(at) >= 182
            ):
                continue
            found.setdefault(row.email_index, (at, bool(row.is_held_out), row.bought_at is not None))
        return list(found.values())

    def feedback(self) -> Iterator[Counted]:
        for row in self.all(Answer):
            yield row.said_at, row.verdict != "wrong" and row.items not in (1, 2) and row.delivery not in (1, 2)

    # The day's work

    def duties(self) -> dict[str, Duty]:
        """Those that there is something to do for."""
        requests, items = self.all(Request), self.all(Item)
        unlooked = {one.request_id for one in items if one.received > one.accepted + one.rejected}
        decide = [one for one in requests if one.state in ("asked", "waiting") and not one.is_buyers_turn]
        received = [one for one in requests if one.state == "received"]
        inspect = [one for one in received if one.id in unlooked]
        refund = [one for one in received if one.id not in unlooked]
        law = [one.asked_at + 14 * DAY for one in decide if one.kind == "withdrawal"]
        changes = [one for one in self.all(Change) if one.result in ("refused", "dead") or self._is_undecided(one)]
        bad = ("failed", "unknown", "dead")
        news = [one for one in db.session.scalars(select(Webhook)) if one.shop_domain == self.shop.domain]
        found = {
            "decide": Duty(len(decide), min(law, default=None)),
            "inspect": Duty(len(inspect), min((one.received_at + DAY for one in inspect), default=None)),
            "refund": Duty(len(refund), min((one.received_at + DAY for one in refund), default=None)),
            "labels": Duty(sum(one.state == "approved" and one.needs_label for one in requests), None),
            "goodwill": Duty(sum(one.decided_at is None for one in self.all(Goodwill)), None),
            "parcels": Duty(sum(self._is_fresh(one.troubled_at) for one in self.all(Watch)), None),
            "cases": Duty(sum(one.state == "open" for one in self.all(Case)), None),
            "changes": Duty(len(changes), None),
            "messages": Duty(sum(one.result in bad for one in self.all(Message)), None),
            "news": Duty(sum(one.result in ("failed", "dead") for one in news), None),
        }
        return {name: duty for name, duty in found.items() if duty.count}

    def _is_undecided(self, change: Any) -> bool:
        return change.decided_at is None and change.result is None

    def _is_fresh(self, at: datetime | None) -> bool:
        return at is not None and at > self.now - 30 * DAY
