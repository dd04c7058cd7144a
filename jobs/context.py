"""The app as a worker sees it: made once per process, entered for each job."""

from collections.abc import Callable
from functools import cache, wraps

from flask import Flask, current_app

from shopify_app import create_app
from shopify_app.queue import doorbell


def app() -> Flask:
    """The one at hand, else one of the process's own."""
    if current_app:
        return current_app._get_current_object()  # type: ignore[attr-defined, no-any-return]
    return _own()


@cache
def _own() -> Flask:
    return create_app()


def drains(queue: str) -> Callable[[Callable[[], int]], Callable[[], None]]:
    """Makes a job of a function that works through some due rows and says how many: called until there are none."""

    def wrap(step: Callable[[], int]) -> Callable[[], None]:
        @wraps(step)
        def drain() -> None:
            with app().app_context():
                # The bell first: whoever comes after this line must ring again.
                doorbell().answered(queue)
                while step():
                    pass

        return drain

    return wrap
