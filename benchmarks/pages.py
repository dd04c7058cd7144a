"""python -m benchmarks.pages: how long buyers wait when a shop has a million orders, and what their browser loads.

The app as in the Procfile, with PostgreSQL; eight visitors ask without a pause between their questions, each time for
another order. Client and database share core 1, the server has core 0. The floor is /healthz of the same server, which
reads nothing; every kind takes turns with it in every round. Times are those that the visitor sees, so waiting for the
others is in them; "alone" is the same with one visitor, "reading" with eight who look at each page for a second.

Bytes: the page and its style sheet as a browser gets them, compressed; hosts: every address that the page loads from.
"""

import gzip
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click
import psycopg
import requests

from benchmarks import machine
from benchmarks.mirror import DOMAIN, plant, signed
from devstore import signing
from devstore.processes import free_port
from shopify_app import clock, create_app
from shopify_app.config import read as read_config
from shopify_app.db import db, transaction
from shopify_app.orders import links
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from tests.setup import postgres

KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
LIMIT = "1000000 per hour"


@dataclass(frozen=True)
class Asked:
    """One kind of question: asked of an order's number and the token of its link."""

    name: str
    ask: Callable[[requests.Session, str, int, str], requests.Response]


def look_up(line: requests.Session, url: str, number: int, _: str) -> requests.Response:
    form = {"number": f"#{number}", "contact": f"buyer{number}@example.com"}
    return line.post(f"{url}/proxy/lookup?{signed()}", data=form, timeout=30)


def page(line: requests.Session, url: str, _: int, token: str) -> requests.Response:
    return line.get(f"{url}/proxy/orders/{token}?{signed()}", timeout=30)


def extension(line: requests.Session, url: str, number: int, _: str) -> requests.Response:
    token = signing.extension_token(machine.SECRET, KEY, DOMAIN, number, clock.now())
    return line.get(f"{url}/account/orders/{number}", headers={"Authorization": f"Bearer {token}"}, timeout=30)


def health(line: requests.Session, url: str, *_: object) -> requests.Response:
    return line.get(f"{url}/healthz", timeout=30)


KINDS = (
    Asked("floor", health),
    Asked("look-up", look_up),
    Asked("order page", page),
    Asked("extension call", extension),
)


@click.command()
@click.option("--orders", "count", default=1_000_000)
@click.option("--rounds", default=5)
@click.option("--seconds", default=5.0)
@click.option("--visitors", default=8)
@click.option("--processes", default=1, help="Of the server; with more than one they share both cores with the rest.")
def main(count: int, rounds: int, seconds: float, visitors: int, processes: int) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        server = postgres.start(Path(folder) / "postgres", max_wal_size="4GB", shared_buffers="512MB")
        stack.callback(server.stop)
        port = free_port()
        limits = {"LOOKUP_LIMITS": f"{LIMIT};{LIMIT};{LIMIT}"}
        environment = machine.env(port, server.url, None) | limits
        tokens = fill(environment, server.url, count)
        command = [*machine.granian("shopify_app.wsgi:app", port), "--workers", str(processes)]
        cores = machine.SERVER_CORE if processes == 1 else f"{machine.SERVER_CORE},{machine.OTHER_CORE}"
        stack.enter_context(machine.running(command, environment, port, cores))
        os.sched_setaffinity(0, {int(machine.OTHER_CORE)})
        url = f"http://127.0.0.1:{port}"
        weigh(url, *next(iter(tokens.items())))
        report("alone", measure(url, tokens, 1, 1, seconds))
        report(f"{visitors} visitors at once", measure(url, tokens, rounds, visitors, seconds))
        report(f"{visitors} visitors, reading", measure(url, tokens, rounds, visitors, seconds, pause=1))


def fill(environment: dict[str, str], url: str, count: int) -> dict[int, str]:
    """A shop of so many orders; the link tokens of some of them."""
    migrate = [sys.executable, "-m", "shopify_app", "migrate"]
    subprocess.run(migrate, env=environment, check=True, stdout=subprocess.DEVNULL)
    app = create_app(read_config(environment))
    began = time.monotonic()
    with app.app_context():
        with transaction():
            db.session.add(
                Shop(domain=DOMAIN, installed_at=clock.now(), greeted_at=clock.now(), storefront_url="http://x")
            )
        shop = shops.named(DOMAIN)
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            plant(connection, shop, 1, count)
            connection.execute("VACUUM ANALYZE")
        chosen = random.Random(7).sample(range(1, count + 1), k=min(count, 2000))
        tokens = {number: links.token(shop, number) for number in chosen}
        db.engine.dispose()
    click.echo(f"{count:,} orders after {time.monotonic() - began:.0f} s")
    return tokens


def measure(
    url: str, tokens: dict[int, str], rounds: int, visitors: int, seconds: float, pause: float = 0
) -> dict[str, list[list[float]]]:
    """Milliseconds of every answer, by kind and round. pause: seconds between two questions of a visitor."""
    times: dict[str, list[list[float]]] = {kind.name: [] for kind in KINDS}
    for number in range(rounds):
        for kind in KINDS:
            found: list[float] = []
            crowd = [
                threading.Thread(target=visit, args=(kind, url, tokens, (seconds, pause), found, f"{number}-{one}"))
                for one in range(visitors)
            ]
            for visitor in crowd:
                visitor.start()
            for visitor in crowd:
                visitor.join()
            times[kind.name].append(found)
    return times


def visit(
    kind: Asked, url: str, tokens: dict[int, str], life: tuple[float, float], found: list[float], seed: str
) -> None:
    seconds, pause = life
    chance, until = random.Random(seed), time.monotonic() + seconds
    numbers = list(tokens)
    with requests.Session() as line:
        while time.monotonic() < until:
            number = chance.choice(numbers)
            began = time.perf_counter()
            answer = kind.ask(line, url, number, tokens[number])
            found.append((time.perf_counter() - began) * 1000)
            if answer.status_code != 200:
                sys.exit(f"{kind.name}: {answer.status_code}")
            time.sleep(pause * chance.uniform(0.5, 1.5))


def weigh(url: str, number: int, token: str) -> None:
    """What a browser loads for the first view of an order's page."""
    with requests.Session() as line:
        html = page(line, url, number, token).text
        sheet = line.get(f"{url}/proxy/storefront.css?{signed()}", timeout=30).content
    small = len(gzip.compress(html.encode())), len(gzip.compress(sheet))
    loaded = re.findall(r'<(?:link|img|script)[^>]*?(?:href|src)="([^"]*)"', html)
    hosts = sorted({urlsplit(address).netloc for address in loaded} - {""})
    click.echo(
        f"HTML {len(html.encode()):,} bytes, {small[0]:,} compressed; CSS {len(sheet):,}, {small[1]:,} compressed"
    )
    click.echo(f"together {sum(small):,}; requests {1 + len(loaded)}; other hosts: {', '.join(hosts) or 'none'}")


def report(title: str, times: dict[str, list[list[float]]]) -> None:
    click.echo(title)
    floors = [percentile(one, 0.5) for one in times["floor"]]
    for name, rounds in times.items():
        middle, high = [percentile(one, 0.5) for one in rounds], [percentile(one, 0.99) for one in rounds]
        ratios = machine.spread([own / floor for own, floor in zip(middle, floors, strict=True)])
        rate = sum(map(len, rounds))
        click.echo(
            f"  {name:15} p50 {machine.spread(middle)} ms   p99 {machine.spread(high)} ms   x floor {ratios}   n {rate}"
        )


def percentile(values: Sequence[float], part: float) -> float:
    return sorted(values)[int(len(values) * part)]


if __name__ == "__main__":
    main()
