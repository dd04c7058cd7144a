"""Encryption at rest: what opens, what does not, and how a key is retired."""

import base64
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import BadSignature
from sqlalchemy import LargeBinary, select, text, type_coerce

from shopify_app import rotation, secrets
from shopify_app.db import db, rest, transaction
from shopify_app.orders import read
from shopify_app.orders.models import Order
from shopify_app.secrets import Box, Encrypted, SecretsError
from shopify_app.shopify.models import Shop, named
from shopify_app.webhooks.models import Webhook
from tests.conftest import LUMEN, Jobs, Sender
from tests.factories import fulfillment, order

ROOT = Path(__file__).parents[1]
OLD, NEW, INDEX = b"e" * 32, b"n" * 32, b"i" * 32
box = Box((OLD,), INDEX)


# The box


@given(plain=st.binary(max_size=300), purpose=st.text(min_size=1, max_size=20))
def test_what_was_sealed_opens_for_its_own_purpose_only(plain: bytes, purpose: str) -> None:
    sealed = box.seal(plain, purpose)
    assert box.open(sealed, purpose) == plain
    with pytest.raises(SecretsError):
        box.open(sealed, f"{purpose}x")


@given(plain=st.binary(min_size=1, max_size=60), place=st.integers(0, 1000), change=st.integers(1, 255))
def test_a_single_altered_byte_is_noticed(plain: bytes, place: int, change: int) -> None:
    sealed = bytearray(box.seal(plain, "orders.person"))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(SecretsError):
        box.open(bytes(sealed), "orders.person")


@given(junk=st.binary(max_size=60))
def test_junk_does_not_open(junk: bytes) -> None:
    for sealed in (junk, box.seal(b"", "x")[:4] + junk):
        with pytest.raises(SecretsError):
            box.open(sealed, "x")


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert len({box.seal(b"mira@example.com", "x") for _ in range(100)}) == 100


def test_an_old_key_still_opens_and_no_longer_seals() -> None:
    both = Box((NEW, OLD), INDEX)
    sealed = box.seal(b"mira", "x")
    assert both.open(sealed, "x") == b"mira"
    assert not both.is_current(sealed)
    fresh = both.seal(b"mira", "x")
    assert both.is_current(fresh)
    assert Box((NEW,), INDEX).open(fresh, "x") == b"mira"
    with pytest.raises(SecretsError):
        Box((NEW,), INDEX).open(sealed, "x")


def test_an_index_finds_the_same_again_and_tells_nothing() -> None:
    assert box.index(1, "email", "mira@example.com") == Box((NEW,), INDEX).index(1, "email", "mira@example.com")
    assert box.index(1, "email", "a") != box.index(2, "email", "a")
    assert box.index("ab", "c") != box.index("a", "bc")
    assert box.index("a") != Box((OLD,), b"x" * 32).index("a")


def test_each_use_has_a_key_of_its_own() -> None:
    assert len({box.derive("links"), box.derive("state"), box.index("links"), INDEX}) == 4


# In the database


def raw(column: Any) -> list[bytes]:
    rest()
    values = db.session.scalars(select(type_coerce(column, LargeBinary)).where(column.is_not(None)))
    return [bytes(value) for value in values]


def fill(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    with transaction():
        shop.access_token, shop.refresh_token = "shpat_1", "shprt_1"
    sends("orders/create", order())
    sends("fulfillments/create", fulfillment())
    jobs.run()


def test_a_value_that_was_moved_to_another_column_does_not_open(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    """Somebody who may write into the database cannot show a token as an address."""
    fill(sends, shop, jobs)
    with transaction():
        db.session.execute(text("UPDATE shops SET email = access_token"))
    rest()
    with pytest.raises(SecretsError):
        named(LUMEN)


def test_every_column_has_a_purpose_of_its_own(app: Flask) -> None:
    purposes = [
        (f"{table.name}.{column.name}", column.type.purpose)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Encrypted)
    ]
    assert [purpose for _, purpose in purposes] == [name for name, _ in purposes]


def test_nothing_personal_lies_open_in_any_table(sends: Sender, shop: Shop, jobs: Jobs) -> None:
    fill(sends, shop, jobs)
    words = [b"mira", b"sommer", b"lindenweg", b"leipzig", b"shpat_1", b"shprt_1", b"0034043416109"]
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(text(f'SELECT * FROM "{table.name}"')):
            written = b" ".join(value if isinstance(value, bytes) else str(value).encode() for value in row).lower()
            assert [word for word in words if word in written] == [], table.name


# Rotation


def test_a_key_is_retired_without_losing_a_word(
    sends: Sender, shop: Shop, jobs: Jobs, restarted: Callable[..., Flask], app: Flask
) -> None:
    fill(sends, shop, jobs)
    before = {
        Shop.access_token: raw(Shop.access_token),
        Webhook.body: raw(Webhook.body),
        Order.person: raw(Order.person),
    }
    rotating = restarted(encryption_keys=(NEW, OLD))
    with rotating.app_context():
        counts = dict(rotation.run())
        assert counts["shops.access_token"] == 1
        assert counts["webhooks.body"] == 2
        assert counts["orders.person"] == 1
        assert sum(dict(rotation.run()).values()) == 0
        db.session.remove()
    for column, values in before.items():
        assert len(raw(column)) == len(values)
        assert set(raw(column)).isdisjoint(values)
    rotated = restarted(encryption_keys=(NEW,))
    with rotated.app_context():
        found = named(LUMEN)
        assert (found.access_token, found.refresh_token) == ("shpat_1", "shprt_1")
        whole = read.whole(found, 1001)
        assert whole is not None
        assert whole.order.person["email"] == "mira.sommer@example.com"
        assert whole.shipments[0].tracking[0]["number"] == "00340434161094042557"
        assert read.find(found, "1001", "mira.sommer@example.com") is not None
        assert all(webhook.body for webhook in db.session.query(Webhook))
        db.session.remove()
    rest()
    with pytest.raises(SecretsError):
        named(LUMEN)


def test_more_rows_than_one_page_are_sealed_anew(app: Flask, restarted: Callable[..., Flask]) -> None:
    count = rotation.BATCH * 2 + 3
    with transaction():
        db.session.add_all(
            Shop(domain=f"shop-{number}.myshopify.com", email=f"{number}@example.com") for number in range(count)
        )
    rotating = restarted(encryption_keys=(NEW, OLD))
    with rotating.app_context():
        assert dict(rotation.run())["shops.email"] == count
        db.session.remove()
    assert {value[:4] for value in raw(Shop.email)} == {Box((NEW,), INDEX).seal(b"", "x")[:4]}


def test_a_rotation_that_was_stopped_goes_on_where_it_stood(
    sends: Sender, shop: Shop, jobs: Jobs, restarted: Callable[..., Flask]
) -> None:
    fill(sends, shop, jobs)
    rotating = restarted(encryption_keys=(NEW, OLD))
    with rotating.app_context():
        next(rotation.run())
        assert sum(count for _, count in rotation.run()) > 0
        db.session.remove()
    with restarted(encryption_keys=(NEW,)).app_context():
        assert read.whole(named(LUMEN), 1001) is not None
        db.session.remove()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_operator_rotates_by_one_command(
    sends: Sender, shop: Shop, jobs: Jobs, app: Flask, restarted: Callable[..., Flask]
) -> None:
    fill(sends, shop, jobs)
    keys = ",".join(base64.urlsafe_b64encode(key).decode() for key in (NEW, OLD))
    env = {
        "PATH": os.environ["PATH"],
        "APP_URL": "https://aftercare.example.com",
        "SHOPIFY_API_KEY": "key",
        "SHOPIFY_API_SECRET": "hush",
        "DATABASE_URL": app.extensions["config"].database_url,
        "ENCRYPTION_KEYS": keys,
        "INDEX_KEY": base64.urlsafe_b64encode(INDEX).decode(),
        "SMTP_URL": "smtp://127.0.0.1:9",
        "MAIL_FROM": "Lumen Goods <orders@lumen-goods.example>",
    }
    command = [sys.executable, "-m", "shopify_app", "rotate-keys"]
    ended = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=True)
    assert "webhooks.body: 2 values" in ended.stdout
    with restarted(encryption_keys=(NEW,)).app_context():
        assert named(LUMEN).access_token == "shpat_1"
        db.session.remove()


# Dated signatures


def test_what_is_signed_for_one_purpose_is_not_taken_for_another(app: Flask) -> None:

    token = secrets.dated("links").dumps([1, 2])
    assert secrets.dated("links").loads(token) == [1, 2]
    with pytest.raises(BadSignature):
        secrets.dated("state").loads(token)
