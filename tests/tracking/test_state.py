"""How an order is doing, in one word and one sentence."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shopify_app.language import LANGUAGES, speak
from shopify_app.orders.models import Line, Order, ParcelEvent, Shipment
from shopify_app.orders.read import Whole
from shopify_app.tracking.state import ALONE, BY_STATE, SCANS, headline, progress

MONDAY = datetime(2026, 6, 1, 8, tzinfo=UTC)
ENGLISH = speak("en")


def whole(*parcels: Sequence[str], lines: dict[int, int] | None = None, packed: Any = None, **order: Any) -> Whole:
    """An order with one parcel for each sequence of scans. packed: what is in each parcel (a line each by default)."""
    ids = range(1, len(parcels) + 1)
    lines = lines or dict.fromkeys(ids or [1], 1)
    packed = packed or [{number: 1} for number in ids]
    shipments = [
        Shipment(
            id=number,
            status="success",
            shipment_status=None,
            created_at=MONDAY,
            estimated_delivery_at=None,
            is_partial=False,
            lines=[{"id": line, "quantity": pieces} for line, pieces in inside.items()],
        )
        for number, inside in zip(ids, packed, strict=True)
    ]
    counter = itertools.count(1)
    events = [
        event(next(counter), number, status, hours)
        for number, scans in zip(ids, parcels, strict=True)
        for hours, status in enumerate(scans)
    ]
    return Whole(
        Order(**{"financial_status": "paid", "cancelled_at": None} | order),
        [line(number, pieces) for number, pieces in lines.items()],
        shipments,
        events,
        refunds=[],
        returns=[],
        products={},
    )


def line(number: int, pieces: int, **fields: Any) -> Line:
    return Line(**{"id": number, "quantity": pieces, "current_quantity": pieces, "requires_shipping": True} | fields)


def event(number: int, parcel: int, status: str, hours: float, **place: Any) -> ParcelEvent:
    return ParcelEvent(
        id=number,
        shipment_id=parcel,
        status=status,
        happened_at=MONDAY + timedelta(hours=hours),
        estimated_delivery_at=None,
        place=place,
    )


@pytest.mark.parametrize(
    ("order", "state", "says"),
    [
        (whole(), "paid", "Your order is paid, and we are preparing it."),
        (whole(financial_status="pending"), "paid", "We have your order and are waiting for the payment."),
        (whole(financial_status="authorized"), "paid", "We have your order and are preparing it."),
        (whole(financial_status="a new word"), "paid", "We have your order and are preparing it."),
        (whole([]), "moving", "Your parcel is on its way."),
        (whole(["label_printed"]), "packing", "Your parcel is packed and waits for the carrier."),
        (whole(["confirmed", "in_transit"]), "moving", "Your parcel is on its way."),
        (whole(["in_transit", "out_for_delivery"]), "moving", "Your parcel is out for delivery."),
        (whole(["ready_for_pickup"]), "moving", "Your parcel is ready for pickup."),
        (whole(["ready_for_pickup", "picked_up"]), "arrived", "Your parcel has been picked up."),
        (whole(["in_transit", "delivered"]), "arrived", "Your parcel has arrived."),
        (whole(["delayed"]), "problem", "Your parcel is delayed."),
        (whole(["delayed", "in_transit"]), "moving", "Your parcel is on its way."),
        (whole(["attempted_delivery"]), "problem", "The carrier tried to deliver your parcel."),
        (whole(["failure"]), "problem", "Your parcel could not be delivered."),
        (whole(["in_transit", "beamed_up"]), "moving", "Your parcel is on its way."),
        (whole(["beamed_up"]), "moving", "Your parcel is on its way."),
        (whole(["delivered"], ["delivered"], ["in_transit"]), "moving", "2 of your 3 parcels have arrived."),
        (whole(["delivered"], ["in_transit"], ["in_transit"]), "moving", "1 of your 3 parcels has arrived."),
        (whole(["delivered"], ["delivered"]), "arrived", "All 2 parcels have arrived."),
        (whole(["in_transit"], ["in_transit"]), "moving", "Your 2 parcels are on their way."),
        (whole(["in_transit"], ["label_printed"]), "moving", "1 of your 2 parcels is on its way."),
        (whole(["label_printed"], ["confirmed"]), "packing", "Your 2 parcels are packed and wait for the carrier."),
        (whole(["delivered"], ["failure"]), "problem", "There is a problem with 1 of your 2 parcels."),
        (whole(["delayed"], ["failure"], []), "problem", "There are problems with 2 of your 3 parcels."),
        (whole(["delivered"], cancelled_at=MONDAY), "problem", "This order has been cancelled."),
        (
            whole(["in_transit"], lines={1: 3}),
            "moving",
            "Your parcel is on its way. 2 items are still with us.",
        ),
        (
            whole(["delivered"], lines={1: 1, 2: 1}),
            "packing",
            "Your parcel has arrived. 1 item is still with us.",
        ),
        (
            whole(["delivered"], ["in_transit"], lines={1: 1, 2: 1, 3: 1}),
            "moving",
            "1 of your 2 parcels has arrived. 1 item is still with us.",
        ),
    ],
)
def test_an_order_is_told_in_one_word_and_one_sentence(order: Whole, state: str, says: str) -> None:
    found = progress(order)
    assert (found.state, headline(found, ENGLISH)) == (state, says)


def test_what_is_only_downloaded_is_no_parcel() -> None:
    order = whole([], ["delivered"])
    order.lines[0].requires_shipping = False
    assert headline(progress(order), ENGLISH) == "Your parcel has arrived."
    order.lines[1].requires_shipping = False
    assert headline(progress(order), ENGLISH) == "Your order is complete: there is nothing to deliver."


def test_an_order_given_back_and_paid_back_is_refunded() -> None:
    order = whole(["delivered"], financial_status="refunded")
    order.lines[0].current_quantity = 0
    assert headline(progress(order), ENGLISH) == "This order has been refunded."


def test_while_a_parcel_s_content_is_unknown_nothing_is_said_to_be_missing() -> None:
    order = whole(["in_transit"], lines={1: 5}, packed=[{}])
    order.shipments[0].is_partial = True
    assert headline(progress(order), ENGLISH) == "Your parcel is on its way."


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


@given(some.permutations(range(6)))
def test_news_in_any_order_gives_the_same_progress(places: list[int]) -> None:
    order = whole(["label_printed", "in_transit", "delivered"], ["confirmed", "in_transit", "delayed"])
    shuffled = Whole(
        order.order, order.lines, order.shipments[::-1], [order.events[place] for place in places], [], [], {}
    )
    assert progress(shuffled).parcels == progress(order).parcels


@given(some.lists(some.lists(some.sampled_from([*SCANS, "new_word"]), max_size=3), max_size=4), some.integers(0, 4))
def test_every_order_has_a_state_and_a_sentence_in_every_language(parcels: list[list[str]], unsent: int) -> None:
    lines = dict.fromkeys(range(1, len(parcels) + 1), 1) | ({99: unsent} if unsent else {98: 1})
    found = progress(whole(*parcels, lines=lines))
    assert found.state in ("paid", "packing", "moving", "arrived", "problem")
    sentences = {headline(found, speak(language)) for language in LANGUAGES}
    assert len(sentences) == len(LANGUAGES)
    assert not any("{" in sentence for sentence in sentences)


@given(some.lists(some.integers(1, 5), min_size=1, max_size=4), some.data())
def test_what_is_in_parcels_and_what_is_not_add_up_to_the_order(pieces: list[int], data: some.DataObject) -> None:
    lines = dict(enumerate(pieces, 1))
    packed = {number: data.draw(some.integers(0, count)) for number, count in lines.items()}
    found = progress(whole(["in_transit"], lines=lines, packed=[packed]))
    sent = sum(item.quantity for parcel in found.parcels for item in parcel.items)
    assert sent + sum(item.quantity for item in found.unsent) == sum(pieces)


def test_every_status_has_a_sentence_for_an_only_parcel() -> None:
    assert all(status in ALONE or scan.state in BY_STATE for status, scan in SCANS.items())


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        ("fr", "1 de vos 3 colis est arrivé.", "2 de vos 3 colis sont arrivés."),
        ("de", "1 Ihrer 3 Pakete ist angekommen.", "2 Ihrer 3 Pakete sind angekommen."),
        ("es", "Ha llegado 1 de sus 3 paquetes.", "Han llegado 2 de sus 3 paquetes."),
    ],
)
def test_parcels_are_counted_by_the_rules_of_the_language(language: str, one: str, two: str) -> None:
    assert headline(progress(whole(["delivered"], [], [])), speak(language)) == one
    assert headline(progress(whole(["delivered"], ["delivered"], [])), speak(language)) == two
