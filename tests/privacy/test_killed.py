"""The worker is killed in the middle of its work, and another one takes it up."""

import base64
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from shopify_app import privacy
from shopify_app.config import Config
from shopify_app.db import rest
from shopify_app.privacy import certificate
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from tests.conftest import KEY, LUMEN, SECRET, Clock, Jobs, Sender
from tests.privacy import people
from tests.privacy.conftest import Plant, counts, last_request, places
from tests.privacy.people import ANN, JOANN

ROOT = Path(__file__).parents[2]
DRAIN = "from jobs import sync, webhooks; webhooks.drain(); sync.drain()"


def environment(app: Flask) -> dict[str, str]:
    """What another process needs to be the same app on the same database, in the same time."""
    settings: Config = app.extensions["config"]
    return {
        "APP_URL": settings.app_url,
        "SHOPIFY_API_KEY": KEY,
        "SHOPIFY_API_SECRET": SECRET,
        "DATABASE_URL": settings.database_url,
        "ENCRYPTION_KEYS": base64.urlsafe_b64encode(settings.encryption_keys[0]).decode(),
        "INDEX_KEY": base64.urlsafe_b64encode(settings.index_key).decode(),
        "SMTP_URL": settings.smtp_url,
        "MAIL_FROM": settings.mail_from,
        "CLOCK_FILE": settings.clock_file or "",
        "PATH": os.environ["PATH"],
    }


def work(app: Flask, kill_at: str = "") -> int:
    """A worker of its own; how it ended. What was read before is read anew."""
    env = environment(app) | {"KILL_AT": kill_at}
    ended = subprocess.run([sys.executable, "-c", DRAIN], cwd=ROOT, env=env, timeout=120).returncode
    rest()
    return ended


@pytest.mark.faults
@pytest.mark.parametrize("point", ["erasure_begins", "erasure_reads", "erasure_deletes", "erasure_ends"])
def test_an_erasure_whose_worker_was_killed_is_finished_by_the_next(
    app: Flask, shop: Shop, plant: Plant, sends: Sender, clock: Clock, point: str
) -> None:
    plant(shop, JOANN, ANN)
    before, neighbour = counts(), places(shop, JOANN)
    sends("customers/redact", people.redaction(ANN, LUMEN))
    assert work(app, kill_at=point) == -signal.SIGKILL
    assert last_request().result is None
    assert work(app) == 0
    assert last_request().result is None, "the dead one's lease still runs"
    clock.forward(minutes=2)
    assert work(app) == 0
    proof, after = last_request().certificate, counts()
    assert proof is not None
    assert certificate.holds(proof)
    assert not places(shop, ANN)
    assert places(shop, JOANN) == neighbour
    gone = {table: before[table] - after[table] for table in before if before[table] > after[table]}
    assert {table: proof["tables"][table] for table in gone} == gone


@pytest.mark.faults
def test_a_shops_erasure_survives_any_number_of_deaths(
    app: Flask, shop: Shop, other_shop: Shop, plant: Plant, sends: Sender, jobs: Jobs, clock: Clock
) -> None:
    plant(other_shop, ANN)
    neighbour = places(other_shop, ANN)
    plant(shop, ANN)
    sends("app/uninstalled", {"id": 1})
    jobs.run()
    sends("shop/redact", {"shop_id": 1, "shop_domain": LUMEN})
    for _ in range(3):
        assert work(app, kill_at="shop_erasure_steps") == -signal.SIGKILL
        assert shops.find(LUMEN) is not None
        clock.forward(minutes=2)
    assert work(app) == 0
    assert last_request().result == "erased"
    assert shops.find(LUMEN) is None
    assert not places(LUMEN, ANN)
    assert places(other_shop, ANN) == neighbour


@pytest.mark.faults
def test_an_export_whose_worker_was_killed_is_made_by_the_next(
    app: Flask, shop: Shop, plant: Plant, sends: Sender, clock: Clock
) -> None:
    plant(shop, ANN)
    sends("customers/data_request", people.data_request(ANN, LUMEN))
    assert work(app, kill_at="export_made") == -signal.SIGKILL
    assert privacy.export_of(shop, last_request().id) is None
    clock.forward(minutes=2)
    assert work(app) == 0
    assert privacy.export_of(shop, last_request().id) is not None
