"""What all mails of a shop have in common: its logo, colours, font, address and signature."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from shopify_app.addresses import web
from shopify_app.language import words
from shopify_app.shopify.models import Shop

SETTING = "brand"
"""Key of the shop's setting: a Brand's fields."""
COLOUR = re.compile(r"#[0-9a-f]{6}")
FONTS: Mapping[str, str] = MappingProxyType(
    {
        "system": '-apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif',
        "arial": "Arial, Helvetica, sans-serif",
        "verdana": "Verdana, Geneva, sans-serif",
        "trebuchet": '"Trebuchet MS", Tahoma, sans-serif',
        "georgia": 'Georgia, "Times New Roman", serif',
        "times": '"Times New Roman", Times, serif',
    }
)
"""Those that are on nearly every machine: mail programs load none."""
PAPER, NIGHT, WHITE = "#ffffff", "#1d2025", "#ffffff"
"""The letter's ground by day and in the dark (templates/mail.html)."""
READABLE = 4.5
"""Contrast of text, by WCAG 2.2, 1.4.3, level AA."""
VISIBLE = 3.0
"""Contrast of a shape, by WCAG 2.2, 1.4.11."""
LONGEST = 500
"""Signs of the address and of the signature."""


@dataclass(frozen=True, slots=True)
class Brand:
    logo: str = ""
    """Address of a picture; none: the shop's name stands there."""
    logo_width: int = 160
    """Pixels."""
    button: str = "#17191d"
    button_text: str = "#ffffff"
    link: str = "#0b57a4"
    font: str = "system"
    address: str = ""
    signature: str = ""

    @property
    def fonts(self) -> str:
        return FONTS[self.font]

    @property
    def night_button(self) -> tuple[str, str]:
        """Ground and text in the dark: the other way round where the ground would be lost in it."""
        is_seen = contrast(self.button, NIGHT) >= VISIBLE
        return (self.button, self.button_text) if is_seen else (self.button_text, self.button)

    @property
    def night_link(self) -> str:
        """As much lighter as it takes to be read in the dark."""
        shades = (mixed(self.link, WHITE, share / 10) for share in range(11))
        return next(shade for shade in shades if contrast(shade, NIGHT) >= READABLE)


class Unclear(Exception):
    """Something typed cannot be used: `errors` says what to mend, by the form's field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


def of(shop: Shop) -> Brand:
    return Brand(**(shop.settings or {}).get(SETTING, {}))


def kept(brand: Brand) -> dict[str, Any]:
    return asdict(brand)


def read(form: Mapping[str, str], before: Brand) -> Brand:
    """What a form says; what it leaves out is as before. Raises Unclear."""
    typed = {name: form.get(name, str(value)).strip() for name, value in asdict(before).items()}
    typed |= {name: typed[name].lower() for name in ("button", "button_text", "link")}
    errors = _unusable(typed) or _unreadable(typed)
    if errors:
        raise Unclear(errors)
    changed: dict[str, Any] = typed | {"logo_width": int(typed["logo_width"])}
    return Brand(**changed)


def _unusable(typed: Mapping[str, str]) -> dict[str, str]:
    errors = {
        name: words("Please write a colour as in #1a2b3c.")
        for name in ("button", "button_text", "link")
        if not COLOUR.fullmatch(typed[name])
    }
    if typed["logo"] and not (web(typed["logo"]) and typed["logo"].startswith("https://")):
        errors["logo"] = words("This is no address of a picture: it begins with https://.")
    if not (
        typed["logo_width"].isdecimal() and typed["logo_width"].isascii() and 40 <= int(typed["logo_width"]) <= 320
    ):
        errors["logo_width"] = words("Please enter a whole number from 40 to 320.")
    if typed["font"] not in FONTS:
        errors["font"] = words("Please choose one of the fonts.")
    for name in ("address", "signature"):
        if len(typed[name]) > LONGEST:
            errors[name] = words("This is too long: 500 characters at most.")
    return errors


def _unreadable(typed: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    if contrast(typed["button_text"], typed["button"]) < READABLE:
        errors["button_text"] = words("The text of the button cannot be read well on its colour.")
    if contrast(typed["link"], PAPER) < READABLE:
        errors["link"] = words("This colour cannot be read well on white.")
    return errors


def contrast(one: str, other: str) -> float:
    """From 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """`share` of the other colour in it, from 0 to 1."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
