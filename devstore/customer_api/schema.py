"""The executable customer schema: its SDL with resolvers, and a check of access on every field."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
)

from devstore.customer_api import access, orders, returns
from devstore.customer_api.visitor import order_of, visitor
from devstore.graphql import access as admin_access
from devstore.graphql.caller import Info
from devstore.graphql.catalogue import IMAGE
from devstore.graphql.orders import EVENT, FULFILLMENT_LINE
from devstore.graphql.parts import kind_of, parse_gid
from devstore.graphql.returns import REASON
from devstore.graphql.schema import plain, scalar, written_time

Resolver = Callable[..., Any]


def _one(find: Callable[[Info, int], Any], kind: str) -> Resolver:
    def resolve(root: Any, info: Info, id: str) -> Any:
        given, number = parse_gid(id)
        return find(info, number) if given == kind else None

    return resolve


RESOLVERS: dict[str, dict[str, Resolver]] = {
    "QueryRoot": {
        "customer": lambda root, info: visitor(info).customer,
        "order": _one(order_of, "Order"),
        "return": _one(returns.one, "Return"),
        "returnCalculate": lambda root, info, input: returns.calculate(info, input),
        "shop": lambda root, info: visitor(info).shop,
    },
    "Mutation": {"orderRequestReturn": lambda root, info, **given: returns.request(info, **given)},
    "Shop": {"myshopifyDomain": lambda s, i: s.domain, "url": lambda s, i: visitor(i).view.storefront},
    "Customer": orders.CUSTOMER,
    "Order": orders.ORDER,
    "LineItem": orders.LINE,
    "Image": IMAGE,
    "Fulfillment": orders.FULFILLMENT,
    "FulfillmentEvent": EVENT,
    "FulfillmentLineItem": {"lineItem": FULFILLMENT_LINE["lineItem"]},
    "OrderReturnInformation": returns.INFORMATION,
    "ReturnableLineItem": returns.UNITS,
    "NonReturnableLineItem": returns.BOUND,
    "CalculatedReturn": returns.CALCULATED,
    "CalculatedReturnLineItem": returns.CALCULATED_LINE,
    "Return": returns.RETURN,
    "ReturnLineItem": returns.RETURN_LINE,
    "ReturnReasonDefinition": REASON,
}


def load() -> GraphQLSchema:
    """Build the schema once."""
    schema = build_schema(Path(__file__).with_name("schema.graphql").read_text())
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__"):
            _attach(kind, RESOLVERS.get(name, {}))
        elif isinstance(kind, GraphQLInterfaceType):
            kind.resolve_type = lambda value, info, abstract: kind_of(value)
    scalar(schema, "DateTime", written_time)
    return schema


def _attach(kind: GraphQLObjectType, resolvers: dict[str, Resolver]) -> None:
    unknown = resolvers.keys() - kind.fields.keys()
    if unknown:
        raise LookupError(f"{kind.name} has no {sorted(unknown)}")
    for name, field in kind.fields.items():
        needed = returns.WRITE if kind.name == "Mutation" else access.NEEDS.get(get_named_type(field.type).name, ())
        field.resolve = _guarded(resolvers.get(name) or plain(name), needed, name)


def _guarded(resolve: Resolver, needed: tuple[str, ...], name: str) -> Resolver:
    def guarded(source: Any, info: Info, **given: Any) -> Any:
        admin_access.check(visitor(info), needed, name)
        return resolve(source, info, **given)

    return guarded
