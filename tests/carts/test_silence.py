"""Who is not reminded, and why: each of these is a sentence that the merchant reads."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from devstore import deeds
from shopify_app.carts.models import Reminder
from shopify_app.db import db, rest
from tests.carts.conftest import Store
from tests.conftest import LUMEN

PHONE = "+49 341 1234567"


def test_whoever_buys_hears_nothing_and_leaves_no_trace(store: Store) -> None:
    checkout = store.left()
    deeds.complete(store.state, checkout)
    store.settle()
    store.later(hours=1)
    assert (store.mails(), store.reasons(), store.reminders()) == ([], [], [])


def test_bought_on_another_device_with_the_same_email(store: Store) -> None:
    store.left(email="ann@example.com")
    store.later(minutes=56)
    deeds.place_order(store.state, LUMEN, [(store.lamp.variants[0].id, 1)], email="Ann@Example.com")
    store.settle()
    store.later(minutes=4)
    assert store.mails("ann@example.com") == []
    assert store.reasons() == ["bought"]


def test_bought_on_another_device_with_the_same_phone(store: Store) -> None:
    store.left(email="ann@example.com", phone=PHONE)
    deeds.place_order(
        store.state, LUMEN, [(store.lamp.variants[0].id, 1)], email="bob@example.com", phone="+493411234567"
    )
    store.later(hours=1)
    assert (store.mails("ann@example.com"), store.reasons()) == ([], ["bought"])


def test_bought_on_another_device_with_the_same_account(store: Store) -> None:
    store.left(email="work@example.com", customer=store.mira)
    deeds.place_order(store.state, LUMEN, [(store.lamp.variants[0].id, 1)], customer=store.mira)
    store.later(hours=1)
    assert (store.mails("work@example.com"), store.reasons()) == ([], ["bought"])


@pytest.mark.parametrize("how", ["email", "phone", "account"])
def test_an_order_that_only_shopify_knows_of_counts_too(store: Store, how: str) -> None:
    """No webhook ever told us."""
    store.left(email="ann@example.com", customer=store.mira, phone=PHONE)
    deeds.update_customer(store.state, store.mira, phone="+493411234567")
    store.shopify.faults.webhooks.dropped = 5
    told = {
        "email": {"email": "ann@example.com"},
        "phone": {"customer": store.mira},
        "account": {"customer": store.mira},
    }
    deeds.place_order(store.state, LUMEN, [(store.lamp.variants[0].id, 1)], **told[how])
    store.shopify.faults.webhooks.dropped = 0
    store.later(hours=1)
    assert (store.mails("ann@example.com"), store.reasons()) == ([], ["bought"])


def test_only_the_newest_of_several_checkouts_is_written_about(store: Store) -> None:
    store.left()
    store.later(minutes=10)
    store.left(lines=[(store.lamp.variants[1].id, 1)])
    store.later(minutes=59)
    store.later(minutes=1)
    assert store.reasons() == ["superseded", "sent"]
    [mail] = store.mails()
    assert "Steel" in (mail.text or "")


def test_a_buyer_who_comes_back_to_the_older_one_is_reminded_of_that(store: Store) -> None:
    older = store.left()
    store.later(minutes=10)
    store.left(lines=[(store.lamp.variants[1].id, 1)])
    store.later(minutes=55)
    deeds.update_checkout(store.state, older, lines=[(store.lamp.variants[0].id, 3)])
    store.settle()
    store.later(minutes=10)
    store.later(minutes=60)
    assert store.reasons() == ["superseded", "superseded", "sent"]
    assert "3 × Reading lamp" in (store.mails()[0].text or "")


def test_an_empty_and_a_worthless_cart(store: Store) -> None:
    gift = deeds.add_product(store.state, LUMEN, "Sample", [{"title": "One", "price": "0.00", "sku": "S"}])
    store.left(email="ann@example.com", lines=[(gift.variants[0].id, 1)])
    store.left(email="bob@example.com", lines=[])
    store.later(hours=1)
    assert sorted(map(str, store.reasons())) == ["empty", "worthless"]


def test_nothing_of_it_can_be_bought_any_more(store: Store) -> None:
    store.left()
    store.lamp.variants[0].inventory_quantity = 0
    store.later(hours=1)
    assert (store.mails(), store.reasons()) == ([], ["sold_out"])


def test_a_buyer_who_then_puts_something_else_into_the_cart_is_reminded_of_that(store: Store) -> None:
    checkout = store.left()
    store.lamp.variants[0].inventory_quantity = 0
    store.later(hours=1)
    store.later(minutes=1)
    deeds.update_checkout(store.state, checkout, lines=[(store.lamp.variants[1].id, 1)])
    store.settle()
    store.later(hours=1)
    assert store.reasons() == ["sold_out", "sent"]
    assert "Steel" in (store.mails()[0].text or "")


def test_one_of_two_items_is_gone_and_the_message_says_so(store: Store) -> None:
    stool = deeds.add_product(store.state, LUMEN, "Stool", [{"title": "Oak", "price": "49.00", "sku": "ST"}])
    store.left(lines=[(store.lamp.variants[0].id, 1), (stool.variants[0].id, 1)])
    stool.variants[0].inventory_quantity = 0
    store.later(hours=1)
    assert "No longer available: Stool." in (store.mails()[0].text or "")


@pytest.mark.parametrize("state", ["sent", "scheduled"])
def test_shopify_wrote_by_itself_or_is_about_to(store: Store, state: str) -> None:
    deeds.remind(store.state, store.left(), state)
    store.later(hours=1)
    assert (store.mails(), store.reasons()) == ([], ["shopify_wrote"])


def test_whoever_unsubscribed_in_between_is_opted_out(store: Store) -> None:
    store.left()
    store.shopify.faults.webhooks.dropped = 1
    deeds.edit_consent(store.state, store.mira, "unsubscribed")
    store.later(hours=1)
    store.later(minutes=1)
    assert (store.mails(), store.reasons()) == ([], ["unsubscribed"])
    assert store.reminders() == [("opted_out", "unsubscribed")]


def test_a_checkout_of_the_counter_or_of_another_channel(store: Store) -> None:
    store.left(source_name="pos")
    store.later(hours=1)
    assert (store.mails(), store.reasons()) == ([], ["other_channel"])


def test_a_checkout_without_an_email(store: Store) -> None:
    store.left(phone=PHONE)
    store.later(hours=1)
    assert store.reasons() == ["no_email"]


def test_a_checkout_that_was_deleted_at_shopify(store: Store) -> None:
    checkout = store.left()
    deeds.delete_checkout(store.state, checkout)
    store.later(hours=1)
    assert store.mails() == []
    assert store.reminders() == [("suppressed", "gone")]


def test_somebody_held_out_gets_none_and_is_remembered(store: Store, switch: Callable[..., None]) -> None:
    switch(holdout=50)
    people = [f"person-{number}@example.com" for number in range(12)]
    for email in people:
        store.left(email=email)
    store.later(hours=1)
    held = {email for email in people if not store.mails(email)}
    assert 0 < len(held) < len(people)
    assert store.reasons().count("holdout") == len(held)
    switch(holdout=50)
    for email in people:
        store.left(email=email)
    store.later(hours=1)
    assert {email for email in people if not store.mails(email)} == held


def test_what_was_told_a_day_late_is_not_sent_any_more(store: Store) -> None:
    """The shop did not answer for a day and a half."""
    store.left()
    store.shopify.faults.graphql.outage = True
    store.later(hours=1)
    store.later(hours=20)
    assert store.reasons() == ["shop_silent"]
    store.later(hours=8)
    assert (store.mails(), store.reasons()) == ([], ["too_old"])


def test_a_shop_that_answers_again_in_time_is_believed(store: Store) -> None:
    store.left()
    store.shopify.faults.graphql.outage = True
    store.later(hours=1)
    store.shopify.faults.graphql.outage = False
    store.later(minutes=10)
    assert store.reasons() == ["sent"]


def test_an_erased_buyer_hears_nothing(store: Store) -> None:
    store.left()
    deeds.request_redact(store.state, store.mira)
    store.settle()
    store.later(hours=1)
    assert store.mails() == []
    rest()
    assert db.session.query(Reminder).count() == 0


def test_the_cap_of_an_hour_lets_the_others_wait(store: Store, switch: Callable[..., None]) -> None:
    switch(cap=10)
    for number in range(12):
        store.left(email=f"person-{number}@example.com")
    store.later(hours=1)
    assert store.reasons() == ["sent"] * 10
    store.later(seconds=timedelta(hours=1, seconds=5).total_seconds())
    assert store.reasons() == ["sent"] * 12
