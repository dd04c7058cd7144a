"""The store's GraphQL is a strict subset of Shopify's: what is valid here is valid there, and means the same."""

import gzip
import json
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

from devstore.graphql.access import NEEDS
from devstore.graphql.http import SCHEMA

ROOT = Path(__file__).parents[2]
DATA = ROOT / "node_modules/@shopify/dev-mcp/dist/data/admin_2026-10.json.gz"


@pytest.fixture(scope="module")
def introspection() -> dict[str, Any]:
    assert DATA.exists(), "run `npm ci` first: Shopify's real schema lies in @shopify/dev-mcp"
    data: dict[str, Any] = json.loads(gzip.decompress(DATA.read_bytes()))["data"]
    return data


@pytest.fixture(scope="module")
def real(introspection: dict[str, Any]) -> GraphQLSchema:
    return build_client_schema(introspection)  # type: ignore[arg-type]


def ours() -> list[Any]:
    return [kind for name, kind in sorted(SCHEMA.type_map.items()) if not name.startswith("__")]


def default(given: GraphQLArgument | GraphQLInputField) -> str | None:
    """What holds when nothing is given, as it is written; None where nothing holds."""
    return print_ast(given.default.literal) if given.default and given.default.literal else None


def test_every_type_exists_and_is_of_the_same_kind(real: GraphQLSchema) -> None:
    for kind in ours():
        assert type(real.type_map.get(kind.name)) is type(kind), kind.name


def test_every_field_has_the_same_type_and_arguments_and_is_not_deprecated(real: GraphQLSchema) -> None:
    for kind in ours():
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            continue
        theirs = real.type_map[kind.name].fields  # type: ignore[attr-defined]
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


def test_every_interface_of_a_type_is_one_of_its_real_ones(real: GraphQLSchema) -> None:
    for kind in ours():
        if isinstance(kind, GraphQLObjectType):
            theirs = {each.name for each in real.type_map[kind.name].interfaces}  # type: ignore[attr-defined]
            assert {each.name for each in kind.interfaces} <= theirs, kind.name


def test_every_enum_value_exists_and_is_not_deprecated(real: GraphQLSchema) -> None:
    for kind in ours():
        if isinstance(kind, GraphQLEnumType):
            theirs = real.type_map[kind.name].values  # type: ignore[attr-defined]
            for name in kind.values:
                assert name in theirs and theirs[name].deprecation_reason is None, f"{kind.name}.{name}"


def test_every_input_field_exists_and_none_that_is_required_is_missing(real: GraphQLSchema) -> None:
    for kind in ours():
        if isinstance(kind, GraphQLInputObjectType):
            theirs = real.type_map[kind.name].fields  # type: ignore[attr-defined]
            for name, field in kind.fields.items():
                mine, there = (str(field.type), default(field)), (str(theirs[name].type), default(theirs[name]))
                assert mine == there, f"{kind.name}.{name}"
            required = {name for name, field in theirs.items() if str(field.type).endswith("!")}
            assert required <= kind.fields.keys(), kind.name


def test_every_scope_that_opens_a_type_is_one_that_shopify_names(introspection: dict[str, Any]) -> None:
    required = {kind["name"]: kind.get("requiredAccess") or "" for kind in introspection["__schema"]["types"]}
    for name, scopes in NEEDS.items():
        assert all(f"`{scope}`" in required[name] for scope in scopes), name


def test_no_type_that_shopify_guards_is_open_here(introspection: dict[str, Any]) -> None:
    for kind in introspection["__schema"]["types"]:
        if kind["name"] in SCHEMA.type_map and "access scope" in (kind.get("requiredAccess") or ""):
            assert kind["name"] in NEEDS, kind["name"]
