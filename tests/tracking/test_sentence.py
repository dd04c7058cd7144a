"""The one true sentence of an order, and one for each of its parts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shopify_app.language import LANGUAGES, speak
from shopify_app.orders.models import Refund
from shopify_app.orders.read import Whole
from shopify_app.tracking import sentence
from shopify_app.tracking.scans import SCANS
from tests.tracking.shapes import MONDAY, event, line, progress, whole
from tests.tracking.test_state import orders

ENGLISH = speak("en")


def says(order: Whole, hours: float = 12, language: str = "en") -> str:
    return sentence.headline(progress(order, hours), speak(language))


def tells(order: Whole, hours: float = 12, language: str = "en") -> list[str]:
    return [part.text for part in sentence.parts(progress(order, hours), speak(language))]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (whole(), "Your order is paid, and we are preparing it."),
        (whole(financial_status="pending"), "We have your order and are waiting for the payment."),
        (whole(financial_status="authorized"), "We have your order and are preparing it."),
        (whole(financial_status="a new word"), "We have your order and are preparing it."),
        (whole([]), "Your parcel has been sent."),
        (whole(["label_printed"]), "Your parcel is packed and waits for the carrier."),
        (whole(["confirmed", "in_transit"]), "Your parcel is on its way."),
        (whole(["in_transit", "out_for_delivery"]), "Your parcel is out for delivery."),
        (whole(["ready_for_pickup"]), "Your parcel is ready for you at the pickup point."),
        (whole(["ready_for_pickup", "picked_up"]), "Your parcel has been picked up."),
        (whole(["in_transit", "delivered"]), "Your parcel has arrived."),
        (whole(["delayed"]), "Your parcel is delayed."),
        (whole(["delayed", "in_transit"]), "Your parcel is on its way."),
        (whole(["attempted_delivery"]), "Your parcel could not be handed over yet."),
        (whole(["buyer_action_required"]), "Your parcel waits because the carrier needs something from you."),
        (whole(["returning_to_sender"]), "Your parcel is on its way back to us."),
        (whole(["failure"]), "Your parcel could not be delivered."),
        (whole(["in_transit", "beamed_up"]), "Your parcel is on its way."),
        (whole(["beamed_up"]), "Your parcel has been sent."),
        (
            whole(["delivered"], ["delivered"], ["in_transit"]),
            "2 of your 3 parcels have arrived; the one with Thing 3 is on its way.",
        ),
        (whole(["delivered"], ["in_transit"], ["in_transit"]), "1 of your 3 parcels has arrived."),
        (whole(["delivered"], ["delivered"]), "All 2 parcels have arrived."),
        (whole(["in_transit"], ["in_transit"]), "Your 2 parcels are on their way."),
        (
            whole(["in_transit"], ["label_printed"]),
            "1 of your 2 parcels is on its way; the one with Thing 2 is packed and waits for the carrier.",
        ),
        (whole(["label_printed"], ["confirmed"]), "Your 2 parcels are packed and wait for the carrier."),
        (
            whole(["delivered"], ["failure"]),
            "1 of your 2 parcels has arrived; the one with Thing 2 could not be delivered.",
        ),
        (whole(["delayed"], ["failure"], []), "1 of your 3 parcels is on its way; there are problems with 2."),
        (whole(["delayed"], ["failure"]), "There is a problem with each of your 2 parcels."),
        (whole(["delivered"], cancelled_at=MONDAY), "This order has been cancelled."),
        (whole(["in_transit"], lines={1: 3}), "Your parcel is on its way. 2 × Thing 1 are still with us."),
        (whole(["delivered"], lines={1: 1, 2: 1}), "Your parcel has arrived. Thing 2 is still with us."),
        (whole(["delivered"], lines={1: 1, 2: 1, 3: 1, 4: 1}), "Your parcel has arrived. 3 items are still with us."),
    ],
)
def test_an_order_is_told_in_one_sentence(order: Whole, said: str) -> None:
    assert says(order) == said


def test_three_lines_in_two_parcels_and_one_unsent_are_all_named() -> None:
    order = whole(["delivered"], ["in_transit"], lines={1: 2, 2: 1, 3: 1}, packed=[{1: 2}, {2: 1}])
    order.lines[0].variant_title = "Brass"
    order.events[1].place = {"city": "LYON"}
    order.events[1].estimated_delivery_at = MONDAY + timedelta(days=3)
    assert says(order) == (
        "1 of your 2 parcels has arrived; the one with Thing 2 is in Lyon and should come on Thursday. "
        "Thing 3 is still with us."
    )
    assert tells(order) == [
        "Parcel 1 of 2 with 2 × Thing 1 (Brass) has arrived.",
        "Parcel 2 of 2 with Thing 2 is in Lyon and should come on Thursday.",
        "Thing 3 is still with us.",
    ]
    assert tells(order, language="de") == [
        "Paket 1 von 2 mit 2 × Thing 1 (Brass) ist angekommen.",
        "Paket 2 von 2 mit Thing 2 ist in Lyon und sollte am Donnerstag ankommen.",
        "Thing 3 ist noch bei uns.",
    ]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (1, "Your parcel is in Lyon and should come on Thursday."),
        (48, "Your parcel was in Lyon on Monday and should come tomorrow."),
        (70, "Your parcel was in Lyon on Monday and should come today."),
        (96, "Your parcel should have come yesterday and is late."),
        (24 * 14, "Your parcel should have come on June 4 and is late."),
    ],
)
def test_the_sentence_changes_with_the_day(hours: float, said: str) -> None:
    order = whole(["in_transit"])
    order.events[0].place = {"city": "Lyon"}
    order.events[0].estimated_delivery_at = datetime(2026, 6, 4, 10, tzinfo=UTC)
    assert says(order, hours) == said


@pytest.mark.parametrize(
    ("status", "place", "promise", "days", "said"),
    [
        ("in_transit", {}, 2, 0, "Your parcel is on its way and should come on Wednesday."),
        ("in_transit", {"city": "Lyon"}, None, 0, "Your parcel is in Lyon."),
        ("in_transit", {"city": "Lyon"}, None, 2, "Your parcel is on its way and was in Lyon on Monday."),
        ("delayed", {}, 7, 0, "Your parcel is delayed and should now come on June 8."),
        (
            "in_transit",
            {"message": "Customs"},
            None,
            0,
            "Your parcel is with customs and goes on as soon as they release it.",
        ),
        (
            "in_transit",
            {},
            None,
            3,
            "Your parcel was last scanned on Monday, and the carrier has told us nothing since.",
        ),
        (
            "label_printed",
            {},
            None,
            4,
            "Your parcel was announced to the carrier on Monday, who has not collected it yet.",
        ),
    ],
)
def test_what_is_known_of_the_way_is_said(
    status: str, place: dict[str, Any], promise: int | None, days: float, said: str
) -> None:
    order = whole([status])
    order.events[0].place = place
    order.events[0].estimated_delivery_at = MONDAY + timedelta(days=promise) if promise else None
    assert says(order, 24 * days + 1) == said


def test_an_order_given_back_and_paid_back_is_refunded() -> None:
    order = whole(["delivered"], financial_status="refunded")
    order.lines[0].current_quantity = 0
    assert says(order) == "This order has been refunded."


def test_what_was_paid_back_of_it_is_said() -> None:
    order = whole(["delivered"], financial_status="partially_refunded")
    refund = Refund(currency="EUR", amount=1250)
    paid_back = Whole(order.order, order.lines, order.shipments, order.events, [refund, refund], [], {})
    assert says(paid_back) == "Your parcel has arrived. We have refunded €25.00."


def test_pieces_that_were_cancelled_and_pieces_without_a_parcel_are_told() -> None:
    order = whole(["in_transit"], lines={1: 2})
    order.lines[0].current_quantity = 1
    gift = line(2, 1, requires_shipping=False, title="Gift card")
    order = Whole(order.order, [*order.lines, gift], order.shipments, order.events, [], [], {})
    assert tells(order) == [
        "The parcel with Thing 1 is on its way.",
        "Gift card needs no parcel.",
        "Thing 1 was cancelled.",
    ]


def test_an_order_of_downloads_is_complete() -> None:
    order = whole(lines={1: 1})
    order.lines[0].requires_shipping = False
    assert says(order) == "Your order is complete: there is nothing to deliver."


@given(orders(), some.integers(0, 90), some.sampled_from(LANGUAGES))
def test_the_parts_name_every_piece_once_whatever_is_told(order: Whole, days: int, language: str) -> None:
    told = sentence.parts(progress(order, 24 * days), speak(language))
    assert sum(item.quantity for part in told for item in part.items) == sum(one.quantity for one in order.lines)
    for part in told:
        assert all(item.line.title in part.text for item in part.items)
        assert part.text.endswith(".") and "{" not in part.text


@given(orders(), some.integers(0, 90))
def test_every_order_has_a_sentence_of_its_own_in_every_language(order: Whole, days: int) -> None:
    said = {says(order, 24 * days, language) for language in LANGUAGES}
    assert len(said) == len(LANGUAGES)
    assert not any("{" in one for one in said)


def test_there_are_words_for_every_situation() -> None:
    assert {scan.situation for scan in SCANS.values()} | {"customs", "late", "silent", "uncollected"} == set(
        sentence.CLAUSES
    )


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        (
            "fr",
            "1 de vos 3 colis est arrivé.",
            "2 de vos 3 colis sont arrivés\u00a0; celui avec Thing 3 a été expédié.",
        ),
        (
            "de",
            "1 Ihrer 3 Pakete ist angekommen.",
            "2 Ihrer 3 Pakete sind angekommen; das mit Thing 3 wurde abgeschickt.",
        ),
        (
            "es",
            "Ha llegado 1 de sus 3 paquetes.",
            "Han llegado 2 de sus 3 paquetes; el que lleva Thing 3 ya ha salido.",
        ),
    ],
)
def test_parcels_are_counted_by_the_rules_of_the_language(language: str, one: str, two: str) -> None:
    assert says(whole(["delivered"], [], []), language=language) == one
    assert says(whole(["delivered"], ["delivered"], []), language=language) == two


def test_a_feed_that_is_shuffled_and_doubled_says_the_same() -> None:
    order = whole(["label_printed", "in_transit"], ["in_transit", "delivered"])
    order.events[1].place = {"city": "Lyon"}
    again = [event(9, 1, "in_transit", 1, city="Lyon"), *order.events[::-1]]
    doubled = Whole(order.order, order.lines, order.shipments, again, [], [], {})
    assert (says(doubled), tells(doubled)) == (says(order), tells(order))
