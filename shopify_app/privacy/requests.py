"""Write down what Shopify asks for a person; the work itself is done by `jobs/sync.py` a moment later."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import defer

from shopify_app import clock
from shopify_app.db import db, transaction
from shopify_app.privacy.identity import Identity, told
from shopify_app.privacy.models import CUSTOMER, EXPORT, FORGOTTEN, READY, SHOP, PrivacyRequest
from shopify_app.queue import ring
from shopify_app.shopify.models import Shop

KEPT = timedelta(days=30)
"""How long an export waits to be handed over."""
GONE = timedelta(days=30)
"""Shopify asks two days after an uninstall. When it has not for so long, its asking was lost."""
HIDDEN = (defer(PrivacyRequest.person), defer(PrivacyRequest.export))
SAMPLE = "{shop}.myshopify.com"


def data_requested(shop: Shop | None, domain: str, payload: dict[str, Any], at: datetime) -> None:
    """Nothing for a shop without a row: there is no merchant to hand it to."""
    if shop is not None:
        identity = told(payload, "orders_requested")
        request_id = (payload.get("data_request") or {}).get("id")
        _ask(PrivacyRequest(kind=EXPORT, request_id=request_id), domain, payload, at, identity)


def customer_redacted(domain: str, payload: dict[str, Any], at: datetime) -> None:
    """Also for a shop that left: its rows stay until Shopify asks for their erasure as well."""
    _ask(PrivacyRequest(kind=CUSTOMER), domain, payload, at, told(payload, "orders_to_redact"))


def shop_redacted(domain: str, payload: dict[str, Any], at: datetime) -> None:
    """Whether the shop came back meanwhile is seen when the work is done."""
    _ask(PrivacyRequest(kind=SHOP), domain, payload, at, None)


def give_up_gone() -> int:
    """Ask for the erasure of shops that left and of which Shopify never spoke again; returns how many."""
    asked = select(PrivacyRequest.id).where(PrivacyRequest.shop_domain == Shop.domain, PrivacyRequest.kind == SHOP)
    left = (Shop.installed_at.is_(None), Shop.uninstalled_at < clock.now() - GONE)
    with transaction():
        domains = db.session.scalars(
            select(Shop.domain).where(*left, ~asked.where(PrivacyRequest.done_at.is_(None)).exists())
        ).all()
        for domain in domains:
            _ask(PrivacyRequest(kind=SHOP), domain, {"shop_domain": domain}, clock.now(), None)
    return len(domains)


def _ask(
    request: PrivacyRequest, domain: str, payload: dict[str, Any], at: datetime, identity: Identity | None
) -> None:
    """Headers are not signed, bodies are: nothing is done where they disagree. Raises ValueError.

    Nothing is done either for the body of Shopify's documentation, with "{shop}" where the name should be, which
    `shopify app webhook trigger` sends: it means nobody.
    """
    named = str(payload.get("shop_domain"))
    if named == SAMPLE:
        return
    if named.lower() != domain:
        raise ValueError("the body names another shop")
    request.shop_domain, request.asked_at = domain, min(at, clock.now())
    request.person = None if identity is None else identity.json()
    db.session.add(request)
    ring("sync")


def requests_of(shop: Shop, limit: int = 100) -> Sequence[PrivacyRequest]:
    """The newest, without what names anybody."""
    asked = select(PrivacyRequest).where(PrivacyRequest.shop_domain == shop.domain)
    newest = asked.order_by(PrivacyRequest.asked_at.desc(), PrivacyRequest.id.desc()).limit(limit)
    return db.session.scalars(newest.options(*HIDDEN)).all()


def request_of(shop: Shop, request_id: int) -> PrivacyRequest | None:
    """Without what names anybody; None for another shop's."""
    asked = select(PrivacyRequest).where(PrivacyRequest.shop_domain == shop.domain, PrivacyRequest.id == request_id)
    return db.session.scalar(asked.options(*HIDDEN))


def export_of(shop: Shop, request_id: int) -> dict[str, Any] | None:
    """What is to be handed over; None when it is not ready, was forgotten, or is another shop's."""
    asked = select(PrivacyRequest.export).where(
        PrivacyRequest.shop_domain == shop.domain, PrivacyRequest.id == request_id, PrivacyRequest.result == READY
    )
    return db.session.scalar(asked)


def certificate_of(shop: Shop, request_id: int) -> dict[str, Any] | None:
    """What was erased; None when nothing was, or it is another shop's."""
    asked = select(PrivacyRequest.certificate).where(
        PrivacyRequest.shop_domain == shop.domain, PrivacyRequest.id == request_id
    )
    return db.session.scalar(asked)


def forget_exports() -> int:
    """Those that had their time, and whom they were about; returns how many."""
    spent = update(PrivacyRequest).where(PrivacyRequest.result == READY, PrivacyRequest.done_at < clock.now() - KEPT)
    with transaction():
        gone = db.session.execute(spent.values(export=None, person=None, result=FORGOTTEN))
        return int(gone.rowcount)  # type: ignore[attr-defined]
