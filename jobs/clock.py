"""python -m jobs.clock: does what is regularly due. Several may run; each chore is done by one of them."""

import signal
import sys
import threading

import structlog

from jobs.context import app
from jobs.schedule import table
from shopify_app import work
from shopify_app.config import ConfigError

log = structlog.get_logger()

stopping = threading.Event()


def tick() -> None:
    """Do every chore that is due. One that fails is told of and comes again when its time does."""
    with app().app_context():
        for name, (every, chore) in table(app().extensions["config"]).items():
            try:
                if work.turn(name, every):
                    chore()
                    work.turned(name)
            except Exception as error:
                log.error("chore_failed", chore=name, error=type(error).__name__)


def main() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    app()
    while not stopping.wait(1):
        tick()


if __name__ == "__main__":
    try:
        main()
    except ConfigError as error:
        sys.exit(f"Aftercare does not start: {error}")
