"""Where nobody thinks of looking: logs, files, Redis, the process list."""

import io
import logging
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from flask import Flask
from redis import Redis

from shopify_app import db as database
from shopify_app import logs
from shopify_app.db import transaction
from shopify_app.privacy.scan import Needle, scan
from shopify_app.shopify.models import Shop
from tests.conftest import Jobs, Sender, signed_webhook
from tests.privacy import people
from tests.privacy.conftest import Erase, Plant
from tests.privacy.people import ANN, GUEST
from tests.privacy.test_killed import ROOT, environment
from tests.setup import redis as servers


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, by us and by the libraries."""
    before, written = structlog.get_config(), io.StringIO()
    handler = logging.StreamHandler(written)
    logs.configure("DEBUG")
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(written))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)
    structlog.configure(**before)


def test_nothing_personal_is_ever_logged(
    shop: Shop, plant: Plant, erase: Erase, sends: Sender, jobs: Jobs, log: io.StringIO
) -> None:
    plant(shop, ANN, GUEST)
    sends("customers/data_request", people.data_request(GUEST, shop.domain))
    erase(shop, ANN)
    sends("customers/redact", people.redaction(ANN, "another.myshopify.com"))
    jobs.run()
    logged = log.getvalue().casefold()
    assert "webhook_failed" in logged
    numbers = {str(number) for person in (ANN, GUEST) for number in (person.order, person.customer)}
    assert not [needle for needle in {*ANN.needles, *GUEST.needles} - numbers if Needle(needle).is_in(logged)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_thief_of_the_database_file_reads_no_name_and_no_address(
    app: Flask, shop: Shop, plant: Plant, sends: Sender, jobs: Jobs
) -> None:
    """Also before anybody asked to be forgotten. PostgreSQL keeps its files to itself: see its columns below."""
    address = app.extensions["config"].database_url
    plant(shop, ANN)
    sends("customers/data_request", people.data_request(ANN, shop.domain))
    jobs.run()
    file = Path(address.removeprefix("sqlite:///"))
    # By another process: whoever opens and closes the file in this one takes SQLite's locks away.
    files = [str(path) for path in file.parent.glob(f"{file.name}*")]
    stolen = subprocess.run(["cat", *files], capture_output=True, check=True).stdout.lower()
    words = (ANN.email, ANN.phone, ANN.last, ANN.street, ANN.tracking, ANN.neighbour)
    assert b"desk lamp" in stolen
    for word in words:
        assert word.encode().lower() not in stolen, word
        assert word.lower().encode() not in stolen, word


def test_a_column_read_without_the_keys_shows_no_name_and_no_address(
    app: Flask, shop: Shop, plant: Plant, restarted: Callable[..., Flask]
) -> None:
    plant(shop, ANN)
    words = [ANN.email, ANN.phone, ANN.last, ANN.street, ANN.tracking, ANN.neighbour]
    assert {place.needle for place in scan(shop.domain, words)} == set(range(len(words)))
    stranger = restarted(encryption_keys=(b"x" * 32,), index_key=b"y" * 32)
    with stranger.app_context():
        assert {place.needle for place in scan(shop.domain, words)} == {None}
        database.db.session.rollback()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[servers.Redis]:
    running = servers.start(tmp_path)
    yield running
    running.stop()


def test_redis_never_hears_of_anybody(
    shop: Shop, sends: Sender, restarted: Callable[..., Flask], redis: servers.Redis
) -> None:
    app = restarted(redis_url=redis.url)
    with app.app_context(), transaction():
        bell = app.extensions["doorbell"]
        bell.ring_now("webhooks")
    client = app.test_client()
    for topic, body in people.life(ANN):
        assert client.post("/webhooks", **signed_webhook(topic, body)).status_code == 200
    limits = app.extensions["limits"]
    with app.app_context():
        limits.allows(limits.lookup[2], shop.domain, ANN.email)
    held = "\n".join(kept(Redis.from_url(redis.url)))
    assert "jobs.webhooks.drain" in held
    assert not [needle for needle in ANN.needles if Needle(needle).is_in(held)]


def kept(client: "Redis[bytes]") -> Iterator[str]:
    for key in client.scan_iter():
        yield key.decode("utf-8", "replace")
        kind = client.type(key)
        values = client.hgetall(key).items() if kind == b"hash" else [(b"", client.dump(key) or b"")]
        for name, value in values:
            yield name.decode("utf-8", "replace")
            yield unpacked(value).decode("utf-8", "replace")


def unpacked(value: bytes) -> bytes:
    """RQ packs what a job is to do."""
    try:
        return zlib.decompress(value)
    except zlib.error:
        return value


def ask_operator(app: Flask, needles: str, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "shopify_app", "scan", *options]
    return subprocess.run(
        command, input=needles, cwd=ROOT, env=environment(app), capture_output=True, text=True, timeout=120
    )


def test_an_operator_finds_out_where_somebody_stands_without_naming_them_on_the_command_line(
    app: Flask, shop: Shop, other_shop: Shop, plant: Plant, erase: Erase
) -> None:
    plant(shop, ANN)
    plant(other_shop, ANN)
    needles = f"{ANN.email}\n\n{ANN.order}\n"
    found = ask_operator(app, needles, "--shop", shop.domain)
    assert found.returncode == 1
    assert "orders.person" in found.stdout
    assert "line 2" in found.stdout
    assert ANN.email.casefold() not in (found.stdout + found.stderr).casefold()
    erase(shop, ANN)
    nothing = ask_operator(app, needles, "--shop", shop.domain)
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert ask_operator(app, needles).returncode == 1, "the other shop's"
    assert ask_operator(app, "\n").returncode == 1
