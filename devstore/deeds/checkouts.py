"""Checkouts: they exist from the moment the buyer has typed an e-mail or phone."""

import secrets
from datetime import datetime

from devstore.deeds import basket
from devstore.deeds.basket import Code, Wanted
from devstore.deeds.orders import place
from devstore.records import Address, Checkout, Customer, DiscountCode, Order
from devstore.state import State


def begin_checkout(
    state: State,
    shop: str,
    lines: Wanted,
    *,
    email: str | None = None,
    phone: str | None = None,
    customer: Customer | None = None,
    locale: str = "en",
    presentment_currency: str | None = None,
    exchange_rate: str = "1",
    accepts_marketing: bool = False,
    cart_token: str | None = None,
    source_name: str = "web",
    at: datetime | None = None,
) -> Checkout:
    """presentment_currency None = the shop's own. exchange_rate: presentment money for one unit of shop money."""
    with state.changing(at) as change:
        checkout = Checkout(
            id=state.new_id(),
            shop=shop,
            token=secrets.token_hex(16),
            cart_token=cart_token or secrets.token_hex(16),
            created_at=change.at,
            updated_at=change.at,
            presentment_currency=presentment_currency or state.shops[shop].currency,
            exchange_rate=exchange_rate,
            lines=basket.lines(state, lines),
            email=email or (customer.email if customer else None),
            phone=phone,
            customer_id=customer.id if customer else None,
            customer_locale=locale,
            buyer_accepts_marketing=accepts_marketing,
            source_name=source_name,
        )
        change.touch(checkout)
        change.tell(shop, "checkouts/create", checkout)
        return checkout


def update_checkout(
    state: State,
    checkout: Checkout,
    *,
    email: str | None = None,
    phone: str | None = None,
    lines: Wanted | None = None,
    shipping_address: Address | None = None,
    billing_address: Address | None = None,
    shipping: tuple[str, str] | None = None,
    discount_code: Code | None = None,
    accepts_marketing: bool | None = None,
    at: datetime | None = None,
) -> Checkout:
    """Every argument left None stays as it was."""
    with state.changing(at) as change:
        currency = state.shops[checkout.shop].currency
        checkout.email = email or checkout.email
        checkout.phone = phone or checkout.phone
        checkout.shipping_address = shipping_address or checkout.shipping_address
        checkout.billing_address = billing_address or checkout.billing_address
        if lines is not None:
            checkout.lines = basket.lines(state, lines)
        if shipping is not None:
            checkout.shipping_lines = basket.shipping_lines(state, shipping, currency)
        if discount_code is not None or lines is not None:
            checkout.discounts = basket.discount(checkout.lines, discount_code or _code(checkout), currency)
        if accepts_marketing is not None:
            checkout.buyer_accepts_marketing = accepts_marketing
        checkout.updated_at = change.at
        change.touch(checkout)
        change.tell(checkout.shop, "checkouts/update", checkout)
        return checkout


def complete(
    state: State,
    checkout: Checkout,
    *,
    gateway: str = "bogus",
    paid: bool = True,
    test: bool = False,
    at: datetime | None = None,
) -> Order:
    """The buyer pressed "Pay now": the checkout becomes an order. A completed one gives its order again."""
    with state.changing(at) as change:
        if checkout.order_id is not None:
            return state.orders[checkout.order_id]
        order = place(state, change, checkout, gateway=gateway, paid=paid, test=test)
        checkout.completed_at = checkout.updated_at = change.at
        checkout.order_id = order.id
        change.touch(checkout)
        change.tell(checkout.shop, "checkouts/update", checkout)
        return order


def decline_payment(state: State, checkout: Checkout, gateway: str = "bogus") -> None:
    """The buyer tried to pay, and the bank said no."""
    with state.changing() as change:
        checkout.gateway, checkout.updated_at = gateway, change.at
        change.touch(checkout)
        change.tell(checkout.shop, "checkouts/update", checkout)


def remind(state: State, checkout: Checkout, email_state: str = "sent") -> None:
    """Shopify's own automation writes to the buyer, or is about to ("scheduled"). No topic tells of it."""
    with state.changing() as change:
        checkout.email_state = email_state
        change.touch(checkout)


def make_code(
    state: State,
    shop: str,
    code: str,
    percent: str,
    *,
    title: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    usage_limit: int | None = None,
    once_per_customer: bool = False,
) -> DiscountCode:
    """ValueError when the shop has this code already."""
    with state.changing() as change:
        if state.code(shop, code) is not None:
            raise ValueError(f"there is a code {code} already")
        made = DiscountCode(
            id=state.new_id(),
            shop=shop,
            title=title or code,
            code=code,
            percent=percent,
            starts_at=starts_at or change.at,
            ends_at=ends_at,
            usage_limit=usage_limit,
            once_per_customer=once_per_customer,
        )
        change.touch(made)
        return made


def worth(state: State, shop: str, text: str, email: str | None = None) -> Code | None:
    """What a typed code takes off at this moment; None when it is unknown, over, used up, or was theirs before."""
    found = state.code(shop, text)
    if found is None or found.starts_at > state.now() or (found.ends_at and found.ends_at <= state.now()):
        return None
    is_used_up = found.usage_limit is not None and found.uses >= found.usage_limit
    if found.once_per_customer and email and _has_used(state, found, email):
        return None
    return None if is_used_up else (found.code, "percentage", found.percent)


def _has_used(state: State, code: DiscountCode, email: str) -> bool:
    theirs = (order for order in state.orders.of(code.shop) if (order.email or "").casefold() == email.casefold())
    return any(taken.code.casefold() == code.code.casefold() for order in theirs for taken in order.discounts)


def delete_checkout(state: State, checkout: Checkout) -> None:
    with state.changing() as change:
        change.drop(checkout)
        change.tell(checkout.shop, "checkouts/delete", checkout)


def _code(checkout: Checkout) -> Code | None:
    return next(((d.code, d.type, d.value) for d in checkout.discounts), None)
