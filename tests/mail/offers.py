"""A feature that sends marketing, as the others do: its messages say in their key to whom they go."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shopify_app import clock
from shopify_app.db import rest, transaction
from shopify_app.mail import outbox
from shopify_app.mail.models import Basis, Message, Purpose
from shopify_app.mail.outbox import Mail, Reader
from shopify_app.shopify.models import Shop
from tests.conftest import Clock

OFFER = "tests/offer"
BERLIN = ZoneInfo("Europe/Berlin")
ANNA = "anna.berg@example.com"
READER = Reader(customer_id=None, country_code="FR", zones=[BERLIN])

readers: dict[str, Reader] = {}
"""Address → who reads it, where it is not READER."""
ends: dict[str, datetime] = {}
"""Address → from when on an offer is not worth sending."""


@outbox.renders(OFFER, Purpose.MARKETING, (Basis.CONSENT, Basis.CUSTOMER))
def offer(shop: Shop, message: Message) -> Mail:
    to = message.key.split("/")[1]
    reader = readers.get(to, READER)
    return Mail(to, "An offer", "Lamps", "<p>Lamps</p>", reader, expires_at=ends.get(to))


def write(shop: Shop, number: int = 1, to: str = ANNA, **about: object) -> None:
    readers[to] = replace(READER, **about)  # type: ignore[arg-type]
    with transaction():
        outbox.write(shop, OFFER, f"offer/{to}/{number}", to=to, customer_id=readers[to].customer_id)


def said(shop: Shop, number: int = 1, to: str = ANNA) -> Message:
    """The row of an offer as it is now."""
    rest()
    found = outbox.keyed(shop, f"offer/{to}/{number}")
    assert found is not None
    return found


def until(clock_: Clock, hour: int, minute: int = 0, zone: ZoneInfo = BERLIN) -> None:
    """Forward to the next time that the clocks of the zone show this."""
    now = clock.now().astimezone(zone)
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    then = then if then > now else then + timedelta(days=1)
    clock_.forward(seconds=(then.timestamp() - now.timestamp()))
