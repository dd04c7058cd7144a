"""The one write that must be over before Shopify is answered. No ORM, no parsing: it is the hottest path of the app.

PostgreSQL groups the commits of concurrent connections by itself. SQLite does not, so there one thread writes for all
requests of the process: whoever waits together is committed together, by one fsync.
"""

import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any, Protocol

import psycopg

COLUMNS = ("shop_domain", "webhook_id", "event_id", "topic", "triggered_at", "received_at", "due_at", "tries", "body")
Row = tuple[Any, ...]

_FIELDS = ", ".join(COLUMNS)


PATIENCE = 4
"""Seconds to wait for SQLite's lock: Shopify waits five."""


class IntakeError(Exception):
    """The row could not be made durable; the sender must try again."""


class Intake(Protocol):
    def put(self, row: Row) -> bool:
        """Commit the row. False when this delivery is known already. Raises IntakeError."""

    def close(self) -> None:
        """Let go of the database."""


class PostgresIntake:
    """Connections are kept with the statement prepared; each is used by one request at a time."""

    _insert = f"INSERT INTO webhooks ({_FIELDS}) VALUES ({', '.join(['%s'] * len(COLUMNS))}) ON CONFLICT DO NOTHING"  # noqa: S608

    def __init__(self, url: str) -> None:
        self._url = url.replace("postgresql+psycopg://", "postgresql://")
        self._idle: deque[psycopg.Connection] = deque()

    def put(self, row: Row) -> bool:
        try:
            return self._insist(row)
        except psycopg.Error as error:
            raise IntakeError(type(error).__name__) from error

    def _insist(self, row: Row) -> bool:
        """The server may have been restarted, and with it every kept connection is dead."""
        try:
            return self._put(row)
        except psycopg.OperationalError:
            self.close()
            return self._put(row)

    def _put(self, row: Row) -> bool:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = psycopg.connect(self._url, autocommit=True, prepare_threshold=1, connect_timeout=3)
        try:
            is_new = bool(connection.execute(self._insert, row).rowcount)
        except psycopg.Error:
            connection.close()
            raise
        self._idle.append(connection)
        return is_new

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


class SqliteIntake:
    """One thread writes for all."""

    _insert = f"INSERT INTO webhooks ({_FIELDS}) VALUES ({', '.join(['?'] * len(COLUMNS))}) ON CONFLICT DO NOTHING"  # noqa: S608

    def __init__(self, path: str) -> None:
        self._path = path
        self._inbox: queue.SimpleQueue[tuple[Row, Future[bool]]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, row: Row) -> bool:
        if self._thread is None:
            self._start()
        answer: Future[bool] = Future()
        self._inbox.put((tuple(_plain(value) for value in row), answer))
        return answer.result()

    def close(self) -> None:
        """The thread ends with the process."""

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        connection: sqlite3.Connection | None = None
        while True:
            batch = self._gather()
            try:
                connection = connection or self._connect()
                known = self._write(connection, [row for row, _ in batch])
            except sqlite3.Error as error:
                for _, answer in batch:
                    answer.set_exception(IntakeError(type(error).__name__))
                continue
            for (_, answer), is_new in zip(batch, known, strict=True):
                answer.set_result(is_new)

    def _gather(self) -> list[tuple[Row, Future[bool]]]:
        """Wait for the first, then take all that came meanwhile."""
        batch = [self._inbox.get()]
        while not self._inbox.empty() and len(batch) < 500:
            batch.append(self._inbox.get())
        return batch

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA busy_timeout=0")
        return connection

    def _begin(self, connection: sqlite3.Connection) -> None:
        """Ask for the lock every millisecond. SQLite's own way of waiting pauses longer and longer, and between two
        transactions of a busy worker it comes too late for seconds."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.001)
            else:
                return

    def _write(self, connection: sqlite3.Connection, rows: Sequence[Row]) -> list[bool]:
        self._begin(connection)
        try:
            known = [bool(connection.execute(self._insert, row).rowcount) for row in rows]
            connection.execute("COMMIT")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return known


def _plain(value: Any) -> Any:
    """A moment as the ORM writes it: SQLite compares texts."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value


def open_intake(url: str) -> Intake:
    return SqliteIntake(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else PostgresIntake(url)
