"""What a product tells of itself in metafields, as a page shows it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from shopify_app.addresses import web
from shopify_app.language import Language
from shopify_app.orders.models import Product
from shopify_app.shopify.models import Shop

SETTING = "product_fields"
"""Key of the shop's setting: {"specs": [names], "guide": [names]}; a name as in "custom.material", or "specs.*"."""
SPECS = ("specs.*", "custom.specifications", "custom.material", "custom.dimensions", "custom.weight")
GUIDE = ("custom.user_guide", "custom.guide", "custom.manual", "descriptors.care_guide")
"""Where merchants keep these as a rule; the last is Shopify's own standard."""


class Field(NamedTuple):
    name: str
    texts: Sequence[str]
    """Paragraphs, or the parts of a list; one for most."""
    url: str | None
    """Of a file or a page."""


def specs(shop: Shop, product: Product | None, language: Language) -> Sequence[Field]:
    """In the order of the setting; those without content are left out."""
    return list(_shown(product, shop.settings.get(SETTING, {}).get("specs", SPECS), language))


def guide(shop: Shop, product: Product | None, language: Language) -> Field | None:
    """The first that has content."""
    return next(_shown(product, shop.settings.get(SETTING, {}).get("guide", GUIDE), language), None)


def _shown(product: Product | None, wanted: Sequence[str], language: Language) -> Iterator[Field]:
    fields: Sequence[Mapping[str, Any]] = (product.fields if product else None) or ()
    told = [one for name in wanted for one in fields if _is_named(one["key"], name)]
    for one in told:
        texts = [text for text in _texts(one["type"], one["value"] or "", language) if text]
        url = web(one["url"] or (one["value"] if one["type"] == "url" else None))
        if texts or url:
            yield Field(one["name"], texts, url)


def _is_named(key: str, name: str) -> bool:
    return key.startswith(name.removesuffix("*")) if name.endswith(".*") else key == name


def _texts(kind: str, value: str, language: Language) -> Sequence[str]:
    """A value in Shopify's form. What cannot be read as what it says it is, is not shown."""
    try:
        if kind.startswith("list."):
            return [text for one in json.loads(value) for text in _single(kind[5:], one, language)]
        return _single(kind, value, language)
    except (ValueError, TypeError, KeyError, AttributeError):
        return ()


def _single(kind: str, value: Any, language: Language) -> Sequence[str]:
    match kind:
        case "dimension" | "weight" | "volume" | "rating":
            told = json.loads(value) if isinstance(value, str) else value
            return [f"{language.number(told['value'])} {_unit(told)}".strip()]
        case "number_integer" | "number_decimal":
            return [language.number(value)]
        case "boolean":
            return [language.t("Yes") if str(value).lower() == "true" else language.t("No")]
        case "rich_text_field":
            return [_plain(block) for block in _blocks(json.loads(value))]
        case "multi_line_text_field":
            return [line.strip() for line in str(value).splitlines()]
        case "single_line_text_field" | "date":
            return [str(value).strip()]
        case _:
            return ()


UNITS = {
    "mm": "mm", "cm": "cm", "m": "m", "in": "in", "ft": "ft", "yd": "yd",
    "g": "g", "kg": "kg", "oz": "oz", "lb": "lb",
    "ml": "ml", "cl": "cl", "l": "l", "m3": "m³", "us_fl_oz": "fl oz", "us_gal": "gal",
    "millimeters": "mm", "centimeters": "cm", "meters": "m", "inches": "in", "feet": "ft", "yards": "yd",
    "grams": "g", "kilograms": "kg", "ounces": "oz", "pounds": "lb",
    "milliliters": "ml", "centiliters": "cl", "liters": "l",
}  # fmt: skip


def _unit(told: Mapping[str, Any]) -> str:
    if "scale_max" in told:
        return f"/ {told['scale_max']}"
    unit = str(told.get("unit") or "").lower()
    return UNITS.get(unit, unit)


def _blocks(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Paragraphs, headings and parts of lists, in reading order."""
    if node.get("type") in ("paragraph", "heading", "list-item"):
        yield node
        return
    for child in node.get("children", ()):
        yield from _blocks(child)


def _plain(node: Mapping[str, Any]) -> str:
    return str(node.get("value") or "") + "".join(_plain(child) for child in node.get("children", ()))
