"""Databases to play on: each scenario gets a fresh one with the tables, one installed shop and its products."""

import base64
import os
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import psycopg

from tests.setup import postgres
from tests.setup.postgres import Postgres

ROOT = Path(__file__).parents[2]
SECRET = "hush-hush-of-the-fault-and-fuzz-tests"


class Ground:
    """Hands out databases of one kind, copied from one that was prepared once. Call close() in the end."""

    kind: str
    server: Postgres | None = None
    """Where it is a server, and our own."""

    def fresh(self) -> str:
        """Address of a new database with the shop in it."""
        raise NotImplementedError

    def close(self) -> None:
        pass


class Sqlite(Ground):
    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._first = folder / "first.db"
        prepare(f"sqlite:///{self._first}")

    def fresh(self) -> str:
        path = self._folder / f"{uuid4().hex}.db"
        shutil.copyfile(self._first, path)
        return f"sqlite:///{path}"


class Postgresql(Ground):
    """On a server of its own with `settings`, or without them on the one that TEST_DATABASE_URL names."""

    kind = "postgresql"

    def __init__(self, folder: Path, **settings: str) -> None:
        given = None if settings else os.environ.get("TEST_DATABASE_URL")
        self.server = None if given else postgres.start(folder / "postgres", **settings)
        self._url = _plain(given or (self.server.url if self.server else ""))
        self._made = [self._make("CREATE DATABASE {name}")]
        prepare(self._made[0])

    def fresh(self) -> str:
        template = self._made[0].rpartition("/")[2]
        self._made.append(self._make(f"CREATE DATABASE {{name}} TEMPLATE {template}"))
        return self._made[-1]

    def close(self) -> None:
        if self.server:
            self.server.stop()
            return
        for url in self._made:
            self._run(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def _make(self, statement: str) -> str:
        name = f"faults_{uuid4().hex[:12]}"
        self._run(statement.format(name=name))
        return f"{self._url.rpartition('/')[0]}/{name}".replace("postgresql://", "postgresql+psycopg://")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(statement)


GROUNDS = {"sqlite": Sqlite, "postgresql": Postgresql}


def settings(database_url: str) -> dict[str, str]:
    """What every process of the app needs to know; mail and Redis are added by who starts it."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "APP_URL": "http://127.0.0.1:5000",
        "SHOPIFY_API_KEY": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "SHOPIFY_API_SECRET": SECRET,
        "SHOPIFY_SHOP_URL": "http://127.0.0.1:9/{shop}",  # nobody there: this is not about Shopify's side
        "DATABASE_URL": database_url,
        "ENCRYPTION_KEYS": base64.urlsafe_b64encode(b"e" * 32).decode(),
        "INDEX_KEY": base64.urlsafe_b64encode(b"i" * 32).decode(),
        "SMTP_URL": "smtp://127.0.0.1:9",
        "MAIL_FROM": "Lumen Goods <orders@lumen-goods.example>",
        "LOG_LEVEL": "WARNING",
    }


def prepare(database_url: str) -> None:
    """Tables, then the shop, each by the app's own code in a process of its own."""
    for command in (["shopify_app", "migrate"], ["tests.faults.planting"]):
        subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=settings(database_url),
            check=True,
            capture_output=True,
            timeout=120,
        )


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://").replace("postgres://", "postgresql://")
