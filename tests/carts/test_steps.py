"""What becomes of a reminder: several steps, won back, moved, held at night, news that come twice and shuffled."""

from collections.abc import Callable

from devstore import deeds
from tests.carts.conftest import Store
from tests.conftest import LUMEN


def buys(store: Store, **who: object) -> None:
    deeds.place_order(store.state, LUMEN, [(store.lamp.variants[0].id, 1)], **who)
    store.settle()


def test_three_steps_each_once_and_then_it_is_over(store: Store, switch: Callable[..., None]) -> None:
    switch(steps=3)
    store.left()
    for hours in (1, 23, 48):
        store.later(hours=hours)
        store.later(minutes=1)
    assert [mail.subject for mail in reversed(store.mails())] == [
        "You left something in your cart",
        "Your cart is still here",
        "Your cart is still here",
    ]
    store.later(days=8)
    assert store.reminders() == [("exhausted", None)]
    assert len(store.mails()) == 3


def test_an_order_after_the_message_wins_the_cart_back_and_ends_it(store: Store, switch: Callable[..., None]) -> None:
    switch(steps=3)
    store.left()
    store.later(hours=1)
    store.later(minutes=1)
    buys(store, customer=store.mira)
    assert store.reminders() == [("recovered", None)]
    store.later(days=4)
    assert len(store.mails()) == 1


def test_an_order_a_week_later_is_no_effect_of_it(store: Store) -> None:
    store.left()
    store.later(hours=1)
    store.later(days=7, minutes=2)
    buys(store, customer=store.mira)
    assert store.reminders() == [("exhausted", None)]


def test_a_buyer_who_comes_back_after_the_first_message_moves_the_second(
    store: Store, switch: Callable[..., None]
) -> None:
    switch(steps=2)
    checkout = store.left()
    store.later(hours=1)
    store.later(hours=3)
    deeds.update_checkout(store.state, checkout, lines=[(store.lamp.variants[1].id, 1)])
    store.settle()
    store.later(hours=23)
    assert len(store.mails()) == 1
    store.later(hours=1)
    assert len(store.mails()) == 2


def test_at_night_nobody_is_written_to_and_in_the_morning_only_if_it_still_holds(store: Store) -> None:
    store.until(21)
    store.left()
    store.left(email="bob@example.com")
    store.later(hours=2)
    assert store.mails() + store.mails("bob@example.com") == []
    buys(store, customer=store.mira)
    store.until(10)
    store.settle()
    assert [len(store.mails(to)) for to in ("mira.sommer@example.com", "bob@example.com")] == [0, 1]
    assert sorted(map(str, store.reasons())) == ["bought", "sent"]


def test_news_of_a_checkout_that_come_twice_and_shuffled_are_one_message(store: Store) -> None:
    store.shopify.faults.webhooks.shuffled = 4
    store.shopify.faults.webhooks.twice = 4
    checkout = deeds.begin_checkout(
        store.state, LUMEN, [(store.lamp.variants[0].id, 1)], customer=store.mira, locale="en", accepts_marketing=True
    )
    for pieces in (2, 3, 4):
        store.clock.forward(minutes=5)
        deeds.update_checkout(store.state, checkout, lines=[(store.lamp.variants[0].id, pieces)])
    store.settle()
    store.later(minutes=59)
    assert store.mails() == []
    store.later(minutes=1)
    [mail] = store.mails()
    assert "4 × Reading lamp" in (mail.text or "")
    store.later(days=2)
    assert len(store.mails()) == 1


def test_late_news_of_the_checkout_after_its_message_change_nothing(store: Store) -> None:
    checkout = store.left()
    store.later(hours=1)
    for delivery in list(store.shopify.log.rows()):
        if delivery.topic.startswith("checkouts/"):
            store.shopify.log.replay(delivery.id)
    store.settle()
    store.later(hours=6)
    assert checkout.completed_at is None
    assert len(store.mails()) == 1
