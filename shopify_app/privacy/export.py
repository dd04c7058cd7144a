"""All that we hold about a person of a shop, in words and numbers that a person can read."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, LargeBinary

from shopify_app import clock, faults, work
from shopify_app.db import transaction
from shopify_app.money import Minor, decimal
from shopify_app.orders.models import Order
from shopify_app.persons import Person, Personal
from shopify_app.privacy import tables
from shopify_app.privacy.identity import Identity, stored, widened
from shopify_app.privacy.models import READY, PrivacyRequest
from shopify_app.secrets import Encrypted
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from shopify_app.work import Work

ORDERS = 200
"""Looked up at a time."""
OURS = {"shop_id", "shop_domain", "due_at", "tries", "owner", "is_partial", "seen_at"}
"""Columns that are about our own work."""

Row = dict[str, Any]
Hold = Callable[[], None]


def make(request: PrivacyRequest) -> None:
    """Find it all and keep it with the request. Raises work.LostLease when another worker has taken that over."""
    shop = shops.find(request.shop_domain)
    if shop is None:
        work.finish(request, READY, export={}, error="the shop is gone")
        return
    identity = widened(stored(request.person), shop)
    export = _export(shop, identity, request, lambda: _hold(request))
    with transaction():
        work.finish(request, READY, export=export, error=None)
        faults.point("export_made")


def _hold(request: PrivacyRequest) -> None:
    lease = timedelta(seconds=current_app.extensions["config"].lease)
    work.hold(request, due_at=clock.now() + lease)


def _export(shop: Shop, identity: Identity, request: PrivacyRequest, hold: Hold) -> Row:
    about = {key.replace("_", " "): value for key, value in identity.json().items() if key != "numbers"}
    export: Row = {
        "shop": shop.domain,
        "asked at": request.asked_at.isoformat(),
        "made at": clock.now().isoformat(),
        "about": about,
    }
    currencies = _currencies(shop, identity)
    for model in tables.personal():
        if model is not PrivacyRequest and (found := _rows(model, shop, identity, hold)):
            export[tables.name(model).replace("_", " ")] = [_readable(row, currencies) for row in found.values()]
    return export


def _rows(model: type[Personal], shop: Shop, identity: Identity, hold: Hold) -> dict[Any, Any]:
    """By their keys: one may be reached in more than one way."""
    conditions = [model.about(part) for part in _parts(identity, shop)] + list(_read(model, shop, identity, hold))
    keys = [column.key for column in model.__table__.primary_key.columns]  # type: ignore[attr-defined]
    found: dict[Any, Any] = {}
    for which in conditions:
        found |= {tuple(getattr(row, key) for key in keys): row for row in tables.rows(model, which)}
    return found


def _parts(identity: Identity, shop: Shop) -> Iterator[Person]:
    yield identity.person(shop, shop.domain)
    for start in range(0, len(identity.orders), ORDERS):
        yield Identity(orders=identity.orders[start : start + ORDERS]).person(shop, shop.domain)


def _read(model: Any, shop: Shop, identity: Identity, hold: Hold) -> Iterator[ColumnElement[bool]]:
    person, after = identity.person(shop, shop.domain), 0 if model.searched else None
    while after is not None:
        found, after = tables.read(model, person, identity, after)
        hold()
        yield model.id.in_(found)


def _currencies(shop: Shop, identity: Identity) -> dict[int, str]:
    rows = (tables.rows(Order, Order.about(part)) for part in _parts(identity, shop))
    return {row.id: row.currency for page in rows for row in page}


def _readable(row: Any, currencies: dict[int, str]) -> Row:
    columns = [column for column in row.__table__.columns if not _is_ours(column, row)]
    currency = getattr(row, "currency", None) or currencies.get(getattr(row, "order_id", None) or 0, "USD")
    told = {column.key.replace("_", " "): _value(getattr(row, column.key), column, currency) for column in columns}
    return {key: value for key, value in told.items() if value is not None}


def _is_ours(column: Any, row: Any) -> bool:
    """Also keyed hashes, which tell nobody anything."""
    is_hash = isinstance(column.type, LargeBinary)
    return column.key in OURS or is_hash or (column.key == "id" and isinstance(row, Work))


def _value(value: Any, column: Any, currency: str) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(column.type, Minor):
        return {"amount": str(decimal(value, currency)), "currency": currency}
    if isinstance(column.type, Encrypted) and isinstance(value, bytes):
        return _body(value)
    return value


def _body(body: bytes) -> Any:
    """As Shopify sent it; what is no JSON, as text."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")
