"""The real schema of the Customer Account API, and what it says about documents that speak it."""

import functools
import gzip
import json
import re
from typing import Any

import graphql
from graphql import FieldNode, TypeInfo, Visitor

from tests.setup import node
from tests.validators import admin_schema
from tests.validators.admin_schema import VERSION, Alternatives

SCOPE = re.compile(r"`(customer_(?:read|write)_(?!\w*authenticated)\w+)`")
"""Scopes of an app. What ends in "authenticated" says how far the buyer must be logged in, and nobody asks for it."""


@functools.cache
def published() -> dict[str, Any]:
    file = node.modules() / f"@shopify/dev-mcp/dist/data/customer_{VERSION}.json.gz"
    return json.loads(gzip.decompress(file.read_bytes()))


@functools.cache
def schema() -> graphql.GraphQLSchema:
    return graphql.build_client_schema(published()["data"], assume_valid=True)


def errors(document: str) -> list[str]:
    """What is wrong with a document: anything the schema does not know, and anything deprecated in it."""
    return admin_schema.errors(document, schema())


def needs(document: str) -> set[Alternatives]:
    """The scopes a valid document needs: one of each set."""
    tree, info = graphql.parse(document), TypeInfo(schema())
    seen: set[Alternatives] = set()

    class Visit(Visitor):
        def enter_field(self, field: FieldNode, *_: object) -> None:
            parent, answer = info.get_parent_type(), graphql.get_named_type(info.get_type())
            for name in ((parent.name, None), (parent.name, field.name.value), (answer.name, None)):
                if scopes := _access().get(name):
                    seen.add(scopes)

    graphql.visit(tree, graphql.TypeInfoVisitor(info, Visit()))
    return seen


@functools.cache
def _access() -> dict[tuple[str, str | None], Alternatives]:
    """Type, or type and field → scopes of which any one opens it."""
    found: dict[tuple[str, str | None], Alternatives] = {}
    for kind in published()["data"]["__schema"]["types"]:
        places = [(None, kind), *((field["name"], field) for field in kind.get("fields") or [])]
        for name, place in places:
            if scopes := frozenset(SCOPE.findall(place.get("requiredAccess") or "")):
                found[kind["name"], name] = scopes
    return found
