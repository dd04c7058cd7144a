"""Karrio, a server that speaks to many carriers: hosted, or run by whoever runs this app (docs/decisions/013).

Asked by its stateless call, so that it keeps no list of our parcels. What it answers is believed word by word only: one
scan that makes no sense is left out, an answer that makes none is an outage.
"""

import json
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from datetime import time as hour
from typing import Any, ClassVar

import requests
import urllib3

from shopify_app.db import rest
from shopify_app.tracking import zones
from shopify_app.tracking.sources.answers import Answer, Said, Throttled, Unauthorized, Unavailable, Unknown

LARGEST = 1024 * 1024
PIECE = 64 * 1024
"""Bytes of an answer, and of what is read of it at a time."""
MOST = 200
"""Scans of a parcel, the newest."""
LONGEST = 300
"""Characters of a carrier's remark."""
UNKNOWN = (400, 404, 409, 412, 422, 424)
"""The number is not known (yet), the carrier is not connected there, or would not answer just now."""
YEARS = range(2000, 2200)
FORMS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %I:%M %p", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d")
WAIT = 60.0
"""Seconds, where a 429 does not say how many."""

CARRIERS = {
    "ups": "ups",
    "fedex": "fedex",
    "usps": "usps",
    "dhl": "dhl_universal",
    "dhlpaket": "dhl_universal",
    "dhlparcel": "dhl_universal",
    "dhlecommerce": "dhl_universal",
    "deutschepost": "dhl_universal",
    "dhlexpress": "dhl_express",
    "canadapost": "canadapost",
    "purolator": "purolator",
    "canpar": "canpar",
    "australiapost": "australiapost",
    "sendle": "sendle",
    "royalmail": "royalmail",
    "colissimo": "colissimo",
    "lapostecolissimo": "colissimo",
    "tnt": "tnt",
    "aramex": "aramex",
    "sfexpress": "sf_express",
    "yanwen": "yanwen",
    "yunexpress": "yunexpress",
}
"""A carrier's letters and digits, as Shopify writes its name → karrio's name."""

STATUSES = {
    "pending": "submitted",
    "picked_up": "carrier_picked_up",
    "in_transit": "in_transit",
    "out_for_delivery": "out_for_delivery",
    "ready_for_pickup": "ready_for_pickup",
    "delivered": "delivered",
    "delivery_delayed": "delayed",
    "delivery_failed": "attempted_delivery",
    "return_to_sender": "returning_to_sender",
}
"""Karrio's words → Shopify's. Its picked_up is the carrier's deed, Shopify's the buyer's. on_hold, cancelled and
unknown say too little to mean something."""


@dataclass(frozen=True, slots=True)
class Karrio:
    url: str
    key: str
    timeout: tuple[float, float] = (3, 8)
    """Seconds to connect, seconds to read."""
    patience: float = 12
    """Seconds for a whole answer, however steadily it trickles: a worker that is told to stop has 20."""
    name: ClassVar[str] = "karrio"

    def knows(self, carrier: str | None) -> bool:
        return _letters(carrier) in CARRIERS

    def ask(self, carrier: str, number: str, there: tzinfo) -> Answer:
        rest()
        given = self._post({"carrier_name": CARRIERS[_letters(carrier)], "tracking_number": number})
        tracking = given.get("tracking")
        if tracking is None:
            raise Unknown("no such parcel")
        if not isinstance(tracking, dict) or not isinstance(tracking.get("events"), list):
            raise Unavailable("not as documented")
        if _letters(tracking.get("tracking_number")) != _letters(number):
            raise Unavailable("an answer about another parcel")
        scans = sorted(_scans(tracking, there), key=lambda said: said.happened_at)
        return Answer(scans[-MOST:], _day(tracking.get("estimated_delivery"), there))

    def _post(self, question: dict[str, str]) -> dict[str, Any]:
        headers = {"Authorization": f"Token {self.key}", "User-Agent": "Aftercare", "Accept": "application/json"}
        address = f"{self.url}/v1/proxy/tracking"
        end = time.monotonic() + self.patience
        try:
            with requests.post(
                address, json=question, headers=headers, timeout=self.timeout, allow_redirects=False, stream=True
            ) as answer:
                _check(answer)
                return _json(b"".join(_pieces(answer, end)))
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise Unavailable(type(error).__name__) from error


def _check(answer: requests.Response) -> None:
    status = answer.status_code
    if status in (401, 403):
        raise Unauthorized(str(status))
    if status == 429:
        given = answer.headers.get("Retry-After", "")
        raise Throttled(float(given) if re.fullmatch("[0-9]{1,4}", given) else WAIT)
    if status in UNKNOWN:
        raise Unknown(str(status))
    if status not in (200, 202):
        raise Unavailable(str(status))


def _pieces(answer: requests.Response, end: float) -> Iterator[bytes]:
    """As they come, so that neither a trickle nor a flood holds us (requests itself waits for whole blocks). Raises
    Unavailable, or what urllib3 raises."""
    size = 0
    while time.monotonic() < end and size <= LARGEST:
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


def _letters(text: object) -> str:
    return "".join(sign for sign in str(text or "").casefold() if sign.isalnum())


def _scans(tracking: dict[str, Any], there: tzinfo) -> Iterator[Said]:
    """Older servers give a status to the whole parcel only: then it is the newest scan's."""
    read = [(event, _said(event, there)) for event in tracking["events"] if isinstance(event, dict)]
    known = [(event, said) for event, said in read if said]
    newest = max((said.happened_at for _, said in known), default=None)
    for event, said in known:
        word = event.get("status") or (tracking.get("status") if said.happened_at == newest else None)
        yield said._replace(status=_status(str(word)))


def _status(word: str) -> str:
    return STATUSES.get(word, word if re.fullmatch("[a-z_]{1,40}", word) else "unknown")


def _said(event: dict[str, Any], there: tzinfo) -> Said | None:
    """None for one that is not dated."""
    local = _local(event)
    if local is None:
        return None
    place: dict[str, Any] = _place(_text(event.get("location"))) | {"message": _text(event.get("description")) or None}
    point = {name: event.get(name) for name in ("latitude", "longitude")}
    place |= {name: value for name, value in point.items() if isinstance(value, int | float)}
    zone = zones.at(place, local.replace(tzinfo=UTC), there)
    return Said("", local.replace(tzinfo=zone), place)


def _text(given: object) -> str:
    """Without what no carrier means to write."""
    return "".join(sign for sign in str(given or "") if sign.isprintable()).strip()[:LONGEST]


def _local(event: dict[str, Any]) -> datetime | None:
    """The time at the place, without a zone: the Z behind karrio's timestamps is wrong, it knows no zones (its SDK puts
    it behind whatever the carrier wrote). A day without a time begins at midnight, so that it hides nothing.
    """
    day, clock = _text(event.get("date")), _text(event.get("time"))
    for text in (_text(event.get("timestamp"))[:19], f"{day} {clock}", day):
        for form in FORMS:
            with suppress(ValueError):
                local = datetime.strptime(text, form)  # noqa: DTZ007
                return local if local.year in YEARS else None
    return None


def _place(location: str) -> dict[str, str | None]:
    """Town and country of "BUFFALO, NY, 14216, US". Nothing more exact: the last scan is made at the buyer's door."""
    parts = [part.strip() for part in location.split(",") if part.strip()]
    country = next((part for part in parts[::-1] if zones.country(part)), None)
    towns = (part for part in parts if part != country and not any(sign.isdigit() for sign in part))
    town = next(towns, None)
    return {"city": town.title() if town and town.isupper() else town, "country": zones.country(country)}


def _day(text: object, there: tzinfo) -> datetime | None:
    try:
        day = date.fromisoformat(_text(text)[:10])
    except ValueError:
        return None
    return datetime.combine(day, hour(12), there) if day.year in YEARS else None
