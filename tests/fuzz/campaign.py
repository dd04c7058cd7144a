"""Call after call, job after job, and the law: no failure, nothing of another shop in any answer."""

import re
import traceback
from collections import Counter
from dataclasses import dataclass, field

from flask import Flask, got_request_exception
from werkzeug.test import run_wsgi_app

from tests.fuzz.calls import Call, Calls
from tests.fuzz.stock import SECRETS
from tests.fuzz.world import World

LEAKS = re.compile("|".join([*SECRETS, "traceback", "sqlalchemy", "psycopg", "sqlite3"]).encode(), re.IGNORECASE)
"""In no answer: the neighbour's words, or how we are made."""
NO_SHOPIFY = 503
"""What pages say that ask Shopify, which refuses everything here. A failure of ours is another, or has a trace."""
EVERY = 200
"""Calls after which the jobs run."""


@dataclass
class Tally:
    """What came of it."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    results: Counter[str] = field(default_factory=Counter)
    broken: dict[str, str] = field(default_factory=dict)
    """Each kind of broken law once: what it was → the first call that did it, and where it broke."""
    breaks: int = 0

    def broke(self, kind: str, story: str) -> None:
        self.breaks += 1
        self.broken.setdefault(kind, story)

    def add(self, other: "Tally") -> None:
        self.statuses += other.statuses
        self.results += other.results
        self.broken = other.broken | self.broken
        self.breaks += other.breaks


def run(world: World, count: int, seed: int) -> Tally:
    tally, calls = Tally(), Calls(world, seed)
    before = world.digest()
    failures: list[str] = []

    def note(_sender: Flask, exception: Exception, **_more: object) -> None:
        failures.append("".join(traceback.format_exception(exception)))

    with got_request_exception.connected_to(note, world.app):
        for number in range(1, count + 1):
            call = calls.next()
            failures.clear()
            _make(world, calls, call, tally, failures)
            if number % EVERY == 0 or number == count:
                _work(world, tally)
    tally.results = world.results()
    if world.digest() != before:
        changed = [name for name, rows in world.digest().items() if rows != before[name]]
        tally.broke(f"rows of another shop changed: {changed}", "")
    return tally


def _make(world: World, calls: Calls, call: Call, tally: Tally, failures: list[str]) -> None:
    try:
        parts, status, headers = run_wsgi_app(world.app.wsgi_app, call.environ(), buffered=True)
        answer = b"".join(parts)
    except Exception:  # whatever it is, it breaks the law
        tally.statuses[call.kind, 599] += 1
        tally.broke(_kind(traceback.format_exc()), f"{_shown(call)}\n{traceback.format_exc()}")
        return
    code = int(status[:3])
    tally.statuses[call.kind, code] += 1
    if "Set-Cookie" in headers:
        calls.remember(headers["Set-Cookie"], headers.get("Location", ""))
    if failures or (code >= 500 and code != NO_SHOPIFY):
        told = failures[0] if failures else f"answered {code}"
        tally.broke(_kind(told), f"{_shown(call)}\n{told}")
    if leak := LEAKS.search(answer) or LEAKS.search(repr(list(headers)).encode()):
        tally.broke(f"{call.kind} tells {leak[0]!r}", f"{_shown(call)}\n{answer[:500]!r}")


def _work(world: World, tally: Tally) -> None:
    try:
        world.work()
    except Exception:  # as above
        tally.broke(f"a job: {_kind(traceback.format_exc())}", traceback.format_exc())
    world.mend()


def _kind(told: str) -> str:
    """The exception's name, and the innermost line of ours that it came through."""
    places = re.findall(r'File ".*?/((?:shopify_app|jobs)/[^"]+)", line (\d+)', told)
    names = re.findall(r"^([A-Za-z][\w.]*)(?::|$)", told, re.MULTILINE)
    last = names[-1] if names else told[:60]
    return f"{last} at {':'.join(places[-1])}" if places else last


def _shown(call: Call) -> str:
    return f"{call.method} {call.path[:300]}?{call.query[:600]}\n{call.headers}\n{call.body[:600]!r}"
