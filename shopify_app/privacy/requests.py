"""Write down what Shopify asks for a person; the work itself is done by `jobs/sync.py` a moment later."""

from datetime import datetime
from typing import Any

from shopify_app import clock
from shopify_app.db import db
from shopify_app.privacy.models import PrivacyRequest
from shopify_app.queue import ring
from shopify_app.shopify.models import Shop


def data_requested(shop: Shop | None, domain: str, payload: dict[str, Any]) -> None:
    if shop is not None:
        _ask(domain, "export", payload, "orders_requested")


def customer_redacted(shop: Shop | None, domain: str, payload: dict[str, Any]) -> None:
    """Also for a shop that left: its rows stay until Shopify asks for their erasure as well."""
    _ask(domain, "erase_customer", payload, "orders_to_redact")


def shop_redacted(shop: Shop | None, domain: str, payload: dict[str, Any], at: datetime) -> None:
    """A shop that was installed again since is spared: what it has now is not what was to be erased."""
    if shop is not None and shop.is_installed:
        return
    _check_shop(domain, payload)
    _add(PrivacyRequest(shop_domain=domain, kind="erase_shop", asked_at=clock.now()))


def _ask(domain: str, kind: str, payload: dict[str, Any], orders: str) -> None:
    _check_shop(domain, payload)
    customer = payload.get("customer") or {}
    person = {
        "customer_id": customer.get("id"),
        "email": customer.get("email"),
        "phone": customer.get("phone"),
        "orders": [int(number) for number in payload.get(orders) or []],
    }
    request_id = (payload.get("data_request") or {}).get("id")
    _add(PrivacyRequest(shop_domain=domain, kind=kind, asked_at=clock.now(), request_id=request_id, person=person))


def _check_shop(domain: str, payload: dict[str, Any]) -> None:
    """Headers are not signed, bodies are: nothing is erased where they disagree."""
    if str(payload.get("shop_domain", "")).lower() != domain:
        raise ValueError("the body names another shop")


def _add(request: PrivacyRequest) -> None:
    db.session.add(request)
    ring("sync")
