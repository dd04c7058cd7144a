"""What the environment may say: a missing or wrong variable stops the start, by its name."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shopify_app import config
from shopify_app.config import Config, ConfigError

ROOT = Path(__file__).parents[1]
KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
NEEDED = {
    "APP_URL": "https://aftercare.example.com",
    "SHOPIFY_API_KEY": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "SHOPIFY_API_SECRET": "hush",
    "DATABASE_URL": "sqlite:////tmp/app.db",
    "ENCRYPTION_KEYS": KEY,
    "INDEX_KEY": KEY,
    "SMTP_URL": "smtp://127.0.0.1:25",
    "MAIL_FROM": "Lumen Goods <orders@example.com>",
}


def read(**changes: str) -> Config:
    return config.read({name: text for name, text in (NEEDED | changes).items() if text != "(not set)"})


def test_what_is_needed_is_enough() -> None:
    settings = read()
    assert settings.shop_url == "https://{shop}"
    assert settings.admin_url == "https://admin.shopify.com"
    assert settings.cdn_url == "https://cdn.shopify.com/shopifycloud"
    assert (settings.redis_url, settings.api_secret_old, settings.clock_file, settings.kill_at) == (None,) * 4
    assert settings.secrets == ("hush",)
    assert settings.encryption_keys == (b"k" * 32,)


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("text", ["(not set)", ""])
def test_a_missing_variable_is_named(name: str, text: str) -> None:
    with pytest.raises(ConfigError, match=f"^{name} "):
        read(**{name: text})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("APP_URL", "aftercare.example.com"),
        ("APP_URL", "ftp://aftercare.example.com"),
        ("APP_URL", "https://"),
        ("APP_URL", "https://["),
        ("SHOPIFY_SHOP_URL", "https://shops.example.com"),
        ("SHOPIFY_SHOP_URL", "{shop}"),
        ("SHOPIFY_ADMIN_URL", "admin"),
        ("SHOPIFY_CDN_URL", "//cdn.example.com"),
        ("DATABASE_URL", "mysql://localhost/app"),
        ("DATABASE_URL", "app.db"),
        ("DATABASE_URL", "postgresql://db.example.com:many/app"),
        ("ENCRYPTION_KEYS", "short"),
        ("ENCRYPTION_KEYS", f"{KEY},short"),
        ("ENCRYPTION_KEYS", f"{KEY},"),
        ("ENCRYPTION_KEYS", "é" * 43),
        ("ENCRYPTION_KEYS", base64.urlsafe_b64encode(b"k" * 16).decode()),
        ("INDEX_KEY", "short"),
        ("SMTP_URL", "mail.example.com"),
        ("SMTP_URL", "http://mail.example.com"),
        ("SMTP_URL", "smtp://"),
        ("SMTP_URL", "smtp://mail.example.com:many"),
        ("SMTP_URL", "smtp://["),
        ("WORK_LEASE_SECONDS", "0"),
        ("WORK_LEASE_SECONDS", "-1"),
        ("WORK_LEASE_SECONDS", "1.5"),
        ("WORK_LEASE_SECONDS", "²"),
        ("WEBHOOK_LIMIT_BYTES", "much"),
        ("LINK_DAYS", "ever"),
        ("RAW_WEBHOOK_DAYS", "0"),
        ("PHOTOS_URL", "photos"),
        ("PHOTOS_URL", "https://bucket.s3.amazonaws.com"),
        ("PHOTOS_URL", "s3:///prefix"),
        ("PHOTOS_URL", "s3://bucket?endpoint=s3.example.com"),
        ("LOOKUP_LIMITS", "20 per minute"),
        ("LOOKUP_LIMITS", "20 per minute;5 per hour;often"),
        ("LOOKUP_LIMITS", ";;"),
        ("MAIL_FROM", "Lumen Goods"),
        ("MAIL_FROM", "Lumen Goods <orders@example.com>\nBcc: evil@example.com"),
        ("LOG_LEVEL", "LOUD"),
        ("REDIS_URL", "redis.example.com:6379"),
        ("SMTP_IDEMPOTENCY_HEADER", "Not: a header"),
    ],
)
def test_a_wrong_variable_is_named(name: str, text: str) -> None:
    with pytest.raises(ConfigError, match=f"^{name} "):
        read(**{name: text})


def test_no_message_tells_a_secret() -> None:
    for name in ("SHOPIFY_API_SECRET", "ENCRYPTION_KEYS", "INDEX_KEY", "SMTP_URL", "DATABASE_URL", "REDIS_URL"):
        try:
            read(**{name: "password-of-mine"})
        except ConfigError as error:
            assert "password-of-mine" not in str(error)


def test_addresses_lose_the_slash_at_their_end() -> None:
    assert read(APP_URL="https://aftercare.example.com/").app_url == "https://aftercare.example.com"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_of_naming_postgresql_is_understood(scheme: str) -> None:
    assert read(DATABASE_URL=f"{scheme}://me@db.example.com/app").database_url == (
        "postgresql+psycopg://me@db.example.com/app"
    )


def test_postgresql_may_be_on_a_socket_of_the_machine() -> None:
    socket = "postgresql+psycopg:///app?host=/var/run/postgresql"
    assert read(DATABASE_URL=socket).database_url == socket


@pytest.mark.parametrize("scheme", ["smtp", "smtps", "smtp+starttls"])
def test_every_way_of_speaking_to_a_mail_server_is_understood(scheme: str) -> None:
    assert read(SMTP_URL=f"{scheme}://me:word@mail.example.com:587").smtp_url.startswith(f"{scheme}://")


def test_while_the_secret_rotates_there_are_two() -> None:
    assert read(SHOPIFY_API_SECRET_OLD="hist").secrets == ("hush", "hist")
    assert read(SHOPIFY_API_SECRET_OLD="").secrets == ("hush",)


def test_several_keys_open_and_the_first_one_seals() -> None:
    other = base64.urlsafe_b64encode(b"o" * 32).decode()
    assert read(ENCRYPTION_KEYS=f"{other}, {KEY}").encryption_keys == (b"o" * 32, b"k" * 32)


@pytest.mark.parametrize("program", [["shopify_app", "migrate"], ["jobs.worker"], ["jobs.clock"]])
def test_every_program_stops_with_the_name_and_not_with_a_traceback(program: list[str]) -> None:
    env = {"PATH": os.environ["PATH"], **NEEDED, "SMTP_URL": ""}
    ended = subprocess.run(
        [sys.executable, "-m", *program], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1
    assert ended.stderr.strip() == "Aftercare does not start: SMTP_URL is not set"


def test_a_new_key_can_be_printed_and_used() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "shopify_app", "new-key"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert len(read(INDEX_KEY=ended.stdout.strip()).index_key) == 32
