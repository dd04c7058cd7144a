"""All reviews as one file, written while they are read: as long as it may be, it never stands in memory as a whole."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from shopify_app.db import db, rest
from shopify_app.feedback.models import Review
from shopify_app.orders.models import Product
from shopify_app.shopify.models import Shop

BATCH = 500
COLUMNS = (
    "id",
    "product_id",
    "product_handle",
    "product_title",
    "variant",
    "stars",
    "name",
    "text",
    "language",
    "verified_buyer",
    "written_at",
    "changed_at",
    "state",
    "hidden_reason",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A table program would compute what begins like this."""


def as_csv(shop: Shop) -> Iterator[str]:
    yield line(COLUMNS)
    for row in _rows(shop):
        yield line([cell(row[name]) for name in COLUMNS])


def as_json(shop: Shop) -> Iterator[str]:
    """A list of objects, one a line."""
    yield "["
    for number, row in enumerate(_rows(shop)):
        yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"


def _rows(shop: Shop) -> Iterator[dict[str, Any]]:
    """Oldest first, in batches of their own: one that takes long holds no transaction open."""
    after = 0
    while batch := _batch(shop, after):
        products = _products(shop, {review.product_id for review in batch})
        rows = [_row(review, products.get(review.product_id)) for review in batch]
        after = batch[-1].id
        rest()
        yield from rows


def _batch(shop: Shop, after: int) -> Sequence[Review]:
    found = select(Review).where(Review.shop_id == shop.id, Review.id > after)
    return db.session.scalars(found.order_by(Review.id).limit(BATCH)).all()


def _products(shop: Shop, ids: set[int]) -> dict[int, Product]:
    found = db.session.scalars(select(Product).where(Product.shop_id == shop.id, Product.id.in_(ids)))
    return {product.id: product for product in found}


def _row(review: Review, product: Product | None) -> dict[str, Any]:
    state = "withdrawn" if review.withdrawn_at else "hidden" if review.hidden_at else "shown"
    return {
        "id": review.id,
        "product_id": review.product_id,
        "product_handle": product.handle if product else None,
        "product_title": product.title if product else None,
        "variant": review.variant,
        "stars": review.stars,
        "name": review.content["name"],
        "text": review.content["text"],
        "language": review.language,
        "verified_buyer": True,
        "written_at": review.written_at.isoformat(),
        "changed_at": review.changed_at.isoformat(),
        "state": state,
        "hidden_reason": review.hidden_why,
    }


def cell(value: Any) -> str:
    """Text for a field of a CSV file, which no table program takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def line(cells: Sequence[str]) -> str:
    """Of a CSV file (RFC 4180), with its end."""
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
