"""News of mail providers, each by its own proof and in its own words, turned into what they have in common."""

import hmac
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Request

from shopify_app.bounces.news import Back, Forged
from shopify_app.config import Config
from shopify_app.mail.refusals import BOUNCED, COMPLAINED
from shopify_app.mail.returning import WORD

Read = Callable[[Request, str], Iterable[Back]]
"""With the secret that we share with the provider. Raises Forged; for nonsense ValueError, KeyError or TypeError."""

LOST = ("HardBounce", "BadEmailAddress")
"""Postmark's types of bounce that will not pass (https://postmarkapp.com/developer/api/bounce-api, bounce types)."""
GONE = {"bounce": BOUNCED, "suppress-bounce": BOUNCED, "suppress-complaint": COMPLAINED}
"""Mailgun's reasons of a permanent failure that are about the address."""


def postmark(request: Request, secret: str) -> Iterable[Back]:
    """Postmark signs nothing: its address holds a password, as in https://aftercare:<secret>@…"""
    given = request.authorization.password if request.authorization else None
    _prove(given or "", secret)
    told = _object(request)
    reader = (told.get("Metadata") or {}).get(WORD)
    if told["RecordType"] == "SpamComplaint":
        return _back(reader, COMPLAINED)
    return _back(reader, BOUNCED) if told["RecordType"] == "Bounce" and told["Type"] in LOST else []


def mailgun(request: Request, secret: str) -> Iterable[Back]:
    """Signed in its body: HMAC-SHA256 over timestamp and token. Taking the same in twice changes nothing."""
    told = _object(request)
    proof, event = told["signature"], told["event-data"]
    signed = f"{proof['timestamp']}{proof['token']}".encode()
    _prove(str(proof["signature"]), hmac.new(secret.encode(), signed, "sha256").hexdigest())
    reader = (event.get("user-variables") or {}).get(WORD)
    if event["event"] == "complained":
        return _back(reader, COMPLAINED)
    is_lost = event["event"] == "failed" and event.get("severity") == "permanent"
    return _back(reader, GONE.get(event.get("reason"))) if is_lost else []


def secrets(config: Config) -> Mapping[str, tuple[Read, str]]:
    """Those that the operator has set up."""
    known = {"postmark": (postmark, config.postmark_secret), "mailgun": (mailgun, config.mailgun_key)}
    return {name: (read, secret) for name, (read, secret) in known.items() if secret}


def _prove(given: str, expected: str) -> None:
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise Forged


def _object(request: Request) -> dict[str, Any]:
    told = request.get_json(force=True)
    if not isinstance(told, dict):
        raise TypeError("no object")
    return told


def _back(reader: Any, reason: str | None) -> list[Back]:
    return [Back(reader, reason)] if isinstance(reader, str) and reason else []
