"""The app as a worker sees it: made once per process, entered for each job."""

import time
from collections.abc import Callable
from functools import cache, wraps

from flask import Flask, current_app

from shopify_app import create_app
from shopify_app.queue import doorbell

STRETCH = 10
"""Seconds after which a drain lets others have a turn."""


def app() -> Flask:
    """The one at hand, else one of the process's own."""
    if current_app:
        return current_app._get_current_object()  # type: ignore[attr-defined, no-any-return]
    return _own()


@cache
def _own() -> Flask:
    return create_app()


def drains(queue: str) -> Callable[[Callable[[], int]], Callable[[], None]]:
    """Makes a job of a function that works through some due rows and says how many: called until there are none.

    One that takes long rings for the next and ends, so that a worker told to stop is never long about it.
    """

    def wrap(step: Callable[[], int]) -> Callable[[], None]:
        @wraps(step)
        def drain() -> None:
            with app().app_context():
                # The bell first: whoever comes after this line must ring again.
                doorbell().answered(queue)
                end = time.monotonic() + STRETCH
                while step():
                    if time.monotonic() > end:
                        doorbell().ring_now(queue)
                        return

        return drain

    return wrap
