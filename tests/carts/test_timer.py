"""When a buyer is reminded of a cart: an hour after the last activity, once, and never about the past."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from devstore import deeds
from devstore.records import Address
from shopify_app import clock as app_clock
from shopify_app.shopify import install
from shopify_app.shopify.models import Shop
from tests.carts.conftest import Store

DAY = timedelta(days=1)


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


HOMES = {
    "Auckland": (Address(city="Auckland", country="New Zealand", country_code="NZ"), time(0, 30)),
    "Berlin": (Address(city="Berlin", country="Germany", country_code="DE"), time(5)),
}
"""Where a buyer lives → when they leave a cart on the day on which Europe's clocks go forward at 1:00 in UTC. In
Auckland it is day then; in Berlin the hour ends just when the night does, by the new time.
"""


@pytest.mark.parametrize("home", HOMES)
def test_an_hour_is_sixty_minutes_on_the_day_on_which_clocks_go_forward(store: Store, lumen: Shop, home: str) -> None:
    assert lumen.timezone == "Europe/Berlin"
    address, left_at = HOMES[home]
    moment = datetime.combine(forward_day(), left_at, UTC)
    while moment - app_clock.now() > DAY:
        store.later(seconds=min(moment - app_clock.now() - timedelta(hours=1), 20 * DAY).total_seconds())
        install.keep_alive()
    store.later(seconds=(moment - app_clock.now()).total_seconds())
    deeds.update_checkout(store.state, store.left(), shipping_address=address)
    store.settle()
    store.later(minutes=59)
    assert store.mails() == []
    store.later(minutes=1)
    assert len(store.mails()) == 1


def forward_day() -> date:
    """The last Sunday of the next March."""
    today = app_clock.now().date()
    last = date(today.year + (today.month > 2), 3, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)
