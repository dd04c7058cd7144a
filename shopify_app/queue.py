"""The doorbell. What must happen is a row in the database; ringing only says "look now".

A bell that is lost (Redis flushed, stopped or absent) costs time, never work: the sweep finds every due row.
"""

import os
import threading

import structlog
from flask import Flask, current_app
from redis import Redis, RedisError
from rq import Queue, Retry

from shopify_app.db import on_commit

log = structlog.get_logger()

QUEUES = ("webhooks", "mail", "sync")
"""One worker process each; `ring(name)` runs jobs.<name>.drain()."""

QUIET_SECONDS = 5
"""How long one bell speaks for those after it, should the job it made be lost."""


class Doorbell:
    """Rings from a thread of its own, so that no request ever waits for Redis."""

    def __init__(self, redis_url: str | None) -> None:
        self.redis = Redis.from_url(redis_url, socket_connect_timeout=1, socket_timeout=2) if redis_url else None
        self._waiting: set[str] = set()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._pid = 0

    def ring(self, name: str) -> None:
        if self.redis is None:
            return
        self._start()
        with self._lock:
            self._waiting.add(name)
        self._wake.set()

    def ring_now(self, name: str) -> bool:
        """Ring whether or not somebody rang just before; False when nobody can hear it."""
        return self.redis is not None and self._enqueue(name)

    def answered(self, name: str) -> None:
        """Called by a drain before it looks: whoever comes after this must ring again."""
        if self.redis is None:
            return
        try:
            self.redis.delete(f"bell:{name}")
        except RedisError as error:
            log.warning("bell_not_answered", queue=name, error=type(error).__name__)

    def _start(self) -> None:
        """A thread does not survive a fork, so each process starts its own."""
        if self._thread is not None and self._pid == os.getpid():
            return
        with self._lock:
            if self._pid != os.getpid():
                self._pid, self._wake = os.getpid(), threading.Event()
                self._thread = threading.Thread(target=self._run, name="doorbell", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            with self._lock:
                names, self._waiting = self._waiting, set()
            for name in names:
                self._ring_once(name)

    def _ring_once(self, name: str) -> None:
        try:
            if self.redis is not None and self.redis.set(f"bell:{name}", 1, nx=True, ex=QUIET_SECONDS):
                self._enqueue(name)
        except RedisError as error:
            log.warning("bell_lost", queue=name, error=type(error).__name__)

    def _enqueue(self, name: str) -> bool:
        """No interval between retries: a worker killed inside such a retry loses the job. No time limit either: it
        would strike at any line, also between handing a message over and writing that down."""
        try:
            queue = Queue(name, connection=self.redis, serializer="json")
            queue.enqueue(f"jobs.{name}.drain", result_ttl=0, failure_ttl=3600, retry=Retry(max=3), job_timeout=-1)
        except RedisError as error:
            log.warning("bell_lost", queue=name, error=type(error).__name__)
            return False
        return True


def ring(name: str) -> None:
    """Ring for a queue once the transaction at hand is committed; not at all when it is undone."""
    bell = doorbell()
    on_commit(lambda: bell.ring(name))


def doorbell() -> Doorbell:
    found: Doorbell = current_app.extensions["doorbell"]
    return found


def init_app(app: Flask, redis_url: str | None) -> None:
    app.extensions["doorbell"] = Doorbell(redis_url)
