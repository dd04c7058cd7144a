"""Karrio as a source of news of parcels (docs/decisions/013).

Asked by its stateless call, so that it keeps no list of our parcels. What it answers is believed word by word only: one
scan that makes no sense is left out, an answer that makes none is an outage.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from datetime import time as hour
from typing import Any, ClassVar

from shopify_app import karrio, zones
from shopify_app.karrio import Server
from shopify_app.sources.answers import Answer, Said, Throttled, Unauthorized, Unavailable, Unknown

MOST = 200
"""Scans of a parcel, the newest."""
LONGEST = 300
"""Characters of a carrier's remark."""
YEARS = range(2000, 2200)
FORMS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %I:%M %p", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d")

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

NAMES = (
    "Aramex", "Australia Post", "Canada Post", "Canpar", "Colissimo", "Deutsche Post", "DHL", "DHL Express", "FedEx",
    "Purolator", "Royal Mail", "Sendle", "SF Express", "TNT", "UPS", "USPS", "Yanwen", "YunExpress",
)  # fmt: skip
"""Of CARRIERS, for people."""
OWN = re.compile("[a-z]+(_[a-z]+)+")
"""A name of karrio's own, as of a label that was bought there."""

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
    server: Server
    name: ClassVar[str] = "karrio"

    @property
    def carriers(self) -> Sequence[str]:
        return NAMES

    def knows(self, carrier: str | None) -> bool:
        return _name(carrier) is not None

    def ask(self, carrier: str, number: str, there: tzinfo) -> Answer:
        given = self._tracked({"carrier_name": str(_name(carrier)), "tracking_number": number})
        tracking = given.get("tracking")
        if tracking is None:
            raise Unknown("no such parcel")
        if not isinstance(tracking, dict) or not isinstance(tracking.get("events"), list):
            raise Unavailable("not as documented")
        if _letters(tracking.get("tracking_number")) != _letters(number):
            raise Unavailable("an answer about another parcel")
        scans = sorted(_scans(tracking, there), key=lambda said: said.happened_at)
        return Answer(scans[-MOST:], _day(tracking.get("estimated_delivery"), there))

    def _tracked(self, question: dict[str, str]) -> dict[str, Any]:
        """A number that is not known (yet), a carrier that is not connected there, or would not answer: no outage."""
        try:
            return self.server.call("POST", "/v1/proxy/tracking", question)
        except karrio.Refused as error:
            raise Unknown(str(error)) from error
        except karrio.Throttled as error:
            raise Throttled(error.wait) from error
        except karrio.Unauthorized as error:
            raise Unauthorized(str(error)) from error
        except karrio.Unavailable as error:
            raise Unavailable(str(error)) from error


def _name(carrier: str | None) -> str | None:
    """Karrio's; None for one that it cannot be asked for."""
    own = carrier if carrier and OWN.fullmatch(carrier) else None
    return CARRIERS.get(_letters(carrier), own)


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
