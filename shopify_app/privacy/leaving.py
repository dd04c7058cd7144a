"""Erase a shop that has left: every row of it, its own as well. One that came back meanwhile is spared.

What its buyers said for themselves outlives it: who refused to be written to, as keyed hashes (GDPR Art. 17(3)(b) and
21(3)). With them stays a shop's row that knows its domain and nothing else, for by its number the hashes were made.
"""

from collections import Counter
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, exists, or_, select, tuple_, update

from shopify_app import clock, faults, work
from shopify_app.db import db, transaction
from shopify_app.mail import refusals
from shopify_app.mail.models import Refusal
from shopify_app.privacy import certificate
from shopify_app.privacy.erasure import locked
from shopify_app.privacy.models import ERASED, SHOP, SPARED, PrivacyRequest
from shopify_app.shopify import install
from shopify_app.shopify import models as shops
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.errors import Unauthorized
from shopify_app.shopify.models import Shop

ROWS = 1000
"""Deleted in one transaction."""
AFTER = timedelta(hours=48)
"""So long after the uninstall Shopify asks for the erasure."""
WISHES = (refusals.ASKED, refusals.COMPLAINED)
"""What a buyer said. That an address takes no mail is no wish, and goes."""
REMEMBERED = timedelta(days=1095)
"""How long the wishes wait for a shop to come back."""


def advance(request: PrivacyRequest) -> None:
    """One step. Raises work.LostLease, or a ShopifyError when Shopify must be asked and does not answer."""
    _believe(request)
    with transaction():
        shop = locked(request.shop_domain)
        if shop is not None and shop.is_installed:
            work.finish(request, SPARED, progress=None)
            return
        counts = Counter((request.progress or {}).get("tables", {}))
        erased = _erase_some(shop, request.shop_domain)
        counts.update(erased)
        if erased:
            work.again(request, clock.now(), progress={"tables": dict(counts)}, tries=0, error=None)
        else:
            _end(request, shop, counts)
        faults.point("shop_erasure_steps")


def _believe(request: PrivacyRequest) -> None:
    """The news of an uninstall may have been lost: then Shopify no longer takes our tokens."""
    shop = shops.find(request.shop_domain)
    if shop is None or shop.installed_at is None or shop.installed_at > request.asked_at - AFTER:
        return
    try:
        AdminApi(shop).run("shopify/shop")
    except Unauthorized:
        install.uninstall(shop, request.asked_at)


def _erase_some(shop: Shop | None, domain: str) -> Counter[str]:
    """Rows of the first tables that have any, those first that refer to others."""
    erased: Counter[str] = Counter()
    for table in reversed(db.metadata.sorted_tables):
        left = ROWS - erased.total()
        which = _of_shop(table, shop, domain)
        if which is not None and left > 0:
            erased[table.name] = _erase(table, which, left)
    return +erased


def _of_shop(table: Table, shop: Shop | None, domain: str) -> ColumnElement[bool] | None:
    """The shop's rows of a table; None for one without, and for the two that go last."""
    if table.name in (Shop.__tablename__, PrivacyRequest.__tablename__):
        return None
    if table.name == Refusal.__tablename__ and shop is not None:
        return (table.c.shop_id == shop.id) & table.c.reason.not_in(WISHES)
    if "shop_domain" in table.c:
        return table.c.shop_domain == domain
    return table.c.shop_id == shop.id if shop is not None and "shop_id" in table.c else None


def _erase(table: Table, which: ColumnElement[bool], limit: int) -> int:
    keys = list(table.primary_key.columns)
    some = select(*keys).where(which).limit(limit)
    return int(db.session.execute(delete(table).where(tuple_(*keys).in_(some))).rowcount)  # type: ignore[attr-defined]


def _end(request: PrivacyRequest, shop: Shop | None, counts: Counter[str]) -> None:
    if shop is not None:
        _go(shop)
        counts["shops"] += 1
    counts["privacy_requests"] += _empty_requests(request)
    now = clock.now()
    proof = certificate.issue(request.shop_domain, SHOP, request.asked_at, now, counts)
    work.finish(request, ERASED, progress=None, certificate=proof)


def _go(shop: Shop) -> None:
    if not db.session.scalar(select(exists().where(Refusal.shop_id == shop.id))):
        db.session.delete(shop)
        return
    for name, value in install.blank(shop.domain).items():
        setattr(shop, name, value)
    for name in install.unknown():
        setattr(shop, name, None)
    shop.erased_at = clock.now()


def forget_wishes() -> int:
    """Refusals of shops that left so long ago that nobody waits for them any more; returns how many rows."""
    left = (Shop.installed_at.is_(None), Shop.uninstalled_at.is_(None), Shop.erased_at < clock.now() - REMEMBERED)
    count = 0
    for shop in db.session.scalars(select(Shop).where(*left)).all():
        with transaction():
            gone = db.session.execute(delete(Refusal).where(Refusal.shop_id == shop.id))
            db.session.delete(shop)
            count += gone.rowcount  # type: ignore[attr-defined]
    return count


def _empty_requests(request: PrivacyRequest) -> int:
    """What else was asked about this shop's persons is over, and what it held is gone; certificates stay."""
    holds = or_(PrivacyRequest.person.is_not(None), PrivacyRequest.export.is_not(None))
    others = update(PrivacyRequest).where(
        PrivacyRequest.shop_domain == request.shop_domain, PrivacyRequest.id != request.id, holds
    )
    gone: dict[str, Any] = PrivacyRequest.emptied() | {"progress": None}
    chosen = others.values(gone).execution_options(synchronize_session=False)
    return int(db.session.execute(chosen).rowcount)  # type: ignore[attr-defined]
