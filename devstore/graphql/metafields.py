"""Mutations of metafields, as far as Shopify's standard ones of a product's rating go."""

import json
import re
from typing import Any

from devstore import deeds
from devstore.graphql import access
from devstore.graphql.caller import Info, caller
from devstore.graphql.catalogue import one
from devstore.graphql.parts import parse_gid
from devstore.records import Product

WRITE = ("write_products",)
"""Whoever may write the owner may write its metafields."""
MOST = 25
STANDARD = {
    ("reviews", "rating"): ("rating", "Rating"),
    ("reviews", "rating_count"): ("number_integer", "Rating count"),
}
"""Namespace and key → type and name, by Shopify's list of standard definitions."""
DECIMAL = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,9})?")

Given = dict[str, Any]


def set_(info: Info, metafields: list[Given]) -> Given:
    """metafieldsSet: all of them, or none."""
    access.check(caller(info), WRITE, "metafieldsSet")
    if len(metafields) > MOST:
        said = f"Exceeded the maximum metafields input limit of {MOST}."
        problem = _error(None, "metafields", said, "LESS_THAN_OR_EQUAL_TO")
        return {"metafields": None, "userErrors": [problem]}
    problems = [found for place, given in enumerate(metafields) if (found := _wrong_with(info, place, given))]
    if problems:
        return {"metafields": None, "userErrors": problems}
    names = ("namespace", "key", "type", "value")
    pairs = [(owner, [given[name] for name in names]) for given in metafields if (owner := _owner(info, given))]
    made = [deeds.set_metafield(caller(info).state, owner, *values) for owner, values in pairs]
    return {"metafields": made, "userErrors": []}


def delete(info: Info, metafields: list[Given]) -> Given:
    """metafieldsDelete: null for each that is not there."""
    access.check(caller(info), WRITE, "metafieldsDelete")
    return {"deletedMetafields": [given if _drop(info, given) else None for given in metafields], "userErrors": []}


def _drop(info: Info, given: Given) -> bool:
    owner = _owner(info, given)
    return owner is not None and deeds.drop_metafield(caller(info).state, owner, given["namespace"], given["key"])


def enable(info: Info, *, ownerType: str, namespace: str | None = None, key: str | None = None) -> Given:  # noqa: N803
    """standardMetafieldDefinitionEnable: once for each shop."""
    who, name = caller(info), f"{namespace}.{key}"
    access.check(who, WRITE, "standardMetafieldDefinitionEnable")
    if (namespace, key) not in STANDARD:
        return _not_enabled("A standard definition was not found for the specified owner type.", "TEMPLATE_NOT_FOUND")
    if name in who.shop.definitions:
        return _not_enabled("Key is in use for Product metafields on the 'reviews' namespace.", "TAKEN")
    number = deeds.define(who.state, who.shop.domain, name)
    gid = f"gid://shopify/MetafieldDefinition/{number}"
    return {"createdDefinition": {"id": gid, "name": STANDARD[namespace or "", key or ""][1]}, "userErrors": []}


def _not_enabled(message: str, code: str) -> Given:
    return {"createdDefinition": None, "userErrors": [_error(None, "key", message, code)]}


def _owner(info: Info, given: Given) -> Product | None:
    kind, number = parse_gid(given["ownerId"])
    return one(info, number) if kind == "Product" else None


def _wrong_with(info: Info, place: int, given: Given) -> Given | None:
    if _owner(info, given) is None:
        return _error(place, "ownerId", "Owner does not exist.", "INVALID")
    kind = given.get("type") or ""
    standard = STANDARD.get((given.get("namespace") or "", given["key"]))
    if standard and kind != standard[0]:
        said = f"Type must be consistent with the definition's type: {standard[0]}."
        return _error(place, "type", said, "INVALID_TYPE")
    if problem := _unfit(kind, given["value"]):
        return _error(place, "value", problem, "INVALID_VALUE")
    return None


def _unfit(kind: str, value: str) -> str | None:
    if kind == "number_integer":
        return None if re.fullmatch(r"-?[0-9]{1,16}", value) else "Value must be an integer."
    return _unfit_rating(value) if kind == "rating" else None


def _unfit_rating(value: str) -> str | None:
    """A text of JSON with three numbers, each a text; the value lies within its scale."""
    try:
        told = json.loads(value)
    except ValueError:
        return "Value is invalid JSON."
    names = {"value", "scale_min", "scale_max"}
    if not isinstance(told, dict) or set(told) != names:
        return "Value must have value, scale_min and scale_max."
    if not all(isinstance(told[name], str) and DECIMAL.fullmatch(told[name]) for name in names):
        return "Value must hold decimals as strings."
    least, rated, most = (float(told[name]) for name in ("scale_min", "value", "scale_max"))
    return None if least <= rated <= most else "Value must be within the scale."


def _error(place: int | None, field: str, message: str, code: str) -> Given:
    path = ["metafields", *([str(place)] if place is not None else []), field]
    return {"field": path, "message": message, "code": code, "elementIndex": place}
