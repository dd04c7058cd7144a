"""What of an order can come back, read from Shopify at this moment."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from shopify_app import clock
from shopify_app.money import minor
from shopify_app.orders import pages
from shopify_app.orders.facts import moment
from shopify_app.orders.graph import number
from shopify_app.returns.basket import Basket, Piece, Reason
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.models import Shop

USUAL = {"lines": 25, "parcels": 8, "parcelLines": 25}
"""How much of an order is asked for at once: nearly every one fits, and the call stays far below what one may cost."""
LARGE = {"lines": 25, "parcels": 100, "parcelLines": 1}
"""The same call for an order with more parcels than that; what is in them is read page by page."""
PATIENCE = 5
"""Seconds that it waits where Shopify is busy, as while the first import takes all it gives: the call costs some 330
points, and 100 come back each second on the smallest plan.
"""

Node = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Something else of the same product."""

    id: int
    title: str
    price: int
    """Minor units of the order's currency, as it stands in the shop today."""
    available: bool


def read(shop: Shop, order_id: int) -> Basket | None:
    """None when Shopify shows us no such order. Raises one of the ShopifyError family."""
    at, gid = clock.now(), f"gid://shopify/Order/{order_id}"
    api = AdminApi(shop, PATIENCE)
    order = api.run("returns/basket", id=gid, **USUAL)["order"]
    if order is not None and len(order["fulfillments"]) == USUAL["parcels"]:
        # Parcels are a plain list: only a full one tells that there may be more.
        order = api.run("returns/basket", id=gid, **LARGE)["order"]
    if order is None:
        return None
    pages.complete(api, "returns/basket_lines", gid, order["lineItems"])
    for parcel in order["fulfillments"]:
        pages.complete(api, "returns/parcel_lines", parcel["id"], parcel["fulfillmentLineItems"])
    return _basket(order, _returnable(api, gid), at)


def variants(shop: Shop, basket: Basket, piece: Piece) -> Sequence[Variant]:
    """What the piece can be exchanged for, itself included, in the shop's order. Raises ShopifyError.

    Prices are those of the order's country and currency; a variant that has none there cannot be had.
    """
    if piece.product_id is None:
        return []
    gid, is_home = f"gid://shopify/Product/{piece.product_id}", basket.currency == shop.currency
    if not is_home and basket.country is None:
        return []
    name = "returns/variants" if is_home else "returns/variants_abroad"
    where = {} if is_home else {"country": basket.country}
    api = AdminApi(shop, PATIENCE)
    found: list[Variant] = []
    after: str | None = None
    while True:
        product = api.run(name, id=gid, after=after, **where)["product"]
        if product is None:
            return []
        page = product["variants"]
        found += [one for node in page["nodes"] if (one := _variant(node, basket.currency))]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


def _variant(node: Node, currency: str) -> Variant | None:
    price = node.get("price")
    if price is None:
        local = node["contextualPricing"]["price"]
        if local["currencyCode"] != currency:
            return None
        price = local["amount"]
    is_there = bool(node["availableForSale"])
    return Variant(id=number(node["id"]), title=node["title"], price=minor(price, currency), available=is_there)


def _returnable(api: AdminApi, gid: str) -> Mapping[str, int]:
    """Gid of a line of a fulfillment → units of it that no return has taken, as Shopify counts."""
    left: Counter[str] = Counter()
    after: str | None = None
    while True:
        page = api.run("returns/returnable", id=gid, after=after)["part"]
        for parcel in page["nodes"]:
            lines = parcel["returnableFulfillmentLineItems"]
            pages.complete(api, "returns/returnable_lines", parcel["id"], lines)
            left.update({one["fulfillmentLineItem"]["id"]: one["quantity"] for one in lines["nodes"]})
        if not page["pageInfo"]["hasNextPage"]:
            return left
        after = page["pageInfo"]["endCursor"]


def _basket(order: Node, returnable: Mapping[str, int], at: datetime) -> Basket:
    currency = order["presentmentCurrencyCode"]
    lines = {line["id"]: line for line in order["lineItems"]["nodes"]}
    parcels = [parcel for parcel in order["fulfillments"] if parcel["status"] == "SUCCESS"]
    placed_at = _required(order["processedAt"])
    return Basket(
        order_id=number(order["id"]),
        name=order["name"],
        currency=currency,
        placed_at=placed_at,
        country=(order["shippingAddress"] or {}).get("countryCodeV2"),
        discount_codes=tuple(order["discountCodes"]),
        customer_tags=tuple((order["customer"] or {}).get("tags") or ()),
        taxes_included=order["taxesIncluded"],
        shipping=_shipping(order, currency),
        refunded_shipping=_amount(order["totalRefundedShippingSet"], currency),
        paid=_amount(order["totalReceivedSet"], currency),
        refunded=_amount(order["totalRefundedSet"], currency),
        last_delivered_at=_last_delivered(lines.values(), parcels),
        pieces=tuple(
            _piece(one, lines[one["lineItem"]["id"]], parcel, returnable.get(one["id"], 0), currency)
            for parcel in parcels
            for one in parcel["fulfillmentLineItems"]["nodes"]
            if one["lineItem"]["id"] in lines
        ),
        read_at=at,
        unsent=sum(line["unfulfilledQuantity"] for line in lines.values() if _to_send(order, line)),
        shop_currency=order["currencyCode"],
        rate=_rate(order["totalPriceSet"]),
        unsent_pieces=tuple(_unsent(line, placed_at, currency) for line in lines.values() if _to_send(order, line)),
    )


def _piece(one: Node, line: Node, parcel: Node, returnable: int, currency: str) -> Piece:
    return Piece(
        fulfillment_line_id=number(one["id"]),
        shipment_id=number(parcel["id"]),
        quantity=one["quantity"] or 0,
        returnable=returnable,
        shipped_at=_required(parcel["createdAt"]),
        delivered_at=moment(parcel["deliveredAt"]),
        **_goods(line, currency),
    )


def _unsent(line: Node, placed_at: datetime, currency: str) -> Piece:
    return Piece(
        fulfillment_line_id=-number(line["id"]),
        shipment_id=0,
        quantity=line["unfulfilledQuantity"],
        returnable=line["unfulfilledQuantity"],
        shipped_at=placed_at,
        delivered_at=None,
        **_goods(line, currency),
    )


def _to_send(order: Node, line: Node) -> bool:
    return order["cancelledAt"] is None and line["unfulfilledQuantity"] > 0


def _goods(line: Node, currency: str) -> dict[str, Any]:
    """What is the same for all units of a line, wherever they travelled."""
    product: Node = line["product"] or {}
    reasons: Node = line["suggestedReturnReasonDefinitions"] or {"nodes": []}
    discounts = sum(_amount(one["allocatedAmountSet"], currency) for one in line["discountAllocations"])
    return {
        "line_id": number(line["id"]),
        "title": line["title"],
        "variant_title": line["variantTitle"],
        "sku": line["sku"],
        "product_id": number(product["id"]) if product else None,
        "variant_id": number(line["variant"]["id"]) if line["variant"] else None,
        "product_type": product.get("productType") or "",
        "tags": tuple(product.get("tags") or ()),
        "collections": tuple(number(one["id"]) for one in (product.get("collections") or {"nodes": []})["nodes"]),
        "is_gift_card": line["isGiftCard"],
        "line_quantity": line["quantity"],
        "gone": line["quantity"] - line["currentQuantity"],
        "paid": _amount(line["originalTotalSet"], currency) - discounts,
        "tax": sum(_amount(one["priceSet"], currency) for one in line["taxLines"]),
        "tax_rate": str(sum(Decimal(str(one["rate"] or 0)) for one in line["taxLines"])),
        "duties": sum(_amount(one["price"], currency) for one in line["duties"]),
        "duty_ids": tuple(one["id"] for one in line["duties"]),
        "reasons": tuple(
            Reason(id=one["id"], handle=one["handle"], name=one["name"])
            for one in reasons["nodes"]
            if not one["deleted"]
        ),
    }


def _shipping(order: Node, currency: str) -> int:
    """With tax, whether the prices contain it or not."""
    total = 0
    for line in order["shippingLines"]["nodes"]:
        total += _amount(line["discountedPriceSet"], currency)
        if not order["taxesIncluded"]:
            total += sum(_amount(one["priceSet"], currency) for one in line["taxLines"])
    return total


def _rate(total: Node) -> str:
    """What one unit of the shop's currency was in the buyer's, as this order's own sums tell."""
    shops, buyers = Decimal(total["shopMoney"]["amount"]), Decimal(total["presentmentMoney"]["amount"])
    return str(buyers / shops) if shops else "1"


def _last_delivered(lines: Iterable[Node], parcels: Sequence[Node]) -> datetime | None:
    if any(line["requiresShipping"] and line["unfulfilledQuantity"] for line in lines):
        return None
    arrived = [moment(parcel["deliveredAt"]) for parcel in parcels]
    there = [at for at in arrived if at is not None]
    return max(there) if there and len(there) == len(arrived) else None


def _amount(bag: Node, currency: str) -> int:
    """Minor units of what the buyer saw and paid."""
    return minor(bag["presentmentMoney"]["amount"], currency)


def _required(text: str) -> datetime:
    at = moment(text)
    if at is None:
        raise ValueError("no time")
    return at
