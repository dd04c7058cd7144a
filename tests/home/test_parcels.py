"""Parcels in trouble: found by themselves, told in a sentence, and the buyer by a click."""

from datetime import timedelta

import pytest

from devstore.faults import SmtpFaults
from devstore.smtp import Mailbox
from shopify_app import clock as app_clock
from shopify_app.db import transaction
from shopify_app.shopify.models import Shop
from tests.buyers import Tell
from tests.conftest import Clock, Jobs
from tests.home.conftest import Merchant
from tests.home.test_order import placed_now, text
from tests.orders import order, parcel, scan

PostOffice = tuple[Mailbox, SmtpFaults]


def at(hours: float = 0) -> str:
    return (app_clock.now() + timedelta(hours=hours)).isoformat()


def refused(tell: Tell, number: int = 4711, **keys: object) -> None:
    tell("orders/create", order(number, **placed_now() | {"name": f"#{number}"} | keys))
    tell("fulfillments/create", parcel(number + 1, {1: 2}, number, created_at=at(-1), updated_at=at(-1)))
    tell("fulfillment_events/create", scan(number, number + 1, "failure", at(-0.5), number))


@pytest.fixture(autouse=True)
def quiet(shop: Shop) -> None:
    """No message goes out by itself."""
    with transaction():
        shop.settings = {}


def test_a_day_without_trouble_is_no_empty_table(merchant: Merchant) -> None:
    assert "No parcel is in trouble" in text(merchant.opens("/parcels").text)
    assert "parcels in trouble" not in merchant.opens().text


def test_a_parcel_in_trouble_is_told_in_a_sentence_with_its_order(merchant: Merchant, tell: Tell) -> None:
    refused(tell)
    page = text(merchant.opens("/parcels").text)
    assert "#4711" in page
    assert "The parcel with 2 × Desk lamp (Brass) could not be delivered." in page
    assert "1 order with parcels in trouble" in merchant.opens().text
    assert "nora" not in page.lower()


def test_it_goes_when_the_parcel_has_arrived_after_all(merchant: Merchant, tell: Tell) -> None:
    refused(tell)
    tell("fulfillment_events/create", scan(9, 4712, "delivered", at(-0.1)))
    assert "No parcel is in trouble" in text(merchant.opens("/parcels").text)


def test_a_parcel_that_falls_silent_appears_and_goes_with_the_next_scan(
    merchant: Merchant, tell: Tell, jobs: Jobs, clock: Clock
) -> None:
    tell("orders/create", order(**placed_now()), "fulfillments/create", parcel(31, {1: 2}, created_at=at()))
    tell("fulfillment_events/create", scan(1, 31, "in_transit", at()))
    assert "No parcel is in trouble" in text(merchant.opens("/parcels").text)
    clock.forward(days=12)
    jobs.run()
    assert "the carrier has told us nothing since" in text(merchant.opens("/parcels").text)
    tell("fulfillment_events/create", scan(2, 31, "in_transit", at()))
    assert "No parcel is in trouble" in text(merchant.opens("/parcels").text)


def test_a_mistyped_number_is_found_when_the_parcel_is_packed(merchant: Merchant, tell: Tell) -> None:
    mistyped = parcel(31, {1: 2}, tracking_number="CB372159016FR", tracking_numbers=["CB372159016FR"])
    tell("orders/create", order(**placed_now()), "fulfillments/create", mistyped | {"created_at": at()})
    page = merchant.opens("/parcels").text
    assert "The number CB372159016FR cannot be right for Colissimo: a digit is wrong." in text(page)
    assert "Tell the buyer" not in page
    right = parcel(31, {1: 2}, tracking_number="CB372159015FR", tracking_numbers=["CB372159015FR"], updated_at=at(1))
    tell("fulfillments/update", right)
    assert "No parcel is in trouble" in text(merchant.opens("/parcels").text)


def test_the_buyer_is_told_by_one_click_and_only_once(
    merchant: Merchant, tell: Tell, jobs: Jobs, post_office: PostOffice
) -> None:
    refused(tell)
    assert post_office[0].messages() == []
    answer = merchant.sends("/parcels/4711/message")
    assert answer.json == {"toast": "It goes out in a moment.", "is_error": False}
    jobs.run()
    assert [mail.subject for mail in post_office[0].messages()] == ["A problem with a parcel of order #4711"]
    again = merchant.sends("/parcels/4711/message")
    assert again.status_code == 409
    jobs.run()
    assert len(post_office[0].messages()) == 1


def test_what_came_too_late_to_be_told_by_itself_can_still_be_told_by_hand(
    merchant: Merchant, tell: Tell, jobs: Jobs, shop: Shop, clock: Clock, post_office: PostOffice
) -> None:
    """The app was away for ten days, in which the parcel fell silent."""
    with transaction():
        shop.settings = {"parcel_messages": {"delayed": at()}}
    tell("orders/create", order(**placed_now()), "fulfillments/create", parcel(31, {1: 2}, created_at=at()))
    tell("fulfillment_events/create", scan(1, 31, "in_transit", at()))
    clock.forward(days=14)
    jobs.run()
    assert post_office[0].messages() == []
    assert merchant.sends("/parcels/4711/message").status_code == 200
    jobs.run()
    assert [mail.subject for mail in post_office[0].messages()] == ["A parcel of order #1001 is late"]
    assert merchant.sends("/parcels/4711/message").status_code == 409


def test_a_test_order_s_buyer_cannot_be_told(merchant: Merchant, tell: Tell, post_office: PostOffice) -> None:
    refused(tell, test=True)
    assert "Tell the buyer" not in merchant.opens("/parcels").text
    assert merchant.sends("/parcels/4711/message").status_code == 409


def test_who_has_no_address_cannot_be_told(merchant: Merchant, tell: Tell) -> None:
    refused(tell, email=None, customer=None)
    assert "Tell the buyer" not in merchant.opens("/parcels").text


def test_a_parcel_that_is_well_again_is_not_told_of(merchant: Merchant, tell: Tell, post_office: PostOffice) -> None:
    refused(tell)
    tell("fulfillment_events/create", scan(9, 4712, "delivered", at(-0.1)))
    assert merchant.sends("/parcels/4711/message").status_code == 409
    assert post_office[0].messages() == []


def test_trouble_that_is_older_than_a_month_is_left_to_rest(merchant: Merchant, tell: Tell, clock: Clock) -> None:
    refused(tell)
    clock.forward(days=31)
    assert "No parcel is in trouble" in text(merchant.opens("/parcels").text)


def test_an_order_that_was_cancelled_is_nobodys_trouble_any_more(merchant: Merchant, tell: Tell) -> None:
    refused(tell)
    told = {"name": "#4711", "fulfillments": [parcel(4712, {1: 2}, updated_at=at())]}
    tell("orders/cancelled", order(**placed_now() | told | {"cancelled_at": at(), "updated_at": at(1)}))
    assert "No parcel is in trouble" in text(merchant.opens("/parcels").text)


def test_another_shops_parcels_are_never_seen_nor_told(
    merchant: Merchant, neighbour: Merchant, tell: Tell, post_office: PostOffice
) -> None:
    refused(tell)
    assert "No parcel is in trouble" in text(neighbour.opens("/parcels").text)
    assert neighbour.sends("/parcels/4711/message").status_code == 409
    assert post_office[0].messages() == []
