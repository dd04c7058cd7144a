"""Random pasts of a shop, row by row, with many moments on the edges that counting goes wrong at."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from shopify_app import clock
from shopify_app.carts.models import Reminder
from shopify_app.changes.models import Change
from shopify_app.db import db, transaction
from shopify_app.feedback.models import Answer, Case
from shopify_app.mail.models import Message
from shopify_app.orders.models import Order, ParcelEvent, Shipment
from shopify_app.returns.models import Goodwill, Item, Request
from shopify_app.shopify.models import Shop
from shopify_app.tracking.models import Search, Watch
from shopify_app.webhooks.models import Webhook

ORDERS = 60
DAY = timedelta(days=1)


class History:
    """Of one shop; `numbers` keeps the ids of two shops apart."""

    def __init__(self, shop: Shop, seed: int, numbers: int = 0) -> None:
        self.shop, self.random, self.next_id = shop, Random(seed), numbers
        self.home, self.now = ZoneInfo(shop.timezone), clock.now()
        with transaction():
            shop.installed_at = self.now - timedelta(days=self.random.choice((0.5, 20, 75, 400)))
        with transaction():
            for _ in range(ORDERS):
                self._order()
            for _ in range(20):
                self._search(None)
            for _ in range(40):
                self._reminder()
            for _ in range(8):
                self._news()

    def _number(self) -> int:
        self.next_id += 1
        return self.next_id

    def _some(self, *chances: object) -> object:
        return self.random.choice(chances)

    def _is(self, share: float) -> bool:
        return self.random.random() < share

    def _moment(self) -> datetime:
        """Within eight months, often right at a midnight of the shop or at the install."""
        at = self.now - timedelta(days=self.random.uniform(0, 240))
        if self._is(0.4):
            at = datetime.combine(at.astimezone(self.home).date(), time(), self.home).astimezone(UTC)
            return at + timedelta(seconds=self.random.choice((-1, 0, 0, 1)))
        if self._is(0.1) and self.shop.installed_at:
            return self.shop.installed_at + timedelta(seconds=self.random.choice((-1, 0, 1)))
        return at

    def _order(self) -> None:
        at, number = self._moment(), self._number()
        order = Order(shop_id=self.shop.id, id=number, name=f"#{number}", created_at=at, placed_at=at, locale="en")
        order.updated_at = order.seen_at = at
        order.currency, order.gateways, order.name_index = "EUR", [], str(number).encode()
        order.total = order.subtotal = 1000
        order.shipping = order.tax = order.discounts = 0
        order.is_test, order.person = self._is(0.1), {"email": None}
        order.cancelled_at = at if self._is(0.1) else None
        order.deleted_at = at if self._is(0.1) else None
        db.session.add(order)
        for _ in range(self.random.randrange(3)):
            self._parcel(number, at)
        if self._is(0.3):
            self._search(number)
        if self._is(0.5):
            self._return(number)
        if self._is(0.4):
            self._answer(number)
        if self._is(0.2):
            self._case(number)
        if self._is(0.2):
            self._change(number)
        if self._is(0.3):
            self._message(number)
        if self._is(0.2):
            since = self.now - timedelta(days=self.random.uniform(0, 60))
            troubled = since if self._is(0.7) else None
            db.session.add(Watch(shop_id=self.shop.id, order_id=number, troubled_at=troubled))

    def _parcel(self, order_id: int, at: datetime) -> None:
        parcel = Shipment(shop_id=self.shop.id, id=self._number(), order_id=order_id, created_at=at, is_partial=False)
        parcel.status = str(self._some("success", "success", "success", "cancelled"))
        parcel.updated_at = parcel.seen_at = at
        parcel.tracking, parcel.lines = [], []
        db.session.add(parcel)
        day = at + timedelta(days=self.random.randrange(6))
        for _ in range(self.random.randrange(4)):
            told = self._some(None, day, day + DAY, day - DAY)
            self._scan(parcel, "in_transit", at + timedelta(hours=self.random.randrange(48)), told)
        if self._is(0.7):
            came = day + self.random.choice((timedelta(), DAY, -DAY, timedelta(seconds=1), timedelta(seconds=-1)))
            self._scan(parcel, str(self._some("delivered", "picked_up")), came, self._some(None, None, day))
            if self._is(0.3):
                self._scan(parcel, "delivered", came + DAY, None)

    def _scan(self, parcel: Shipment, status: str, at: datetime, told: object) -> None:
        scan = ParcelEvent(shop_id=self.shop.id, id=self._number(), order_id=parcel.order_id, shipment_id=parcel.id)
        scan.status, scan.happened_at, scan.place = status, at, {}
        scan.estimated_delivery_at = told if isinstance(told, datetime) else None
        scan.deleted_at = at if self._is(0.1) else None
        db.session.add(scan)

    def _search(self, order_id: int | None) -> None:
        db.session.add(Search(shop_id=self.shop.id, order_id=order_id, at=self._moment()))

    def _return(self, order_id: int) -> None:
        states = ("asked", "waiting", "approved", "received", "received", "refunded", "refunded", "declined", "closed")
        asked = self._moment()
        request = Request(shop_id=self.shop.id, order_id=order_id, asked_at=asked, state_at=asked, door="page")
        request.kind, request.state = str(self._some("return", "withdrawal")), self.random.choice(states)
        request.policy_version, request.currency, request.content = 1, "EUR", {}
        request.is_flagged, request.is_buyers_turn, request.needs_label = False, self._is(0.2), self._is(0.2)
        if request.state in ("received", "refunded", "closed"):
            request.received_at = self.now - timedelta(hours=self.random.choice((1, 23, 25, 100, 2000)))
        if request.state == "refunded" and request.received_at:
            seconds = self.random.choice((60, 86_399, 86_400, 86_401, 200_000))
            request.refunded_at = request.received_at + timedelta(seconds=seconds)
        db.session.add(request)
        db.session.flush()
        item = Item(shop_id=self.shop.id, request_id=request.id, order_id=order_id, line_id=1, quantity=2)
        item.outcome, item.decision, item.content, item.conditions = "refund", {}, {}, []
        item.received = 2 if request.state == "received" else 0
        item.accepted, item.rejected = (2 if item.received and self._is(0.5) else 0), 0
        db.session.add(item)
        if self._is(0.2):
            gift = Goodwill(shop_id=self.shop.id, order_id=order_id, request_id=request.id, kind="fee", amount=1)
            gift.currency, gift.asked_by, gift.asked_at = "EUR", "7", self._moment()
            gift.decided_at = self.now if self._is(0.5) else None
            db.session.add(gift)

    def _reminder(self) -> None:
        at = self._moment()
        row = Reminder(shop_id=self.shop.id, token=str(self._number()), began_at=at, active_at=at)
        row.email_index = bytes([self.random.randrange(25)])
        row.assigned_at = at if self._is(0.8) else None
        row.is_held_out = self._is(0.4) if row.assigned_at else None
        row.bought_at = at + DAY if self._is(0.4) else None
        db.session.add(row)

    def _answer(self, order_id: int) -> None:
        answer = Answer(shop_id=self.shop.id, order_id=order_id, content={}, said_at=self._moment())
        answer.changed_at, answer.verdict = answer.said_at, self.random.choice((None, "good", "good", "wrong"))
        answer.items, answer.delivery = (self.random.choice((None, 1, 2, 3, 5)) for _ in range(2))
        db.session.add(answer)

    def _case(self, order_id: int) -> None:
        state = str(self._some("open", "open", "answered", "solved"))
        db.session.add(Case(shop_id=self.shop.id, order_id=order_id, state=state, opened_at=self._moment()))

    def _change(self, order_id: int) -> None:
        change = Change(shop_id=self.shop.id, order_id=order_id, kind="cancel", content={}, asked_at=self._moment())
        change.result = self.random.choice((None, None, "done", "declined", "refused", "dead"))
        change.done_at = change.decided_at = self.now if change.result else None
        if change.result is None and self._is(0.3):
            change.decided_at = self.now
        db.session.add(change)

    def _message(self, order_id: int) -> None:
        at = self._moment()
        row = Message(shop_id=self.shop.id, key=f"m/{order_id}", template="confirmations/order", order_id=order_id)
        row.created_at, row.done_at = at, at
        row.result = str(self._some("sent", "sent", "skipped", "failed", "unknown", "dead"))
        db.session.add(row)

    def _news(self) -> None:
        at = self._moment()
        row = Webhook(shop_domain=self.shop.domain, webhook_id=str(self._number()), topic="orders/create")
        row.triggered_at = row.received_at = row.done_at = at
        row.result = str(self._some("done", "failed", "dead"))
        db.session.add(row)
