"""How a product is rated, in the fields that all themes and apps read: `reviews.rating` and `reviews.rating_count`, by
Shopify's standard definitions. Only where the merchant wants it, since all apps share them and the last one wins.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from shopify_app import clock, faults, settings, work
from shopify_app.db import db, transaction, upsert
from shopify_app.feedback.models import Rating
from shopify_app.feedback.sums import sums
from shopify_app.queue import ring
from shopify_app.shopify import models as shops
from shopify_app.shopify import telling
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.errors import Refused
from shopify_app.shopify.models import Shop

SCOPE = "write_products"
SETTING = "ratings"
"""Key of the shop's setting: when it was switched on, or None."""
NAMESPACE, KEYS = "reviews", ("rating", "rating_count")
SCALE = {"scale_min": "1.0", "scale_max": "5.0"}
TOLD, KNOWN, REMOVED, FORBIDDEN = "told", "known", "removed", "forbidden"
DOUBT: Mapping[str, Any] = {}
"""Of what was told: something was under way, and nobody knows what Shopify has."""


def may_write(shop: Shop) -> bool:
    """Whether the shop has allowed us to write fields of products."""
    return shop.may(SCOPE)


def is_on(shop: Shop) -> bool:
    return bool((shop.settings or {}).get(SETTING))


def switch(shop: Shop, *, to: bool) -> None:
    """And let a worker write all of them, or take all of them away. Raises one of the ShopifyError family."""
    if to:
        for key in KEYS:
            _enable(shop, key)
    with transaction():
        settings.put(shop, {SETTING: clock.now().isoformat() if to else None})
        told = select(Rating.product_id).where(Rating.shop_id == shop.id, Rating.told.is_not(None))
        for product_id in {*db.session.scalars(told), *((one.product.id for one in sums(shop)) if to else ())}:
            _want(shop, product_id)


def want(shop: Shop, product_id: int) -> None:
    """Its reviews have changed: inside the transaction of that. Whoever is at it right now does it again."""
    if is_on(shop):
        _want(shop, product_id)


def _want(shop: Shop, product_id: int) -> None:
    row = {"shop_id": shop.id, "product_id": product_id, "due_at": clock.now(), "tries": 0}
    upsert(Rating, [row | {"owner": None, "done_at": None, "result": None, "error": None}], ("shop_id", "product_id"))
    ring("sync")


def recount() -> int:
    """Find what changed without a word, as by an erasure; returns how many ratings."""
    shop_ids = db.session.scalars(select(Rating.shop_id).where(Rating.told.is_not(None)).distinct()).all()
    return sum(_recount(shops.get(shop_id)) for shop_id in shop_ids)


def _recount(shop: Shop) -> int:
    now = {one.product.id: _value(one.average, one.count) for one in sums(shop)} if is_on(shop) else {}
    done = select(Rating).where(Rating.shop_id == shop.id, Rating.told.is_not(None), Rating.done_at.is_not(None))
    wrong = [row.product_id for row in db.session.scalars(done) if row.told != now.get(row.product_id)]
    with transaction():
        for product_id in wrong:
            _want(shop, product_id)
    return len(wrong)


def tell(limit: int = 20) -> int:
    """Claim the ratings that are due and bring Shopify up to date; returns how many were claimed."""
    return telling.drain(Rating, limit, _bring)


def _bring(shop: Shop, row: Rating) -> None:
    """Shopify has what the reviews say now. In doubt it is told again, which changes nothing."""
    found = next(iter(sums(shop, row.product_id)), None) if is_on(shop) else None
    wanted = _value(found.average, found.count) if found else None
    if row.told == wanted:
        work.finish(row, KNOWN if wanted else REMOVED)
    elif not shop.is_installed or not may_write(shop):
        work.finish(row, FORBIDDEN)
    else:
        work.hold(row, told=dict(DOUBT))
        faults.point("rating_intended")
        if wanted:
            AdminApi(shop).run("feedback/set_ratings", fields=_fields(row.product_id, wanted))
        else:
            AdminApi(shop).run("feedback/delete_ratings", fields=_names(row.product_id))
        faults.point("rating_told")
        work.finish(row, TOLD if wanted else REMOVED, told=wanted)


def _value(average: float, count: int) -> dict[str, Any]:
    return {"value": f"{average:.1f}", "count": count}


def _fields(product_id: int, wanted: Mapping[str, Any]) -> list[dict[str, str]]:
    """As Shopify's types want them: a rating is a text of JSON, whose numbers are texts."""
    values = (
        ("rating", json.dumps({"value": wanted["value"]} | SCALE)),
        ("number_integer", str(wanted["count"])),
    )
    named = zip(_names(product_id), values, strict=True)
    return [name | {"type": kind, "value": value} for name, (kind, value) in named]


def _names(product_id: int) -> list[dict[str, str]]:
    owner = f"gid://shopify/Product/{product_id}"
    return [{"ownerId": owner, "namespace": NAMESPACE, "key": key} for key in KEYS]


def _enable(shop: Shop, key: str) -> None:
    try:
        AdminApi(shop).run("feedback/enable_ratings", key=key)
    except Refused as error:
        # Another app, or we, did so before.
        if " TAKEN " not in str(error):
            raise
