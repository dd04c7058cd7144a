"""What one feature says on the pages and in the mails of others, so that a number stands in one place.

A text that holds {returns} gets there what the feature says that gave itself this word.
"""

from collections.abc import Callable
from datetime import datetime

from shopify_app.language import Language
from shopify_app.shopify.models import Shop

Saying = Callable[[Shop, datetime, Language], str]
"""Of an order that was placed at this moment: what holds may have changed since."""

_sayings: dict[str, Saying] = {}


def says(word: str) -> Callable[[Saying], Saying]:
    """Marks the function that knows what {word} stands for."""

    def known(function: Saying) -> Saying:
        _sayings[word] = function
        return function

    return known


def filled(text: str, shop: Shop, placed_at: datetime, language: Language) -> str:
    """Braces around any other word stay as they are: merchants write these texts."""
    for word, saying in _sayings.items():
        mark = f"{{{word}}}"
        if mark in text:
            text = text.replace(mark, saying(shop, placed_at, language))
    return text
