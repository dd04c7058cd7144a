"""The executable schema: the SDL with its resolvers, and a check of access on every field."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    get_named_type,
)

from devstore import records
from devstore.graphql import (
    access,
    bulk,
    catalogue,
    changes,
    checkouts,
    metafields,
    money,
    orders,
    people,
    return_changes,
    returns,
    uploads,
)
from devstore.graphql.caller import Info, caller
from devstore.graphql.connections import connect
from devstore.graphql.parts import Part, gid_of, kind_of, parse_gid

Resolver = Callable[..., Any]


def _by_id(find: Callable[[Info, int], Any], kind: str) -> Resolver:
    def resolve(root: Any, info: Info, id: str) -> Any:
        given, number = parse_gid(id)
        return find(info, number) if given == kind else None

    return resolve


ONE: dict[str, Callable[[Info, int], Any]] = {
    "Order": orders.one,
    "Product": catalogue.one,
    "ProductVariant": catalogue.one_variant,
    "Customer": people.one,
    "Fulfillment": lambda info, id: orders.part(info, id, "fulfillments"),
    "Refund": lambda info, id: orders.part(info, id, "refunds"),
    "Return": lambda info, id: orders.part(info, id, "returns"),
    "ReturnableFulfillment": returns.one_returnable,
    "ReverseFulfillmentOrder": lambda info, id: returns.inside(info, id, records.ReverseOrder),
    "ReverseDelivery": lambda info, id: returns.inside(info, id, records.ReverseDelivery),
    "Collection": catalogue.one_collection,
    "Location": lambda info, id: orders.place(info) if id == orders.place(info).id else None,
    "BulkOperation": bulk.one,
}


def _node(info: Info, id: str) -> Any:
    """What `node` and `nodes` find: checked like the field of its kind; null when there is none."""
    kind, number = parse_gid(id)
    if kind not in ONE:
        return None
    access.check(caller(info), access.NEEDS.get(kind, ()), "node")
    return ONE[kind](info, number)


def _mine(info: Info) -> list[Any]:
    return caller(info).state.orders.of(caller(info).shop.domain)


QUERY: dict[str, Resolver] = {
    "shop": lambda root, info: caller(info).shop,
    "publicApiVersions": lambda root, info: people.VERSIONS,
    "webhookSubscriptionsCount": lambda root, info, **page: people.subscriptions(info),
    "currentAppInstallation": lambda root, info: caller(info).state.install(caller(info).shop.domain),
    "abandonedCheckouts": lambda root, info, **page: checkouts.find(info, page),
    "abandonedCheckoutsCount": lambda root, info, **page: checkouts.count(info, page),
    "codeDiscountNodeByCode": lambda root, info, code: checkouts.by_code(info, code),
    "orders": lambda root, info, **page: orders.find(info, _mine(info), page),
    "orderByIdentifier": lambda root, info, identifier: orders.by_identifier(info, identifier),
    "products": lambda root, info, **page: catalogue.find(info, page),
    "customerByIdentifier": lambda root, info, identifier: people.by_identifier(info, identifier),
    "customers": lambda root, info, **page: people.find(info, page),
    "node": lambda root, info, id: _node(info, id),
    "nodes": lambda root, info, ids: [_node(info, id) for id in ids],
    "job": lambda root, info, id: changes.job(info, id),
    "bulkOperations": lambda root, info, **page: bulk.find(info, page),
    **{kind[0].lower() + kind[1:]: _by_id(find, kind) for kind, find in ONE.items()},
    "collections": lambda root, info, **page: catalogue.find_collections(info, page),
    "location": lambda root, info, id=None: orders.place(info) if id in (None, gid_of(orders.place(info))) else None,
    "locations": lambda root, info, **page: connect([orders.place(info)], caller(info), page),
    "returnableFulfillments": lambda root, info, **page: returns.returnables(info, page),
    "returnReasonDefinitions": lambda root, info, **page: returns.library(info, page),
    "returnCalculate": lambda root, info, input: return_changes.calculate(info, input),
}

LOCATION: dict[str, Resolver] = {
    "address": orders.place_address,
    "fulfillsOnlineOrders": lambda place, info: True,
    "isActive": lambda place, info: True,
    "shipsInventory": lambda place, info: True,
}

RETURNS: dict[str, Resolver] = {
    "returnRequest": return_changes.request,
    "returnCreate": return_changes.create,
    "returnApproveRequest": return_changes.approve,
    "returnDeclineRequest": return_changes.decline,
    "returnCancel": return_changes.cancel,
    "returnClose": return_changes.close,
    "returnReopen": return_changes.reopen,
    "removeFromReturn": return_changes.remove,
    "returnProcess": return_changes.process,
    "reverseFulfillmentOrderDispose": return_changes.dispose,
    "reverseDeliveryCreateWithShipping": return_changes.deliver,
    "reverseDeliveryShippingUpdate": return_changes.deliver_otherwise,
    "stagedUploadsCreate": uploads.create,
}


def _mutation(run: Resolver) -> Resolver:
    return lambda root, info, **given: run(info, **given)


RESOLVERS: dict[str, dict[str, Resolver]] = {
    "QueryRoot": QUERY,
    "Mutation": {
        "bulkOperationRunQuery": lambda root, info, **given: bulk.run_query(info, **given),
        "bulkOperationCancel": lambda root, info, id: bulk.cancel(info, id),
        "customerEmailMarketingConsentUpdate": lambda root, info, input: people.update_consent(info, input),
        "metafieldsSet": lambda root, info, **given: metafields.set_(info, given["metafields"]),
        "metafieldsDelete": lambda root, info, **given: metafields.delete(info, given["metafields"]),
        "standardMetafieldDefinitionEnable": lambda root, info, **given: metafields.enable(info, **given),
        "discountCodeBasicCreate": lambda root, info, **given: checkouts.make(info, **given),
        "orderCancel": lambda root, info, **given: changes.cancel(info, **given),
        "orderUpdate": lambda root, info, **given: changes.update(info, **given),
        **{name: _mutation(run) for name, run in RETURNS.items()},
    },
    "AbandonedCheckout": checkouts.CHECKOUT,
    "AbandonedCheckoutLineItem": checkouts.LINE,
    "Order": orders.ORDER,
    "BasicEvent": orders.NOTE,
    "LineItem": orders.LINE,
    "Fulfillment": orders.FULFILLMENT,
    "FulfillmentLineItem": orders.FULFILLMENT_LINE,
    "FulfillmentEvent": orders.EVENT,
    "Refund": orders.REFUND,
    "RefundLineItem": orders.REFUND_LINE,
    "ShippingLine": orders.SHIPPING_LINE,
    "RefundShippingLine": orders.REFUNDED_SHIPPING,
    "DiscountCodeApplication": orders.CODE,
    "OrderTransaction": money.PAYMENT,
    "Return": returns.RETURN,
    "ReturnLineItem": returns.RETURN_LINE,
    "ReturnReasonDefinition": returns.REASON,
    "ReturnableFulfillment": returns.RETURNABLE,
    "ReturnableFulfillmentLineItem": returns.RETURNABLE_LINE,
    "ExchangeLineItem": returns.EXCHANGE_LINE,
    "ReverseFulfillmentOrder": returns.EXPECTED,
    "ReverseFulfillmentOrderLineItem": returns.EXPECTED_LINE,
    "ReverseFulfillmentOrderDisposition": returns.DISPOSITION,
    "ReverseDelivery": returns.DELIVERY,
    "ReverseDeliveryLineItem": returns.DELIVERY_LINE,
    "Location": LOCATION,
    "Collection": catalogue.COLLECTION,
    "Product": catalogue.PRODUCT,
    "ProductVariant": catalogue.VARIANT,
    "Metafield": catalogue.METAFIELD,
    "GenericFile": catalogue.FILE,
    "MediaImage": catalogue.MEDIA,
    "MediaPreviewImage": catalogue.PREVIEW,
    "Image": catalogue.IMAGE,
    "Customer": people.CUSTOMER,
    "Shop": people.SHOP,
    "AppInstallation": people.INSTALL,
    "BulkOperation": bulk.OPERATION,
}


def load() -> GraphQLSchema:
    """Build the schema once."""
    schema = build_schema(Path(__file__).with_name("schema.graphql").read_text())
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__"):
            _attach(kind, RESOLVERS.get(name, {}))
        elif isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            kind.resolve_type = lambda value, info, abstract: kind_of(value)
    scalar(schema, "DateTime", written_time)
    scalar(schema, "UnsignedInt64", str)
    return schema


def _attach(kind: GraphQLObjectType, resolvers: dict[str, Resolver]) -> None:
    unknown = resolvers.keys() - kind.fields.keys()
    if unknown:
        raise LookupError(f"{kind.name} has no {sorted(unknown)}")
    for name, field in kind.fields.items():
        needed = access.needs(get_named_type(field.type))
        field.resolve = _guarded(resolvers.get(name) or plain(name), needed, name)


def _guarded(resolve: Resolver, needed: tuple[str, ...], name: str) -> Resolver:
    if not needed:
        return resolve

    def guarded(source: Any, info: Info, **given: Any) -> Any:
        access.check(caller(info), needed, name)
        return resolve(source, info, **given)

    return guarded


def plain(name: str) -> Resolver:
    """A field without a resolver of its own: a key of a dict, an id, or the record's attribute of that name."""
    if name == "legacyResourceId":
        return lambda source, info: source.id
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)

    def resolve(source: Any, info: Info, **_: Any) -> Any:
        if isinstance(source, dict):
            return source[name]
        if name == "id":
            return gid_of(source)
        return getattr(source.record if isinstance(source, Part) else source, snake)

    return resolve


def scalar(schema: GraphQLSchema, name: str, written: Callable[[Any], str]) -> None:
    kind = schema.type_map[name]
    if isinstance(kind, GraphQLScalarType):
        kind.coerce_output_value = written


def written_time(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
