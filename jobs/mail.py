"""Look into failed look-ups, after parcels, abandoned carts and whom to ask for feedback, send what is due."""

from jobs.context import drains
from shopify_app import carts, changes, confirmations, feedback, referrals, returns, tracking
from shopify_app.mail import outbox

WRITERS = (carts, changes, confirmations, feedback, referrals, returns, tracking)
"""The features that tell the outbox how their messages are made: a message of one that is not here would fail."""


@drains("mail")
def drain() -> int:
    return tracking.answer() + tracking.look() + carts.look() + feedback.look() + referrals.look() + outbox.send()
