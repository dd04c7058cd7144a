"""The map of what is known about persons forgets no table and no column."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete

from jobs import schedule
from shopify_app import clock as time
from shopify_app import periods, work
from shopify_app.config import Config
from shopify_app.db import db, transaction
from shopify_app.privacy import datamap
from shopify_app.privacy.models import Sighting
from shopify_app.privacy.scan import scan
from shopify_app.secrets import Encrypted
from shopify_app.shopify.models import Shop
from shopify_app.tracking.models import Lookup
from shopify_app.webhooks.models import Webhook
from tests.conftest import Clock
from tests.privacy.conftest import Plant
from tests.privacy.people import ANN

TABLES = [table for purpose in datamap.PURPOSES for table in purpose.tables]


def test_every_table_stands_below_exactly_one_purpose() -> None:
    assert sorted([*TABLES, *datamap.NOBODYS]) == sorted(db.metadata.tables)


def test_every_encrypted_column_says_what_it_holds() -> None:
    sealed = {
        f"{table.name}.{column.name}"
        for table in db.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Encrypted)
    }
    assert set(datamap.ENCRYPTED) == sealed


def test_every_purpose_names_the_chore_that_forgets_for_it(app: Flask) -> None:
    settings: Config = app.extensions["config"]
    assert {purpose.chore for purpose in datamap.PURPOSES} <= set(schedule.table(settings))


@pytest.fixture
def shortest(shop: Shop) -> Shop:
    """A merchant who keeps everything as briefly as can be."""
    with transaction():
        least = {name: period.least for name, period in periods.PERIODS.items()}
        shop.settings = shop.settings | {periods.SETTING: least}
    return shop


def chores(app: Flask) -> None:
    for name, (_, chore) in schedule.table(app.extensions["config"]).items():
        if name.startswith("forget"):
            chore()


@pytest.mark.parametrize("purpose", [one for one in datamap.PURPOSES if one.period], ids=lambda one: one.name)
def test_after_its_period_nothing_of_a_purpose_is_left(
    app: Flask, shortest: Shop, other_shop: Shop, plant: Plant, clock: Clock, purpose: datamap.Purpose
) -> None:
    """Of a shop that chose the shortest; a neighbour who chose nothing keeps what the longest allows."""
    for shop in (shortest, other_shop):
        plant(shop, ANN)
        note(shop)
    drop_waiting()
    days = datamap.days(shortest, purpose)
    assert days is not None
    clock.forward(days=days - 1)
    chores(app)
    kept = held(shortest, purpose)
    assert kept or purpose.name in ("returns", "feedback"), "nothing was planted of this purpose"
    clock.forward(days=2)
    chores(app)
    assert not held(shortest, purpose)
    assert held(other_shop, purpose) >= kept


def held(shop: Shop, purpose: datamap.Purpose) -> set[tuple[str, str]]:
    """Where in the tables of the purpose somebody is found. What is left of a webhook are the numbers of its order."""
    found = {(place.table, place.column) for place in scan(shop.domain, ANN.needles)}
    return {(table, column) for table, column in found if table in purpose.tables and (table, column) not in NUMBERS}


NUMBERS = {("webhooks", "order_id"), ("webhooks", "customer_id")}


def drop_waiting() -> None:
    """What was planted to wait for a year, and forgets by itself when it is done."""
    with transaction():
        for kind in (Lookup, Webhook):
            db.session.execute(
                delete(kind).where(kind.done_at.is_(None), kind.due_at > time.now() + timedelta(days=300))
            )


def note(shop: Shop) -> None:
    with transaction():
        seen = Sighting(shop_id=shop.id, user="7", at=time.now(), page="home.order", is_export=False, count=1)
        seen.order_id = ANN.order
        db.session.add(seen)


def test_a_chore_that_went_well_says_when(app: Flask, shop: Shop) -> None:
    assert work.turn("forget old carts", timedelta(days=1))
    assert datamap.purged() == {}
    work.turned("forget old carts")
    assert set(datamap.purged()) == {"forget old carts"}
