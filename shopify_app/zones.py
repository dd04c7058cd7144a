"""What time it is where people live, and was where a parcel was scanned."""

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale

from shopify_app import clock
from shopify_app.language import LANGUAGES

Place = Mapping[str, Any]


class Town(NamedTuple):
    """The principal town of a time zone."""

    zone: str
    latitude: float
    longitude: float


def at(place: Place, moment: datetime, otherwise: tzinfo) -> tzinfo:
    """The zone of a place: the only one its country has at that moment, else that of the nearest principal town.

    `otherwise` where neither the country nor, in one of several zones, the point on the map is known.
    """
    found = around(place, moment)
    return found[0] if len(found) == 1 else otherwise


def around(place: Place, moment: datetime) -> Sequence[tzinfo]:
    """The zones in which a place may lie: one, where its country tells it or its point on the map; none for an unknown
    country. Of zones whose clocks agree at that moment and half a year later, one.
    """
    towns = _towns().get(country(place.get("country")) or "", ())
    moments = (moment, moment + timedelta(days=182))
    known = [ZoneInfo(town.zone) for town in towns]
    found = {tuple(at.astimezone(zone).utcoffset() for at in moments): zone for zone in reversed(known)}
    point = _point(place)
    if len(found) > 1 and point:
        return [ZoneInfo(min(towns, key=lambda town: _distance(point, town)).zone)]
    return list(reversed(found.values()))


def home(name: str | None, country_code: str | None, otherwise: tzinfo) -> Sequence[tzinfo]:
    """Where somebody may live: in the zone of that name, if one was known, else anywhere in the country."""
    return [ZoneInfo(name)] if name else around({"country": country_code}, clock.now()) or [otherwise]


def name(place: Place, moment: datetime) -> str | None:
    """The name of a place's zone; None where it may lie in several, or nowhere."""
    found = around(place, moment)
    return str(found[0]) if len(found) == 1 else None


def country(name: str | None) -> str | None:
    """FR for "FR", "France" or "Frankreich": carriers write what they like. None for what is no country."""
    text = (name or "").strip()
    return text.upper() if text.upper() in _towns() else _names().get(text.casefold())


def _point(place: Place) -> tuple[float, float] | None:
    try:
        return float(place["latitude"]), float(place["longitude"])
    except (KeyError, TypeError, ValueError):
        return None


def _distance(point: tuple[float, float], town: Town) -> float:
    """Angle between the two, which is enough to compare."""
    (north, east), (north2, east2) = map(math.radians, point), (math.radians(town[1]), math.radians(town[2]))
    cosine = math.sin(north) * math.sin(north2) + math.cos(north) * math.cos(north2) * math.cos(east - east2)
    return math.acos(max(-1.0, min(1.0, cosine)))


@cache
def _towns() -> dict[str, Sequence[Town]]:
    """Country → its zones, the principal one first (tzdata's zone.tab)."""
    found: dict[str, list[Town]] = defaultdict(list)
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text()
    for row in table.splitlines():
        if row and not row.startswith("#"):
            code, point, zone, *_ = row.split("\t")
            latitude, longitude = re.findall(r"[+-]\d+", point)
            found[code].append(Town(zone, _degrees(latitude, 2), _degrees(longitude, 3)))
    return dict(found)


def _degrees(text: str, width: int) -> float:
    """±DDMM or ±DDMMSS; `width` digits of degrees."""
    degrees, minutes, seconds = text[1 : 1 + width], text[1 + width : 3 + width], text[3 + width :] or "0"
    value = int(degrees) + int(minutes) / 60 + int(seconds) / 3600
    return -value if text[0] == "-" else value


@cache
def _names() -> dict[str, str]:
    """Every country's name in each language we speak, in lower case."""
    return {
        str(name).casefold(): code
        for language in LANGUAGES
        for code, name in Locale(language).territories.items()
        if code in _towns()
    }
