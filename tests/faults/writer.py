"""python -m tests.faults.writer SEED SECONDS: takes webhooks in and works them off, without pause. Prints how many."""

import sys
import time

from shopify_app import create_app
from shopify_app.webhooks import inbox
from shopify_app.webhooks.intake import Intake
from tests.faults.news import SHOP, News, tell


def write(seed: int, seconds: float) -> int:
    """Raises whatever the database raises, "database is locked" among it."""
    app, count = create_app(), 0
    intake: Intake = app.extensions["intake"]
    with app.app_context():
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for one in tell(20, seed * 1_000_000 + count).news:
                intake.put(_row(one, app.extensions["secrets"].seal(one.body, "webhooks.body")))
                count += inbox.process(limit=1)
    return count


def _row(one: News, sealed: bytes) -> tuple[object, ...]:
    at = one.triggered_at
    return (SHOP, one.webhook_id, None, one.topic, at, at, at, 0, sealed)


if __name__ == "__main__":
    print(write(int(sys.argv[1]), float(sys.argv[2])))
