"""What was promised is written down, and shown when it was not kept."""

from datetime import timedelta

from sqlalchemy import select

from shopify_app import clock as app_clock
from shopify_app.db import db, rest
from shopify_app.orders import links
from shopify_app.shopify.models import Shop
from shopify_app.tracking.models import Promise
from tests.buyers import Storefront, Tell
from tests.conftest import Clock
from tests.factories import Body
from tests.orders import order, parcel, scan


def at(days: float = 0) -> str:
    return (app_clock.now() + timedelta(days=days)).isoformat()


def scanned(number: int, status: str, promise: float | None = None) -> Body:
    return scan(number, 31, status, at(), estimated_delivery_at=at(promise) if promise is not None else None)


def days() -> list[int]:
    """Of the ledger, from today."""
    rest()
    today = app_clock.now().date()
    return [(day - today).days for day in db.session.scalars(select(Promise.day).order_by(Promise.told_at))]


def sent(tell: Tell) -> None:
    tell("orders/create", order(), "fulfillments/create", parcel(31, {1: 2}, created_at=at()))


def test_every_change_of_a_promise_is_kept_and_no_repetition_of_one(tell: Tell, clock: Clock) -> None:
    noon(clock)
    sent(tell)
    for number, promise in enumerate((3, 3, 5, 3), 1):
        tell("fulfillment_events/create", scanned(number, "in_transit", promise))
        clock.forward(seconds=1)
    assert days() == [3, 5, 3]


def test_a_promise_that_was_moved_is_shown_beside_the_new_one(
    storefront: Storefront, tell: Tell, shop: Shop, clock: Clock
) -> None:
    noon(clock)
    sent(tell)
    tell("fulfillment_events/create", scanned(1, "in_transit", 3))
    assert "First promised" not in storefront.get(links.path(shop, 4711)).text
    clock.forward(seconds=1)
    tell("fulfillment_events/create", scanned(2, "delayed", 6))
    page = storefront.get(links.path(shop, 4711)).text
    first = app_clock.now() + timedelta(days=3)
    assert f"<dt>First promised</dt><dd>{first:%A, %B} {first.day}, {first.year}</dd>" in page
    clock.forward(days=5)
    tell("fulfillment_events/create", scanned(3, "delivered"))
    assert "First promised" in storefront.get(links.path(shop, 4711)).text


def test_a_promise_that_was_kept_is_not_worth_a_word(
    storefront: Storefront, tell: Tell, shop: Shop, clock: Clock
) -> None:
    noon(clock)
    sent(tell)
    tell("fulfillment_events/create", scanned(1, "in_transit", 3))
    clock.forward(days=2)
    tell("fulfillment_events/create", scanned(2, "delivered"))
    assert "First promised" not in storefront.get(links.path(shop, 4711)).text


def noon(clock: Clock) -> None:
    """So that no day ends during a test."""
    clock.forward(hours=(36 - app_clock.now().hour) % 24)
