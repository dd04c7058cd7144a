"""An address as it stands on a parcel."""

from collections.abc import Mapping
from typing import Any

from shopify_app.language import Language

TOWN_FIRST = {"AU", "CA", "GB", "IE", "IN", "NZ", "US"}
"""Countries that write the town before the post code."""


def lines(address: Mapping[str, Any] | None, language: Language) -> list[str]:
    """`address`: in Shopify's words, as an order's person has it; empty when Shopify told us none."""
    parts = address or {}
    code = parts.get("country_code")
    name = parts.get("name") or " ".join(filter(None, (parts.get("first_name"), parts.get("last_name"))))
    region = parts.get("province_code") or parts.get("province")
    town = (
        [parts.get("city"), region, parts.get("zip")] if code in TOWN_FIRST else [parts.get("zip"), parts.get("city")]
    )
    country = language.country(code) if code else parts.get("country")
    written = [
        name,
        *(parts.get(key) for key in ("company", "address1", "address2")),
        " ".join(filter(None, town)),
        country,
    ]
    return [str(line) for line in written if line]
