"""Customers, their consent and their rights."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from devstore.deeds.catalogue import set_fields
from devstore.records import Address, Consent, Customer
from devstore.state import State


def add_customer(
    state: State,
    shop: str,
    email: str | None,
    *,
    first_name: str = "",
    last_name: str = "",
    phone: str | None = None,
    locale: str = "en",
    address: Address | None = None,
    email_consent: str = "not_subscribed",
    tags: Sequence[str] = (),
    at: datetime | None = None,
) -> Customer:
    """email_consent: one of the words of records.Consent."""
    with state.changing(at) as change:
        customer = Customer(
            id=state.new_id(),
            shop=shop,
            created_at=change.at,
            updated_at=change.at,
            email=email,
            phone=phone,
            first_name=first_name,
            last_name=last_name,
            locale=locale,
            tags=list(tags),
            address=address,
            address_id=state.new_id(),
            email_consent=_consent(email_consent, "single_opt_in", change.at),
        )
        change.touch(customer)
        change.tell(shop, "customers/create", customer)
        return customer


def update_customer(state: State, customer: Customer, **fields: Any) -> Customer:
    with state.changing() as change:
        set_fields(customer, fields)
        customer.updated_at = change.at
        change.touch(customer)
        change.tell(customer.shop, "customers/update", customer)
        return customer


def delete_customer(state: State, customer: Customer) -> None:
    with state.changing() as change:
        change.drop(customer)
        change.tell(customer.shop, "customers/delete", {"id": customer.id})


def edit_consent(
    state: State,
    customer: Customer,
    word: str,
    *,
    opt_in_level: str = "single_opt_in",
    since: datetime | None = None,
    at: datetime | None = None,
) -> Customer:
    """E-mail marketing consent. word: subscribed, unsubscribed, not_subscribed, pending, redacted. since: when the
    customer said so; None: now.
    """
    with state.changing(at) as change:
        customer.email_consent = _consent(word, opt_in_level, since or change.at)
        customer.updated_at = change.at
        change.touch(customer)
        change.tell(customer.shop, "customers_email_marketing_consent/update", customer)
        change.tell(customer.shop, "customers/update", customer)
        return customer


def edit_sms_consent(
    state: State, customer: Customer, word: str, *, opt_in_level: str = "single_opt_in", at: datetime | None = None
) -> Customer:
    """SMS marketing consent; Shopify's topic for it is named customers_marketing_consent/update."""
    with state.changing(at) as change:
        customer.sms_consent = _consent(word, opt_in_level, change.at)
        customer.updated_at = change.at
        change.touch(customer)
        change.tell(customer.shop, "customers_marketing_consent/update", customer)
        return customer


def request_data(state: State, customer: Customer) -> None:
    """The customer asked the merchant for their data: customers/data_request."""
    with state.changing() as change:
        body = _person(state, customer) | {
            "orders_requested": _order_ids(state, customer),
            "data_request": {"id": state.new_id()},
        }
        change.tell(customer.shop, "customers/data_request", body)


def request_redact(state: State, customer: Customer) -> None:
    """The customer is to be forgotten: customers/redact, sent at once (Shopify waits ten days or more)."""
    with state.changing() as change:
        body = _person(state, customer) | {"orders_to_redact": _order_ids(state, customer)}
        change.tell(customer.shop, "customers/redact", body)


def request_shop_redact(state: State, shop: str) -> None:
    """The shop's data is to be erased: shop/redact, sent at once (Shopify waits 48 hours after the uninstall)."""
    with state.changing() as change:
        change.tell(shop, "shop/redact", {"shop_id": state.shops[shop].id, "shop_domain": shop})


def _person(state: State, customer: Customer) -> dict[str, Any]:
    return {
        "shop_id": state.shops[customer.shop].id,
        "shop_domain": customer.shop,
        "customer": {"id": customer.id, "email": customer.email, "phone": customer.phone},
    }


def _order_ids(state: State, customer: Customer) -> list[int]:
    return [order.id for order in state.orders.of(customer.shop) if order.customer_id == customer.id]


def _consent(word: str, opt_in_level: str, at: datetime) -> Consent:
    if word == "not_subscribed":
        return Consent(opt_in_level="single_opt_in")
    return Consent(state=word, opt_in_level=opt_in_level, consent_updated_at=at)
