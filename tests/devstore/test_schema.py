"""What the store answers to staff and to customers is a strict subset of Shopify's own schemas: what is valid here is
valid there, and means the same.
"""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_client_schema,
    print_ast,
)

from devstore.customer_api import access as customer_access
from devstore.customer_api.http import SCHEMA as CUSTOMER
from devstore.graphql import access as admin_access
from devstore.graphql.http import SCHEMA as ADMIN

ROOT = Path(__file__).parents[2]
DATA = ROOT / "node_modules/@shopify/dev-mcp/dist/data"


@dataclass(frozen=True)
class Pair:
    """A schema of the store, which scopes it asks for, and the same as Shopify publishes it."""

    ours: GraphQLSchema
    needs: dict[str, tuple[str, ...]]
    introspection: dict[str, Any]
    real: GraphQLSchema

    def kinds(self) -> list[Any]:
        return [kind for name, kind in sorted(self.ours.type_map.items()) if not name.startswith("__")]


@pytest.fixture(scope="module", params=["admin", "customer"])
def pair(request: pytest.FixtureRequest) -> Pair:
    file = DATA / f"{request.param}_2026-10.json.gz"
    assert file.exists(), "run `npm ci` first: Shopify's real schemas lie in @shopify/dev-mcp"
    data = json.loads(gzip.decompress(file.read_bytes()))["data"]
    ours, needs = {"admin": (ADMIN, admin_access.NEEDS), "customer": (CUSTOMER, customer_access.NEEDS)}[request.param]
    return Pair(ours, needs, data, build_client_schema(data))


def default(given: GraphQLArgument | GraphQLInputField) -> str:
    """What holds when nothing is given, as it is written."""
    return print_ast(given.default.literal) if given.default and given.default.literal else "null"


def test_every_type_exists_and_is_of_the_same_kind(pair: Pair) -> None:
    for kind in pair.kinds():
        assert type(pair.real.type_map.get(kind.name)) is type(kind), kind.name


def test_every_field_has_the_same_type_and_arguments_and_is_not_deprecated(pair: Pair) -> None:
    for kind in pair.kinds():
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            continue
        theirs = pair.real.type_map[kind.name].fields  # type: ignore[attr-defined]
        for name, field in kind.fields.items():
            assert name in theirs, f"{kind.name}.{name}"
            assert str(field.type) == str(theirs[name].type), f"{kind.name}.{name}"
            assert theirs[name].deprecation_reason is None, f"{kind.name}.{name} is deprecated"
            for word, argument in field.args.items():
                wanted = theirs[name].args.get(word)
                assert wanted is not None, f"{kind.name}.{name}({word})"
                mine, there = (str(argument.type), default(argument)), (str(wanted.type), default(wanted))
                assert mine == there, f"{kind.name}.{name}({word})"
            required = {word for word, argument in theirs[name].args.items() if str(argument.type).endswith("!")}
            assert required <= field.args.keys(), f"{kind.name}.{name} lacks required arguments"


def test_every_interface_of_a_type_is_one_of_its_real_ones(pair: Pair) -> None:
    for kind in pair.kinds():
        if isinstance(kind, GraphQLObjectType):
            theirs = {each.name for each in pair.real.type_map[kind.name].interfaces}  # type: ignore[attr-defined]
            assert {each.name for each in kind.interfaces} <= theirs, kind.name


def test_every_enum_value_exists_and_is_not_deprecated(pair: Pair) -> None:
    for kind in pair.kinds():
        if isinstance(kind, GraphQLEnumType):
            theirs = pair.real.type_map[kind.name].values  # type: ignore[attr-defined]
            for name in kind.values:
                assert name in theirs and theirs[name].deprecation_reason is None, f"{kind.name}.{name}"


def test_every_input_field_exists_and_none_that_is_required_is_missing(pair: Pair) -> None:
    for kind in pair.kinds():
        if isinstance(kind, GraphQLInputObjectType):
            theirs = pair.real.type_map[kind.name].fields  # type: ignore[attr-defined]
            for name, field in kind.fields.items():
                mine, there = (str(field.type), default(field)), (str(theirs[name].type), default(theirs[name]))
                assert mine == there, f"{kind.name}.{name}"
            required = {name for name, field in theirs.items() if str(field.type).endswith("!")}
            assert required <= kind.fields.keys(), kind.name


def test_every_scope_that_opens_a_type_is_one_that_shopify_names(pair: Pair) -> None:
    required = {kind["name"]: kind.get("requiredAccess") or "" for kind in pair.introspection["__schema"]["types"]}
    for name, scopes in pair.needs.items():
        assert all(f"`{scope}`" in required[name] for scope in scopes), name


def test_no_type_that_shopify_guards_is_open_here(pair: Pair) -> None:
    for kind in pair.introspection["__schema"]["types"]:
        if kind["name"] in pair.ours.type_map and "access scope" in (kind.get("requiredAccess") or ""):
            assert kind["name"] in pair.needs, kind["name"]
