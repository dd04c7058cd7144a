"""Shopify's side of a delivery: several times, in no order, eight at a time, again until it is acknowledged."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import requests

from devstore import signing
from tests.faults.ground import SECRET
from tests.faults.news import SHOP, News

AT_ONCE = 8
PATIENCE = 180
"""Seconds for what is left at the end; Shopify has four hours, and a busy machine starts a server in ten seconds."""


@dataclass
class Sender:
    url: str
    pace: float = 0
    """Requests a second over all threads; 0: as fast as it goes."""
    acknowledged: set[str] = field(default_factory=set)
    """Ids of webhooks answered 200 at least once."""
    deliveries: int = 0
    answered: int = 0
    """How many of them were answered 200."""
    _local: threading.local = field(default_factory=threading.local)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _next: float = 0

    def send(self, news: list[News], seed: int) -> None:
        """Each one to five times, shuffled; then what nobody acknowledged, until somebody does."""
        rng = random.Random(seed)
        deliveries = [one for one in news for _ in range(rng.randint(1, 5))]
        rng.shuffle(deliveries)
        self._all(deliveries)
        until = time.monotonic() + PATIENCE
        while missing := [one for one in news if one.webhook_id not in self.acknowledged]:
            if time.monotonic() > until:
                raise TimeoutError(f"{len(missing)} webhooks were never acknowledged")
            time.sleep(0.5)
            self._all(missing)

    def _all(self, deliveries: list[News]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self.deliver, deliveries))

    def deliver(self, one: News) -> bool:
        """Whether it was acknowledged: 200 within Shopify's five seconds."""
        self._wait()
        try:
            answer = self._session().post(
                f"{self.url}/webhooks", data=one.body, headers=_headers(one), timeout=(1, 5), allow_redirects=False
            )
        except requests.RequestException:
            answer = None
        is_ok = answer is not None and answer.status_code == 200
        with self._lock:
            self.deliveries += 1
            self.answered += is_ok
            if is_ok:
                self.acknowledged.add(one.webhook_id)
        if not is_ok:
            time.sleep(0.3)
        return is_ok

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
        session: requests.Session = self._local.session
        return session

    def _wait(self) -> None:
        if not self.pace:
            return
        with self._lock:
            self._next = max(self._next, time.monotonic()) + 1 / self.pace
            pause = self._next - time.monotonic()
        time.sleep(max(pause, 0))


def _headers(one: News) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "X-Shopify-Topic": one.topic,
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-Webhook-Id": one.webhook_id,
        "X-Shopify-Event-Id": one.webhook_id[::-1],
        "X-Shopify-Triggered-At": one.triggered_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "X-Shopify-API-Version": "2026-10",
        "X-Shopify-Hmac-Sha256": signing.webhook(SECRET, one.body),
    }
