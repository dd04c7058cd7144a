"""The real Admin schema, as Shopify publishes it in @shopify/dev-mcp, and what it says about documents and topics."""

import functools
import gzip
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import graphql
from graphql import ArgumentNode, EnumValueNode, FieldNode, ObjectFieldNode, StringValueNode, TypeInfo, Visitor

from tests.setup import node

VERSION = "2026-10"
Alternatives = frozenset[str]
"""Access scopes of which any one is enough."""


class NothingDeprecated(graphql.ValidationRule):
    """graphql-core brings such a rule, but it breaks on deprecated arguments of a schema made by introspection."""

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self._judge(node, self.context.get_field_def())

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        self._judge(node, self.context.get_argument())

    def enter_object_field(self, node: ObjectFieldNode, *_: object) -> None:
        owner = graphql.get_named_type(self.context.get_parent_input_type())
        self._judge(node, getattr(owner, "fields", {}).get(node.name.value))

    def enter_enum_value(self, node: EnumValueNode, *_: object) -> None:
        self._judge(node, self.context.get_enum_value())

    def _judge(self, node: Any, definition: Any) -> None:
        if definition is not None and definition.deprecation_reason is not None:
            name = node.value if isinstance(node, EnumValueNode) else node.name.value
            self.report_error(graphql.GraphQLError(f"{name} is deprecated: {definition.deprecation_reason}", node))


@functools.cache
def published() -> dict[str, Any]:
    """The file itself: `data` is an introspection, `offline_scopes` says which scopes each type and field wants."""
    file = node.modules() / f"@shopify/dev-mcp/dist/data/admin_{VERSION}.json.gz"
    return json.loads(gzip.decompress(file.read_bytes()))


@functools.cache
def schema() -> graphql.GraphQLSchema:
    """Shopify's introspection does not pass every rule of the specification, so it is taken as it is."""
    return graphql.build_client_schema(published()["data"], assume_valid=True)


def errors(document: str, real: graphql.GraphQLSchema | None = None) -> list[str]:
    """What is wrong with a document: anything the schema does not know, and anything deprecated in it.

    real: another schema than that of the Admin API.
    """
    real = real or schema()
    try:
        tree = graphql.parse(document)
    except graphql.GraphQLSyntaxError as error:
        return [error.message]
    inner = [error for text in _bulk_queries(tree) for error in errors(text, real)]
    rules = (*graphql.specified_rules, NothingDeprecated)
    return [error.message for error in graphql.validate(real, tree, rules)] + inner


def needs(document: str) -> set[Alternatives]:
    """The scopes a valid document needs: one of each set."""
    tree = graphql.parse(document)
    info = TypeInfo(schema())
    seen: set[Alternatives] = set()

    class Visit(Visitor):
        def enter_field(self, field: FieldNode, *_: object) -> None:
            parent, answer = info.get_parent_type(), graphql.get_named_type(info.get_type())
            names = [(parent.name, None), (parent.name, field.name.value), (answer.name, None)]
            seen.update(*(_access().get(name, ()) for name in names))

    graphql.visit(tree, graphql.TypeInfoVisitor(info, Visit()))
    return seen.union(*(needs(text) for text in _bulk_queries(tree)))


def topics() -> dict[str, set[Alternatives]]:
    """Every webhook topic and the scopes it needs, as the enum's own descriptions tell."""
    enum = schema().get_type("WebhookSubscriptionTopic")
    return dict(_topic(" ".join(value.description.split())) for value in enum.values.values())


def unmet(needed: Iterable[Alternatives], granted: set[str]) -> set[Alternatives]:
    """What is still missing; a write scope brings its read scope along."""
    reach = granted | {scope.replace("write_", "read_", 1) for scope in granted if scope.startswith("write_")}
    return {alternatives for alternatives in needed if not alternatives & reach}


def unneeded(needed: Iterable[Alternatives], granted: set[str]) -> set[str]:
    """Scopes that could go without leaving anything unmet."""
    needed = set(needed)
    return {scope for scope in granted if not unmet(needed, granted - {scope})}


@functools.cache
def _access() -> dict[tuple[str, str | None], set[Alternatives]]:
    rows = published()["offline_scopes"]["items"]
    return {(row["typeName"], row.get("fieldName")): set(_groups(row)) for row in rows}


def _groups(row: dict[str, Any]) -> Iterator[Alternatives]:
    """A row's sentence names alternatives; these three phrases stand between what is wanted besides. What only some
    arguments want ("the app must have … to …") is none of ours: we do not use them.
    """
    wanted = re.sub(r"The app must have the `\w+` access scope to [^.]*\.", "", row["requiredAccess"])
    for part in re.split(r"Also:|as well as| and \(", wanted):
        if alternatives := frozenset(row["offlineScopes"]).intersection(re.findall(r"`(\w+)`", part)):
            yield alternatives


def _topic(description: str) -> tuple[str, set[Alternatives]]:
    """ "The webhook topic for `orders/create` events. ... Requires at least one of the following scopes: a, b."."""
    name = re.search(r"for `([a-z_./]+)` events", description)
    wanted = re.search(r"Requires (?:the|at least one).*$", description)
    scopes = re.findall(r"\bread_\w+", wanted[0]) if wanted else []
    return name[1], {frozenset(scopes)} if scopes else set()


def _bulk_queries(tree: graphql.DocumentNode) -> list[str]:
    """Documents inside documents: a bulk query travels as a text."""
    found: list[str] = []

    class Visit(Visitor):
        def enter_field(self, field: FieldNode, *_: object) -> None:
            if field.name.value.startswith("bulkOperationRun"):
                values = (
                    argument.value for argument in field.arguments if argument.name.value in ("query", "mutation")
                )
                found.extend(value.value for value in values if isinstance(value, StringValueNode))

    graphql.visit(tree, Visit())
    return found
