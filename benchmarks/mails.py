"""python -m benchmarks.mails: how many messages one process on one core makes and hands to the mail server.

Order confirmations as they go out: read from the mirror, rendered in both forms, sent over SMTP, each written down in
durable transactions before and after. The floor is the same bytes sent over one line by `smtplib` alone. The mail
server and PostgreSQL have the other core.
"""

import os
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import Flask

from benchmarks import events, machine
from jobs import mail
from shopify_app import clock, create_app, work
from shopify_app.config import read
from shopify_app.db import db, rest, transaction
from shopify_app.mail.models import Message
from shopify_app.shopify.models import Shop
from shopify_app.webhooks import inbox
from shopify_app.webhooks.intake import open_intake
from tests.setup import postgres

SINK = """
from tests.faults.sink import Sink
sink = Sink(keyed=False)
print(sink.open(), flush=True)
try:
    input()
except EOFError:
    sink.close()
"""


BODY = b"Subject: Order #1001 is confirmed\r\n\r\n" + 200 * (76 * b"." + b"\r\n")
"""About as long as a confirmation."""


@click.command()
@click.option("--messages", default=500, help="In each round.")
@click.option("--rounds", default=5)
def main(messages: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        server = postgres.start(folder / "postgres")
        stack.callback(server.stop)
        smtp_url = stack.enter_context(sink())
        os.sched_setaffinity(0, {int(machine.SERVER_CORE)})
        for kind, url in (("sqlite", f"sqlite:///{folder}/app.db"), ("postgres", server.url)):
            measure(kind, prepare(url, smtp_url), smtp_url, messages, rounds)


@contextmanager
def sink() -> Iterator[str]:
    """A mail server in a process and on a core of its own; its address."""
    command = ["taskset", "-c", machine.OTHER_CORE, sys.executable, "-c", SINK]
    process = subprocess.Popen(command, cwd=machine.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(20)


def prepare(url: str, smtp_url: str) -> Flask:
    environment = machine.env(1, url, None) | {"SMTP_URL": smtp_url}
    migrate = [sys.executable, "-m", "shopify_app", "migrate"]
    subprocess.run(migrate, env=environment, check=True, stdout=subprocess.DEVNULL)
    app = create_app(read(environment))
    now = clock.now()
    with app.app_context(), transaction():
        shop = Shop(domain=events.DOMAIN, installed_at=now, greeted_at=now, settings={"confirmations": True})
        db.session.add(shop)
    return app


def measure(kind: str, app: Flask, smtp_url: str, messages: int, rounds: int) -> None:
    rates, floors = [], []
    with app.app_context():
        events.plant_products()
        for number in range(rounds):
            place_orders(app, number * messages + 1, messages)
            began = time.perf_counter()
            while waiting():
                mail.drain()
            rates.append(messages / (time.perf_counter() - began))
            floors.append(floor(smtp_url, messages))
        sent = db.session.query(Message).filter_by(result="sent").count()
        assert sent == messages * rounds, f"{sent} of {messages * rounds} were sent"
        db.engine.dispose()
    parts = [rate / floor for rate, floor in zip(rates, floors, strict=True)]
    click.echo(
        f"{kind:9} {machine.spread(rates)} messages a second, one process on one core; "
        f"floor {machine.spread(floors)}, x {machine.spread(parts)} of it"
    )


def waiting() -> int:
    """Read anew: a transaction of SQLite that is still open would show the same number for ever."""
    rest()
    return work.waiting(Message)


def place_orders(app: Flask, first: int, count: int) -> None:
    intake = open_intake(app.extensions["config"].database_url)
    for order_id in range(first, first + count):
        events.put(intake, order_id)
    while inbox.process():
        pass


def floor(smtp_url: str, count: int) -> float:
    """The same number of messages of the same size a second, ready-made, over one line."""
    address = urlsplit(smtp_url)
    began = time.perf_counter()
    with smtplib.SMTP(address.hostname or "", address.port or 25) as server:
        for _ in range(count):
            server.sendmail("orders@example.com", ["buyer@example.com"], BODY)
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
