"""Every message that can be put into own words, in every language and way of address, as it would go out."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from shopify_app.db import transaction
from shopify_app.language import INFORMAL, LANGUAGES, TWO_WAYS
from shopify_app.mail import wording
from shopify_app.mail.outbox import Mail
from shopify_app.shopify.models import Shop

LEFT = re.compile(r"\{\{|\}\}|\{%|%\}|\{\w+\}|\bNone\b|\bundefined\b|Jinja|\ue000|<p></p>")
"""What shows that something was not filled in."""
ADDRESS = re.compile(r"https?://[^\s<>\"]+")
COMMUNITY = "https://lumen.example/club"
"""The one address that is the merchant's to name in their words, or not."""
VOICES = (*LANGUAGES, *(code + INFORMAL for code in TWO_WAYS))


class Cell(NamedTuple):
    template: str
    voice: str

    def __str__(self) -> str:
        return f"{self.template}-{self.voice}"


def cells() -> Iterator[Cell]:
    yield from (Cell(name, voice) for name in wording.known() for voice in VOICES)


def made(shop: Shop, cell: Cell) -> Mail:
    mail = wording.known()[cell.template].show(shop, None, cell.voice, None)
    assert mail is not None
    return mail


def shown(html: str) -> str:
    """What a person reads of it."""
    bare = re.sub(r"<(style|title)>.*?</\1>|<[^>]*>", " ", html, flags=re.S)
    return even(unescape(bare))


def even(text: str) -> str:
    """With one plain space wherever there is any."""
    return re.sub(r"\s+", " ", text)


def links(html: str) -> set[str]:
    return {unescape(address) for address in re.findall(r'href="(https?://[^"]+)"', html)}


def written_out(text: str) -> set[str]:
    """Addresses in the form without HTML."""
    return {address.rstrip(".,)") for address in ADDRESS.findall(text)}


def dress(shop: Shop) -> None:
    """With all that a merchant can give a mail."""
    brand = {
        "logo": "https://lumen-goods.example/logo.png",
        "button": "#7a1f5c",
        "signature": "Mira of Lumen Goods",
        "address": "Lumen Goods Ltd\n1 Harbour Street, Berlin",
    }
    rules = {"on": [], "high_value": None, "long_lead": None, "community": COMMUNITY}
    with transaction():
        shop.email = "care@lumen-goods.example"
        shop.settings = shop.settings | {"brand": brand, "confirmation_rules": rules}
