"""The Admin API's answers in the words of webhooks, so that the rest of the mirror knows one language."""

from typing import Any

Node = dict[str, Any]

POINT = ("latitude", "longitude")


def number(gid: str) -> int:
    """gid://shopify/Order/123 → 123 (gids of bulk results may carry a query string)."""
    return int(gid.rpartition("/")[2].partition("?")[0])


def order(node: Node) -> Node:
    """An order of `orders/order`, or of the first import, which leaves out parcels' lines and events."""
    order_id = number(node["id"])
    return {
        "id": order_id,
        "name": node["name"],
        "confirmation_number": node["confirmationNumber"],
        "email": node["email"],
        "phone": node["phone"],
        "created_at": node["createdAt"],
        "processed_at": node["processedAt"],
        "updated_at": node["updatedAt"],
        "cancelled_at": node["cancelledAt"],
        "cancel_reason": _lower(node["cancelReason"]),
        "financial_status": _lower(node["displayFinancialStatus"]),
        "fulfillment_status": _fulfillment_status(node["displayFulfillmentStatus"]),
        "currency": node["currencyCode"],
        "presentment_currency": node["presentmentCurrencyCode"],
        "customer_locale": node["customerLocale"],
        "test": node["test"],
        "checkout_token": node["checkoutToken"],
        "discount_codes": [{"code": text} for text in node["discountCodes"]],
        "order_status_url": node["statusPageUrl"],
        "payment_gateway_names": node["paymentGatewayNames"],
        "current_total_price_set": _both(node["currentTotalPriceSet"]),
        "current_subtotal_price_set": _both(node["currentSubtotalPriceSet"]),
        "current_total_tax_set": _both(node["currentTotalTaxSet"]),
        "current_total_discounts_set": _both(node["currentTotalDiscountsSet"]),
        "current_shipping_price_set": _both(node["currentShippingPriceSet"]),
        "shipping_lines": [node["shippingLine"]] if node["shippingLine"] else [],
        "customer": _customer(node["customer"]),
        "shipping_address": _address(node["shippingAddress"]),
        "line_items": [line(one) for one in _nodes(node.get("lineItems"))],
        "fulfillments": [_shipment(one) for one in node.get("fulfillments") or []],
        "refunds": [_refund(one) for one in node.get("refunds") or []],
    }


def line(node: Node) -> Node:
    return {
        "id": number(node["id"]),
        "title": node["title"],
        "variant_title": node["variantTitle"],
        "sku": node["sku"],
        "quantity": node["quantity"],
        "current_quantity": node["currentQuantity"],
        "requires_shipping": node["requiresShipping"],
        "product_id": node["product"] and number(node["product"]["id"]),
        "variant_id": node["variant"] and number(node["variant"]["id"]),
        "price_set": _both(node["originalUnitPriceSet"]),
        "paid_price_set": _both(node["discountedUnitPriceAfterAllDiscountsSet"]),
    }


def product(node: Node) -> Node:
    own = {number(one["id"]): _picture(next(iter(_nodes(one["media"])), None)) for one in _nodes(node["variants"])}
    featured = _picture(node["featuredMedia"])
    return {
        "id": number(node["id"]),
        "title": node["title"],
        "handle": node["handle"],
        "updated_at": node["updatedAt"],
        "image": {"src": featured} if featured else None,
        "images": [{"src": url, "variant_ids": [variant]} for variant, url in own.items() if url],
        "fields": [_field(one) for name in NAMESPACES for one in _nodes(node[name])],
    }


NAMESPACES = ("custom", "specs", "descriptors")
"""Of the metafields that are read."""


def _field(node: Node) -> Node:
    definition, reference = node["definition"] or {}, node["reference"] or {}
    url = reference.get("url") or (reference.get("image") or {}).get("url")
    name = definition.get("name") or node["key"].replace("_", " ").capitalize()
    key = f"{node['namespace']}.{node['key']}"
    return {"key": key, "name": name, "type": node["type"], "value": node["value"], "url": url}


def returned(node: Node) -> Node:
    return {
        "id": number(node["id"]),
        "name": node["name"],
        "status": node["status"].lower(),
        "order_id": number(node["order"]["id"]) if node["order"] else None,
        "total_return_line_items": node["totalQuantity"],
    }


def _shipment(node: Node) -> Node:
    tracking = node["trackingInfo"]
    return {
        "id": number(node["id"]),
        "name": node["name"],
        "status": node["status"].lower(),
        "shipment_status": _lower(node["displayStatus"]),
        "created_at": node["createdAt"],
        "updated_at": node["updatedAt"],
        "estimated_delivery_at": node["estimatedDeliveryAt"],
        "tracking_company": tracking[0]["company"] if tracking else None,
        "tracking_numbers": [one["number"] for one in tracking],
        "tracking_urls": [one["url"] for one in tracking],
        "line_items": [
            {"id": number(one["lineItem"]["id"]), "quantity": one["quantity"]}
            for one in _nodes(node.get("fulfillmentLineItems"))
        ],
        "events": [_event(one) for one in _nodes(node.get("events"))],
        "is_partial": "fulfillmentLineItems" not in node,
    }


def _event(node: Node) -> Node:
    same = ("message", "address1", "city", "province", "country", "zip", *POINT)
    return {name: node[name] for name in same} | {
        "id": number(node["id"]),
        "status": node["status"].lower(),
        "happened_at": node["happenedAt"],
        "created_at": node["createdAt"],
        "estimated_delivery_at": node["estimatedDeliveryAt"],
    }


def _refund(node: Node) -> Node:
    """In the buyer's money, as a refund's webhook tells it."""
    money = node["totalRefundedSet"]["presentmentMoney"]
    currency = money["currencyCode"]
    return {
        "id": number(node["id"]),
        "created_at": node["createdAt"],
        "return": node["return"] and {"id": number(node["return"]["id"])},
        "refund_line_items": [
            {"line_item_id": number(one["lineItem"]["id"]), "quantity": one["quantity"]}
            for one in _nodes(node["refundLineItems"])
        ],
        "transactions": [{"kind": "refund", "status": "success", "amount": money["amount"], "currency": currency}],
    }


def _customer(node: Node | None) -> Node | None:
    return node and {"id": number(node["id"]), "first_name": node["firstName"], "last_name": node["lastName"]}


def _address(node: Node | None) -> Node | None:
    if node is None:
        return None
    same = ("name", "company", "address1", "address2", "city", "province", "country", "zip", "phone", *POINT)
    return {name: node[name] for name in same} | {
        "first_name": node["firstName"],
        "last_name": node["lastName"],
        "province_code": node["provinceCode"],
        "country_code": node["countryCodeV2"],
    }


def _both(bag: Node | None) -> Node | None:
    if bag is None:
        return None
    pairs = {"shop_money": bag["shopMoney"], "presentment_money": bag["presentmentMoney"]}
    return {name: {"amount": money["amount"], "currency_code": money["currencyCode"]} for name, money in pairs.items()}


def _picture(media: Node | None) -> str | None:
    image = ((media or {}).get("preview") or {}).get("image")
    return image["url"] if image else None


def _nodes(connection: Any) -> list[Node]:
    """A connection's nodes; the import has put children into plain lists already."""
    if connection is None:
        return []
    return connection if isinstance(connection, list) else list(connection["nodes"])


def _lower(word: str | None) -> str | None:
    return word and word.lower()


def _fulfillment_status(word: str) -> str | None:
    """The webhook's three words; it says nothing (None) of an order with nothing shipped."""
    return {"FULFILLED": "fulfilled", "PARTIALLY_FULFILLED": "partial", "RESTOCKED": "restocked"}.get(word)
