"""Shopify's reasons in the buyer's language. Shopify names them in the shop's; the handle is what never changes."""

from collections.abc import Mapping

from shopify_app.language import Language, words
from shopify_app.returns.basket import Reason

NAMES: Mapping[str, str] = {
    "arrived-late": words("Arrived too late"),
    "changed-my-mind": words("I changed my mind"),
    "color": words("The colour"),
    "color-too-bright": words("The colour is too bright"),
    "comfort": words("Not comfortable"),
    "damaged": words("Arrived damaged"),
    "arrived-damaged": words("Arrived damaged"),
    "defective": words("Does not work"),
    "missing-parts": words("Parts are missing"),
    "not-as-described": words("Not as described"),
    "other": words("Something else"),
    "quality": words("The quality"),
    "style": words("I do not like the style"),
    "too-large": words("Too large"),
    "too-small": words("Too small"),
    "too-tight": words("Too tight"),
    "unwanted": words("I changed my mind"),
    "wrong-item": words("The wrong item came"),
}
"""Those that shops of all kinds have; any other is called as Shopify calls it."""


def named(reason: Reason, language: Language) -> str:
    known = NAMES.get(reason.handle)
    return language.t(known) if known else reason.name
