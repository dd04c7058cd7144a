"""Webhook deliveries: in the background, over real HTTP, signed, five seconds each, eight more tries in four hours."""

import heapq
import itertools
import json
import random
import socket
import threading
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import perf_counter
from urllib.parse import urljoin, urlsplit

import requests

from devstore import payloads, signing
from devstore.config import COMPLIANCE, AppConfig, Subscription
from devstore.faults import Faults
from devstore.payloads import Body, View
from devstore.state import Change, State

GAPS = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60, 102)]
"""Eight more tries within four hours, the gaps growing."""

TIMEOUT = (1, 5)
"""Seconds to connect and to answer."""

LATE = timedelta(minutes=1)
KEPT = 5000


@dataclass
class Delivery:
    """One webhook on its way. `state`: waiting, delivered, failed (after the last try) or dropped (by a fault).

    `status` is the last HTTP status, None when nobody answered; `ms` how long the last try took.
    """

    id: int
    shop: str
    topic: str
    url: str
    body: bytes
    webhook_id: str
    event_id: str
    triggered_at: datetime
    api_version: str
    name: str | None = None
    tries: int = 0
    state: str = "waiting"
    status: int | None = None
    ms: float | None = None
    error: str | None = None
    next_at: datetime | None = None
    break_off: bool = False


@dataclass(order=True)
class _Due:
    at: datetime
    place: int
    delivery: Delivery = field(compare=False)


class Deliveries:
    """The log of all deliveries and the threads that make them. secret: the one webhooks are signed with now."""

    def __init__(
        self, state: State, app: AppConfig, faults: Faults, secret: Callable[[], str], retry_scale: float, senders: int
    ) -> None:
        self.app_url = ""
        self._state, self._app, self._faults = state, app, faults
        self._secret, self._scale = secret, retry_scale
        self._log: deque[Delivery] = deque(maxlen=KEPT)
        self._due: list[_Due] = []
        self._held: list[Delivery] = []
        self._numbers, self._places = itertools.count(1), itertools.count()
        self._busy = 0
        self._stopped = False
        self._changed = threading.Condition()
        self._threads = [threading.Thread(target=self._run, name=f"webhooks-{n}", daemon=True) for n in range(senders)]
        self.view: Callable[[str], View]

    def start(self) -> None:
        self._state.listeners.append(self.heard)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def heard(self, change: Change) -> None:
        """A deed ended: every subscription of its topics gets a delivery, its body frozen now."""
        for news in change.news:
            if not self._may_hear(news.shop, news.topic):
                continue
            body = payloads.render(self.view(news.shop), news.topic, news.subject)
            for wanted in self._app.subscriptions:
                if news.topic in wanted.topics:
                    self._send(self.delivery(news.shop, news.topic, body, wanted, event_id=change.event_id))

    def delivery(
        self,
        shop: str,
        topic: str,
        body: Body,
        wanted: Subscription,
        *,
        webhook_id: str | None = None,
        event_id: str | None = None,
    ) -> Delivery:
        """A delivery not yet on its way. None for an id makes a fresh one."""
        return Delivery(
            id=next(self._numbers),
            shop=shop,
            topic=topic,
            url=urljoin(self.app_url + "/", wanted.uri.lstrip("/")),
            body=json.dumps(payloads.only(body, wanted.include_fields), ensure_ascii=False).encode(),
            webhook_id=webhook_id or str(uuid.uuid4()),
            event_id=event_id or str(uuid.uuid4()),
            triggered_at=self._state.now(),
            api_version=self._app.api_version,
            name=wanted.name,
        )

    def rows(self, shop: str | None = None) -> list[Delivery]:
        """Newest first."""
        with self._changed:
            return [d for d in reversed(self._log) if shop in (None, d.shop)]

    def replay(self, delivery_id: int) -> Delivery:
        """Send one again, same id and body. LookupError when the log does not hold it any more."""
        found = next((d for d in self.rows() if d.id == delivery_id), None)
        if found is None:
            raise LookupError(f"no delivery {delivery_id}")
        found.state = "waiting"
        self._schedule(found, self._state.now())
        return found

    def settle(self, seconds: float = 10.0) -> bool:
        """Wait until nothing is due or on its way any more; False when it takes longer than that."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy and not self._is_due(), seconds)

    def wake(self) -> None:
        """The clock was moved: look again what is due."""
        with self._changed:
            self._changed.notify_all()

    def _may_hear(self, shop: str, topic: str) -> bool:
        if topic in COMPLIANCE or topic == "app/uninstalled":
            return True
        install, scope = self._state.install(shop), payloads.scope_of(topic)
        return install is not None and (scope is None or grants(install.scopes, scope))

    def _send(self, delivery: Delivery) -> None:
        now, faults = self._state.now(), self._faults
        with self._changed:
            self._log.append(delivery)
        if faults.take(faults.webhooks, "dropped"):
            delivery.state = "dropped"
            return
        delivery.break_off = faults.take(faults.webhooks, "error_first")
        if faults.take(faults.webhooks, "twice"):
            self._schedule(delivery, now)
        if faults.webhooks.shuffled:
            self._hold(delivery)
        else:
            self._schedule(delivery, now + LATE * self._scale if faults.take(faults.webhooks, "late") else now)

    def _hold(self, delivery: Delivery) -> None:
        self._held.append(delivery)
        self._faults.take(self._faults.webhooks, "shuffled")
        if not self._faults.webhooks.shuffled:
            gathered, self._held = self._held, []
            random.shuffle(gathered)
            for each in gathered:
                self._schedule(each, self._state.now())

    def _schedule(self, delivery: Delivery, at: datetime) -> None:
        with self._changed:
            delivery.next_at = at
            heapq.heappush(self._due, _Due(at, next(self._places), delivery))
            self._changed.notify()

    def _is_due(self) -> bool:
        return bool(self._due) and self._due[0].at <= self._state.now()

    def _run(self) -> None:
        with requests.Session() as session:
            while (delivery := self._next()) is not None:
                self._try(session, delivery)
                with self._changed:
                    self._busy -= 1
                    self._changed.notify_all()

    def _next(self) -> Delivery | None:
        """The next due delivery; None when the store stops."""
        with self._changed:
            while not self._stopped and not self._is_due():
                wait = (self._due[0].at - self._state.now()).total_seconds() if self._due else None
                self._changed.wait(wait)
            if self._stopped:
                return None
            self._busy += 1
            return heapq.heappop(self._due).delivery

    def _try(self, session: requests.Session, delivery: Delivery) -> None:
        delivery.tries += 1
        delivery.next_at = None
        if delivery.break_off:
            delivery.break_off = False
            delivery.status, delivery.error = None, "broke off half-way (a fault)"
            _break_off(delivery, headers_of(delivery, self._secret()))
        else:
            post(session, delivery, self._secret())
        if delivery.status is not None and 200 <= delivery.status < 300:
            delivery.state = "delivered"
        elif delivery.tries <= len(GAPS):
            delivery.state = "waiting"
            self._schedule(delivery, self._state.now() + GAPS[delivery.tries - 1] * self._scale)
        else:
            delivery.state = "failed"


def headers_of(delivery: Delivery, secret: str) -> dict[str, str]:
    """All headers of a delivery, signed."""
    triggered = delivery.triggered_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "000Z")
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Shopify-Captain-Hook",
        "X-Shopify-Topic": delivery.topic,
        "X-Shopify-Hmac-Sha256": signing.webhook(secret, delivery.body),
        "X-Shopify-Shop-Domain": delivery.shop,
        "X-Shopify-API-Version": delivery.api_version,
        "X-Shopify-Webhook-Id": delivery.webhook_id,
        "X-Shopify-Event-Id": delivery.event_id,
        "X-Shopify-Triggered-At": triggered,
    }
    return headers | ({"X-Shopify-Name": delivery.name} if delivery.name else {})


def post(session: requests.Session, delivery: Delivery, secret: str) -> requests.Response | None:
    """One try. Writes status, ms and error into the delivery; None when nobody answered in time."""
    started, response = perf_counter(), None
    try:
        response = session.post(
            delivery.url,
            data=delivery.body,
            headers=headers_of(delivery, secret),
            timeout=TIMEOUT,
            allow_redirects=False,
        )
        delivery.status, delivery.error = response.status_code, None
    except requests.RequestException as error:
        delivery.status, delivery.error = None, type(error).__name__
    delivery.ms = (perf_counter() - started) * 1000
    return response


def grants(held: list[str], wanted: str) -> bool:
    """Whether these scopes allow this one: a write scope implies its read scope."""
    return wanted in held or wanted.replace("read_", "write_", 1) in held


def _break_off(delivery: Delivery, headers: dict[str, str]) -> None:
    """Announce the whole body, send half of it and hang up, as a broken line does."""
    parts = urlsplit(delivery.url)
    lines = [f"POST {parts.path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(delivery.body)}"]
    head = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items())]) + "\r\n\r\n"
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=1) as line:
            line.sendall(head.encode() + delivery.body[: len(delivery.body) // 2])
    except OSError as error:
        delivery.error = type(error).__name__
