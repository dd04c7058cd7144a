"""Ask Shopify whether a person has agreed to be written to. Only what it says at this moment counts."""

from datetime import datetime
from typing import Any

from shopify_app.addresses import email_key
from shopify_app.mail.law import Consent
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.models import Shop

UNKNOWN = Consent(state=None, level=None, since=None, customer_id=None, orders=0)


def ask(shop: Shop, email: str, customer_id: int | None) -> Consent:
    """Consent holds for an address: a customer who has another one by now says nothing about this one.

    Raises one of the ShopifyError family.
    """
    if customer_id is not None:
        found = _ask(shop, {"id": f"gid://shopify/Customer/{customer_id}"})
        if found and _address(found) == email_key(email):
            return _consent(found)
    found = _ask(shop, {"emailAddress": email})
    return _consent(found) if found and _address(found) == email_key(email) else UNKNOWN


def _ask(shop: Shop, identifier: dict[str, str]) -> dict[str, Any] | None:
    found: dict[str, Any] | None = AdminApi(shop).run("mail/consent", identifier=identifier)["customerByIdentifier"]
    return found


def _address(customer: dict[str, Any]) -> str | None:
    held = customer["defaultEmailAddress"]
    return held and email_key(held["emailAddress"])


def _consent(customer: dict[str, Any]) -> Consent:
    held = customer["defaultEmailAddress"]
    since = held["marketingUpdatedAt"]
    return Consent(
        state=held["marketingState"],
        level=held["marketingOptInLevel"],
        since=datetime.fromisoformat(since) if since else None,
        customer_id=int(customer["legacyResourceId"]),
        orders=int(customer["numberOfOrders"]),
    )
