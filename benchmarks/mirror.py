"""python -m benchmarks.mirror: do the look-up and the order's page stay as fast when the shop grows?

The same requests, with 10,000 and then with 1,000,000 orders in PostgreSQL (each with a line, a shipment and two
parcel events; a hundredth with a refund and a return). Reported: the time of each request at both sizes, their ratio,
and PostgreSQL's own count of sequential scans over the large tables, which must be none.
"""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click
import psycopg
from flask import Flask
from flask.testing import FlaskClient
from psycopg.types.json import Jsonb

from benchmarks import machine, orders
from devstore import signing
from shopify_app import clock, create_app, secrets
from shopify_app.config import read as read_config
from shopify_app.db import Model, db, transaction
from shopify_app.orders import facts, links
from shopify_app.orders.models import Line, Order, ParcelEvent, Product, Refund, Return, Shipment
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from tests.setup import postgres

DOMAIN = "lumen-goods.myshopify.com"
PLACED = datetime(2026, 11, 1, tzinfo=UTC)
LARGE = ("orders", "order_lines", "shipments", "parcel_events", "refunds", "returns", "products")


@click.command()
@click.option("--small", default=10_000)
@click.option("--large", default=1_000_000)
@click.option("--requests", "count", default=400)
def main(small: int, large: int, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        server = postgres.start(Path(folder) / "postgres", max_wal_size="4GB", shared_buffers="512MB")
        stack.callback(server.stop)
        environment = machine.env(1, server.url, None) | {
            "LOOKUP_LIMITS": "1000000 per hour;1000000 per hour;1000000 per hour"
        }
        migrate = [sys.executable, "-m", "shopify_app", "migrate"]
        subprocess.run(migrate, env=environment, check=True, stdout=subprocess.DEVNULL)
        app = create_app(read_config(environment))
        with app.app_context(), transaction():
            db.session.add(
                Shop(domain=DOMAIN, installed_at=clock.now(), greeted_at=clock.now(), storefront_url="http://x")
            )
        before = grow(app, server.url, 1, small, count)
        after = grow(app, server.url, small + 1, large, count)
        for name, times in before.items():
            ratio = median(after[name]) / median(times)
            sizes = f"{median(times):6.2f} ms at {small:,}   {median(after[name]):6.2f} ms at {large:,}"
            click.echo(f"{name:22} {sizes}   x {ratio:.2f}")
        with app.app_context():
            db.engine.dispose()


def grow(app: Flask, url: str, first: int, last: int, count: int) -> dict[str, list[float]]:
    """Plant orders up to `last`, ask, and see that no large table was read from end to end."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        began = time.monotonic()
        with app.app_context():
            plant(connection, shops.named(DOMAIN), first, last)
        connection.execute("VACUUM ANALYZE")
        click.echo(f"{last:,} orders after {time.monotonic() - began:.0f} s")
        scans = sequential(connection)
        times = ask(app, last, count)
        with app.app_context():
            db.engine.dispose()
        time.sleep(2)
        new = {table: sequential(connection)[table] - before for table, before in scans.items()}
        click.echo(f"  sequential scans during {count * 4:,} requests: {new}")
    return times


def sequential(connection: psycopg.Connection) -> dict[str, int]:
    connection.execute("SELECT pg_stat_clear_snapshot()")
    rows = connection.execute(
        "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname = ANY(%s)", [list(LARGE)]
    )
    return dict(rows.fetchall())


def ask(app: Flask, last: int, count: int) -> dict[str, list[float]]:
    """Milliseconds of each request, over orders spread evenly."""
    client = app.test_client()
    chosen = random.Random(7).choices(range(1, last + 1), k=count)
    with app.app_context():
        tokens = [links.token(shops.named(DOMAIN), number) for number in chosen]
    asked: dict[str, Callable[[int], Any]] = {
        "look-up, found": lambda place: look_up(client, chosen[place], f"buyer{chosen[place]}@example.com"),
        "look-up, wrong e-mail": lambda place: look_up(client, chosen[place], "nobody@example.com"),
        "look-up, no such order": lambda place: look_up(client, last + chosen[place], "nobody@example.com"),
        "page of one order": lambda place: client.get(f"/proxy/orders/{tokens[place]}?{signed()}"),
    }
    times: dict[str, list[float]] = {name: [] for name in asked}
    for place in range(count):
        for name, request in asked.items():
            began = time.perf_counter()
            answer = request(place)
            times[name].append((time.perf_counter() - began) * 1000)
            if answer.status_code != 200:
                sys.exit(f"{name}: {answer.status_code}")
    return times


def look_up(client: FlaskClient, number: int, contact: str) -> Any:
    return client.post(f"/proxy/lookup?{signed()}", data={"number": f"#{number}", "contact": contact})


def signed() -> str:
    pairs = [("shop", DOMAIN), ("logged_in_customer_id", ""), ("path_prefix", "/apps/aftercare")]
    pairs.append(("timestamp", str(int(time.time()))))
    return urlencode([*pairs, ("signature", signing.proxy(machine.SECRET, pairs))])


def plant(connection: psycopg.Connection, shop: Shop, first: int, last: int) -> None:
    """The rows as record.py would write them, by COPY: a million upserts would take an hour."""
    rows = {model: template(model, shop) for model in (Order, Line, Shipment, ParcelEvent, Refund, Return, Product)}
    for model, row in rows.items():
        with connection.cursor() as cursor, cursor.copy(copy_into(model)) as copy:
            for values in spread(model, row, shop, first, last):
                copy.write_row(values)


def copy_into(model: type[Model]) -> str:
    return f"COPY {model.__tablename__} ({', '.join(columns(model))}) FROM STDIN"


def columns(model: type[Model]) -> list[str]:
    table = model.__table__
    return [column.name for column in table.columns]


def template(model: type[Model], shop: Shop) -> dict[str, Any]:
    """One row, bound as the database takes it; what differs is filled in by spread()."""
    body = orders.order(1, "#1", "buyer1@example.com", PLACED.isoformat())
    parcel = {"id": 1, "order_id": 1, "status": "success", "created_at": PLACED.isoformat(), "tracking_company": "DHL"}
    parcel |= {"tracking_number": "00340434161094042557", "line_items": [{"id": 1, "quantity": 1}]}
    scan = {"id": 1, "order_id": 1, "fulfillment_id": 1, "status": "in_transit", "happened_at": PLACED.isoformat()}
    money = {"id": 1, "order_id": 1, "created_at": PLACED.isoformat()}
    product = {"id": 1, "title": "Reading lamp", "updated_at": PLACED.isoformat()}
    made: dict[type[Model], dict[str, Any]] = {
        Order: facts.order(shop.id, body, PLACED),
        Line: facts.lines(shop.id, body)[0],
        Shipment: facts.shipment(shop.id, parcel, PLACED),
        ParcelEvent: facts.parcel_event(shop.id, scan | {"city": "Leipzig", "country": "DE"}),
        Refund: facts.refund(shop.id, money),
        Return: {"shop_id": shop.id, "id": 1, "order_id": 1, "status": "open", "seen_at": PLACED},
        Product: facts.product(shop.id, product, PLACED),
    }
    return bound(model, made[model])


def bound(model: type[Model], row: dict[str, Any]) -> dict[str, Any]:
    dialect = db.engine.dialect
    values: dict[str, Any] = {}
    for column in model.__table__.columns:
        value = row.get(column.name)
        bind = column.type.dialect_impl(dialect).bind_processor(dialect)
        plain = isinstance(value, dict | list) and bind is not None and "JSON" in type(column.type).__name__
        values[column.name] = Jsonb(value) if plain else bind(value) if bind else value
    return values


def spread(model: type[Model], row: dict[str, Any], shop: Shop, first: int, last: int) -> Iterator[list[Any]]:
    """Rows of the orders from `first` to `last`: their own numbers, keys and times."""
    per_order = {Order: 1, Line: 1, Shipment: 1, ParcelEvent: 2}.get(model, 0)
    numbers = range(first, last + 1) if per_order else range(first, last + 1, 100)
    for number in numbers:
        for part in range(max(per_order, 1)):
            own = row | {"id": number * 2 + part if model is ParcelEvent else number}
            if "order_id" in row:
                own["order_id"] = number
            if model is ParcelEvent:
                own["shipment_id"] = number
            if model is Order:
                own |= keys(shop, number)
            yield list(own.values())


def keys(shop: Shop, number: int) -> dict[str, Any]:
    name, email = f"#{number}", f"buyer{number}@example.com"
    return {
        "name": name,
        "name_index": secrets.index(shop.id, "name", facts.name_key(name)),
        "email_index": secrets.index(shop.id, "email", email),
        "email_lookup": facts.lookup(shop.id, name, email),
        "placed_at": PLACED + timedelta(seconds=number),
        "customer_id": number,
    }


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


if __name__ == "__main__":
    main()
