"""What a resolver hands on: a record, or a part of one together with its owner."""

from dataclasses import dataclass
from typing import Any

from devstore import records
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
    records.Refund: "Refund",
    records.RefundLine: "RefundLineItem",
    records.Return: "Return",
    records.ReturnLine: "ReturnLineItem",
    records.Customer: "Customer",
    records.Product: "Product",
    records.Variant: "ProductVariant",
    records.Metafield: "Metafield",
    records.BulkOperation: "BulkOperation",
    records.Job: "Job",
}


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


def kind_of(value: Any) -> str:
    """The GraphQL type of what a resolver gave."""
    if isinstance(value, Picture):
        return "MediaImage"
    if isinstance(value, File):
        return "GenericFile"
    return KINDS[type(value.record if isinstance(value, Part) else value)]


def gid_of(value: Any) -> str:
    return gid(kind_of(value), value.id)


def parse_gid(given: str) -> tuple[str, int]:
    """("Order", 1) of "gid://shopify/Order/1"; ("", 0) for anything else."""
    head, _, tail = given.rpartition("/")
    kind = head.removeprefix("gid://shopify/")
    return (kind, int(tail)) if head != kind and tail.isascii() and tail.isdigit() else ("", 0)
