"""A karrio server, as far as it is asked about parcels: real HTTP, and everything that may go wrong there."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

import pytest

from tests.buyers import Configure

KEY = "key_0123456789abcdef"


K = TypeVar("K", bound="Karrio")


class Karrio(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.parcels: dict[str, dict[str, Any]] = {}
        """What is known of a number."""
        self.asked: list[dict[str, Any]] = []
        self.fault: str | None = None
        """silent, trickle, huge, hang up, or a status; None: all is well."""
        self.body: bytes | None = None
        """Said instead of an answer."""
        self.meanwhile: Callable[[], None] = lambda: None
        """Happens elsewhere, before it answers."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def knows(self, number: str, *events: dict[str, Any], **fields: Any) -> None:
        """The events, the newest first as carriers tell them."""
        told = {"carrier_name": "colissimo", "tracking_number": number, "events": list(events)}
        self.parcels[number] = told | fields


def said(status: str | None, at: str, location: str | None = "LYON, FR", **fields: Any) -> dict[str, Any]:
    """An event at a local time such as "2026-06-03 11:45", as karrio writes it."""
    day, _, clock = at.partition(" ")
    twelve = time.strftime("%I:%M %p", time.strptime(clock, "%H:%M")) if clock else None
    return {"date": day, "time": twelve, "status": status, "location": location, "description": "Scanned"} | fields


class Handler(BaseHTTPRequestHandler):
    server: Karrio

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(question | {"path": self.path})
        self.server.meanwhile()
        if self.headers["Authorization"] != f"Token {KEY}":
            self._say(401, b'{"errors": [{"code": "authentication_failed"}]}')
        elif self.server.fault in ("silent", "trickle", "huge", "hang up"):
            getattr(self, f"_{self.server.fault.replace(' ', '_')}")()
        elif self.server.fault:
            self._say(int(self.server.fault), b"<html>no</html>")
        elif self.server.body is not None:
            self._say(200, self.server.body)
        else:
            found = self.server.parcels.get(question["tracking_number"])
            self._say(200 if found else 404, json.dumps({"messages": [], "tracking": found}).encode())

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Retry-After", "120")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _silent(self) -> None:
        time.sleep(3)

    def _trickle(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(40):
            self.wfile.write(b" ")
            time.sleep(0.1)

    def _huge(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b" " * 65536)

    def _hang_up(self) -> None:
        self.connection.close()

    def handle(self) -> None:
        """Whoever asked may have gone."""
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def asked(server: K, configure: Configure) -> Iterator[K]:
    """It runs, and the app knows its address and key."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    configure(karrio_url=server.url, karrio_key=KEY)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def karrio(configure: Configure) -> Iterator[Karrio]:
    """A server that the app may ask."""
    with asked(Karrio(), configure) as server:
        yield server
