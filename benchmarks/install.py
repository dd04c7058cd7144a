"""python -m benchmarks.install: a shop with 50,000 old carts and 60 days of orders comes to us, and hears nothing.

Twice, each with a new database: with everything left off, and with every automation switched on right after the import.
Shopify then tells all the old things once more, and two weeks go by. Prints what went out, what was decided against and
why; at the end new buyers come, who are written to only where things are on. Fails should anybody else be written to.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import click
from sqlalchemy import ColumnElement, func, select

from benchmarks import beside
from devstore import deeds
from shopify_app.carts.models import Cart, Reminder
from shopify_app.db import Model, db, rest
from shopify_app.mail.models import Message
from shopify_app.orders.models import Order
from shopify_app.shopify import models as shops
from tests.conftest import Clock, Jobs, Sender
from tests.home import past as pasts
from tests.home.conftest import Merchant
from tests.home.past import Past
from tests.mirror.conftest import Rounds

One = TypeVar("One")

LAMP = [{"title": "Brass", "price": "89.90", "sku": "LAMP-B"}]
NEW = {"off": set[str](), "on": {"new-cart@example.com", "new-order@example.com"}}
"""Whom we write to of those who come later."""


@click.command()
@click.option("--checkouts", default=50_000)
@click.option("--orders", default=3_000)
def main(checkouts: int, orders: int) -> None:
    is_silent = True
    for automations in NEW:
        with tempfile.TemporaryDirectory() as folder:
            is_silent &= install(Path(folder), automations, checkouts, orders)
    sys.exit(0 if is_silent else 1)


def install(folder: Path, automations: str, checkouts: int, orders: int) -> bool:
    """Whether nobody was written to but those who came later."""
    began = time.monotonic()
    print(f"everything {automations}: {checkouts:,} carts and {orders:,} orders of {pasts.SPAN.days} days")
    with beside.running(folder) as (app, store):
        jobs, clock = Jobs(), Clock(app.extensions["config"].clock_file)
        clock.others += [store.state.forward, lambda _: store.log.wake()]
        past = Past(store, deeds.add_product(store.state, beside.LUMEN, "Reading lamp", LAMP))
        left = list(counted("carts left", past.checkouts(checkouts), checkouts))
        bought = list(counted("orders placed", past.orders(orders), orders))
        client = app.test_client()
        assert client.get(store.open_app(beside.LUMEN).removeprefix(store.app_url)).status_code == 200
        Rounds(store, jobs, clock).until_done(shops.named(beside.LUMEN), rounds=1_000)
        print(f"  installed and imported: {rows(Order):,} orders")
        if automations == "on":
            pasts.switch_everything_on(Merchant(client, beside.LUMEN))
        total = checkouts + orders * len(pasts.TELLING)
        pasts.tell(Sender(client), jobs, counted("news told again", past.news(left, bought), total))
        list(counted("days gone by", pasts.go_by(jobs, clock), pasts.AFTER))
        went_out = len(store.mailbox.messages())
        report(went_out)
        new = pasts.heard(store, jobs, clock, past)
    print(f"  of those who come later, written to: {', '.join(sorted(new)) or 'nobody'}")
    print(f"  {time.monotonic() - began:.0f} s")
    return went_out == 0 and new == NEW[automations]


def counted(name: str, things: Iterable[One], total: int) -> Iterator[One]:
    """Says on the terminal how far it is."""
    began = time.monotonic()
    for place, thing in enumerate(things, 1):
        yield thing
        if place % max(total // 20, 1) == 0 or place == total:
            print(f"\r  {name}: {place:,} of {total:,}", end="", file=sys.stderr)
    print(f" in {time.monotonic() - began:.0f} s", file=sys.stderr)


def report(went_out: int) -> None:
    rest()
    decided = Counter(f"{one.template} {one.result or 'waits'}: {one.reason}" for one in db.session.query(Message))
    print(f"  known to the app: {rows(Cart):,} carts, {rows(Order):,} orders")
    print(f"  messages that went out: {went_out:,}")
    print(f"  reminders of carts that wait: {rows(Reminder, Reminder.done_at.is_(None)):,}")
    print(f"  decided against: {dict(decided.most_common()) or 'nothing was asked'}")


def rows(table: type[Model], *which: ColumnElement[bool]) -> int:
    rest()
    return db.session.scalar(select(func.count()).select_from(table).where(*which)) or 0


if __name__ == "__main__":
    main()
