"""returns/*, reverse_deliveries/attach_deliverable and reverse_fulfillment_orders/dispose."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from devstore.money import graphql_text
from devstore.payloads.view import Body, View
from devstore.presented import back as in_shop_money
from devstore.records import (
    Disposition,
    ExchangeLine,
    Order,
    Return,
    ReturnLine,
    ReverseDelivery,
    ReverseLine,
    ReverseOrder,
)
from devstore.words import gid

Disposed = tuple[ReverseOrder, Sequence[tuple[ReverseLine, Disposition]]]


def asked(view: View, back: Return) -> Body:
    """returns/request and returns/approve."""
    return _short(back) | {
        "name": back.name,
        "order": _ref("Order", back.order_id),
        "total_return_line_items": len(back.lines),
        "return_line_items": [_line(line) for line in back.lines],
        "return_shipping_fees": _fees(view, back),
        "exchange_line_items": [_exchange(line) for line in back.exchange_lines],
        "total_exchange_line_items": len(back.exchange_lines),
    }


def updated(back: Return, removed: Mapping[int, int]) -> Body:
    """returns/update: neither the return's number nor its order, only the gid."""
    removals = [{"admin_graphql_api_id": gid("ReturnLineItem", id), "delta": n} for id, n in removed.items()]
    return {
        "admin_graphql_api_id": gid("Return", back.id),
        "return_line_items": {"removals": removals},
        "restocking_fees": {"updates": [], "removals": []},
        "return_shipping_fees": {"updates": [], "removals": []},
    }


def attached(order: Order, delivery: ReverseDelivery) -> Body:
    """reverse_deliveries/attach_deliverable."""
    back = next(r for r in order.returns if any(delivery in each.deliveries for each in r.reverse_orders))
    track, made = delivery.tracking, delivery.label_made_at
    tracking = {
        "carrier_name": track.company if track else None,
        "tracking_number": track.number if track else None,
        "tracking_url": track.url if track else None,
    }
    label = {"public_file_url": delivery.label, "created_at": made.isoformat() if made else None}
    return _ref("ReverseDelivery", delivery.id) | {
        "return": _ref("Return", back.id),
        "shipping_deliverable": {"tracking": tracking, "label": label},
    }


def disposed(what: Disposed) -> Body:
    """reverse_fulfillment_orders/dispose."""
    expected, made = what
    return _ref("ReverseFulfillmentOrder", expected.id) | {
        "dispositions": [
            {
                "reverse_fulfillment_order_line_item": _ref("ReverseFulfillmentOrderLineItem", line.id),
                "reverse_delivery_line_item": None,
                "type": one.type.lower(),
                "location": _ref("Location", one.location_id) if one.location_id else None,
                "quantity": one.quantity,
            }
            for line, one in made
        ],
        "total_dispositions": len(made),
    }


def declined(back: Return) -> Body:
    """returns/decline."""
    return _short(back) | {
        "order": _ref("Order", back.order_id),
        "decline": {"reason": (back.decline_reason or "OTHER").lower(), "note": back.decline_note},
    }


def ended(back: Return) -> Body:
    """returns/cancel, returns/close and returns/reopen."""
    return _short(back) | {"order_id": back.order_id}


def _short(back: Return) -> Body:
    return _ref("Return", back.id) | {"status": back.status.lower()}


def _ref(kind: str, id: int) -> Body:
    return {"id": id, "admin_graphql_api_id": gid(kind, id)}


def _fees(view: View, back: Return) -> list[Body]:
    """Their amounts are written as in GraphQL: "10.0"."""
    if back.shipping_fee is None:
        return []
    order, currency = view.state.orders[back.order_id], view.shop.currency
    shop_money = graphql_text(in_shop_money(Decimal(back.shipping_fee), order, currency), currency)
    price = {
        "shop_money": {"amount": shop_money, "currency_code": currency},
        "presentment_money": {
            "amount": graphql_text(back.shipping_fee, order.presentment_currency),
            "currency_code": order.presentment_currency,
        },
    }
    return [_ref("ReturnShippingFee", back.shipping_fee_id) | {"price": price}]


def _exchange(line: ExchangeLine) -> Body:
    """Its line_item is none until it is processed."""
    made = line.line_ids[0] if line.line_ids else None
    return _ref("ExchangeLineItem", line.id) | {"line_item": _ref("LineItem", made) if made else None}


def _line(line: ReturnLine) -> Body:
    packed = _ref("FulfillmentLineItem", line.fulfillment_line_id)
    return _ref("ReturnLineItem", line.id) | {
        "fulfillment_line_item": packed | {"line_item": _ref("LineItem", line.line_id)},
        "quantity": line.quantity,
        "return_reason": line.reason.lower(),
        "return_reason_note": line.reason_note,
        "customer_note": line.customer_note,
    }
