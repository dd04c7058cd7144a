"""Find every due row, whoever failed to ring for it. Losing Redis costs only the time until this comes by."""

import importlib

import structlog

from jobs import sync
from shopify_app import work
from shopify_app.queue import doorbell

log = structlog.get_logger()


def sweep() -> None:
    """Ring for each queue that has due rows; where nobody can hear the bell, do the work here."""
    due = {model.queue for model in work.kinds() if work.waiting(model)}
    if sync.newcomers():
        due.add("sync")
    for queue in sorted(due):
        if not doorbell().ring_now(queue):
            log.info("sweep_drains", queue=queue)
            importlib.import_module(f"jobs.{queue}").drain()
