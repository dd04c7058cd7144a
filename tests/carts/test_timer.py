"""When a buyer is reminded of a cart: an hour after the last activity, once, and never about the past."""

from collections.abc import Callable

from devstore import deeds
from tests.carts.conftest import Store


def test_at_59_minutes_nothing_and_at_60_one_message(store: Store) -> None:
    store.left()
    store.later(minutes=59)
    assert store.mails() == []
    store.later(minutes=1)
    [mail] = store.mails()
    assert mail.subject == "You left something in your cart"
    assert "Reading lamp" in (mail.text or "")
    store.later(hours=5)
    assert len(store.mails()) == 1


def test_each_activity_at_the_checkout_begins_the_hour_anew(store: Store) -> None:
    checkout = store.left()
    store.later(minutes=50)
    deeds.update_checkout(store.state, checkout, lines=[(store.lamp.variants[1].id, 2)])
    store.settle()
    store.later(minutes=50)
    assert store.mails() == []
    store.later(minutes=10)
    [mail] = store.mails()
    assert "2 × Reading lamp, Steel" in (mail.text or "")


def test_a_shop_that_never_switched_them_on_sends_none_and_keeps_no_timer(
    store: Store, switch: Callable[..., None]
) -> None:
    switch(since=None)
    store.left()
    store.later(hours=1)
    assert store.mails() == []
    assert store.reminders() == []


def test_an_activity_that_no_webhook_told_of_is_seen_in_the_last_second(store: Store) -> None:
    checkout = store.left()
    store.later(minutes=30)
    store.shopify.faults.webhooks.dropped = 1
    deeds.update_checkout(store.state, checkout, lines=[(store.lamp.variants[1].id, 1)])
    store.later(minutes=59)
    assert store.mails() == []
    store.later(minutes=2)
    assert len(store.mails()) == 1
