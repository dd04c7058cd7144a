"""Karrio, a server that speaks to many carriers: hosted, or run by whoever runs this app (docs/decisions/013, 018).

How it is called, and what may go wrong with that. What is asked, and what of an answer is believed, is said where it is
needed. No transaction may be open during a call.
"""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests
import urllib3
from flask import current_app

from shopify_app.config import Config
from shopify_app.db import rest

LARGEST = 1024 * 1024
PIECE = 64 * 1024
"""Bytes of an answer, and of what is read of it at a time."""
NO = (400, 404, 409, 412, 422, 424)
"""It, or the carrier behind it, has understood and will not."""
WELL = (200, 201, 202)
WAIT = 60.0
"""Seconds, where a 429 does not say how many."""
LONGEST = 300
"""Characters of what it says is wrong."""


class KarrioError(Exception):
    """Any failure of a call."""


class Refused(KarrioError):
    """Asking again changes nothing. `status`: of HTTP; `sentence`: what it or the carrier said, "" for nothing."""

    def __init__(self, status: int, sentence: str = "") -> None:
        super().__init__(str(status))
        self.status, self.sentence = status, sentence


class Unavailable(KarrioError):
    """No answer, none in time, or none that makes sense."""


class Throttled(KarrioError):
    """We have asked too often; `wait` is in seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"throttled for {wait:.0f} s")
        self.wait = wait


class Unauthorized(KarrioError):
    """Our key does not open it."""


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    key: str
    timeout: tuple[float, float] = (3, 8)
    """Seconds to connect, seconds to read."""
    patience: float = 12
    """Seconds for a whole answer, however steadily it trickles: a worker that is told to stop has 20."""

    def call(
        self, method: str, path: str, content: object = None, *, largest: int = LARGEST, **query: str
    ) -> dict[str, Any]:
        """What it answers; `largest` in bytes. Raises one of the KarrioError family."""
        rest()
        headers = {"Authorization": f"Token {self.key}", "User-Agent": "Aftercare", "Accept": "application/json"}
        how: dict[str, Any] = {"headers": headers, "allow_redirects": False, "stream": True}
        end = time.monotonic() + self.patience
        try:
            with requests.request(
                method, f"{self.url}{path}", json=content, params=query, timeout=self.timeout, **how
            ) as answer:
                if answer.status_code not in WELL:
                    raise _failure(answer, end)
                return _json(b"".join(_pieces(answer, end, largest)))
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise Unavailable(type(error).__name__) from error


def server() -> Server | None:
    """None: nobody has set one up."""
    config: Config = current_app.extensions["config"]
    return Server(config.karrio_url, config.karrio_key) if config.karrio_url and config.karrio_key else None


def sentence(given: dict[str, Any]) -> str:
    """What is wrong by an answer's `errors` (its own) or `messages` (the carriers'), in their words."""
    said = []
    for one in [*_list(given.get("errors")), *_list(given.get("messages"))]:
        if isinstance(one, dict):
            said += [_text(one["message"])] if one.get("message") else list(_details(one.get("details")))
    return " ".join(dict.fromkeys(filter(None, said)))[:LONGEST]


def _failure(answer: requests.Response, end: float) -> KarrioError:
    status = answer.status_code
    if status in (401, 403):
        return Unauthorized(str(status))
    if status == 429:
        given = answer.headers.get("Retry-After", "")
        return Throttled(float(given) if re.fullmatch("[0-9]{1,4}", given) else WAIT)
    if status not in NO:
        return Unavailable(str(status))
    try:
        return Refused(status, sentence(_json(b"".join(_pieces(answer, end, LARGEST)))))
    except Unavailable:
        return Refused(status)


def _pieces(answer: requests.Response, end: float, largest: int) -> Iterator[bytes]:
    """As they come, so that neither a trickle nor a flood holds us (requests itself waits for whole blocks). Raises
    Unavailable, or what urllib3 raises."""
    size = 0
    while time.monotonic() < end and size <= largest:
        piece = answer.raw.read1(PIECE, decode_content=True)
        if not piece:
            return
        size += len(piece)
        yield piece
    raise Unavailable("too much, or too slowly")


def _json(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unavailable("not JSON") from error
    if not isinstance(given, dict):
        raise Unavailable("not as documented")
    return given


def _details(given: object, where: str = "", depth: int = 4) -> Iterator[str]:
    """Fields and what is wrong with each, as in "recipient.postal_code: This is no postal code."."""
    if isinstance(given, dict) and depth:
        for name, one in given.items():
            yield from _details(one, f"{where}.{name}" if where else str(name), depth - 1)
    elif isinstance(given, list) and depth:
        for one in given:
            yield from _details(one, where, depth - 1)
    elif given:
        yield f"{_text(where)}: {_text(given)}" if where else _text(given)


def _list(given: object) -> list[Any]:
    return given if isinstance(given, list) else []


def _text(given: object) -> str:
    """Without what nobody means to write."""
    return "".join(sign for sign in str(given) if sign.isprintable()).strip()[:LONGEST]
