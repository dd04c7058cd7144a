"""The one address to which Shopify sends everything.

A plain WSGI route in front of Flask: at a thousand deliveries a second the framework's request object costs more than
signature, encryption and commit together. It verifies the raw bytes, makes one row durable, answers 200 and rings.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from shopify_app import clock, faults, metrics
from shopify_app.config import Config
from shopify_app.queue import Doorbell
from shopify_app.secrets import Box
from shopify_app.shopify import signature
from shopify_app.webhooks.intake import Intake, IntakeError, open_intake
from shopify_app.webhooks.models import BODY

PATH = "/webhooks"

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


def mount(app: Flask) -> None:
    """Put the route in front of the app."""
    config: Config = app.extensions["config"]
    intake = app.extensions["intake"] = open_intake(config.database_url)
    route = Route(config, intake, app.extensions["secrets"], app.extensions["doorbell"])
    behind = app.wsgi_app

    def front(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        return (route if environ["PATH_INFO"] == PATH else behind)(environ, start_response)

    app.wsgi_app = front  # type: ignore[method-assign]


class Route:
    def __init__(self, config: Config, intake: Intake, box: Box, bell: Doorbell) -> None:
        self._config, self._intake, self._box, self._bell = config, intake, box, bell

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        status = self._answer(environ)
        metrics.webhooks_received.labels(status[:3]).inc()
        start_response(status, [("Content-Length", "0"), ("Content-Type", "text/plain")])
        return [b""]

    def _answer(self, environ: Environ) -> str:
        if environ["REQUEST_METHOD"] != "POST":
            return "405 Method Not Allowed"
        body = self._read(environ)
        if body is None:
            return "413 Content Too Large"
        if not signature.webhook(body, environ.get("HTTP_X_SHOPIFY_HMAC_SHA256"), self._config.secrets):
            return "401 Unauthorized"
        row = self._row(environ, body)
        if row is None:
            return "400 Bad Request"
        faults.point("webhook_verified")
        try:
            is_new = self._intake.put(row)
        except IntakeError:
            return "503 Service Unavailable"
        faults.point("webhook_stored")
        if is_new:
            self._bell.ring("webhooks")
        return "200 OK"

    def _read(self, environ: Environ) -> bytes | None:
        """The raw body; None when it is too long. Nothing is read past its announced end: a server may wait there."""
        limit, length = self._config.webhook_limit, environ.get("CONTENT_LENGTH") or ""
        is_told = length.isascii() and length.isdigit()
        if is_told and int(length[:12]) > limit:
            return None
        body: bytes = environ["wsgi.input"].read(int(length) if is_told else limit + 1)
        return body if len(body) <= limit else None

    def _row(self, environ: Environ, body: bytes) -> tuple[Any, ...] | None:
        """What is stored; None when the headers do not say which shop and which delivery it is."""
        shop = environ.get("HTTP_X_SHOPIFY_SHOP_DOMAIN", "").lower()
        webhook_id, topic = environ.get("HTTP_X_SHOPIFY_WEBHOOK_ID", ""), environ.get("HTTP_X_SHOPIFY_TOPIC", "")
        if not signature.is_shop(shop) or not _is_word(webhook_id) or not _is_word(topic):
            return None
        now = clock.now()
        event_id = environ.get("HTTP_X_SHOPIFY_EVENT_ID", "")
        triggered_at = _moment(environ.get("HTTP_X_SHOPIFY_TRIGGERED_AT")) or now
        sealed = self._box.seal(body, BODY)
        return (shop, webhook_id, event_id if _is_word(event_id) else None, topic, triggered_at, now, now, 0, sealed)


def _is_word(text: str) -> bool:
    return 0 < len(text) <= 200 and text.isascii() and text.isprintable()


def _moment(text: str | None) -> datetime | None:
    """None for what is no time, or one that UTC has no year for: PostgreSQL would store it and never give it back."""
    try:
        value = datetime.fromisoformat(text or "")
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
