"""What a resolver hands on: a record, or a part of one together with its owner."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from devstore import reasons, records
from devstore.words import gid

KINDS: dict[type, str] = {
    records.Shop: "Shop",
    records.Install: "AppInstallation",
    records.Order: "Order",
    records.Line: "LineItem",
    records.ShippingLine: "ShippingLine",
    records.Fulfillment: "Fulfillment",
    records.FulfillmentEvent: "FulfillmentEvent",
    records.FulfillmentLine: "FulfillmentLineItem",
    records.Note: "BasicEvent",
    records.Refund: "Refund",
    records.RefundLine: "RefundLineItem",
    records.Return: "Return",
    records.ReturnLine: "ReturnLineItem",
    records.ExchangeLine: "ExchangeLineItem",
    records.ReverseOrder: "ReverseFulfillmentOrder",
    records.ReverseLine: "ReverseFulfillmentOrderLineItem",
    records.ReverseDelivery: "ReverseDelivery",
    records.ReverseDeliveryLine: "ReverseDeliveryLineItem",
    records.Disposition: "ReverseFulfillmentOrderDisposition",
    records.Collection: "Collection",
    reasons.Reason: "ReturnReasonDefinition",
    records.Checkout: "AbandonedCheckout",
    records.DiscountCode: "DiscountCodeNode",
    records.Customer: "Customer",
    records.Product: "Product",
    records.Variant: "ProductVariant",
    records.Metafield: "Metafield",
    records.BulkOperation: "BulkOperation",
    records.Job: "Job",
}
"""Of records; the kinds of what is made up for an answer are below."""


@dataclass(frozen=True)
class Part:
    """A record that lies inside another: a line of an order, a variant of a product."""

    record: Any
    owner: Any

    @property
    def id(self) -> int:
        return int(self.record.id)


@dataclass(frozen=True)
class Picture:
    """A picture as Media and as Image. path: below the CDN."""

    id: int
    path: str
    alt: str | None
    owner: Any


@dataclass(frozen=True)
class File:
    """A file that a metafield refers to. path: below the CDN."""

    id: int
    path: str


@dataclass(frozen=True)
class Payment:
    """One movement of an order's money; amounts in shop money and in the buyer's. parent: the sale it gives back."""

    id: int
    kind: str
    amount: Decimal
    presented: Decimal
    gateway: str
    at: datetime
    order: records.Order
    parent: "Payment | None" = None


@dataclass(frozen=True)
class Place:
    """Where a shop keeps its goods; each has one."""

    id: int
    name: str
    updated_at: datetime


@dataclass(frozen=True)
class Returnable:
    """What of a parcel may come back. pieces: by the ids of its lines."""

    id: int
    parcel: Part
    pieces: dict[int, int]


@dataclass(frozen=True)
class Code:
    """A discount code as it was used on an order; `id` is its place."""

    id: int
    record: records.Discount
    order: records.Order


@dataclass(frozen=True)
class RefundedShipping:
    """Delivery that a refund gave back."""

    id: int
    record: records.Refund
    owner: records.Order


@dataclass(frozen=True)
class ReturnableLine:
    id: int
    packed: Part
    quantity: int


def kind_of(value: Any) -> str:
    """The GraphQL type of what a resolver gave; a dictionary says it itself."""
    if isinstance(value, dict):
        return str(value["__typename"])
    if isinstance(value, Picture):
        return "MediaImage"
    if isinstance(value, File):
        return "GenericFile"
    return KINDS.get(type(value.record if isinstance(value, Part) else value)) or MADE_UP[type(value)]


MADE_UP: dict[type, str] = {
    Payment: "OrderTransaction",
    Place: "Location",
    Returnable: "ReturnableFulfillment",
    Code: "DiscountCodeApplication",
    RefundedShipping: "RefundShippingLine",
}


def gid_of(value: Any) -> str:
    return gid(kind_of(value), value.id)


def parse_gid(given: str) -> tuple[str, int]:
    """("Order", 1) of "gid://shopify/Order/1"; ("", 0) for anything else."""
    head, _, tail = given.rpartition("/")
    kind = head.removeprefix("gid://shopify/")
    return (kind, int(tail)) if head != kind and tail.isascii() and tail.isdigit() else ("", 0)
