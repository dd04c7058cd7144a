"""python -m devstore: serve the store, or send webhooks to a running app."""

import functools
import itertools
import json
import signal
import sys
import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import requests

from devstore import server
from devstore.config import AppConfig, Config, Subscription, defaults, read_app
from devstore.webhooks import Delivery, post

GIVEN = defaults()
SHOP = "lumen-goods.myshopify.com"
TOML = Path("shopify.app.toml")


def _port(name: str, otherwise: int) -> int:
    """The port of an address in the environment."""
    return urlsplit(GIVEN.values.get(name, "")).port or otherwise


@click.group()
def main() -> None:
    """The store on this machine."""


app_url = click.option(
    "--app-url", default=GIVEN.app_url, required=GIVEN.app_url is None, help="Where the app answers."
)
secret = click.option(
    "--secret", default=GIVEN.api_secret, required=GIVEN.api_secret is None, help="The app's client secret."
)


@main.command()
@click.option("--data", type=click.Path(path_type=Path), default=Path(".demo/store"), help="Folder that is kept.")
@click.option("--port", default=_port("SHOPIFY_ADMIN_URL", 7400), help="Admin, GraphQL, control, mailbox.")
@click.option(
    "--storefront-port", default=_port("SHOPIFY_ADMIN_URL", 7400) + 1, help="First shop; the next ones follow."
)
@click.option("--smtp-port", default=_port("SMTP_URL", 7425))
@click.option("--retry-scale", default=0.01, help="1 waits as long as Shopify between tries.")
@app_url
@secret
def serve(
    data: Path, port: int, storefront_port: int, smtp_port: int, retry_scale: float, app_url: str, secret: str
) -> None:
    """Run the store until it is told to stop."""
    clock_file = GIVEN.values.get("CLOCK_FILE")
    config = Config(
        app_url=app_url,
        api_secret=secret,
        api_key=GIVEN.api_key,
        toml=TOML,
        data=data,
        port=port,
        storefront_port=storefront_port,
        smtp_port=smtp_port,
        retry_scale=retry_scale,
        clock_file=Path(clock_file) if clock_file else None,
    )
    stop = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stop.set())
    running = server.start(config)
    click.echo(f"store    {running.url}")
    for shop in running.state.shops:
        click.echo(f"shop     {running.storefront_url(shop)}  {shop}")
    click.echo("mail     smtp://{}:{}".format(*running.smtp))
    stop.wait()
    running.stop()


@functools.cache
def _app() -> AppConfig:
    return read_app(TOML)


def _delivery(topic: str, shop: str, url: str, body: bytes, webhook_id: str | None = None) -> Delivery:
    app = _app()
    wanted = next((s for s in app.subscriptions if topic in s.topics), Subscription((topic,), "/webhooks"))
    return Delivery(
        id=0,
        shop=shop,
        topic=topic,
        url=url.rstrip("/") + wanted.uri,
        body=body,
        webhook_id=webhook_id or str(uuid.uuid4()),
        event_id=str(uuid.uuid4()),
        triggered_at=datetime.now(UTC),
        api_version=app.api_version,
    )


topic = click.option("--topic", required=True, help="As in the toml: orders/create.")
shop = click.option("--shop", default=SHOP, show_default=True)


@main.command()
@topic
@shop
@app_url
@secret
@click.option("--webhook-id", help="The same id again is the same delivery; by default each file gets its own.")
@click.argument("files", nargs=-1, required=True, type=click.File("rb"))
def send(topic: str, shop: str, app_url: str, secret: str, webhook_id: str | None, files: tuple[Any, ...]) -> None:
    """Post each FILE (- is standard input) as a properly signed webhook; byte for byte, JSON or not."""
    failed = False
    with requests.Session() as session:
        for file in files:
            delivery = _delivery(topic, shop, app_url, file.read(), webhook_id)
            post(session, delivery, secret)
            click.echo(f"{delivery.status or delivery.error}  {delivery.ms:7.1f} ms  {file.name}")
            failed = failed or not _went_well(delivery)
    sys.exit(failed)


@main.command()
@topic
@shop
@app_url
@secret
@click.option("--count", default=1000, show_default=True, help="How many different bodies.")
@click.option("--connections", default=8, show_default=True, help="How many at a time.")
@click.option("--copies", default=1, show_default=True, help="How often each is sent, with the same webhook id.")
@click.argument("file", type=click.File("rb"))
def burst(
    topic: str, shop: str, app_url: str, secret: str, count: int, connections: int, copies: int, file: Any
) -> None:
    """Send FILE many times, each with ids of its own, and print how it went."""
    body = json.loads(file.read())
    bodies = [_fresh(body, number) for number in range(count)]
    deliveries = [_delivery(topic, shop, app_url, each) for each in bodies]
    lines = threading.local()

    def one(delivery: Delivery) -> Delivery:
        if not hasattr(lines, "session"):
            lines.session = requests.Session()
        tried = Delivery(**vars(delivery))
        post(lines.session, tried, secret)
        return tried

    with ThreadPoolExecutor(connections) as pool:
        done = list(pool.map(one, itertools.chain.from_iterable([deliveries] * copies)))
    _report(done)
    sys.exit(not all(_went_well(delivery) for delivery in done))


def _fresh(body: dict[str, Any], number: int) -> bytes:
    """The body with another id, admin_graphql_api_id, name and order number."""
    base = uuid.uuid4().int % 10**12 * 1000
    fresh = dict(body)
    if isinstance(body.get("id"), int):
        fresh["id"] = base + number
    if isinstance(body.get("admin_graphql_api_id"), str):
        kind = body["admin_graphql_api_id"].rpartition("/")[0]
        fresh["admin_graphql_api_id"] = f"{kind}/{base + number}"
    if isinstance(body.get("name"), str):
        fresh["name"] = f"#{base + number}"
    return json.dumps(fresh, ensure_ascii=False).encode()


def _report(done: list[Delivery]) -> None:
    for status, times in sorted(Counter(str(d.status or d.error) for d in done).items()):
        click.echo(f"{status:>12}  {times}")
    waits = sorted(d.ms or 0.0 for d in done)
    p50, p99 = waits[len(waits) // 2], waits[min(len(waits) - 1, len(waits) * 99 // 100)]
    click.echo(f"p50 {p50:.1f} ms   p99 {p99:.1f} ms   max {waits[-1]:.1f} ms")


def _went_well(delivery: Delivery) -> bool:
    return delivery.status is not None and 200 <= delivery.status < 300


if __name__ == "__main__":
    main()
