"""What time it was where a parcel was scanned."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from shopify_app import zones

SHOP = ZoneInfo("Pacific/Auckland")
SUMMER = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ({"country": "France"}, "Europe/Paris"),
        ({"country": "JP"}, "Asia/Tokyo"),
        ({"country": "jp "}, "Asia/Tokyo"),
        ({"country": "Frankreich"}, "Europe/Paris"),
        ({"country": "Allemagne"}, "Europe/Berlin"),
        ({"country": "United States", "latitude": 34.05, "longitude": -118.24}, "America/Los_Angeles"),
        ({"country": "US", "latitude": "40.7", "longitude": "-74.0"}, "America/New_York"),
        ({"country": "ES", "latitude": 28.5, "longitude": -16.3}, "Atlantic/Canary"),
        ({"country": "RU", "latitude": 43.1, "longitude": 131.9}, "Asia/Vladivostok"),
        ({"country": "US"}, "Pacific/Auckland"),
        ({"country": "US", "latitude": None, "longitude": None}, "Pacific/Auckland"),
        ({"country": "US", "latitude": "north", "longitude": 0}, "Pacific/Auckland"),
        ({"country": "Atlantis"}, "Pacific/Auckland"),
        ({"country": None}, "Pacific/Auckland"),
        ({}, "Pacific/Auckland"),
    ],
)
def test_a_scan_is_told_in_the_time_of_its_place(place: dict[str, object], zone: str) -> None:
    assert zones.at(place, SUMMER, SHOP) == ZoneInfo(zone)


def test_zones_of_one_country_that_agree_at_the_moment_are_one() -> None:
    """Germany has an enclave with a zone of its own, which has kept the same time for decades."""
    assert zones.at({"country": "Germany"}, SUMMER, SHOP) == ZoneInfo("Europe/Berlin")
