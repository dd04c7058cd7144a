"""What goes with an order: products that others bought together with it, by how often, as far as they are in stock."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from shopify_app.addresses import web
from shopify_app.db import db
from shopify_app.orders.models import Line
from shopify_app.orders.models import Product as Mirrored
from shopify_app.orders.read import Whole
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.models import Shop

MOST = 4
ASKED = 12
"""Some may be sold out."""
NEWEST = 500
"""Lines that are looked at for what was bought together."""
TWICE = 2
"""Orders with the same pair: once is chance."""


@dataclass(frozen=True, slots=True)
class Product:
    title: str
    address: str
    picture: str | None


def beside(shop: Shop, whole: Whole) -> Sequence[int]:
    """Products that are not in the order and were bought with one of it at least twice, the most frequent first."""
    bought = {line.product_id for line in whole.lines if line.product_id}
    if not bought:
        return []
    same = select(Line.order_id).where(Line.shop_id == shop.id, Line.product_id.in_(bought))
    orders = set(db.session.scalars(same.order_by(Line.id.desc()).limit(NEWEST))) - {whole.order.id}
    pairs = select(Line.order_id, Line.product_id).where(Line.shop_id == shop.id, Line.order_id.in_(orders)).distinct()
    counts = Counter(row.product_id for row in db.session.execute(pairs) if row.product_id)
    often = [(count, product) for product, count in counts.items() if count >= TWICE and product not in bought]
    return [product for _, product in sorted(often, key=lambda one: (-one[0], one[1]))][:ASKED]


def known(shop: Shop, product_ids: Sequence[int]) -> Sequence[Product]:
    """As our mirror has them, in stock or not."""
    named = select(Mirrored).where(
        Mirrored.shop_id == shop.id, Mirrored.id.in_(product_ids), Mirrored.deleted_at.is_(None)
    )
    found = {row.id: row for row in db.session.scalars(named)}
    there = [found[number] for number in product_ids if number in found]
    return [Product(row.title, f"{shop.storefront}/products/{row.handle}", row.image_url) for row in there][:MOST]


def in_stock(shop: Shop, product_ids: Sequence[int]) -> Sequence[Product]:
    """Those of them that can be bought now. Raises one of the ShopifyError family."""
    ids = [f"gid://shopify/Product/{number}" for number in product_ids]
    nodes = AdminApi(shop).run("confirmations/stock", ids=ids)["nodes"] if ids else []
    return [_product(node) for node in nodes if node and _is_for_sale(node)][:MOST]


def _is_for_sale(node: dict[str, Any]) -> bool:
    is_there = any(variant["availableForSale"] for variant in node["variants"]["nodes"])
    return is_there and web(node["onlineStoreUrl"]) is not None


def _product(node: dict[str, Any]) -> Product:
    image = ((node["featuredMedia"] or {}).get("preview") or {}).get("image") or {}
    return Product(node["title"], node["onlineStoreUrl"], image.get("url"))
