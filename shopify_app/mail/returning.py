"""What a mail bears to be known by when it comes back: the token of its reader, where each provider returns it."""

import json
from email.message import EmailMessage

from shopify_app.config import Config
from shopify_app.mail import links
from shopify_app.shopify.models import Shop

HEADER = "X-Aftercare-Reader"
"""Mail servers send the headers of what they could not deliver."""
WORD = "reader"
"""By which providers know it."""


def mark(email: EmailMessage, shop: Shop, to: str, config: Config) -> None:
    token = links.token(shop, to)
    email[HEADER] = token
    if config.postmark_secret:
        email[f"X-PM-Metadata-{WORD}"] = token
    if config.mailgun_key:
        email["X-Mailgun-Variables"] = json.dumps({WORD: token})
