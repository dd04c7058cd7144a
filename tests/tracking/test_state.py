"""How an order is doing: which state, which pieces where."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shopify_app.orders.models import ParcelEvent
from shopify_app.orders.read import Whole
from shopify_app.tracking.scans import SCANS
from shopify_app.tracking.state import Progress
from tests.tracking.shapes import MONDAY, answer, event, line, progress, whole


@pytest.mark.parametrize(
    ("order", "state"),
    [
        (whole(), "paid"),
        (whole([]), "moving"),
        (whole(["label_printed"]), "packing"),
        (whole(["confirmed", "in_transit"]), "moving"),
        (whole(["in_transit", "out_for_delivery"]), "moving"),
        (whole(["ready_for_pickup"]), "moving"),
        (whole(["ready_for_pickup", "picked_up"]), "arrived"),
        (whole(["in_transit", "delivered"]), "arrived"),
        (whole(["delayed"]), "problem"),
        (whole(["delayed", "in_transit"]), "moving"),
        (whole(["attempted_delivery"]), "problem"),
        (whole(["buyer_action_required"]), "problem"),
        (whole(["returning_to_sender"]), "problem"),
        (whole(["failure"]), "problem"),
        (whole(["in_transit", "beamed_up"]), "moving"),
        (whole(["beamed_up"]), "moving"),
        (whole(["delivered"], ["in_transit"]), "moving"),
        (whole(["in_transit"], ["label_printed"]), "moving"),
        (whole(["label_printed"], ["confirmed"]), "packing"),
        (whole(["delivered"], ["failure"]), "problem"),
        (whole(["delivered"], lines={1: 1, 2: 1}), "packing"),
        (whole(["delivered"], cancelled_at=MONDAY), "problem"),
    ],
)
def test_an_order_is_told_in_one_word(order: Whole, state: str) -> None:
    assert progress(order).state == state


def test_what_is_only_downloaded_is_no_parcel() -> None:
    order = whole([], ["delivered"])
    order.lines[0].requires_shipping = False
    found = progress(order)
    assert [parcel.shipment.id for parcel in found.parcels] == [2]
    assert [item.line.id for item in found.unshipped] == [1]


def test_while_a_parcel_s_content_is_unknown_nothing_is_said_to_be_missing() -> None:
    order = whole(["in_transit"], lines={1: 5}, packed=[{}])
    order.shipments[0].is_partial = True
    assert progress(order).unsent == []


def test_shopify_s_own_delivered_counts_though_the_scan_never_came() -> None:
    order = whole(["in_transit"])
    order.shipments[0].shipment_status = "delivered"
    assert progress(order).state == "arrived"
    assert progress(order).parcels[0].arrival is None


def test_what_a_carrier_tells_twice_stands_once() -> None:
    order = whole(["in_transit"])
    again = [event(8, 1, "in_transit", 0), event(9, 1, "in_transit", 0, city="Lyon")]
    found = progress(Whole(order.order, order.lines, order.shipments, [*order.events, *again], [], [], {}))
    assert [one.id for one in found.parcels[0].events] == [9, 1]


ANSWERS = [
    answer(1, 1, "submitted", 0, city="Lyon"),
    answer(2, 1, "in_transit", 1.1),
    answer(3, 1, "in_transit", 1.1, city="PARIS"),
    answer(4, 2, "out_for_delivery", 2, city="Lyon"),
    answer(5, 2, "new_word", 2.1),
]


@given(some.permutations(range(11)), some.lists(some.integers(0, 10), max_size=5))
def test_news_in_any_order_and_twice_gives_the_same_progress(places: list[int], again: list[int]) -> None:
    order = whole(["label_printed", "in_transit", "delivered"], ["confirmed", "in_transit", "delayed"])
    told = replace(order, events=[*order.events, *ANSWERS])
    events = [told.events[place] for place in [*places, *again]]
    shuffled = replace(order, shipments=order.shipments[::-1], events=events)
    assert progress(shuffled).parcels == progress(told).parcels


@given(some.lists(some.sampled_from([*SCANS]), min_size=1, max_size=4), some.data())
def test_no_answer_of_a_carrier_hides_newer_news_of_shopify(told: list[str], data: some.DataObject) -> None:
    order = whole(told)
    hours = some.floats(0, len(told) - 1)
    said = data.draw(some.lists(some.tuples(some.sampled_from([*SCANS, "new_word"]), hours), max_size=5))
    answers = [answer(number, 1, word, at) for number, (word, at) in enumerate(said, 1)]
    found = progress(replace(order, events=[*order.events, *answers])).parcels[0]
    assert found.scan == progress(order).parcels[0].scan


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        (answer(1, 1, "in_transit", 0.2, city="LYON "), False),
        (answer(1, 1, "carrier_picked_up", 0.2), False),
        (answer(1, 1, "in_transit", 0.3, city="Lyon"), True),
        (answer(1, 1, "in_transit", 0.2, city="Paris"), True),
        (answer(1, 1, "out_for_delivery", 0.2, city="Lyon"), True),
    ],
)
def test_one_scan_that_both_tell_stands_once(said: ParcelEvent, stands: bool) -> None:
    order = whole(["in_transit"])
    order.events[0].place = {"city": "Lyon"}
    assert (said in progress(replace(order, events=[*order.events, said])).parcels[0].events) is stands


def test_what_shopify_was_told_of_the_day_stands_before_what_the_carrier_answers_until_it_is_over() -> None:
    order = whole(["in_transit"])
    order.shipments[0].estimated_delivery_at = MONDAY + timedelta(days=1)
    said = answer(1, 1, "in_transit", 0.2)
    said.estimated_delivery_at = MONDAY + timedelta(days=2)
    told = replace(order, events=[*order.events, said])
    assert progress(told, 12).parcels[0].expected_at == MONDAY + timedelta(days=1)
    assert progress(told, 40).parcels[0].expected_at == MONDAY + timedelta(days=2)
    assert progress(told, 40).parcels[0].delay is None
    late = progress(told, 24 * 3).parcels[0].delay
    assert late and (late.situation, late.since) == ("late", MONDAY + timedelta(days=2))


@pytest.mark.parametrize(
    ("message", "situation"),
    [
        ("Held by customs", "customs"),
        ("En cours de dédouanement", "moving"),
        ("Bloqué en douane", "customs"),
        ("Die Sendung liegt beim Zoll", "customs"),
        ("En la aduana de Madrid", "customs"),
        ("Customs clearance completed", "moving"),
        ("Zollabfertigung abgeschlossen", "moving"),
        ("Return to sender", "returning"),
        ("Retour à l'expéditeur", "returning"),
        ("Zurück an den Absender", "returning"),
        ("Devuelto al remitente", "returning"),
        ("Le Zollhaus, Paris", "moving"),
        ("Arrived at the depot", "moving"),
        (None, "moving"),
    ],
)
def test_what_shopify_has_no_word_for_is_read_from_the_carrier_s(message: str | None, situation: str) -> None:
    order = whole(["in_transit"])
    order.events[0].place = {"message": message}
    assert progress(order).parcels[0].situation == situation


def test_what_has_arrived_is_never_with_customs() -> None:
    order = whole(["delivered"])
    order.events[0].place = {"message": "Delivered after customs"}
    assert progress(order).state == "arrived"


@some.composite
def orders(draw: some.DrawFn) -> Whole:
    """Anything that Shopify may tell of an order, also what does not fit together."""
    pieces = draw(some.lists(some.integers(1, 5), min_size=1, max_size=4))
    ids = some.integers(1, len(pieces) + 1)
    packed = draw(some.lists(some.dictionaries(ids, some.integers(0, 6), max_size=4), max_size=4))
    statuses = some.lists(some.sampled_from([*SCANS, "new_word"]), max_size=3)
    order = whole(*(draw(statuses) for _ in packed), lines=dict(enumerate(pieces, 1)), packed=packed)
    for one in order.lines:
        one.current_quantity = draw(some.integers(0, one.quantity))
        one.requires_shipping = draw(some.booleans())
    if draw(some.booleans()):
        order.order.cancelled_at = MONDAY
    return order


def everywhere(found: Progress) -> list[tuple[int, int]]:
    """Line and pieces, of every part of an order."""
    items = [*(item for parcel in found.parcels for item in parcel.items), *found.unsent]
    return [(item.line.id, item.quantity) for item in [*items, *found.unshipped, *found.removed]]


@given(orders())
def test_every_piece_of_an_order_is_in_exactly_one_of_its_parts(order: Whole) -> None:
    told = everywhere(progress(order))
    for one in order.lines:
        assert sum(pieces for line_id, pieces in told if line_id == one.id) == one.quantity


@given(orders(), some.integers(0, 90))
def test_a_state_is_found_whatever_is_told_and_whenever(order: Whole, days: int) -> None:
    found = progress(order, hours=24 * days)
    assert found.state in ("paid", "packing", "moving", "arrived", "problem")


def test_a_gift_card_beside_a_lamp_needs_no_parcel() -> None:
    order = whole(["in_transit"], lines={1: 1})
    gift = line(2, 1, requires_shipping=False)
    found = progress(Whole(order.order, [*order.lines, gift], order.shipments, order.events, [], [], {}))
    assert [item.line.id for item in found.unshipped] == [2]
    assert found.unsent == []


def test_a_promise_is_the_newest_one() -> None:
    order = whole(["in_transit", "in_transit"])
    for place, one in enumerate(order.events):
        one.estimated_delivery_at = MONDAY + timedelta(days=3 + place)
    assert progress(order).parcels[0].expected_at == MONDAY + timedelta(days=4)
