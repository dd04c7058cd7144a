"""Callers of every kind, as Shopify would let them in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from devstore import signing
from shopify_app import clock
from shopify_app.shopify.models import Shop
from tests.conftest import KEY, LUMEN, SECRET, install

Token = Callable[..., str]


@pytest.fixture
def settled(app: Flask) -> Shop:
    """Lumen Goods with tokens that live: its merchant is let in without a word to Shopify."""
    return settle(app, LUMEN)


def settle(app: Flask, domain: str) -> Shop:
    lives = clock.now() + timedelta(days=80)
    return install(domain, scopes=app.extensions["scopes"], refresh_token="shprt_0", refresh_expires_at=lives)


def id_token(shop: str = LUMEN, secret: str = SECRET, at: datetime | None = None, key: str = KEY) -> str:
    return signing.id_token(secret, key, shop, 42, at or datetime.now(UTC))


def bearer(token: str, **more: str) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Bearer {token}"} | more}
