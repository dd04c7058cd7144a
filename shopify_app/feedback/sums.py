"""How a product is rated: all reviews of it that are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from shopify_app.db import db
from shopify_app.feedback.models import SHOWN, Review
from shopify_app.orders.models import Product
from shopify_app.shopify.models import Shop


@dataclass(frozen=True, slots=True)
class Sum:
    """Of all shown reviews of a product; never empty."""

    product: Product
    counts: Mapping[int, int]
    """Stars → how many gave so many."""

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    @property
    def average(self) -> float:
        """To one decimal, as it is shown everywhere."""
        return round(sum(stars * number for stars, number in self.counts.items()) / self.count, 1)


def sums(shop: Shop, product_id: int | None = None) -> Sequence[Sum]:
    """Of each product with shown reviews, or of one; the most reviewed first."""
    counted = select(Review.product_id, Review.stars, func.count()).where(Review.shop_id == shop.id, SHOWN)
    if product_id is not None:
        counted = counted.where(Review.product_id == product_id)
    counts: dict[int, dict[int, int]] = {}
    for product, stars, number in db.session.execute(counted.group_by(Review.product_id, Review.stars)):
        counts.setdefault(product, {})[stars] = number
    known = select(Product).where(Product.shop_id == shop.id, Product.id.in_(counts), Product.deleted_at.is_(None))
    found = [Sum(product, counts[product.id]) for product in db.session.scalars(known)]
    return sorted(found, key=lambda one: (-one.count, one.product.title))
