"""Everything the store knows, kept in memory and, with a data folder, in one SQLite file.

The records are in `records`, what may happen to them is in `deeds`. A deed changes records inside
`state.changing()`, which holds the lock, saves what was touched and afterwards tells the listeners what
Shopify would send as webhooks.
"""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from devstore.clock import Clock
from devstore.keep import Keep
from devstore.records import (
    BulkOperation,
    Checkout,
    Customer,
    DiscountCode,
    Fulfillment,
    Install,
    Job,
    Order,
    Product,
    Shop,
)


class Owned(Protocol):
    """A record that belongs to a shop."""

    id: int
    shop: str


T = TypeVar("T", bound=Owned)


class Table(Generic[T]):
    """Records of one kind by id and by shop, in the order in which they came."""

    def __init__(self) -> None:
        self._by_id: dict[int, T] = {}
        self._by_shop: dict[str, dict[int, T]] = {}

    def get(self, id: int) -> T | None:
        return self._by_id.get(id)

    def __getitem__(self, id: int) -> T:
        return self._by_id[id]

    def of(self, shop: str) -> list[T]:
        """All records of one shop, oldest first."""
        return list(self._by_shop.get(shop, {}).values())

    def put(self, record: T) -> None:
        self._by_id[record.id] = record
        self._by_shop.setdefault(record.shop, {})[record.id] = record

    def drop(self, record: T) -> None:
        self._by_id.pop(record.id, None)
        self._by_shop.get(record.shop, {}).pop(record.id, None)

    def __len__(self) -> int:
        return len(self._by_id)


Record = Shop | Customer | Product | Checkout | DiscountCode | Order | Install | BulkOperation


@dataclass(frozen=True)
class News:
    """One thing Shopify would send: `subject` is the record or, for topics without one, the ready payload."""

    shop: str
    topic: str
    subject: object


@dataclass
class Change:
    """What one deed did: all its news share one event id. `at` is the time on the store's clock."""

    at: datetime
    put: Callable[[Record], None]
    event_id: str = field(default_factory=lambda: secrets.token_hex(16))
    touched: dict[int, Record] = field(default_factory=dict)
    dropped: list[Record] = field(default_factory=list)
    news: list[News] = field(default_factory=list)

    def touch(self, record: Record) -> None:
        """A new record can be found from now on; both kinds are saved when the deed ends."""
        self.touched[id(record)] = record
        self.put(record)

    def drop(self, record: Record) -> None:
        """Forget this record when the deed ends."""
        self.dropped.append(record)

    def tell(self, shop: str, topic: str, subject: object) -> None:
        """Said once per deed, however often a part of the deed says it."""
        if not any(news.topic == topic and news.subject is subject for news in self.news):
            self.news.append(News(shop, topic, subject))


Listener = Callable[[Change], None]


class State:
    """All shops of the store. Read freely; change only through `devstore.deeds`.

    data: folder for the file `store.sqlite`, made when missing; None keeps everything in memory.
    """

    def __init__(self, data: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.listeners: list[Listener] = []
        self.shops: dict[str, Shop] = {}
        self.customers: Table[Customer] = Table()
        self.products: Table[Product] = Table()
        self.checkouts: Table[Checkout] = Table()
        self.codes: Table[DiscountCode] = Table()
        self.orders: Table[Order] = Table()
        self.installs: Table[Install] = Table()
        self.bulk_operations: Table[BulkOperation] = Table()
        self.jobs: Table[Job] = Table()
        self._order_of: dict[int, int] = {}
        self._now: Change | None = None
        self._keep = Keep(data)
        self.clock = Clock(timedelta(seconds=float(self._keep.value("clock_offset") or 0)))
        self._last_id = int(self._keep.value("last_id") or 5_600_000_000_000)
        for record in self._keep.records():
            self._put(record)

    def now(self) -> datetime:
        return self.clock.now()

    def forward(self, by: timedelta) -> datetime:
        """Move the store's clock ahead and remember it. Gives the new time."""
        with self.lock:
            now = self.clock.forward(by)
            self._keep.set("clock_offset", str(self.clock.offset.total_seconds()))
            return now

    def new_id(self) -> int:
        """A big integer that no other record has."""
        with self.lock:
            self._last_id += 1 + secrets.randbelow(30_000)
            return self._last_id

    @contextmanager
    def changing(self, at: datetime | None = None) -> Iterator[Change]:
        """Hold the lock for one deed. A deed inside another belongs to it and its news share the event id.

        at: when it happened, None = now (seeds write history with it).
        """
        with self.lock:
            if self._now is not None:
                yield self._now
                return
            self._now = Change(at or self.now(), self._put)
            try:
                yield self._now
                self._save(self._now)
                for listener in self.listeners:
                    listener(self._now)
            finally:
                self._now = None

    def order_of(self, fulfillment_id: int) -> Order | None:
        """The order that holds this fulfillment, refund, return, or part of what a return expects."""
        return self.orders.get(self._order_of.get(fulfillment_id, 0))

    def fulfillment(self, id: int) -> Fulfillment | None:
        order = self.order_of(id)
        return next((f for f in order.fulfillments if f.id == id), None) if order else None

    def install(self, shop: str) -> Install | None:
        """The app's install in this shop; None when it is not installed."""
        return next(iter(self.installs.of(shop)), None)

    def customer_by_email(self, shop: str, email: str) -> Customer | None:
        wanted = email.casefold()
        return next((c for c in self.customers.of(shop) if (c.email or "").casefold() == wanted), None)

    def order_by_name(self, shop: str, name: str) -> Order | None:
        return next((o for o in self.orders.of(shop) if o.name == name), None)

    def checkout_by_token(self, shop: str, token: str) -> Checkout | None:
        return next((c for c in self.checkouts.of(shop) if c.token == token), None)

    def code(self, shop: str, text: str) -> DiscountCode | None:
        """Upper and lower case are the same to Shopify."""
        return next((c for c in self.codes.of(shop) if c.code.casefold() == text.casefold()), None)

    def variant(self, variant_id: int) -> tuple[Product, int] | None:
        """The product of this variant and the variant's place in it."""
        for shop in self.shops:
            for product in self.products.of(shop):
                for place, variant in enumerate(product.variants):
                    if variant.id == variant_id:
                        return product, place
        return None

    def close(self) -> None:
        with self.lock:
            self._keep.close()

    def _save(self, change: Change) -> None:
        for record in change.touched.values():
            self._put(record)  # once more: what lies inside it has come since
        for record in change.dropped:
            self._drop(record)
        self._keep.write(change.touched.values(), change.dropped, {"last_id": str(self._last_id)})

    def _put(self, record: Record) -> None:
        if isinstance(record, Shop):
            self.shops[record.domain] = record
            return
        self._table(record).put(record)
        if isinstance(record, Order):
            for parts in (record.fulfillments, record.refunds, record.returns):
                self._order_of.update((part.id, record.id) for part in parts)
            for expected in (expected for back in record.returns for expected in back.reverse_orders):
                ids = (expected.id, *(line.id for line in expected.lines), *(one.id for one in expected.deliveries))
                self._order_of.update((id, record.id) for id in ids)

    def _drop(self, record: Record) -> None:
        if isinstance(record, Shop):
            self.shops.pop(record.domain, None)
        else:
            self._table(record).drop(record)

    def _table(self, record: Record) -> Table:  # type: ignore[type-arg]
        tables: dict[type, Table] = {  # type: ignore[type-arg]
            Customer: self.customers,
            Product: self.products,
            Checkout: self.checkouts,
            DiscountCode: self.codes,
            Order: self.orders,
            Install: self.installs,
            BulkOperation: self.bulk_operations,
        }
        return tables[type(record)]
