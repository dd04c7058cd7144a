"""returns/*."""

from devstore.payloads.view import Body
from devstore.records import Return, ReturnLine
from devstore.words import gid


def asked(back: Return) -> Body:
    """returns/request and returns/approve."""
    return _short(back) | {
        "name": back.name,
        "order": {"id": back.order_id, "admin_graphql_api_id": gid("Order", back.order_id)},
        "total_return_line_items": len(back.lines),
        "return_line_items": [_line(line) for line in back.lines],
        "return_shipping_fees": [],
        "exchange_line_items": [],
        "total_exchange_line_items": 0,
    }


def declined(back: Return) -> Body:
    """returns/decline."""
    return _short(back) | {
        "order": {"id": back.order_id, "admin_graphql_api_id": gid("Order", back.order_id)},
        "decline": {"reason": (back.decline_reason or "OTHER").lower(), "note": back.decline_note},
    }


def ended(back: Return) -> Body:
    """returns/cancel, returns/close and returns/reopen."""
    return _short(back) | {"order_id": back.order_id}


def _short(back: Return) -> Body:
    return {"id": back.id, "admin_graphql_api_id": gid("Return", back.id), "status": back.status.lower()}


def _line(line: ReturnLine) -> Body:
    bought = {"id": line.line_id, "admin_graphql_api_id": gid("LineItem", line.line_id)}
    packed = {
        "id": line.fulfillment_line_id,
        "admin_graphql_api_id": gid("FulfillmentLineItem", line.fulfillment_line_id),
    }
    return {
        "id": line.id,
        "admin_graphql_api_id": gid("ReturnLineItem", line.id),
        "fulfillment_line_item": packed | {"line_item": bought},
        "quantity": line.quantity,
        "return_reason": line.reason.lower(),
        "return_reason_note": line.reason_note,
        "customer_note": line.customer_note,
    }
