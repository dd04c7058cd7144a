"""What becomes of a delivery: done, held, failed or dead, and never silently lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from devstore import server
from shopify_app import clock as app_clock
from shopify_app import work
from shopify_app.carts.models import Cart
from shopify_app.db import db, rest, transaction
from shopify_app.mail.models import Message
from shopify_app.orders.models import Order
from shopify_app.shopify.models import Shop
from shopify_app.webhooks import inbox
from shopify_app.webhooks.models import Webhook
from tests.conftest import LUMEN, SECOND, Clock, Jobs, Sender
from tests.factories import checkout, new_order, order, product


def row() -> Webhook:
    """The only one."""
    rest()
    return db.session.query(Webhook).one()


def orders(shop: Shop) -> list[Order]:
    rest()
    return db.session.query(Order).filter_by(shop_id=shop.id).all()


def test_an_order_its_cart_and_its_message_stand_or_fall_with_the_delivery(
    sends: Sender, shop: Shop, jobs: Jobs
) -> None:
    sends("checkouts/create", checkout("checkout-1001"))
    sends("orders/create", new_order(app_clock.now()))
    inbox.process()
    assert db.session.query(Order).one().name == "#1001"
    assert db.session.query(Cart).one().completed_at is not None
    assert db.session.query(Message).one().key == "confirmation/1001"
    done = db.session.query(Webhook).filter_by(topic="orders/create").one()
    assert (done.result, done.order_id, done.customer_id) == ("done", 1001, 7001)


NONSENSE = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"order"',
    b"7",
    b"NaN",
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"1" * 10_000,
    b"{}",
    b'{"id": null}',
    b'{"id": "one", "created_at": "2026-11-01T10:00:00Z"}',
    b'{"id": 1}',
    b'{"id": 1, "created_at": "yesterday"}',
    b'{"id": 1, "created_at": 7}',
    b'{"id": 1, "created_at": "2026-11-01T10:00:00Z", "line_items": {"id": 1}}',
    b'{"id": 1, "created_at": "2026-11-01T10:00:00Z", "line_items": [7]}',
    b'{"id": 1, "created_at": "2026-11-01T10:00:00Z", "customer": "Mira"}',
    b'{"id": 1, "created_at": "2026-11-01T10:00:00Z", "total_price": "much"}',
    b'{"id": 1, "created_at": "2026-11-01T10:00:00Z", "total_price": 1e400}',
    b'{"id": 1, "created_at": "2026-11-01T10:00:00Z", "total_price": "1e18"}',
    b'{"id": 99999999999999999999999, "created_at": "2026-11-01T10:00:00Z"}',
    b'{"id": 1, "created_at": "2026-11-01T10:00:00Z", "shipping_address": [1]}',
    b'{"id": 1, "created_at": "2026-11-01T10:00:00Z", "financial_status": {"a": 1}}',
]


@pytest.mark.parametrize("raw", NONSENSE, ids=lambda raw: raw[:60])
def test_a_signed_body_that_makes_no_sense_is_kept_and_shown_and_not_tried_again(
    sends: Sender, shop: Shop, jobs: Jobs, clock: Clock, raw: bytes
) -> None:
    assert sends("orders/create", raw).status_code == 200
    jobs.run()
    failed = row()
    assert (failed.result, failed.body) == ("failed", raw)
    assert failed.error
    assert [one.id for one in inbox.failed(shop)] == [failed.id]
    clock.forward(days=2)
    jobs.run()
    assert (row().tries, row().done_at) == (failed.tries, failed.done_at)
    assert orders(shop) == []


def test_what_went_wrong_is_told_without_a_word_of_the_body(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    sends("orders/create", b'{"id": 1, "created_at": "mira.sommer@example.com"}')
    jobs.run()
    assert row().error == "ValueError"


def test_one_that_makes_no_sense_is_not_in_the_way_of_the_others(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    for number in range(1, 4):
        sends("orders/create", b"{")
        sends("orders/create", order(number))
    jobs.run()
    assert len(orders(shop)) == 3
    assert len(inbox.failed(shop)) == 3


def test_a_failed_delivery_may_be_worked_through_again(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    """After a release that understands it, say; here the body is what it should have been."""
    sends("orders/create", b"{")
    jobs.run()
    failed = row()
    with transaction():
        failed.body = b'{"id": 1, "created_at": "2026-11-01T10:00:00Z"}'
    work.replay(failed)
    jobs.run()
    assert row().result == "done"
    assert [one.id for one in orders(shop)] == [1]


def test_a_topic_that_we_never_asked_for_is_put_aside(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    assert sends("themes/publish", {"id": 1}).status_code == 200
    jobs.run()
    assert row().result == "unknown"
    assert inbox.failed(shop) == []


# Shops that are not installed


def test_news_before_the_install_waits_for_it(
    sends: Sender, shopify: server.Running, client: FlaskClient, jobs: Jobs
) -> None:
    sends("products/create", product(1, title="Early lamp"))
    jobs.run()
    assert row().result == "held"
    client.get(shopify.open_app(LUMEN).removeprefix(shopify.app_url))
    jobs.run()
    released = db.session.query(Webhook).filter_by(topic="products/create").one()
    assert released.result == "done"


def test_news_of_a_shop_that_left_is_held(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    with transaction():
        shop.installed_at = None
    sends("orders/create", order())
    jobs.run()
    assert row().result == "held"
    assert orders(shop) == []


def test_news_held_for_longer_than_two_days_is_not_released(
    sends: Sender, shop: Shop, jobs: Jobs, clock: Clock
) -> None:
    with transaction():
        shop.installed_at = None
    sends("orders/create", order(1))
    jobs.run()
    clock.forward(days=3)
    sends("orders/create", order(2))
    jobs.run()
    assert inbox.release(shop) == 1
    with transaction():
        shop.installed_at = app_clock.now()
    jobs.run()
    assert [one.id for one in orders(shop)] == [2]


def test_releasing_one_shop_leaves_the_others_alone(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    sends("orders/create", order(), shop=SECOND)
    jobs.run()
    assert row().result == "held"
    assert inbox.release(shop) == 0


# Keeping and forgetting


def test_a_body_is_forgotten_when_its_time_is_over_and_the_row_stays(
    sends: Sender, shop: Shop, jobs: Jobs, clock: Clock
) -> None:
    sends("orders/create", order(), webhook_id="w-1")
    jobs.run()
    clock.forward(days=29)
    assert inbox.purge(30) == 0
    clock.forward(days=2)
    assert inbox.purge(30) == 1
    assert row().body is None
    assert inbox.purge(30) == 0
    sends("orders/create", order(), webhook_id="w-1")
    assert row().body is None


def test_a_body_that_waits_is_not_forgotten(sends: Sender, clock: Clock) -> None:
    sends("orders/create", order())
    clock.forward(days=90)
    assert inbox.purge(30) == 0
    assert row().body is not None


def test_a_delivery_shows_with_its_order(sends: Sender, shop: Shop, other_shop: Shop, jobs: Jobs) -> None:
    sends("orders/create", order(1))
    sends("orders/paid", order(1))
    sends("orders/create", order(2))
    sends("orders/create", order(1), shop=SECOND)
    jobs.run()
    assert [one.topic for one in inbox.about_order(shop, 1)] == ["orders/create", "orders/paid"]
    assert inbox.get(other_shop, inbox.about_order(shop, 1)[0].id) is None


# Workers that die


def test_a_delivery_whose_worker_died_is_taken_over_after_the_lease(
    sends: Sender, shop: Shop, jobs: Jobs, clock: Clock
) -> None:
    sends("orders/create", order())
    (claimed,) = work.claim(Webhook)
    jobs.run()
    assert row().result is None
    clock.forward(seconds=61)
    jobs.run()
    assert (row().result, row().tries) == ("done", 1)
    with pytest.raises(work.LostLease):
        work.finish(claimed, "done")


def test_a_delivery_that_kills_every_worker_ends_dead_and_can_be_replayed(
    sends: Sender, shop: Shop, jobs: Jobs, clock: Clock
) -> None:
    sends("orders/create", order())
    for _ in range(len(work.BACKOFF)):
        work.claim(Webhook)
        clock.forward(seconds=61)
    jobs.run()
    dead = row()
    assert (dead.result, dead.error) == ("dead", "its worker died every time")
    assert [one.id for one in inbox.failed(shop)] == [dead.id]
    work.replay(dead)
    jobs.run()
    assert row().result == "done"


@contextmanager
def out_of_disk() -> Iterator[None]:
    """No order can be written: PostgreSQL says so itself, SQLite misses the table, which it takes for the same."""
    if db.engine.dialect.name == "postgresql":
        full = "BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END"
        begin = [f"CREATE FUNCTION no_space() RETURNS trigger AS $$ {full} $$ LANGUAGE plpgsql"]
        begin += ["CREATE TRIGGER no_space BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION no_space()"]
        end = ["DROP TRIGGER no_space ON orders", "DROP FUNCTION no_space"]
    else:
        begin, end = ["ALTER TABLE orders RENAME TO orders_away"], ["ALTER TABLE orders_away RENAME TO orders"]
    change(begin)
    yield
    change(end)


def change(statements: list[str]) -> None:
    with transaction():
        for statement in statements:
            db.session.execute(text(statement))


def test_a_database_that_stumbles_is_tried_again_later(sends: Sender, shop: Shop, jobs: Jobs, clock: Clock) -> None:
    sends("orders/create", order())
    with out_of_disk():
        jobs.run()
    stumbled = row()
    assert (stumbled.result, stumbled.tries, stumbled.error) == (None, 1, "OperationalError")
    assert timedelta(seconds=5) < stumbled.due_at - app_clock.now() < timedelta(seconds=13)
    clock.forward(seconds=15)
    jobs.run()
    assert row().result == "done"
