"""Erase a person everywhere in one shop, in steps of bounded size that may be killed and taken up again anywhere.

Order matters. First the marks, so that from then on no late news brings anything back. Then the tables that must be
read to be understood, above all the kept bodies of webhooks: a worker that has one of them in hand loses it, and with
it whatever it was about to write. Then the rows, some orders at a time. At last a look whether anything was missed;
if so the round begins again, else the request forgets the person and keeps the certificate.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from shopify_app import clock, faults, work
from shopify_app.db import db, transaction
from shopify_app.persons import Personal
from shopify_app.privacy import certificate, marks, tables
from shopify_app.privacy.identity import Identity, stored, widened
from shopify_app.privacy.models import CUSTOMER, ERASED, PrivacyRequest
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop

ORDERS = 20
"""Erased at a time, each with all that belongs to it."""

BEGIN: dict[str, Any] = {"read": {}, "orders": 0}
"""Progress: table → id up to which it was read (None: to its end); how many of the orders are erased."""


def advance(request: PrivacyRequest) -> None:
    """One step. Raises work.LostLease when another worker has taken the request over."""
    progress = request.progress
    if progress is None:
        _begin(request)
    elif (model := _unread(progress)) is not None:
        _read(request, progress, model)
    elif progress["orders"] < len(stored(request.person).orders):
        _erase_orders(request, progress)
    else:
        _end(request, progress)


def _begin(request: PrivacyRequest) -> None:
    with transaction():
        shop = locked(request.shop_domain)
        identity = widened(stored(request.person), shop)
        _mark(request, shop, identity)
        _go_on(request, BEGIN | {"tables": {}}, person=identity.json())
        faults.point("erasure_begins")


def _read(request: PrivacyRequest, progress: dict[str, Any], model: type[Personal]) -> None:
    identity, table = stored(request.person), tables.name(model)
    person = identity.person(shops.find(request.shop_domain), request.shop_domain)
    found, after = tables.read(model, person, identity, progress["read"].get(table, 0))
    with transaction():
        which = model.id.in_(found)  # type: ignore[attr-defined]
        erased = {table: tables.erase_where(model, which) if found else 0}
        _go_on(request, progress | {"read": progress["read"] | {table: after}}, erased)
        faults.point("erasure_reads")


def _erase_orders(request: PrivacyRequest, progress: dict[str, Any]) -> None:
    identity, done = stored(request.person), progress["orders"]
    few = Identity(orders=identity.orders[done : done + ORDERS])
    with transaction():
        erased = tables.erase(few.person(shops.find(request.shop_domain), request.shop_domain))
        _go_on(request, progress | {"orders": done + ORDERS}, erased)
        faults.point("erasure_deletes")


def _end(request: PrivacyRequest, progress: dict[str, Any]) -> None:
    with transaction():
        shop, known = locked(request.shop_domain), stored(request.person)
        identity = widened(known, shop)
        if identity != known:
            _mark(request, shop, identity)
            _go_on(request, progress | BEGIN | {"orders": len(known.orders)}, person=identity.json())
            return
        erased = tables.erase(replace(identity, orders=()).person(shop, request.shop_domain))
        _certify(request, _sum(progress["tables"], erased, {"privacy_requests": 1}))
        faults.point("erasure_ends")


def _certify(request: PrivacyRequest, counts: Mapping[str, int]) -> None:
    now = clock.now()
    proof = certificate.issue(request.shop_domain, CUSTOMER, request.asked_at, now, counts)
    work.finish(request, ERASED, person=None, progress=None, certificate=proof)


def locked(domain: str) -> Shop | None:
    """The shop's row as it is now; until the transaction is over nobody adds rows to the shop."""
    found = select(Shop).where(Shop.domain == domain).with_for_update()
    return db.session.scalar(found.execution_options(populate_existing=True))


def _mark(request: PrivacyRequest, shop: Shop | None, identity: Identity) -> None:
    if shop is not None:
        marks.put(shop, identity, request.asked_at)


def _unread(progress: dict[str, Any]) -> type[Personal] | None:
    unread = (model for model in tables.searched() if progress["read"].get(tables.name(model), 0) is not None)
    return next(unread, None)


def _go_on(
    request: PrivacyRequest, progress: dict[str, Any], erased: Mapping[str, int] | None = None, **columns: Any
) -> None:
    """Let the next step be due at once, for whichever worker comes first."""
    counts = _sum(progress["tables"], erased or {})
    work.again(request, clock.now(), progress=progress | {"tables": counts}, tries=0, error=None, **columns)


def _sum(*counts: Mapping[str, int]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(total)
