"""refunds/create. Its subtotal and total_tax are JSON numbers, the one place where money is not a string."""

from collections.abc import Callable
from decimal import Decimal

from devstore import presented
from devstore.money import text
from devstore.payloads.lines import bare_line, line
from devstore.payloads.view import Body, View
from devstore.records import Line, Order, Refund, RefundLine
from devstore.words import gid

Written = Callable[[View, Order, Line], Body]


def refund(view: View, refund: Refund) -> Body:
    """The webhook's body."""
    order = view.state.orders[refund.order_id]
    body = _refund(view, order, refund, bare_line)
    for transaction in body["transactions"]:
        unsettled = {"amount": transaction["amount"], "currency": transaction["currency"]}
        transaction |= {
            "total_unsettled_set": {"shop_money": unsettled, "presentment_money": unsettled},
            "manual_payment_gateway": False,
            "amount_rounding": None,
        }
    back = refund.return_id
    return body | {
        "return": {"id": back, "admin_graphql_api_id": gid("Return", back)} if back else None,
        "refund_shipping_lines": _shipping(view, order, refund),
    }


def in_order(view: View, order: Order, refund: Refund) -> Body:
    return _refund(view, order, refund, line)


def _refund(view: View, order: Order, refund: Refund, written: Written) -> Body:
    return {
        "id": refund.id,
        "admin_graphql_api_id": gid("Refund", refund.id),
        "created_at": view.time(refund.created_at),
        "note": refund.note,
        "order_id": order.id,
        "processed_at": view.time(refund.created_at),
        "restock": refund.restock,
        "total_additional_fees_set": view.bag("0", order),
        "total_duties_set": view.paid_bag(sum(map(Decimal, refund.duties.values()), Decimal()), order),
        "user_id": view.shop.staff.id,
        "order_adjustments": [],
        "transactions": [_transaction(view, order, refund, *paid) for paid in _ways(order, refund)],
        "refund_line_items": [_line(view, order, back, written) for back in refund.lines],
        "duties": [],
        "additional_fees": [],
    }


def _line(view: View, order: Order, back: RefundLine, written: Written) -> Body:
    return {
        "id": back.id,
        "line_item_id": back.line_id,
        "location_id": None if back.restock_type == "no_restock" else view.shop.location_id,
        "quantity": back.quantity,
        "restock_type": back.restock_type,
        "subtotal": float(back.subtotal),
        "subtotal_set": _either(view, back.subtotal, back.presented, order),
        "total_tax": float(back.total_tax),
        "total_tax_set": _either(view, back.total_tax, back.presented_tax, order),
        "line_item": written(view, order, order.line(back.line_id)),
    }


def _shipping(view: View, order: Order, refund: Refund) -> list[Body]:
    if not Decimal(refund.shipping) or not order.shipping_lines:
        return []
    return [{"id": refund.id, "shipping_line_id": order.shipping_lines[0].id, "subtotal_amount": refund.shipping}]


def _either(view: View, amount: str, paid: str | None, order: Order) -> Body:
    """What the buyer's money was is known, or follows from the rate."""
    return view.bag(amount, order) if paid is None else view.paid_bag(Decimal(paid), order, amount)


def _ways(order: Order, refund: Refund) -> list[tuple[int, Decimal, str]]:
    """Id, amount and gateway of each way in which the money goes, in what the buyer paid with."""
    whole, credit = presented.of_refund(refund, order), Decimal(refund.credit)
    ways = [
        (refund.transaction_id, whole - credit, order.gateway),
        (refund.credit_id, credit, "shopify_store_credit"),
    ]
    return [way for way in ways if way[1]]


def _transaction(view: View, order: Order, refund: Refund, id: int, amount: Decimal, gateway: str) -> Body:
    return {
        "id": id,
        "admin_graphql_api_id": gid("OrderTransaction", id),
        "amount": text(amount, order.presentment_currency),
        "authorization": None,
        "created_at": view.time(refund.created_at),
        "currency": order.presentment_currency,
        "device_id": None,
        "error_code": None,
        "gateway": gateway,
        "kind": "refund",
        "location_id": None,
        "message": "Transaction approved",
        "order_id": order.id,
        "parent_id": order.transaction_id,
        "payment_id": f"{order.name}.{order.refunds.index(refund) + 2}",
        "processed_at": view.time(refund.created_at),
        "receipt": {},
        "source_name": "web",
        "status": "success",
        "test": order.test,
        "user_id": view.shop.staff.id,
    }
