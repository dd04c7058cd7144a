"""The database goes away. Shopify is told to come again, and what comes again is kept."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from psycopg import connect

from shopify_app import create_app
from shopify_app.db import db
from tests.conftest import signed_webhook
from tests.setup import postgres
from tests.setup.postgres import Postgres

Start = Callable[[str], Flask]


@pytest.fixture
def start(made_app: Flask) -> Iterator[Start]:
    """The app on a database of its own, which need not be there yet."""
    started: list[Flask] = []

    def begin(url: str) -> Flask:
        app = create_app(replace(made_app.extensions["config"], database_url=url))
        started.append(app)
        return app

    yield begin
    for app in started:
        app.extensions["intake"].close()
        with app.app_context():
            db.engine.dispose()


def send(client: FlaskClient, number: int) -> int:
    return client.post("/webhooks", **signed_webhook("orders/create", {}, webhook_id=f"w-{number}")).status_code


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.execute(db.text("SELECT count(*) FROM webhooks")).scalar_one()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_postgresql_is_stopped_and_started_and_fails_over(start: Start, tmp_path: Path) -> None:
    running = postgres.start(tmp_path / "data")
    try:
        app = start(running.url)
        with app.app_context():
            upgrade()
        client = app.test_client()
        assert send(client, 1) == 200
        assert client.get("/readyz").status_code == 200
        running.stop()
        assert send(client, 2) == 503
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        running.start()
        assert send(client, 2) == 200
        assert client.get("/readyz").status_code == 200
        read_only(running, "on")
        assert send(client, 3) == 503
        read_only(running, "off")
        assert send(client, 3) == 200
        assert count(app) == 3
    finally:
        running.stop()


def read_only(running: Postgres, switch: str) -> None:
    """As a standby is, until it is promoted."""
    with connect(running.url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {switch}")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_disk_of_sqlite_is_not_there_yet(start: Start, tmp_path: Path) -> None:
    app = start(f"sqlite:///{tmp_path}/disk/app.db")
    client = app.test_client()
    assert send(client, 1) == 503
    assert client.get("/readyz").status_code == 503
    (tmp_path / "disk").mkdir()
    with app.app_context():
        upgrade()
    assert send(client, 1) == 200
    assert client.get("/readyz").status_code == 200
    assert count(app) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_app_whose_tables_are_behind_is_not_ready(start: Start, tmp_path: Path) -> None:
    app = start(f"sqlite:///{tmp_path}/app.db")
    with app.app_context():
        upgrade(revision="0001")
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["migrations"].startswith("behind")
