"""Orders, from "Pay now" to the archive."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from devstore import words
from devstore.deeds import basket
from devstore.deeds.basket import Code, Wanted
from devstore.deeds.buyers import add_customer, edit_consent
from devstore.deeds.catalogue import set_fields
from devstore.money import text
from devstore.records import Address, Checkout, Customer, Line, Note, Order
from devstore.state import Change, State

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def place_order(
    state: State,
    shop: str,
    lines: Wanted,
    *,
    customer: Customer | None = None,
    email: str | None = None,
    phone: str | None = None,
    shipping_address: Address | None = None,
    billing_address: Address | None = None,
    shipping: tuple[str, str] | None = ("Standard", "4.90"),
    discount: Code | None = None,
    duties: Sequence[str] = (),
    presentment_currency: str | None = None,
    exchange_rate: str = "1",
    gateway: str = "bogus",
    paid: bool = True,
    test: bool = False,
    customer_locale: str | None = None,
    buyer_accepts_marketing: bool = False,
    note: str | None = None,
    tags: Sequence[str] = (),
    source_name: str = "web",
    at: datetime | None = None,
) -> Order:
    """An order without a visible checkout. None for e-mail, address and locale takes the customer's. duties: what the
    border takes for each line, in their order.
    """
    with state.changing(at) as change:
        currency = state.shops[shop].currency
        bought = basket.lines(state, lines)
        for line, duty in zip(bought, duties, strict=False):
            line.duty = text(duty, currency)
        checkout = Checkout(
            id=state.new_id(),
            shop=shop,
            token=secrets.token_hex(16),
            cart_token=secrets.token_hex(16),
            created_at=change.at,
            updated_at=change.at,
            presentment_currency=presentment_currency or currency,
            exchange_rate=exchange_rate,
            lines=bought,
            email=email or (customer.email if customer else None),
            phone=phone,
            customer_id=customer.id if customer else None,
            customer_locale=customer_locale or (customer.locale if customer else state.shops[shop].primary_locale),
            buyer_accepts_marketing=buyer_accepts_marketing,
            shipping_address=shipping_address or (customer.address if customer else None),
            billing_address=billing_address,
            shipping_lines=basket.shipping_lines(state, shipping, currency) if shipping else [],
            discounts=basket.discount(bought, discount, currency),
        )
        order = place(state, change, checkout, gateway=gateway, paid=paid, test=test, source_name=source_name)
        order.note, order.tags = note, list(tags)
        return order


def place(
    state: State, change: Change, checkout: Checkout, *, gateway: str, paid: bool, test: bool, source_name: str = "web"
) -> Order:
    """The order of a checkout. A buyer without an account gets one by e-mail, as Shopify does outside of POS."""
    shop = state.shops[checkout.shop]
    if source_name != "pos":
        _know_buyer(state, checkout)
    order = Order(
        id=state.new_id(),
        shop=shop.domain,
        name=f"{shop.order_prefix}{shop.next_order_number}{shop.order_suffix}",
        number=shop.next_order_number,
        token=secrets.token_hex(16),
        key=secrets.token_hex(16),
        created_at=change.at,
        processed_at=change.at,
        updated_at=change.at,
        presentment_currency=checkout.presentment_currency,
        transaction_id=state.new_id(),
        confirmation_number="".join(secrets.choice(LETTERS) for _ in range(9)),
        exchange_rate=checkout.exchange_rate,
        lines=checkout.lines,
        shipping_lines=checkout.shipping_lines,
        discounts=checkout.discounts,
        tax_rate=shop.tax_rate,
        taxes_included=shop.taxes_included,
        email=checkout.email,
        phone=checkout.phone,
        customer_id=checkout.customer_id,
        customer_locale=checkout.customer_locale,
        buyer_accepts_marketing=checkout.buyer_accepts_marketing,
        shipping_address=checkout.shipping_address,
        billing_address=checkout.billing_address or checkout.shipping_address,
        gateway=gateway,
        test=test,
        source_name=source_name,
        cart_token=checkout.cart_token,
        checkout_id=checkout.id,
        checkout_token=checkout.token,
    )
    for taken in checkout.discounts:
        if found := state.code(shop.domain, taken.code):
            found.uses += 1
            change.touch(found)
    shop.next_order_number += 1
    change.touch(shop)
    change.touch(order)
    change.tell(shop.domain, "orders/create", order)
    if paid:
        pay(state, order)
    return order


def pay(state: State, order: Order, amount: str | None = None, *, at: datetime | None = None) -> Order:
    """amount in shop money; None pays what is outstanding."""
    with state.changing(at) as change:
        currency = state.shops[order.shop].currency
        due = words.outstanding(order, currency)
        order.paid = text(Decimal(order.paid) + (due if amount is None else Decimal(amount)), currency)
        if words.outstanding(order, currency) <= 0:
            change.tell(order.shop, "orders/paid", order)
        updated(change, order)
        return order


def update_order(state: State, order: Order, *, at: datetime | None = None, **fields: Any) -> Order:
    """Change any fields: note, tags, email, shipping_address …"""
    with state.changing(at) as change:
        set_fields(order, fields)
        updated(change, order)
        return order


def note_by_app(state: State, order: Order, app: str, *, at: datetime | None = None) -> None:
    """Another app writes a line into the order's timeline. No topic tells of it. app: its title."""
    with state.changing(at) as change:
        order.notes.append(Note(id=state.new_id(), app=app, created_at=change.at))
        change.touch(order)


def cancel(state: State, order: Order, reason: str = "customer", *, at: datetime | None = None) -> Order:
    """reason: customer, fraud, inventory, declined, other, staff. Paid money is refunded as its own deed."""
    with state.changing(at) as change:
        order.cancelled_at = order.closed_at = change.at
        order.cancel_reason = reason
        for line in order.lines:
            line.removed += line.unfulfilled
            line.unfulfilled = 0
        change.tell(order.shop, "orders/cancelled", order)
        updated(change, order)
        return order


def edit_lines(
    state: State,
    order: Order,
    add: Wanted = (),
    remove: Sequence[tuple[int, int]] = (),
    *,
    at: datetime | None = None,
) -> Order:
    """The merchant edits the order. add: (variant id, pieces). remove: (line id, pieces) not yet shipped."""
    with state.changing(at) as change:
        added = basket.lines(state, add)
        order.lines.extend(added)
        for line_id, pieces in remove:
            _take_off(order.line(line_id), pieces)
        change.tell(order.shop, "orders/edited", _edit(state, change, order, added, remove))
        updated(change, order)
        return order


def archive(state: State, order: Order, *, at: datetime | None = None) -> Order:
    with state.changing(at) as change:
        order.closed_at = change.at
        updated(change, order)
        return order


def delete_order(state: State, order: Order) -> None:
    with state.changing() as change:
        change.drop(order)
        change.tell(order.shop, "orders/delete", {"id": order.id})


def request_link(state: State, order: Order) -> None:
    """The buyer asks for a fresh link to the order status page: orders/link_requested."""
    with state.changing() as change:
        change.tell(order.shop, "orders/link_requested", order)


def updated(change: Change, order: Order) -> None:
    """Every deed on an order ends here: newer `updated_at`, saved, orders/updated told."""
    order.updated_at = max(order.updated_at, change.at)
    change.touch(order)
    change.tell(order.shop, "orders/updated", order)


def _know_buyer(state: State, checkout: Checkout) -> None:
    if checkout.customer_id is None and checkout.email:
        customer = state.customer_by_email(checkout.shop, checkout.email) or _new_buyer(state, checkout)
        checkout.customer_id = customer.id
    customer_now = state.customers.get(checkout.customer_id or 0)
    if customer_now and checkout.buyer_accepts_marketing and customer_now.email_consent.state != "subscribed":
        edit_consent(state, customer_now, "subscribed")


def _new_buyer(state: State, checkout: Checkout) -> Customer:
    address = checkout.shipping_address or Address()
    return add_customer(
        state,
        checkout.shop,
        checkout.email,
        first_name=address.first_name,
        last_name=address.last_name,
        locale=checkout.customer_locale,
        address=checkout.shipping_address,
    )


def _take_off(line: Line, pieces: int) -> None:
    if pieces > line.unfulfilled:
        raise ValueError(f"only {line.unfulfilled} of this line can be taken off")
    line.unfulfilled -= pieces
    line.removed += pieces


def _edit(
    state: State, change: Change, order: Order, added: list[Line], removed: Sequence[tuple[int, int]]
) -> dict[str, Any]:
    return {
        "order_edit": {
            "id": state.new_id(),
            "app_id": None,
            "created_at": change.at.isoformat(),
            "notify_customer": False,
            "order_id": order.id,
            "staff_note": "",
            "user_id": state.shops[order.shop].staff.id,
            "line_items": {
                "additions": [{"id": line.id, "delta": line.quantity} for line in added],
                "removals": [{"id": line_id, "delta": pieces} for line_id, pieces in removed],
            },
            "discounts": {"line_item": {"additions": [], "removals": []}},
            "shipping_lines": {"additions": [], "removals": []},
            "committed_at": change.at.isoformat(),
        }
    }
