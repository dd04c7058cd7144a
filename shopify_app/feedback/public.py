"""What buyers say of a product, for everybody: people and search engines."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, abort, g, request
from sqlalchemy import select

from shopify_app import photos, storefront
from shopify_app.db import db
from shopify_app.feedback import reviews, typed
from shopify_app.feedback.models import SHOWN, Review, ReviewPhoto
from shopify_app.feedback.sums import Sum, sums
from shopify_app.language import Language, speak, zone
from shopify_app.orders.models import Product
from shopify_app.shopify import guards
from shopify_app.shopify.models import Shop

HOME = "https://schema.org"

public = Blueprint("reviews_public", __name__, url_prefix="/proxy/reviews")
public.before_request(guards.storefront)


@public.get("")
def shop_page() -> Response:
    """Every product that somebody has reviewed, the most reviewed first."""
    told = {"sums": sums(g.shop), "chosen": request.args.get("locale", "")}
    return storefront.show("feedback/shop.html", storefront.reader(), 200, **told)


@public.get("/<handle>")
def product_page(handle: str) -> Response:
    """By the product's handle, as the theme knows it, or its number."""
    voice = storefront.reader()
    product = named(g.shop, handle) or abort(storefront.missing())
    found = next(iter(sums(g.shop, product.id)), None)
    listed = shown(g.shop, product.id, typed.number(request.args.get("before", "")))
    older = listed[reviews.PAGE - 1].id if len(listed) > reviews.PAGE else None
    taken = reviews.pictures(g.shop, listed[: reviews.PAGE])
    told: dict[str, Any] = {"product": product, "sum": found, "reviews": listed[: reviews.PAGE], "older": older}
    told |= {"photos": taken, "zone": zone(g.shop.timezone), "chosen": request.args.get("locale", "")}
    if found is None:
        return storefront.show("feedback/product.html", voice, **told)
    data = structured(g.shop, found, listed[: reviews.PAGE], taken, speak(voice))
    return storefront.show_to_search(data, "feedback/product.html", voice, **told)


@public.get("/photos/<key>")
def photo(key: str) -> Response:
    found = reviews.photo(g.shop, key)
    return photos.picture(found) if found and reviews.is_public(g.shop, found) else abort(404)


@public.after_request
def let_it_be_found(response: Response) -> Response:
    """Nothing here is for one visitor alone; it changes with every review."""
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


def named(shop: Shop, handle: str) -> Product | None:
    by = Product.handle == handle
    if handle.isascii() and handle.isdigit() and len(handle) < 19:
        by |= Product.id == int(handle)
    found = select(Product).where(Product.shop_id == shop.id, by, Product.deleted_at.is_(None))
    return db.session.scalars(found.order_by(Product.id)).first()


def shown(shop: Shop, product_id: int, before: int | None) -> Sequence[Review]:
    """One more than a page holds when there are more; newest first, whatever their stars."""
    found = select(Review).where(Review.shop_id == shop.id, Review.product_id == product_id, SHOWN)
    if before is not None:
        found = found.where(Review.id < before)
    return db.session.scalars(found.order_by(Review.id.desc()).limit(reviews.PAGE + 1)).all()


def structured(
    shop: Shop,
    total: Sum,
    listed: Sequence[Review],
    pictures: Mapping[int, Sequence[ReviewPhoto]],
    language: Language,
) -> Mapping[str, Any]:
    """As Google reads it: developers.google.com/search/docs/appearance/structured-data/review-snippet."""
    product = total.product
    told: dict[str, Any] = {
        "@context": HOME,
        "@type": "Product",
        "name": product.title,
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": str(total.average),
            "reviewCount": str(total.count),
            **_scale(),
        },
        "review": [_review(shop, one, pictures.get(one.id, ()), language) for one in listed],
    }
    if product.handle:
        told["url"] = f"{shop.storefront}/products/{product.handle}"
    return told | ({"image": product.image_url} if product.image_url else {})


def _review(shop: Shop, one: Review, taken: Sequence[ReviewPhoto], language: Language) -> Mapping[str, Any]:
    name = one.content["name"] or language.t("A buyer")
    told = {
        "@type": "Review",
        "author": {"@type": "Person", "name": name},
        "datePublished": one.written_at.date().isoformat(),
        "reviewRating": {"@type": "Rating", "ratingValue": str(one.stars), **_scale()},
        "inLanguage": one.language.replace("_", "-"),
    }
    if one.content["text"]:
        told["reviewBody"] = one.content["text"]
    if taken:
        told["image"] = [f"{shop.storefront}{shop.proxy_path}/reviews/photos/{photo.key}" for photo in taken]
    return told


def _scale() -> dict[str, str]:
    return {"bestRating": "5", "worstRating": "1"}
