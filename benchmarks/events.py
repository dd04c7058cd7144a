"""python -m benchmarks.events: from a stored webhook to its effect.

Two questions, on SQLite and on PostgreSQL: how many `orders/create` of 10 KB one worker process takes through the
mirror and into the outbox per second, one durable transaction each; and how long an idle system waits from the commit
of a webhook to the commit of its effect, with the bell (Redis, a worker process) and without it.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from flask import Flask

from benchmarks import machine, orders
from devstore.processes import free_port
from shopify_app import clock, create_app
from shopify_app.config import read
from shopify_app.db import db, transaction
from shopify_app.orders import record
from shopify_app.secrets import box
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from shopify_app.webhooks import inbox
from shopify_app.webhooks.intake import Intake, open_intake
from shopify_app.webhooks.models import BODY, Webhook
from tests.setup import postgres, redis

DOMAIN = "lumen-goods.myshopify.com"


@click.command()
@click.option("--events", default=2000)
@click.option("--rounds", default=3)
@click.option("--pings", default=100, help="Webhooks sent one by one to an idle system.")
def main(events: int, rounds: int, pings: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server, bell = postgres.start(folder / "postgres"), redis.start(folder / "redis")
        try:
            for kind, url in (("sqlite", f"sqlite:///{folder}/app.db"), ("postgres", server.url)):
                throughput(kind, prepare(url), events, rounds)
                for way, redis_url in (("with the bell", bell.url), ("without Redis", None)):
                    delay(kind, way, url, redis_url, pings)
        finally:
            server.stop()
            bell.stop()


def prepare(url: str) -> Flask:
    environment = machine.env(1, url, None)
    subprocess.run(
        [sys.executable, "-m", "shopify_app", "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    app = create_app(read(environment))
    with app.app_context(), transaction():
        db.session.add(
            Shop(domain=DOMAIN, installed_at=clock.now(), greeted_at=clock.now(), settings={"confirmations": True})
        )
    return app


def throughput(kind: str, app: Flask, events: int, rounds: int) -> None:
    """The worker alone on its core; a burst that waits already."""
    rates = []
    for number in range(rounds):
        with app.app_context():
            intake = open_intake(app.extensions["config"].database_url)
            plant_products()
            for place in range(events):
                put(intake, number * events + place + 1)
            began = time.perf_counter()
            while inbox.process():
                pass
            rates.append(events / (time.perf_counter() - began))
    click.echo(f"{kind:9} {machine.spread(rates)} events/s, one process, one durable transaction each")


def plant_products() -> None:
    """The products of the orders, which a shop's mirror knows as a rule."""
    shop = shops.named(DOMAIN)
    with transaction():
        for place in range(1, 5):
            payload = {"id": 700 + place, "title": "Reading lamp", "updated_at": "2026-01-01T00:00:00Z"}
            record.product(shop.id, payload, clock.now())


def delay(kind: str, way: str, url: str, redis_url: str | None, pings: int) -> None:
    port = free_port()
    app = create_app(read(machine.env(port, url, redis_url)))
    with worker(machine.env(port, url, redis_url)), app.app_context():
        intake = open_intake(url)
        base = 10_000_000 + (0 if redis_url else 5_000_000)
        waits = sorted(ping(app, intake, base + place) for place in range(pings))
    click.echo(
        f"{kind:9} {way}: commit to effect p50 {waits[pings // 2]:.0f} ms, p99 {waits[int(pings * 0.99)]:.0f} ms, "
        f"max {waits[-1]:.0f} ms ({pings} webhooks, idle)"
    )


def ping(app: Flask, intake: Intake, order_id: int) -> float:
    """Milliseconds from the commit of one webhook until its row is done."""
    time.sleep(0.05)
    webhook_id = put(intake, order_id)
    began = time.perf_counter()
    app.extensions["doorbell"].ring("webhooks")
    while time.perf_counter() - began < 30:
        db.session.rollback()
        done = db.session.query(Webhook.done_at).filter_by(shop_domain=DOMAIN, webhook_id=webhook_id).scalar()
        if done is not None:
            return (time.perf_counter() - began) * 1000
        time.sleep(0.001)
    raise TimeoutError("no effect after 30 s")


def put(intake: Intake, order_id: int) -> str:
    now = clock.now()
    body = orders.body(order_id, f"#{order_id}", f"buyer{order_id}@example.com", datetime.isoformat(now))
    webhook_id = f"event-{os.getpid()}-{order_id}"
    intake.put((DOMAIN, webhook_id, None, "orders/create", now, now, now, 0, box().seal(body, BODY)))
    return webhook_id


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-c", "from jobs.worker import main; main(('webhooks',))"]
    process = subprocess.Popen(command, env=environment, cwd=machine.ROOT)
    try:
        time.sleep(4)
        yield
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main()
