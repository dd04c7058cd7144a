"""What every message to buyers looks like, about an order that is made up, and how it goes to the merchant alone.

Messages that a merchant may put into own words bring their looks along (`wording.declare`); the others are told here.
"""

import re
from collections.abc import Callable, Sequence

from flask import current_app

from shopify_app.config import Config
from shopify_app.language import speak
from shopify_app.mail import wording
from shopify_app.mail.verdict import Mail
from shopify_app.shopify.models import Shop

Sample = Callable[[Shop], Mail | None]
"""None where the shop sends no such message."""

PATH = "/sample"
"""Below the app's place in the storefront: a page that says what it is, and does nothing."""

_samples: dict[str, Sample] = {}


def shows(name: str) -> Callable[[Sample], Sample]:
    """Marks the function that makes the message of this name up, as a buyer of the shop would read it."""

    def register(function: Sample) -> Sample:
        _samples[name] = function
        return function

    return register


def known() -> Sequence[str]:
    """All of them, each feature's in the order of its declarations."""
    return list(dict.fromkeys((*wording.known(), *_samples)))


def made(shop: Shop, name: str) -> Mail | None:
    """In the shop's own language. Raises Unready, and LookupError for a name that is gone."""
    if name in _samples:
        return _samples[name](shop)
    return wording.known()[name].show(shop, None, shop.voice(), None)


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
