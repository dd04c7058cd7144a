"""The new address as a buyer types it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shopify_app.changes import countries
from shopify_app.changes.countries import Country
from shopify_app.language import Language, words
from shopify_app.orders import facts

LONGEST = 255
"""Characters that Shopify takes in a field of an address."""
LONGEST_NOTE = 500
LABELS: Mapping[str, str] = {
    "first_name": words("First name"),
    "last_name": words("Last name"),
    "company": words("Company"),
    "address1": words("Street and number"),
    "address2": words("Floor, apartment and the like"),
    "zip": words("Post code"),
    "city": words("Town"),
    "province_code": words("Region"),
    "phone": words("Phone number for the carrier"),
}
"""In the order in which they are asked for; the country is not."""
AUTOCOMPLETE: Mapping[str, str] = {
    "first_name": "given-name",
    "last_name": "family-name",
    "company": "organization",
    "address1": "address-line1",
    "address2": "address-line2",
    "zip": "postal-code",
    "city": "address-level2",
    "province_code": "address-level1",
    "phone": "tel",
}

Address = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: str
    value: str
    autocomplete: str
    is_needed: bool
    choices: Mapping[str, str]
    """Value → what is read; empty for a field to type into."""
    error: str | None


def before(address: Mapping[str, Any]) -> Address:
    """The order's address as far as it can be corrected; who has only one name, has it as their last."""
    known = {name: address.get(name) or "" for name in (*LABELS, "country_code")}
    if not known["first_name"] and not known["last_name"]:
        known["last_name"] = address.get("name") or ""
    return known


def fields(shown: Mapping[str, str], old: Address, errors: Mapping[str, str], language: Language) -> list[Field]:
    """`shown`: what stands in the fields. A region can be chosen where the tables know the one that is there."""
    country = countries.country(old["country_code"])
    return [
        Field(
            name=name,
            label=language.t(label),
            value=shown.get(name, ""),
            autocomplete=AUTOCOMPLETE[name],
            is_needed=name in country.needed,
            choices=country.regions if name == "province_code" else {},
            error=errors.get(name),
        )
        for name, label in LABELS.items()
        if name != "province_code" or _has_choice(country, old)
    ]


def read(typed: Mapping[str, str], old: Address, language: Language) -> tuple[Address, dict[str, str]]:
    """What was typed, and what is wrong with it: field → sentence. The country, and a region that nobody could choose,
    stay as they were."""
    country = countries.country(old["country_code"])
    new = old | {name: clean(typed.get(name, "")) for name in LABELS if name != "province_code"}
    if _has_choice(country, old):
        new["province_code"] = clean(typed.get("province_code", ""))
    errors = {name: said for name in LABELS if (said := _wrong_with(name, new, old, country, language))}
    if not errors and new == old:
        errors["address1"] = language.t("Nothing is different from the address that we have.")
    return new, errors


def clean(text: str) -> str:
    """Without what nobody sees, and with single blanks."""
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf").strip()
    return " ".join(filter(None, seen.split(" ")))


def is_plain(text: str) -> bool:
    """Without control characters, which no label can hold."""
    return not any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in text)


def _has_choice(country: Country, old: Address) -> bool:
    return old["province_code"] in country.regions


def _wrong_with(name: str, new: Address, old: Address, country: Country, language: Language) -> str | None:
    value, t = new[name], language.t
    if not value:
        is_asked = name != "province_code" or _has_choice(country, old)
        return t("Please fill this in.") if is_asked and name in country.needed else None
    if len(value) > LONGEST:
        return t("This is too long for a label.")
    if not is_plain(value):
        return t("There is a character in it that no label can hold.")
    if name == "zip":
        return _wrong_zip(value, new, country, language)
    if name == "province_code" and _has_choice(country, old) and value not in country.regions:
        return t("Please choose one of these.")
    if name == "phone" and value != old["phone"] and facts.phone_key(value, country.code) is None:
        return t("This does not look like a phone number.")
    return None


def _wrong_zip(zip: str, new: Address, country: Country, language: Language) -> str | None:
    if not country.has_zip(zip):
        name = language.country(country.code)
        return language.t(
            "Post codes in {country} look different, for example {example}.", country=name, example=country.example
        )
    if new["province_code"] in country.regions and not country.zip_is_in(zip, new["province_code"]):
        return language.t("This post code does not belong to the region that you have chosen.")
    return None
