"""Look into failed look-ups, after parcels and abandoned carts, send what is due."""

from jobs.context import drains
from shopify_app import carts, changes, confirmations, returns, tracking
from shopify_app.mail import outbox

WRITERS = (carts, changes, confirmations, returns, tracking)
"""The features that tell the outbox how their messages are made: a message of one that is not here would fail."""


@drains("mail")
def drain() -> int:
    return tracking.answer() + tracking.look() + carts.look() + outbox.send()
