"""A shop whose buyers pass codes on."""

from typing import Any

import pytest

from shopify_app import clock as app_clock
from shopify_app.codes import friends
from shopify_app.codes.friends import Terms
from shopify_app.db import db, rest, transaction
from shopify_app.referrals.models import Referral
from shopify_app.shopify import models as shops
from tests.codes.conftest import Store, anna, store
from tests.conftest import LUMEN

__all__ = ("anna", "passing", "store")


def terms(**chosen: Any) -> None:
    """Codes for friends are on from now on."""
    rest()
    with transaction():
        friends.keep(shops.named(LUMEN), Terms(**({"since": app_clock.now()} | chosen)))


def outcomes() -> list[tuple[str | None, str | None]]:
    rest()
    return [(one.result, one.reason) for one in db.session.query(Referral).order_by(Referral.id)]


@pytest.fixture
def passing(store: Store) -> Store:
    terms()
    return store
