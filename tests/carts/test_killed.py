"""The worker is killed on the way to a reminder, and another one takes it up: at most one message, never two codes."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from shopify_app.db import rest
from tests.carts.conftest import Store
from tests.privacy.test_killed import environment

ROOT = Path(__file__).parents[2]
DRAIN = "from jobs import mail; mail.drain()"


def killed(app: Flask, point: str, drain: str = DRAIN) -> bool:
    """Whether a worker of its own died there."""
    settings = app.extensions["config"]
    store = {"SHOPIFY_SHOP_URL": settings.shop_url, "SHOPIFY_ADMIN_URL": settings.admin_url}
    env = environment(app) | store | {"SMTP_URL": settings.smtp_url, "KILL_AT": point}
    ended = subprocess.run([sys.executable, "-c", drain], cwd=ROOT, env=env, timeout=120).returncode
    rest()
    return ended == -signal.SIGKILL


@pytest.mark.faults
@pytest.mark.parametrize(
    "point", ["reminders_claimed", "reminder_decided", "messages_claimed", "code_intended", "code_made"]
)
def test_a_reminder_whose_worker_was_killed_goes_out_once_with_one_code(
    app: Flask, store: Store, switch: Callable[..., None], point: str
) -> None:
    switch(percent=10)
    store.left()
    store.clock.forward(hours=1)
    assert killed(app, point)
    for _ in range(3):
        store.later(minutes=2)
    [mail] = store.mails()
    [code] = store.state.codes.of("lumen-goods.myshopify.com")
    assert code.code in (mail.text or "")


@pytest.mark.faults
def test_a_message_that_may_have_gone_out_is_never_sent_twice(app: Flask, store: Store) -> None:
    store.left()
    store.clock.forward(hours=1)
    assert killed(app, "message_accepted")
    for _ in range(3):
        store.later(minutes=2)
    assert len(store.mails()) == 1
