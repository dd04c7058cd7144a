"""Bulk queries: checked as Shopify checks them, run in the background, their result one JSON object a line."""

import json
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    execute_sync,
    get_named_type,
)

from devstore.faults import Faults
from devstore.graphql import documents
from devstore.graphql.caller import Caller, Info, caller, refuse
from devstore.graphql.connections import connect
from devstore.graphql.parts import parse_gid
from devstore.records import BulkOperation
from devstore.state import State

AT_ONCE = 5
MOST_CONNECTIONS = 5
MOST_NESTING = 2
URL_LIFE = timedelta(days=7)
RUNNING = ("CREATED", "RUNNING", "CANCELING")

Failed = dict[str, Any]


def one(info: Info, id: int) -> BulkOperation | None:
    operation = caller(info).state.bulk_operations.get(id)
    return operation if operation is not None and operation.shop == caller(info).shop.domain else None


def find(info: Info, page: dict[str, Any]) -> dict[str, Any]:
    """bulkOperations: newest last, unless reversed. The query filter is not played."""
    who = caller(info)
    if page.get("query"):
        raise refuse("the store on this machine does not filter bulk operations", "BAD_REQUEST")
    kept = who.state.bulk_operations.of(who.shop.domain)
    by_end = page["sortKey"] == "COMPLETED_AT"
    return connect(kept, who, page, lambda o: (o.completed_at if by_end else None) or o.created_at)


def run_query(info: Info, query: str, groupObjects: bool) -> dict[str, Any]:  # noqa: N803, Shopify's name
    """bulkOperationRunQuery: userErrors for what Shopify refuses, otherwise an operation that runs by itself."""
    who = caller(info)
    if who.online:
        raise refuse("Bulk operations need an offline access token.", "ACCESS_DENIED")
    problem = wrong_with(info.schema, query)
    if problem is None and len(_running(who.state, who.shop.domain)) >= AT_ONCE:
        problem = {"field": None, "message": "Too many bulk operations run already.", "code": "LIMIT_REACHED"}
    if problem is not None:
        return {"bulkOperation": None, "userErrors": [problem]}
    with who.state.changing() as change:
        operation = BulkOperation(
            id=who.state.new_id(),
            shop=who.shop.domain,
            key=secrets.token_urlsafe(16),
            query=query,
            status="CREATED",
            created_at=change.at,
        )
        change.touch(operation)
    who.start_bulk(operation, groupObjects)
    return {"bulkOperation": operation, "userErrors": []}


def cancel(info: Info, id: str) -> dict[str, Any]:
    operation = one(info, parse_gid(id)[1])
    if operation is None:
        return {"bulkOperation": None, "userErrors": [{"field": ["id"], "message": "Bulk operation does not exist"}]}
    if operation.status in RUNNING:
        with caller(info).state.changing() as change:
            operation.status = "CANCELING"
            change.touch(operation)
    return {"bulkOperation": operation, "userErrors": []}


def abandon(state: State) -> None:
    """The store was stopped while operations ran: they have failed."""
    for shop in state.shops:
        for operation in _running(state, shop):
            _finish(state, operation, "FAILED", error_code="INTERNAL_SERVER_ERROR")


def wrong_with(schema: GraphQLSchema, query: str) -> Failed | None:
    """The userError for a query that cannot run in bulk; None for a good one."""
    try:
        document = documents.read(schema, query)
    except documents.Wrong as wrong:
        return _invalid(f"Invalid bulk query: {wrong}")
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].operation != OperationType.QUERY or schema.query_type is None:
        return _invalid("A bulk query must be one query.")
    found = list(_connections(schema.query_type, operations[0], _Walk(schema, fragments)))
    message = next((place.problem for place in found if place.problem), None) or _too_much(found)
    return _invalid(message) if message else None


@dataclass(frozen=True)
class _Walk:
    """How one got to a field: depth of connections around it, whether a plain list lies between, its node's id."""

    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    depth: int = 0
    in_list: bool = False
    has_id: bool = True


@dataclass(frozen=True)
class _Place:
    depth: int
    problem: str | None


def _too_much(found: list[_Place]) -> str | None:
    if not found:
        return "Bulk queries must contain at least one connection."
    if len(found) > MOST_CONNECTIONS:
        return f"Bulk queries cannot contain more than {MOST_CONNECTIONS} connections."
    if max(place.depth for place in found) > MOST_NESTING + 1:
        return f"Bulk queries cannot contain connections with a nesting depth greater than {MOST_NESTING}."
    return None


def _connections(kind: GraphQLObjectType, node: Any, walk: _Walk) -> Iterator[_Place]:
    """Every connection below a node of the document, with what is wrong about its place."""
    for inner_kind, field in _fields(kind, node, walk):
        given = inner_kind.fields[field.name.value].type
        named = get_named_type(given)
        if walk.depth == 0 and field.name.value in ("node", "nodes"):
            yield _Place(0, "Bulk queries cannot contain a top level `node` or `nodes` field.")
        elif not isinstance(named, GraphQLObjectType):
            continue
        elif named.name.endswith("Connection"):
            yield _Place(walk.depth + 1, _misplaced(walk))
            yield from _connections(named, field, _Walk(walk.schema, walk.fragments, walk.depth + 1))
        else:
            is_node = field.name.value in ("node", "nodes") and kind.name.endswith(("Edge", "Connection"))
            has_id = _selects_id(named, field, walk) if is_node else walk.has_id
            in_list = not kind.name.endswith("Connection") and (walk.in_list or _is_list(given))
            yield from _connections(named, field, _Walk(walk.schema, walk.fragments, walk.depth, in_list, has_id))


def _misplaced(walk: _Walk) -> str | None:
    if walk.in_list:
        return "Queries that contain a connection field within a list field are not currently supported."
    if not walk.has_id:
        return (
            "The parent 'node' field for a nested connection must select the 'id' field without an alias "
            "and must be of 'ID' return type."
        )
    return None


def _fields(kind: GraphQLObjectType, node: Any, walk: _Walk) -> Iterator[tuple[GraphQLObjectType, FieldNode]]:
    for each in node.selection_set.selections if node.selection_set else []:
        if isinstance(each, FieldNode):
            if not each.name.value.startswith("__"):
                yield kind, each
        elif isinstance(each, FragmentSpreadNode):
            yield from _fields(kind, walk.fragments[each.name.value], walk)
        elif isinstance(each, InlineFragmentNode):
            name = each.type_condition.name.value if each.type_condition else kind.name
            inner = walk.schema.get_type(name)
            yield from _fields(inner if isinstance(inner, GraphQLObjectType) else kind, each, walk)


def _selects_id(kind: GraphQLObjectType, node: FieldNode, walk: _Walk) -> bool:
    return any(field.name.value == "id" and field.alias is None for _, field in _fields(kind, node, walk))


def _is_list(kind: Any) -> bool:
    return isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)


def _invalid(message: str) -> Failed:
    return {"field": ["query"], "message": message, "code": "INVALID"}


def _running(state: State, shop: str) -> list[BulkOperation]:
    return [operation for operation in state.bulk_operations.of(shop) if operation.status in RUNNING]


def start(schema: GraphQLSchema, who: Caller, faults: Faults, operation: BulkOperation, grouped: bool) -> None:
    """Run it in a thread of its own."""
    arguments = (schema, who, faults, operation, grouped)
    threading.Thread(target=_run, args=arguments, name=f"bulk-{operation.id}", daemon=True).start()


def _run(schema: GraphQLSchema, who: Caller, faults: Faults, operation: BulkOperation, grouped: bool) -> None:
    state = who.state
    with state.changing() as change:
        operation.status = "RUNNING"
        change.touch(operation)
    time.sleep(faults.graphql.bulk_seconds)
    if operation.status == "CANCELING":
        return _finish(state, operation, "CANCELED")
    if faults.take(faults.graphql, "bulk_failed"):
        return _finish(state, operation, "FAILED", error_code="INTERNAL_SERVER_ERROR")
    result = execute_sync(schema, documents.read(schema, operation.query), context_value=who)
    if result.errors:
        return _finish(state, operation, "FAILED", error_code="ACCESS_DENIED")
    rows = [row for value in (result.data or {}).values() for row in _rows(value, None)]
    operation.object_count = len(rows)
    operation.root_object_count = sum("__parentId" not in row for row in rows)
    if not grouped:
        random.shuffle(rows)
    operation.jsonl = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows) or None
    return _finish(state, operation, "COMPLETED")


def _rows(value: Any, parent: str | None) -> Iterator[dict[str, Any]]:
    """The nodes of a connection, each followed by those of the connections in it."""
    nodes = [edge["node"] for edge in value["edges"]] if "edges" in value else value["nodes"]
    for node in nodes:
        inner = {key: each for key, each in node.items() if isinstance(each, dict) and {"edges", "nodes"} & each.keys()}
        own = {key: each for key, each in node.items() if key not in inner}
        yield own | ({"__parentId": parent} if parent else {})
        for connection in inner.values():
            yield from _rows(connection, node["id"])


def _finish(state: State, operation: BulkOperation, status: str, error_code: str | None = None) -> None:
    with state.changing() as change:
        operation.status, operation.error_code, operation.completed_at = status, error_code, change.at
        change.touch(operation)
        change.tell(operation.shop, "bulk_operations/finish", operation)


def _url(operation: BulkOperation, info: Info) -> str | None:
    """Null while it runs and for an empty result."""
    if operation.status != "COMPLETED" or operation.jsonl is None:
        return None
    return f"{caller(info).central}/bulk/{operation.id}/{operation.key}"


def is_kept(operation: BulkOperation, now: datetime) -> bool:
    """A result can be fetched for seven days."""
    return operation.completed_at is not None and now - operation.completed_at < URL_LIFE


OPERATION: dict[str, Callable[..., Any]] = {
    "fileSize": lambda o, i: len(o.jsonl.encode()) if o.jsonl else None,
    "partialDataUrl": lambda o, i: None,
    "type": lambda o, i: "QUERY",
    "url": _url,
}
