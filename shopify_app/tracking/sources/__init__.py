"""Where news of parcels comes from. Shopify tells by itself (webhooks and rounds, see orders/); what stands here has to
be asked, and only where the operator has set it up."""

from flask import current_app

from shopify_app.config import Config
from shopify_app.tracking.sources.answers import Source
from shopify_app.tracking.sources.karrio import Karrio


def source() -> Source | None:
    """The one to ask; None: nobody."""
    config: Config = current_app.extensions["config"]
    return Karrio(config.karrio_url, config.karrio_key) if config.karrio_url and config.karrio_key else None
