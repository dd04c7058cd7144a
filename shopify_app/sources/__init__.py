"""Where news of parcels comes from. Shopify tells by itself (webhooks and rounds, see orders/); what stands here has to
be asked, and only where the operator has set it up."""

from shopify_app.karrio import server
from shopify_app.sources.answers import Source
from shopify_app.sources.karrio import Karrio


def source() -> Source | None:
    """The one to ask; None: nobody."""
    found = server()
    return Karrio(found) if found else None
