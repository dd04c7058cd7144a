"""Mutations of an order: cancel it, correct where it goes to."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from devstore import deeds, words
from devstore.graphql import access
from devstore.graphql.caller import Info, caller, refuse
from devstore.graphql.orders import one
from devstore.graphql.parts import parse_gid
from devstore.records import Address, Job, Order
from devstore.state import State

WRITE = ("write_orders",)
LONGEST_NOTE = 255
FIELDS = {
    "firstName": "first_name",
    "lastName": "last_name",
    "company": "company",
    "address1": "address1",
    "address2": "address2",
    "city": "city",
    "zip": "zip",
    "provinceCode": "province_code",
    "countryCode": "country_code",
    "phone": "phone",
}
"""MailingAddressInput → Address."""

Given = dict[str, Any]


def job(info: Info, id: str) -> Job | None:
    """One of the caller's shop."""
    found = caller(info).state.jobs.get(parse_gid(id)[1])
    return found if found is not None and found.shop == caller(info).shop.domain else None


def cancel(
    info: Info,
    *,
    orderId: str,  # noqa: N803, Shopify's names, here and below
    reason: str,
    restock: bool,
    refundMethod: Given | None = None,  # noqa: N803
    notifyCustomer: bool = False,  # noqa: N803
    staffNote: str | None = None,  # noqa: N803
) -> Given:
    """orderCancel: refused at once, or a job that cancels by itself a moment later."""
    who = caller(info)
    access.check(who, WRITE, "orderCancel")
    if notifyCustomer:
        raise refuse("the store on this machine writes to nobody about a cancellation", "BAD_REQUEST")
    order = one(info, parse_gid(orderId)[1])
    if order is None:
        return {"job": None, "orderCancelUserErrors": [_error("orderId", "Order does not exist", "NOT_FOUND")]}
    if problem := why_not(order):
        return {"job": None, "orderCancelUserErrors": [_error("orderId", problem, "INVALID")]}
    if len(staffNote or "") > LONGEST_NOTE:
        return {"job": None, "orderCancelUserErrors": [_error("staffNote", "Staff note is too long", "INVALID")]}
    made = Job(id=who.state.new_id(), shop=who.shop.domain)
    who.state.jobs.put(made)
    with_refund = bool(refundMethod and refundMethod.get("originalPaymentMethodsRefund"))
    who.start_job(made, lambda: _cancel(who.state, order, reason, restock, with_refund))
    return {"job": made, "orderCancelUserErrors": []}


def why_not(order: Order) -> str | None:
    """Why Shopify would not cancel it; None when it would."""
    if order.cancelled_at is not None:
        return "Order has already been cancelled"
    if words.fulfillment_status(order) is not None:
        return "Cannot cancel an order with fulfilled items"
    return "Cannot cancel an order with returns in progress" if _has_return(order) else None


def _cancel(state: State, order: Order, reason: str, restock: bool, with_refund: bool) -> None:
    """Looked at once more: what happened since the job was made counts."""
    with state.changing():
        if why_not(order) is not None:
            return
        left = Decimal(order.paid) - Decimal(order.refunded)
        if with_refund and left > 0:
            lines = [(line.id, line.quantity - line.removed) for line in order.lines if line.quantity > line.removed]
            carriage = sum((Decimal(line.price) - Decimal(line.refunded) for line in order.shipping_lines), Decimal())
            deeds.refund(state, order, lines, shipping=str(carriage), amount=str(left), restock=restock)
        deeds.cancel(state, order, reason.casefold())


def _has_return(order: Order) -> bool:
    return any(back.status in ("REQUESTED", "OPEN") for back in order.returns)


def update(info: Info, *, input: Given) -> Given:
    """orderUpdate: as far as the address of delivery goes, which is replaced as a whole."""
    who = caller(info)
    access.check(who, WRITE, "orderUpdate")
    order = one(info, parse_gid(input["id"])[1])
    if order is None:
        return {"order": None, "userErrors": [{"field": ["id"], "message": "Order does not exist"}]}
    given = input.get("shippingAddress")
    if given is None:
        return {"order": order, "userErrors": []}
    if problem := _wrong_with(order, given):
        return {"order": order, "userErrors": [problem]}
    deeds.update_order(who.state, order, shipping_address=_address(order, given))
    return {"order": order, "userErrors": []}


def _wrong_with(order: Order, given: Given) -> Given | None:
    if words.fulfillment_status(order) is not None:
        return {"field": ["shippingAddress"], "message": "Shipping address cannot be changed after fulfillment"}
    for name in ("lastName", "address1", "city", "countryCode"):
        if not given.get(name):
            return {"field": ["shippingAddress", name], "message": f"{name} can't be blank"}
    return None


def _address(order: Order, given: Given) -> Address:
    """Shopify knows the names of countries and provinces; here they are those that stood there before."""
    old = order.shipping_address or Address()
    new = Address(**{ours: given[theirs] for theirs, ours in FIELDS.items() if given.get(theirs) is not None})
    country = old.country if new.country_code == old.country_code else new.country_code
    province = old.province if new.province_code == old.province_code else new.province_code
    return replace(new, country=country, province=province)


def _error(field: str, message: str, code: str) -> Given:
    return {"field": [field], "message": message, "code": code}
