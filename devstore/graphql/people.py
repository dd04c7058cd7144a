"""Resolvers of customers, the shop and the app's install."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from devstore import deeds
from devstore.graphql import access, orders
from devstore.graphql.caller import Info, caller
from devstore.graphql.connections import connect
from devstore.graphql.parts import parse_gid
from devstore.graphql.search import Fields, compile
from devstore.money import graphql_text
from devstore.payloads.shop import PLANS
from devstore.records import Customer, Install, Order, Shop
from devstore.words import gid

FIELDS = Fields(
    named={
        "id": lambda c: c.id,
        "email": lambda c: c.email,
        "phone": lambda c: c.phone,
        "first_name": lambda c: c.first_name,
        "last_name": lambda c: c.last_name,
        "tag": lambda c: c.tags,
        "created_at": lambda c: c.created_at,
        "updated_at": lambda c: c.updated_at,
    },
    text=lambda c: f"{c.name} {c.email or ''} {c.phone or ''}",
)

SORTS = {
    "ID": lambda c: c.id,
    "NAME": lambda c: f"{c.last_name}, {c.first_name}",
    "CREATED_AT": lambda c: c.created_at,
    "UPDATED_AT": lambda c: c.updated_at,
}


def find(info: Info, page: dict[str, Any]) -> dict[str, Any]:
    who, test = caller(info), compile(page.get("query"), FIELDS)
    found = [customer for customer in who.state.customers.of(who.shop.domain) if test(customer)]
    return connect(found, who, page, SORTS[page["sortKey"]])


def one(info: Info, id: int) -> Customer | None:
    customer = caller(info).state.customers.get(id)
    return customer if customer is not None and customer.shop == caller(info).shop.domain else None


def by_identifier(info: Info, identifier: dict[str, str]) -> Customer | None:
    who = caller(info)
    access.check(who, access.CUSTOMERS, "customerByIdentifier")
    if "id" in identifier:
        return one(info, parse_gid(identifier["id"])[1])
    wanted = identifier["emailAddress"].casefold()
    return next((c for c in who.state.customers.of(who.shop.domain) if (c.email or "").casefold() == wanted), None)


def update_consent(info: Info, given: dict[str, Any]) -> dict[str, Any]:
    """customerEmailMarketingConsentUpdate: states that only Shopify sets are refused."""
    who, wanted = caller(info), given["emailMarketingConsent"]
    access.check(who, ("write_customers",), "customerEmailMarketingConsentUpdate")
    customer, state = one(info, parse_gid(given["customerId"])[1]), wanted["marketingState"]
    if customer is None or customer.email is None:
        return _no("customerId", "Customer not found", "INVALID")
    if state in ("INVALID", "NOT_SUBSCRIBED", "REDACTED"):
        return _no("emailMarketingConsent", f"Cannot specify {state} as a marketing state input", "INCLUSION")
    told = wanted.get("consentUpdatedAt")
    at = datetime.fromisoformat(told) if isinstance(told, str) else told
    level = (wanted.get("marketingOptInLevel") or customer.email_consent.opt_in_level or "single_opt_in").lower()
    deeds.edit_consent(who.state, customer, state.lower(), opt_in_level=level, since=at)
    return {"customer": customer, "userErrors": []}


def _no(field: str, message: str, code: str) -> dict[str, Any]:
    return {"customer": None, "userErrors": [{"field": ["input", field], "message": message, "code": code}]}


def _orders(customer: Customer, info: Info) -> list[Order]:
    who = caller(info)
    kept = who.state.orders.of(customer.shop)
    return [order for order in kept if order.customer_id == customer.id and who.sees(order)]


def _lifetime(customer: Customer, info: Info) -> int:
    """How many ever, those too that may not be read."""
    return sum(order.customer_id == customer.id for order in caller(info).state.orders.of(customer.shop))


def _spent(customer: Customer, info: Info) -> dict[str, str]:
    currency = caller(info).shop.currency
    spent = sum((Decimal(o.paid) - Decimal(o.refunded) for o in _orders(customer, info)), Decimal())
    return {"amount": graphql_text(spent, currency), "currencyCode": currency}


def _email(customer: Customer, info: Info) -> dict[str, Any] | None:
    if customer.email is None:
        return None
    consent = customer.email_consent
    return {
        "emailAddress": customer.email,
        "marketingState": "UNSUBSCRIBED" if consent.state == "redacted" else consent.state.upper(),
        "marketingOptInLevel": consent.opt_in_level.upper() if consent.opt_in_level else None,
        "marketingUpdatedAt": consent.consent_updated_at,
        "validFormat": "@" in customer.email,
    }


def _phone(customer: Customer, info: Info) -> dict[str, Any] | None:
    if customer.phone is None:
        return None
    consent = customer.sms_consent
    known = {
        "collectedFrom": "SHOPIFY",
        "optInLevel": consent.opt_in_level.upper() if consent.opt_in_level else None,
        "state": consent.state.upper(),
        "updatedAt": consent.consent_updated_at,
    }
    return {"phoneNumber": customer.phone, "smsMarketingConsent": known}


CUSTOMER: dict[str, Any] = {
    "amountSpent": _spent,
    "defaultAddress": lambda c, i: orders.address(i, c.address, c, "CustomerAddress"),
    "defaultEmailAddress": _email,
    "defaultPhoneNumber": _phone,
    "displayName": lambda c, i: c.name or c.email or c.phone or "",
    "lastOrder": lambda c, i: next(reversed(_orders(c, i)), None),
    "numberOfOrders": _lifetime,
    "orders": lambda c, i, **page: orders.find(i, _orders(c, i), page),
    "state": lambda c, i: "ENABLED",
    "taxExempt": lambda c, i: False,
    "verifiedEmail": lambda c, i: c.email is not None,
}


def _home(shop: Shop, info: Info) -> dict[str, Any] | None:
    home = orders.address(info, shop.address, shop, "ShopAddress")
    return home and home | {"id": gid("ShopAddress", shop.id)}


def _domain(shop: Shop, info: Info) -> dict[str, Any]:
    url = caller(info).view.storefront
    return {"id": gid("Domain", shop.id), "host": url.partition("//")[2], "url": url, "sslEnabled": False}


def _plan(shop: Shop, info: Info) -> dict[str, Any]:
    return {
        "publicDisplayName": PLANS.get(shop.plan, shop.plan),
        "partnerDevelopment": shop.plan == "partner_test",
        "shopifyPlus": shop.plan == "enterprise",
    }


SHOP: dict[str, Any] = {
    "contactEmail": lambda s, i: s.email,
    "currencyCode": lambda s, i: s.currency,
    "enabledPresentmentCurrencies": lambda s, i: s.presentment_currencies,
    "myshopifyDomain": lambda s, i: s.domain,
    "plan": _plan,
    "primaryDomain": _domain,
    "shopAddress": _home,
    "shopOwnerName": lambda s, i: f"{s.staff.first_name} {s.staff.last_name}",
    "timezoneOffset": lambda s, i: caller(i).now.astimezone(ZoneInfo(s.iana_timezone)).strftime("%z"),
    "url": lambda s, i: caller(i).view.storefront,
}


def _subscriptions(install: Install) -> list[dict[str, Any]]:
    if install.plan is None or install.plan_since is None:
        return []
    name, days = deeds.PLANS[install.plan]
    about = {"id": gid("AppSubscription", install.id), "name": name, "trialDays": days, "status": "ACTIVE"}
    end = install.plan_since + timedelta(days=days + 30)
    return [about | {"createdAt": install.plan_since, "currentPeriodEnd": end}]


INSTALL: dict[str, Any] = {
    "accessScopes": lambda install, i: [{"handle": scope, "description": scope} for scope in install.scopes],
    "activeSubscriptions": lambda install, i: _subscriptions(install),
}

VERSIONS = [
    *(
        {"handle": name, "displayName": name, "supported": True}
        for name in ("2026-01", "2026-04", "2026-07", "2026-10")
    ),
    {"handle": "unstable", "displayName": "unstable", "supported": False},
]
"""Of the Admin API, at the end of 2026."""


def subscriptions(info: Info) -> dict[str, Any]:
    """Those of the app's own file are not counted."""
    install = caller(info).state.install(caller(info).shop.domain)
    return {"count": install.subscriptions if install else 0, "precision": "EXACT"}
