"""Labels from karrio: what is asked there in which order, and what of the answers is believed.

Karrio knows no key by which a repeated purchase is recognised. So a shipment is first drafted under a reference of
ours, which costs nothing, and looked for by it before anything is bought.
"""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from shopify_app import addresses
from shopify_app.karrio import Refused, Server, Unavailable, sentence
from shopify_app.returns import papers
from shopify_app.returns.papers import File

Node = dict[str, Any]

SHIPMENTS = "/v1/shipments"
GONE = ("cancelled",)
LARGEST = papers.MOST_BYTES * 4 // 3 + 64 * 1024
"""Bytes of an answer that holds a label as base64."""


class Bought(NamedTuple):
    file: File
    number: str
    url: str | None
    """Of the parcel's page at its carrier."""
    carrier: str | None


def find(server: Server, reference: str) -> Node | None:
    """Under this very reference: a bought one before a draft. The filter takes references that only contain it."""
    found = server.call("GET", SHIPMENTS, reference=reference).get("results")
    if not isinstance(found, list):
        raise Unavailable("not as documented")
    ours = [one for one in found if isinstance(one, dict) and one.get("reference") == reference]
    living = [one for one in ours if not is_gone(one)]
    return max(living, key=is_bought, default=None)


def get(server: Server, shipment_id: str) -> Node:
    return server.call("GET", f"{SHIPMENTS}/{_id({'id': shipment_id})}")


def is_gone(shipment: Node) -> bool:
    return shipment.get("status") in GONE


def is_bought(shipment: Node) -> bool:
    """Not by its status, which newer servers call otherwise (purchased, created)."""
    return bool(shipment.get("tracking_number"))


def draft(server: Server, wanted: Node) -> Node:
    """With its rates. Raises Refused, with what is wrong with an address."""
    return server.call("POST", SHIPMENTS, wanted)


def buy(server: Server, shipment: Node, service: str) -> Node:
    """At the chosen service's rate, else at the lowest. Raises Refused where there is none."""
    rates = [one for one in shipment.get("rates") or [] if isinstance(one, dict) and one.get("id")]
    fitting = [one for one in rates if not service or one.get("service") == service]
    best = min(fitting, key=_price, default=None)
    if best is None:
        raise Refused(0, sentence(shipment))
    wanted = {"selected_rate_id": best["id"], "label_type": "PDF"}
    return server.call("POST", f"{SHIPMENTS}/{_id(shipment)}/purchase", wanted, largest=LARGEST)


def void(server: Server, shipment: Node) -> None:
    """A draft is thrown away; a bought one given back, where the carrier takes it."""
    server.call("POST", f"{SHIPMENTS}/{_id(shipment)}/cancel", {})


def fetch(server: Server, shipment: Node) -> Bought:
    """Of a bought one. Raises Unavailable when there is no label that can be read (yet)."""
    said = next(_labels(shipment), None) or _label(server, shipment)
    try:
        file = papers.read(b64decode(said, validate=True))
    except (binascii.Error, ValueError) as error:
        raise Unavailable("no base64") from error
    if file is None:
        raise Unavailable("no label")
    url = addresses.web(str(shipment.get("tracking_url") or ""))
    is_safe = bool(url and url.startswith("https://"))
    carrier = shipment.get("carrier_name")
    return Bought(file, str(shipment["tracking_number"]), url if is_safe else None, str(carrier) if carrier else None)


def _labels(shipment: Node) -> Any:
    papers_of = shipment.get("shipping_documents") or []
    return (
        one["base64"]
        for one in papers_of
        if isinstance(one, Mapping) and one.get("category") == "label" and one.get("base64")
    )


def _label(server: Server, shipment: Node) -> str:
    document = server.call("POST", f"{SHIPMENTS}/{_id(shipment)}/documents/label", largest=LARGEST)
    return str(document.get("base64") or "")


def _id(shipment: Node) -> str:
    """Raises Unavailable for what would lead elsewhere."""
    given = shipment.get("id")
    if not (isinstance(given, str) and given.replace("_", "").isalnum() and given.isascii()):
        raise Unavailable("not as documented")
    return given


def _price(rate: Node) -> Decimal:
    try:
        price = Decimal(str(rate.get("total_charge")))
    except InvalidOperation:
        return Decimal("Infinity")
    return price if price.is_finite() else Decimal("Infinity")
