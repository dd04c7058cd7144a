"""The JSON body of every webhook topic, REST-shaped with the keys of Shopify's own samples."""

from collections.abc import Iterable
from typing import Any

from devstore.payloads import checkouts, orders, parcels, people, products, refunds, returns, shop
from devstore.payloads.view import Body, View
from devstore.records import BulkOperation

__all__ = ["Body", "View", "only", "render", "scope_of"]

SCOPES = {
    "orders": "read_orders",
    "refunds": "read_orders",
    "checkouts": "read_orders",
    "fulfillments": "read_fulfillments",
    "fulfillment_events": "read_fulfillments",
    "returns": "read_returns",
    "reverse_deliveries": "read_returns",
    "reverse_fulfillment_orders": "read_returns",
    "customers": "read_customers",
    "customers_email_marketing_consent": "read_customers",
    "customers_marketing_consent": "read_customers",
    "products": "read_products",
}


def scope_of(topic: str) -> str | None:
    """The access scope a topic needs; None for the topics of the app, the shop and compliance."""
    if topic in ("customers/redact", "customers/data_request"):
        return None
    return SCOPES.get(topic.split("/")[0])


def render(view: View, topic: str, subject: Any) -> Body:
    """The body for what a deed told. A dict is already a body."""
    if isinstance(subject, dict):
        return subject
    kind, _, event = topic.partition("/")
    match kind:
        case "orders":
            return orders.order(view, subject)
        case "fulfillments":
            return parcels.fulfillment(view, subject)
        case "fulfillment_events":
            return parcels.event(view, *subject)
        case "refunds":
            return refunds.refund(view, subject)
        case "checkouts":
            return checkouts.deleted(view, subject) if event == "delete" else checkouts.checkout(view, subject)
        case "customers":
            return people.customer(view, subject)
        case "customers_email_marketing_consent":
            return people.email_consent(view, subject)
        case "customers_marketing_consent":
            return people.sms_consent(view, subject)
        case "products":
            return products.product(view, subject)
        case "returns":
            return _return(view, event, subject)
        case "reverse_deliveries":
            return returns.attached(*subject)
        case "reverse_fulfillment_orders":
            return returns.disposed(subject)
        case "bulk_operations":
            return _bulk(view, subject)
        case "shop" | "app":
            return shop.shop(view)
    raise LookupError(f"the store has no body for {topic}")


def only(body: Body, fields: Iterable[str]) -> Body:
    """include_fields: dotted paths, applied to every member of a list; empty = the whole body."""
    wanted: dict[str, list[str]] = {}
    for field in fields:
        head, _, rest = field.partition(".")
        wanted.setdefault(head, []).extend([rest] if rest else [])
    if not wanted:
        return body
    return {key: _inside(body[key], rest) for key, rest in wanted.items() if key in body}


def _inside(value: Any, fields: list[str]) -> Any:
    if isinstance(value, list):
        return [_inside(item, fields) for item in value]
    return only(value, fields) if isinstance(value, dict) else value


def _return(view: View, event: str, back: Any) -> Body:
    if event in ("request", "approve"):
        return returns.asked(view, back)
    if event == "update":
        return returns.updated(*back)
    return returns.declined(back) if event == "decline" else returns.ended(back)


def _bulk(view: View, operation: BulkOperation) -> Body:
    return {
        "admin_graphql_api_id": f"gid://shopify/BulkOperation/{operation.id}",
        "completed_at": view.time(operation.completed_at),
        "created_at": view.time(operation.created_at),
        "error_code": operation.error_code,
        "status": operation.status.lower(),
        "type": "query",
    }
