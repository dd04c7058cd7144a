"""Work through the inbox."""

from jobs.context import drains
from shopify_app.webhooks import inbox


@drains("webhooks")
def drain() -> int:
    return inbox.process()
