"""What is older than its own limit never comes into a queue: however and whenever its news comes."""

from datetime import timedelta

import pytest

from devstore.smtp import Mailbox
from shopify_app import clock as app_clock
from shopify_app.db import db, rest, transaction
from shopify_app.mail.models import Message
from shopify_app.shopify.models import Shop
from shopify_app.tracking import KINDS
from tests.conftest import Clock, Jobs, Sender
from tests.factories import written
from tests.mail.conftest import Orders


def reasons() -> list[str | None]:
    rest()
    return [one.reason for one in db.session.query(Message)]


@pytest.mark.parametrize("topic", ["orders/create", "orders/updated", "orders/paid"])
@pytest.mark.parametrize("days", [3, 20, 59, 400])
def test_an_old_order_of_which_we_never_heard_is_confirmed_to_nobody(
    shop: Shop, orders: Orders, mailbox: Mailbox, topic: str, days: int
) -> None:
    """Somebody edits it in Shopify, or Shopify sends the news of a month again: the news is fresh, the order is not."""
    with transaction():
        shop.installed_at = app_clock.now() - timedelta(days=1000)
    at = written(app_clock.now() - timedelta(days=days))
    orders(7, topic, created_at=at, processed_at=at)
    assert mailbox.messages() == []
    assert reasons() == ["too_late"]


def test_an_order_from_before_the_install_is_confirmed_to_nobody(shop: Shop, orders: Orders, mailbox: Mailbox) -> None:
    """Its news overtakes the import."""
    with transaction():
        shop.installed_at = app_clock.now() - timedelta(minutes=10)
    at = written(app_clock.now() - timedelta(minutes=20))
    orders(7, created_at=at, processed_at=at)
    assert mailbox.messages() == []
    assert reasons() == ["before_install"]


@pytest.mark.parametrize("is_ours", [False, True])
def test_silence_about_a_parcel_of_an_order_from_before_the_install_is_not_told(
    shop: Shop, orders: Orders, jobs: Jobs, clock: Clock, sends: Sender, mailbox: Mailbox, is_ours: bool
) -> None:
    now = app_clock.now()
    with transaction():
        shop.installed_at = now - timedelta(hours=1 if not is_ours else 24)
        shop.settings = {"parcel_messages": dict.fromkeys(KINDS, now.isoformat())}
    at = written(now - timedelta(hours=2))
    orders(7, created_at=at, processed_at=at)
    parcel = {"id": 70, "order_id": 7, "status": "success", "created_at": at, "updated_at": at, "line_items": []}
    sends("fulfillments/create", parcel | {"tracking_numbers": ["1"], "shipment_status": None})
    sends(
        "fulfillment_events/create",
        {"id": 700, "fulfillment_id": 70, "order_id": 7, "status": "in_transit", "happened_at": at, "created_at": at},
    )
    for _ in range(14):
        clock.forward(days=1)
        jobs.run()
    rest()
    told = [one.template for one in db.session.query(Message) if one.template.startswith("tracking/")]
    assert told == (["tracking/delayed"] if is_ours else [])
