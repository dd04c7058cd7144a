"""python -m benchmarks.sweep: does looking for due work take longer when more of it waits?

PostgreSQL, with 1,000,000 and then 10,000,000 messages that wait for a later day, and 1,000, 10,000 or 100,000 that are
due now. Reported: the look of a sweep (is anything due, in each table of work), the claiming of all that is due in
batches as the workers do it, and how many pages of the table and its indexes one batch read. Each is done in rounds;
what was due is gone after each.
"""

import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import click
import psycopg
from sqlalchemy import text

from benchmarks import machine
from shopify_app import clock, create_app, work
from shopify_app.config import read
from shopify_app.db import db, rest, transaction
from shopify_app.mail.models import Message
from shopify_app.shopify.models import Shop
from tests.setup import postgres

DOMAIN = "lumen-goods.myshopify.com"
BATCH = 100
"""Rows of one claim."""
PLANT = """
    INSERT INTO messages
      (shop_id, key, template, purpose, order_id, customer_id, email_index, created_at, due_at, tries)
    SELECT %(shop)s, %(name)s || '/' || n, 'carts/reminder',
      (ARRAY['order', 'reminder', 'marketing', 'marketing', 'marketing'])[1 + n %% 5], n, n,
      decode(lpad(to_hex(n), 64, '0'), 'hex'), now(), now() + %(from)s::interval + random() * %(span)s::interval, 0
    FROM generate_series(%(first)s::int, %(last)s::int) AS n
"""


@click.command()
@click.option("--waiting", multiple=True, default=(1_000_000, 10_000_000))
@click.option("--due", multiple=True, default=(1_000, 10_000, 100_000))
@click.option("--rounds", default=3)
def main(waiting: tuple[int, ...], due: tuple[int, ...], rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        server = postgres.start(Path(folder) / "postgres", max_wal_size="8GB", shared_buffers="1GB")
        stack.callback(server.stop)
        environment = machine.env(1, server.url, None)
        migrate = [sys.executable, "-m", "shopify_app", "migrate"]
        subprocess.run(migrate, env=environment, check=True, stdout=subprocess.DEVNULL)
        app = create_app(read(environment))
        connection = stack.enter_context(psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True))
        with app.app_context():
            stack.callback(db.engine.dispose)
            with transaction():
                db.session.add(Shop(domain=DOMAIN, installed_at=clock.now(), greeted_at=clock.now()))
            measure(connection, waiting, due, rounds)


def measure(connection: psycopg.Connection, waiting: tuple[int, ...], due: tuple[int, ...], rounds: int) -> None:
    planted = 0
    base: dict[int, float] = {}
    for number in waiting:
        began = time.monotonic()
        plant(connection, "later", planted + 1, number, "1 day", "60 days")
        planted = number
        connection.execute("VACUUM ANALYZE messages")
        click.echo(f"{number:,} waiting, planted in {time.monotonic() - began:.0f} s")
        for count in due:
            looks, claims, pages = zip(*(once(connection, count) for _ in range(rounds)), strict=True)
            first = base.setdefault(count, median(claims))
            click.echo(
                f"  {count:>7,} due: look {machine.spread(list(looks))} ms, "
                f"claim {machine.spread([claim / count * 1000 for claim in claims])} µs a row "
                f"(x {median(claims) / first:.2f} of {waiting[0]:,} waiting), {max(pages)} pages for the first batch"
            )


def plant(connection: psycopg.Connection, name: str, first: int, last: int, start: str, span: str) -> None:
    """Many at once want their indexes made afterwards."""
    (shop,) = connection.execute("SELECT id FROM shops").fetchone() or (0,)
    made = (
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'messages' AND indexdef NOT LIKE 'CREATE UNIQUE%'"
    )
    indexes = connection.execute(made).fetchall() if last - first > 500_000 else []
    for index, _ in indexes:
        connection.execute(f'DROP INDEX "{index}"')
    given = {"shop": shop, "name": name, "first": first, "last": last, "from": start, "span": span}
    connection.execute(PLANT, given)
    for _, definition in indexes:
        connection.execute(definition)


def once(connection: psycopg.Connection, count: int) -> tuple[float, float, int]:
    """Milliseconds of a sweep's look, of claiming all that is due, and the pages that the first batch read."""
    plant(connection, "due", 1, count, "-1 hour", "59 minutes")
    connection.execute("ANALYZE messages")
    rest()
    began = time.perf_counter()
    assert sum(work.waiting(model) for model in work.kinds()) == count
    look = time.perf_counter() - began
    before = pages()
    began = time.perf_counter()
    claimed = len(work.claim(Message, BATCH))
    first_claim = time.perf_counter() - began
    first_pages = pages() - before
    began = time.perf_counter()
    while rows := work.claim(Message, BATCH):
        claimed += len(rows)
    claims = first_claim + time.perf_counter() - began
    assert claimed == count
    connection.execute("DELETE FROM messages WHERE key LIKE 'due/%'")
    connection.execute("VACUUM messages")
    return look * 1000, claims * 1000, first_pages


def pages() -> int:
    """Of the table and its indexes, read from memory or disk since the server began."""
    db.session.execute(text("SELECT pg_stat_force_next_flush()"))
    rest()
    found = text(
        "SELECT heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit"
        " FROM pg_statio_user_tables WHERE relname = 'messages'"
    )
    number = int(db.session.execute(found).scalar_one())
    rest()
    return number


if __name__ == "__main__":
    main()
