"""The cost of a query and the leaky bucket of every shop."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
)

MOST = 1000
"""One query may cost this much, on every plan."""

MUTATION = 10
PLAIN_LIST = ("fulfillments", "refunds", "trackingInfo", "transactions")


@dataclass
class Bucket:
    """Points of one shop. Standard plan: 100 points come back each second, up to 2000."""

    maximum: float = 2000.0
    restore_rate: float = 100.0
    available: float = 2000.0
    seen: float = field(default_factory=time.monotonic)

    def refill(self) -> None:
        now = time.monotonic()
        self.available = min(self.maximum, self.available + (now - self.seen) * self.restore_rate)
        self.seen = now

    def status(self) -> dict[str, float]:
        return {
            "maximumAvailable": self.maximum,
            "currentlyAvailable": int(self.available),
            "restoreRate": self.restore_rate,
        }


class Buckets:
    """One bucket for each shop. Safe for threads."""

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}
        self._lock = threading.Lock()

    def take(self, shop: str, cost: int) -> bool:
        """Charge the requested cost; False when the bucket does not hold it."""
        with self._lock:
            bucket = self._buckets.setdefault(shop, Bucket())
            bucket.refill()
            enough = bucket.available >= cost
            bucket.available -= cost if enough else 0
            return enough

    def give_back(self, shop: str, points: int) -> None:
        with self._lock:
            bucket = self._buckets[shop]
            bucket.available = min(bucket.maximum, bucket.available + points)

    def plan(self, shop: str, restore_rate: float) -> None:
        """So many points come back each second."""
        with self._lock:
            self._buckets.setdefault(shop, Bucket()).restore_rate = restore_rate

    def status(self, shop: str) -> dict[str, float]:
        with self._lock:
            bucket = self._buckets.setdefault(shop, Bucket())
            bucket.refill()
            return bucket.status()


def requested(schema: GraphQLSchema, document: DocumentNode, variables: dict[str, Any]) -> int:
    """Scalars are free, an object costs 1, a mutation 10, a list by its page size.

    Shopify has not published how page sizes count; two thirds of a power comes near what it reports.
    """
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    weigher = _Weigher(schema, fragments, variables)
    return sum(weigher.operation(d) for d in document.definitions if isinstance(d, OperationDefinitionNode))


def actual(data: Any) -> int:
    """The objects that were really given."""
    if isinstance(data, dict):
        return 1 + sum(actual(value) for value in data.values())
    return sum(actual(value) for value in data) if isinstance(data, list) else 0


@dataclass(frozen=True)
class _Weigher:
    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    variables: dict[str, Any]

    def operation(self, node: OperationDefinitionNode) -> int:
        root = self.schema.get_root_type(node.operation)
        cost = self._selections(root, node.selection_set) if root else 0.0
        fields = len(node.selection_set.selections) if node.operation == OperationType.MUTATION else 0
        return round(cost + MUTATION * fields)

    def _selections(self, kind: GraphQLNamedType | None, chosen: SelectionSetNode | None) -> float:
        if chosen is None or not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            return 0.0
        return sum(self._selection(kind, node) for node in chosen.selections)

    def _selection(self, kind: GraphQLObjectType | GraphQLInterfaceType, node: Any) -> float:
        if isinstance(node, FragmentSpreadNode):
            found = self.fragments[node.name.value]
            return self._selections(self.schema.get_type(found.type_condition.name.value), found.selection_set)
        if isinstance(node, InlineFragmentNode):
            name = node.type_condition.name.value if node.type_condition else kind.name
            return self._selections(self.schema.get_type(name), node.selection_set)
        return self._field(kind, node)

    def _field(self, kind: GraphQLObjectType | GraphQLInterfaceType, node: FieldNode) -> float:
        name = node.name.value
        if name.startswith("__"):
            return 0.0
        given = get_named_type(kind.fields[name].type)
        if is_leaf_type(given):
            return 0.0
        inside = self._selections(given, node.selection_set)
        if given.name.endswith("Connection"):
            return float(inside * self._pages(node))
        if given.name.endswith("Edge") or name == "pageInfo":
            return inside
        return (1 + inside) * (self._pages(node) if name in PLAIN_LIST else 1.0)

    def _pages(self, node: FieldNode) -> float:
        sizes = [self._number(a.value) for a in node.arguments or () if a.name.value in ("first", "last")]
        return float(max([1.0, *[size ** (2 / 3) for size in sizes]]))

    def _number(self, value: Any) -> int:
        if isinstance(value, IntValueNode):
            return int(value.value)
        given = self.variables.get(value.name.value) if isinstance(value, VariableNode) else None
        return given if isinstance(given, int) and given > 0 else 1
