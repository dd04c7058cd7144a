"""How often a visitor may try. Counted in Redis; without Redis, and while it does not answer, in this process alone."""

import ipaddress

import structlog
from flask import Flask, current_app
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis import RedisError

from shopify_app.config import Config
from shopify_app.secrets import index

log = structlog.get_logger()


class Limits:
    def __init__(self, settings: Config) -> None:
        self._here = MovingWindowRateLimiter(MemoryStorage())
        self._shared = self._here
        if settings.redis_url:
            redis = RedisStorage(settings.redis_url, socket_connect_timeout=1, socket_timeout=1)
            self._shared = MovingWindowRateLimiter(redis)
        self.lookup: list[list[RateLimitItem]] = [parse_many(text) for text in settings.lookup_limits]

        self.code: list[RateLimitItem] = parse_many(settings.code_limits)
        self.login: list[RateLimitItem] = parse_many(settings.login_limits)

    def allows(self, items: list[RateLimitItem], *key: object) -> bool:
        """Count one try under a key that tells nothing to who reads the counters."""
        name = index("limit", *key).hex()
        try:
            hits = [self._shared.hit(item, name) for item in items]
        except RedisError as error:
            log.warning("limits_counted_here", error=type(error).__name__)
            hits = [self._here.hit(item, name) for item in items]
        return all(hits)


def network(address: str) -> str:
    """Whom to count: of an IPv6 visitor the network, as each has more addresses than could be counted."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ip) if ip.version == 4 else str(ipaddress.ip_network((ip, 64), strict=False))


def limits() -> Limits:
    found: Limits = current_app.extensions["limits"]
    return found


def init_app(app: Flask, settings: Config) -> None:
    app.extensions["limits"] = Limits(settings)
