"""Addresses, customers and the shop."""

from decimal import Decimal

from devstore.payloads.view import Body, View
from devstore.records import Address, Consent, Customer
from devstore.words import gid


def address(given: Address | None) -> Body | None:
    if given is None:
        return None
    return {
        "first_name": given.first_name,
        "address1": given.address1,
        "phone": given.phone,
        "city": given.city,
        "zip": given.zip,
        "province": given.province,
        "country": given.country,
        "last_name": given.last_name,
        "address2": given.address2,
        "company": given.company,
        "latitude": given.latitude,
        "longitude": given.longitude,
        "name": given.name,
        "country_code": given.country_code,
        "province_code": given.province_code,
    }


def in_checkout(view: View, customer: Customer) -> Body:
    """A customer as checkouts show it: without consent and tags."""
    body: Body = {
        "id": customer.id,
        "email": customer.email,
        "created_at": view.time(customer.created_at),
        "updated_at": view.time(customer.updated_at),
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "state": "disabled",
        "note": customer.note,
        "verified_email": True,
        "multipass_identifier": None,
        "tax_exempt": False,
        "currency": view.shop.currency,
        "phone": customer.phone,
        "tax_exemptions": [],
        "admin_graphql_api_id": gid("Customer", customer.id),
    }
    home = _home(customer)
    return body | {"default_address": home} if home else body


def in_order(view: View, customer: Customer) -> Body:
    return in_checkout(view, customer) | {
        "tags": ", ".join(customer.tags),
        "email_marketing_consent": consent(view, customer.email_consent),
        "sms_marketing_consent": _sms_consent(view, customer),
    }


def customer(view: View, customer: Customer) -> Body:
    """customers/create and customers/update."""
    orders = [order for order in view.state.orders.of(customer.shop) if order.customer_id == customer.id]
    last = orders[-1] if orders else None
    home = _home(customer)
    return in_order(view, customer) | {
        "orders_count": len(orders),
        "total_spent": view.money(sum((Decimal(o.paid) - Decimal(o.refunded) for o in orders), Decimal())),
        "last_order_id": last.id if last else None,
        "last_order_name": last.name if last else None,
        "addresses": [home] if home else [],
    }


def email_consent(view: View, customer: Customer) -> Body:
    """customers_email_marketing_consent/update."""
    return {
        "customer_id": customer.id,
        "email_address": customer.email,
        "email_marketing_consent": consent(view, customer.email_consent),
    }


def sms_consent(view: View, customer: Customer) -> Body:
    """customers_marketing_consent/update."""
    given = _sms_consent(view, customer) or consent(view, customer.sms_consent)
    return {"id": customer.id, "phone": customer.phone, "sms_marketing_consent": given}


def consent(view: View, given: Consent) -> Body:
    return {
        "state": given.state,
        "opt_in_level": given.opt_in_level,
        "consent_updated_at": view.time(given.consent_updated_at),
    }


def _sms_consent(view: View, customer: Customer) -> Body | None:
    if customer.phone is None:
        return None
    return consent(view, customer.sms_consent) | {"consent_collected_from": "SHOPIFY"}


def _home(customer: Customer) -> Body | None:
    home = customer.address
    if home is None:
        return None
    return {
        "id": customer.address_id,
        "customer_id": customer.id,
        "first_name": home.first_name,
        "last_name": home.last_name,
        "company": home.company,
        "address1": home.address1,
        "address2": home.address2,
        "city": home.city,
        "province": home.province,
        "country": home.country,
        "zip": home.zip,
        "phone": home.phone,
        "name": home.name,
        "province_code": home.province_code,
        "country_code": home.country_code,
        "country_name": home.country,
        "default": True,
    }
