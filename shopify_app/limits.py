"""How often a visitor may try. Counted in Redis; without Redis in this process alone."""

from flask import Flask, current_app
from limits import RateLimitItem, parse_many
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from shopify_app.config import Config
from shopify_app.secrets import index


class Limits:
    def __init__(self, settings: Config) -> None:
        storage = storage_from_string(settings.redis_url or "memory://")
        self._window = MovingWindowRateLimiter(storage)
        self.lookup: list[list[RateLimitItem]] = [parse_many(text) for text in settings.lookup_limits]

    def allows(self, items: list[RateLimitItem], *key: object) -> bool:
        """Count one try under a key that tells nothing to who reads the counters."""
        name = index("limit", *key).hex()
        hits = [self._window.hit(item, name) for item in items]
        return all(hits)


def limits() -> Limits:
    found: Limits = current_app.extensions["limits"]
    return found


def init_app(app: Flask, settings: Config) -> None:
    app.extensions["limits"] = Limits(settings)
