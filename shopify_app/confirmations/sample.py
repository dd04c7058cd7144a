"""What a confirmation looks like: of a real order or of one that is made up, in any of its kinds."""

from collections.abc import Callable
from datetime import timedelta

from shopify_app import clock
from shopify_app.codes import friends
from shopify_app.codes.models import Code
from shopify_app.confirmations import letter, rules, similar, wording
from shopify_app.confirmations.kinds import KINDS, PLAIN, SELLING, SIMILAR, TEMPTING, WELCOME
from shopify_app.confirmations.letter import Kind
from shopify_app.confirmations.similar import Product
from shopify_app.language import speak
from shopify_app.mail.brand import Brand
from shopify_app.mail.outbox import Mail
from shopify_app.mail.wording import Parts, Show, Template, declare
from shopify_app.orders import sample
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop


def preview(shop: Shop, brand: Brand | None = None) -> Mail:
    """The confirmation in the shop's own language. Its link leads to the look-up."""
    return letter.write(shop, sample.whole(shop), shop.storefront + shop.proxy_path, Kind(), brand=brand)


def _is_on(kind: str) -> Callable[[Shop], bool]:
    return lambda shop: kind == PLAIN or kind in rules.of(shop).on


def _shows(name: str) -> Show:
    return lambda shop, order_id, voice, draft: _shown(name, shop, order_id, voice, draft)


def _shown(name: str, shop: Shop, order_id: int | None, voice: str, draft: Parts | None) -> Mail | None:
    whole = sample.shown(shop, order_id)
    if whole is None:
        return None
    return letter.write(
        shop, whole, shop.storefront + shop.proxy_path, _kind(name, shop, whole, voice), draft=draft, voice=voice
    )


def _kind(name: str, shop: Shop, whole: Whole, voice: str) -> Kind:
    """With what the merchant set, else with something made up."""
    chosen, terms = rules.of(shop), friends.of(shop)
    return Kind(
        name,
        community=(chosen.community or shop.storefront) if name == WELCOME else "",
        code=_code(shop, "THANKS-7KQ2M-X4ZTA", chosen.percent or 10, chosen.days) if name == TEMPTING else None,
        friends=_code(shop, "FRIEND-3LPXA-Q6MVB", terms.percent) if name == TEMPTING and terms.since else None,
        similar=_similar(shop, whole, voice) if name == SIMILAR else (),
        leave=shop.storefront + shop.proxy_path if name in SELLING else "",
    )


def _code(shop: Shop, text: str, percent: int, days: int | None = None) -> Code:
    """One that is made up, and nowhere to be found."""
    ends_at = clock.now() + timedelta(days=days) if days else None
    return Code(shop_id=shop.id, code=text, percent=percent, ends_at=ends_at)


def _similar(shop: Shop, whole: Whole, voice: str) -> list[Product]:
    """From our mirror: Shopify is asked what is in stock only when a message is sent."""
    known = similar.known(shop, similar.beside(shop, whole))
    return list(known) or [Product(speak(voice).t("Lampshade"), shop.storefront, None)]


for _name in KINDS:
    declare(
        Template(
            f"confirmations/{_name}",
            (*wording.VARIABLES, *wording.MORE.get(_name, ())),
            wording.OURS[_name],
            _shows(_name),
            shared="confirmations/order",
            is_sent=_is_on(_name),
        )
    )
