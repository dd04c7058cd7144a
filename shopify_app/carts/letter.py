"""What the reminder of a cart says."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from shopify_app.addresses import picture
from shopify_app.carts.last_look import Seen
from shopify_app.carts.models import Cart
from shopify_app.codes.models import Code
from shopify_app.db import db
from shopify_app.language import Language, speak, zone
from shopify_app.mail import letters, wording
from shopify_app.mail.outbox import Mail
from shopify_app.mail.wording import Parts
from shopify_app.orders.models import Product
from shopify_app.shopify.models import Shop

STEPS = ("first", "later")
"""The first message, and those after it."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the message."""

    title: str
    variant_title: str | None
    quantity: int
    sum: str
    picture: str | None
    is_gone: bool


def write(
    shop: Shop,
    cart: Cart,
    seen: Seen,
    step: int,
    code: Code | None,
    *,
    voice: str | None = None,
    draft: Parts | None = None,
) -> Mail:
    """step: from 0 on. voice: None for the cart's own. draft: a merchant's words not kept yet. Raises Unready."""
    locale = voice or shop.voice(cart.person["locale"] or shop.locale)
    language = speak(locale)
    items = _items(shop, cart, seen, language)
    way = _address(seen.url or cart.person["url"], code)
    values = _values(shop, cart, items, language) | {"code": code.code if code else None, "link": way}
    told = wording.of(shop, f"carts/{STEPS[min(step, 1)]}", locale, values, draft)
    return letters.write(
        "carts/mail/reminder",
        locale,
        to=cart.person["email"],
        subject=told.subject,
        shop=shop,
        words=told,
        items=items,
        offer=_offer(shop, code, language),
        way=way,
    )


def _values(shop: Shop, cart: Cart, items: Sequence[Item], language: Language) -> dict[str, str | None]:
    """What stood in the way, too, as far as anybody knows."""
    return {
        "first_name": cart.person.get("first_name"),
        "shop": shop.name or shop.domain,
        "items": language.listed([item.title for item in items]),
        "total": language.money(cart.total, cart.currency or shop.currency),
        "payment": "yes" if cart.obstacle == "payment" else None,
        "no_rate": "yes" if cart.obstacle == "no_rate" else None,
        "gone": language.listed([item.title for item in items if item.is_gone]) or None,
    }


def _items(shop: Shop, cart: Cart, seen: Seen, language: Language) -> list[Item]:
    return [
        Item(
            title=item["title"],
            variant_title=item["variant_title"],
            quantity=item["quantity"],
            sum=language.money(item["price"] * item["quantity"], cart.currency or shop.currency),
            picture=picture(seen.pictures.get(item["variant_id"]) or _mirrored(shop, item["product_id"]), 128),
            is_gone=item["variant_id"] in seen.gone,
        )
        for item in cart.items
    ]


def _mirrored(shop: Shop, product_id: int | None) -> str | None:
    product = db.session.get(Product, (shop.id, product_id)) if product_id else None
    return product.image_url if product else None


def _offer(shop: Shop, code: Code | None, language: Language) -> str | None:
    if code is None:
        return None
    return language.t(
        "With the code {code} you pay {percent} % less. It is good for one order until {day}. The button fills it in.",
        code=code.code,
        percent=code.percent,
        day=language.day(code.ends_at, zone(shop.timezone)) if code.ends_at else "",
    )


def _address(url: str, code: Code | None) -> str:
    """Shopify's own address of the checkout; `discount` fills a code in."""
    if code is None:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), ("discount", code.code)])))
