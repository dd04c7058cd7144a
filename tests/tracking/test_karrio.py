"""What a karrio server answers, and what it may do instead."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some

from shopify_app.db import transaction
from shopify_app.karrio import Server
from shopify_app.sources import karrio as adapter
from shopify_app.sources.answers import Answer, Throttled, Unauthorized, Unavailable, Unknown
from shopify_app.sources.karrio import CARRIERS, STATUSES
from shopify_app.tracking.scans import SCANS
from tests.tracking.karrio import KEY, Karrio, said
from tests.tracking.karrio import karrio as karrio

PARIS = ZoneInfo("Europe/Paris")
NUMBER = "CB000000319FR"


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Nothing is written here: one will do."""
    return f"sqlite:///{tmp_path_factory.mktemp('karrio')}/app.db"


def ask(server: Karrio, **how: Any) -> Answer:
    source = adapter.Karrio(Server(server.url, KEY, **({"timeout": (1, 0.5), "patience": 1} | how)))
    return source.ask("La Poste Colissimo", NUMBER, PARIS)


def test_it_is_asked_by_its_own_name_for_the_carrier(karrio: Karrio) -> None:
    karrio.knows(NUMBER)
    assert ask(karrio) == Answer([], None)
    question = {"path": "/v1/proxy/tracking", "carrier_name": "colissimo", "tracking_number": NUMBER}
    assert karrio.asked == [question]


def test_scans_are_read_with_the_time_of_their_place(karrio: Karrio) -> None:
    karrio.knows(
        NUMBER,
        said("delivered", "2026-06-03 11:45", "LYON, 69007, FR", description=" Livré\x00 "),
        said("in_transit", "2026-06-02 09:00", "BUFFALO, NY, 14216, US", latitude=42.9, longitude=-78.9),
        said("in_transit", "2026-06-01 23:00", None, timestamp="2026-06-01T23:30:00.000Z"),
        said("pending", "2026-06-01", None),
        estimated_delivery="2026-06-04",
    )
    answer = ask(karrio)
    assert [(one.status, one.happened_at.astimezone(UTC).isoformat()[:16]) for one in answer.scans] == [
        ("submitted", "2026-05-31T22:00"),
        ("in_transit", "2026-06-01T21:30"),
        ("in_transit", "2026-06-02T13:00"),
        ("delivered", "2026-06-03T09:45"),
    ]
    assert answer.scans[-1].place == {"city": "Lyon", "country": "FR", "message": "Livré"}
    assert answer.estimated_delivery_at == datetime(2026, 6, 4, 12, tzinfo=PARIS)


def test_an_older_server_s_status_of_the_parcel_is_that_of_its_newest_scan(karrio: Karrio) -> None:
    events = [said(None, "2026-06-03 11:45"), said(None, "2026-06-02 09:00")]
    karrio.knows(NUMBER, *events, status="out_for_delivery")
    assert [one.status for one in ask(karrio).scans] == ["unknown", "out_for_delivery"]


def test_a_scan_that_makes_no_sense_is_left_out(karrio: Karrio) -> None:
    odd: list[Any] = [None, "delivered", {}, {"date": "yesterday"}, said("delivered", "0001-01-01 00:00"), {"date": 7}]
    word = said("Delivered!", "2026-06-02 09:00")
    karrio.knows(NUMBER, *odd, word)
    assert [one.status for one in ask(karrio).scans] == ["unknown"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("401", Unauthorized),
        ("403", Unauthorized),
        ("404", Unknown),
        ("424", Unknown),
        ("429", Throttled),
        ("302", Unavailable),
        ("500", Unavailable),
        ("503", Unavailable),
        ("silent", Unavailable),
        ("trickle", Unavailable),
        ("huge", Unavailable),
        ("hang up", Unavailable),
    ],
)
def test_every_failure_is_told_apart_by_what_there_is_to_do(karrio: Karrio, fault: str, error: type[Exception]) -> None:
    karrio.fault = fault
    began = time.monotonic()
    with pytest.raises(error):
        ask(karrio)
    assert time.monotonic() - began < 2.5


def test_it_says_how_long_to_wait(karrio: Karrio) -> None:
    karrio.fault = "429"
    with pytest.raises(Throttled) as throttled:
        ask(karrio)
    assert throttled.value.wait == 120


GARBAGE = [
    b"",
    b"<html>Bad gateway</html>",
    b"\xff\xfe",
    b"[]",
    b"7",
    b'"tracking"',
    b"[" * 100_000,
    b'{"tracking": 7}',
    b'{"tracking": {}}',
    b'{"tracking": {"events": {}}}',
    b'{"tracking": {"events": []}}',
    json.dumps({"tracking": {"events": [said("delivered", "2026-06-02 09:00")], "tracking_number": "X1"}}).encode(),
]


@pytest.mark.parametrize("body", GARBAGE)
def test_garbage_and_answers_about_another_parcel_are_an_outage(karrio: Karrio, body: bytes) -> None:
    karrio.body = body
    with pytest.raises(Unavailable):
        ask(karrio)


def test_a_server_that_is_not_there_is_an_outage(karrio: Karrio, app: Flask) -> None:
    karrio.server_close()
    with pytest.raises(Unavailable):
        ask(karrio)


def test_no_parcel_is_asked_for_while_a_transaction_is_open(karrio: Karrio) -> None:
    with pytest.raises(RuntimeError), transaction():
        ask(karrio)
    assert karrio.asked == []


def test_every_word_of_karrio_s_becomes_one_that_we_understand() -> None:
    assert set(STATUSES.values()) <= SCANS.keys()


@pytest.mark.parametrize(
    ("carrier", "known"),
    [("La Poste Colissimo", True), ("DHL Express", True), ("UPS", True), ("Hermes", False), (None, False), ("", False)],
)
def test_only_carriers_that_it_can_speak_to_are_asked(carrier: str | None, known: bool) -> None:
    assert adapter.Karrio(Server("", "")).knows(carrier) is known


def test_carriers_are_found_however_their_names_are_written() -> None:
    assert {name: name for name in CARRIERS} == {name: "".join(filter(str.isalnum, name.lower())) for name in CARRIERS}


values = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.text(max_size=30)
    | some.datetimes().map(str),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("date", "time", "timestamp", "status", "location", "description", "latitude", "longitude")


@given(some.lists(some.dictionaries(some.sampled_from(KEYS), values), max_size=5), values, values)
def test_whatever_an_event_holds_is_read_or_left_out(events: list[dict[str, Any]], status: Any, day: Any) -> None:
    """Read without the way over the wire, for the sake of many examples."""
    tracking = {"events": events, "status": status, "estimated_delivery": day}
    for one in adapter._scans(tracking, PARIS):
        assert one.happened_at.utcoffset() is not None
        assert one.happened_at.astimezone(UTC) + timedelta(days=1)
        json.dumps(one.place).encode()
    adapter._day(day, PARIS)
