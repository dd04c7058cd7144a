"""The worker is killed in the middle of a change, and another one takes it up: done once, told once."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from devstore import server
from devstore.records import Order
from shopify_app.db import rest
from tests.changes.conftest import TYPED, Buyer, Settle, change, subjects
from tests.conftest import Clock
from tests.home.conftest import Merchant
from tests.privacy.test_killed import environment

ROOT = Path(__file__).parents[2]
DRAIN = "from jobs import sync; sync.drain()"


def work(app: Flask, shopify: server.Running, kill_at: str) -> int:
    """A worker of its own; how it ended."""
    settings = app.extensions["config"]
    store = {"SHOPIFY_SHOP_URL": settings.shop_url, "SHOPIFY_ADMIN_URL": settings.admin_url}
    carriers = {"KARRIO_URL": settings.karrio_url or "", "KARRIO_KEY": settings.karrio_key or ""}
    env = environment(app) | store | carriers | {"SHOPIFY_CDN_URL": settings.cdn_url, "KILL_AT": kill_at}
    ended = subprocess.run([sys.executable, "-c", DRAIN], cwd=ROOT, env=env, timeout=120).returncode
    rest()
    return ended


@pytest.mark.faults
@pytest.mark.parametrize("point", ["changes_claimed", "change_called", "change_ended"])
@pytest.mark.parametrize("path", ["cancellation", "address"])
def test_a_change_whose_worker_was_killed_is_done_and_told_once(
    app: Flask,
    shopify: server.Running,
    buyer: Buyer,
    staff: Merchant,
    order: Order,
    settle: Settle,
    clock: Clock,
    path: str,
    point: str,
) -> None:
    buyer.sends(path, TYPED if path == "address" else {})
    settle()
    shopify.mailbox.clear()
    # Only the app's own round may tell it how things stand.
    shopify.faults.webhooks.dropped = 100
    staff.sends(f"/changes/{change().id}/confirmation")
    killed = work(app, shopify, point)
    for _ in range(5):
        # A cancellation ends only when Shopify has done it.
        if killed == 0:
            clock.forward(seconds=4)
            killed = work(app, shopify, point)
    assert killed == -signal.SIGKILL
    assert change().result is None
    clock.forward(minutes=2)
    settle()
    settle()
    assert change().result == "done"
    assert len(subjects(shopify)) == 1
    assert len(order.refunds) == (1 if path == "cancellation" else 0)
