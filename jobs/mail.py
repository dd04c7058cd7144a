"""Send what is due."""

from jobs.context import drains
from shopify_app.mail import outbox


@drains("mail")
def drain() -> int:
    return outbox.send()
