"""How a message to buyers goes to the merchant alone, as a test. What it looks like, wording.py knows."""

import re

from flask import current_app

from shopify_app.config import Config
from shopify_app.language import speak
from shopify_app.mail.verdict import Mail
from shopify_app.shopify.models import Shop

PATH = "/sample"
"""Below the app's place in the storefront: a page that says what it is, and does nothing."""


def for_the_shop(shop: Shop, mail: Mail, email: str) -> Mail:
    """To nobody but the shop, marked as a test, with nothing in it that could change anything."""
    text, html = harmless(shop, mail.text), harmless(shop, mail.html)
    subject = speak(shop.locale).t("Test: {subject}", subject=mail.subject)
    return Mail(to=email, subject=subject, text=text, html=html)


def harmless(shop: Shop, text: str) -> str:
    """With all links to pages of ours, on the storefront or at our own address, leading to the page of samples."""
    config: Config = current_app.extensions["config"]
    ours = "|".join(re.escape(one) for one in (shop.storefront + shop.proxy_path, config.app_url))
    found = re.compile(rf"(?<!src=\")({ours})(?=[/?#\s\"<.,)]|$)[^\s\"<>)]*")
    return found.sub(lambda link: page(shop) + _end(link[0]), text)


def page(shop: Shop) -> str:
    return f"{shop.storefront}{shop.proxy_path}{PATH}"


def _end(link: str) -> str:
    """The full stop of a sentence is no part of an address."""
    return link[len(link.rstrip(".,;:!?")) :]
