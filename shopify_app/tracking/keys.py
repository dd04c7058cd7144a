"""The mails that open an order's page to its buyer: the link, and the code."""

from typing import Any

from shopify_app.language import Language, words
from shopify_app.mail import letters, wording
from shopify_app.mail.outbox import Mail
from shopify_app.mail.wording import ABOUT_ORDER, ORDER, Parts, Template, Variable, Words, declare
from shopify_app.orders import links, sample, values
from shopify_app.orders.models import Order
from shopify_app.shopify.models import Shop


def _link(language: Language) -> Parts:
    t = language.t
    return Parts(
        subject=t("Your link to order {name}", name=ORDER),
        heading=t("Here is your order {name}", name=ORDER),
        body=t("This link shows you where every parcel is:"),
        button=t("Show my order"),
        footer=t(
            "You get this message because somebody, probably you, looked for this order. "
            "If it was not you, there is nothing to do: only you have the link."
        ),
    )


def _code(language: Language) -> Parts:
    t = language.t
    title = t("Your code for order {name}", name=ORDER)
    return Parts(
        subject=title,
        heading=title,
        body=t("Type this code on the page where you asked for it. It counts for ten minutes:"),
        footer=t(
            "You get this message because somebody, probably you, wants to see or change this order. "
            "If it was not you, there is nothing to do: nothing happens without the code."
        ),
    )


def link(shop: Shop, order: Order, there: str, *, voice: str | None = None, draft: Parts | None = None) -> Mail:
    """there: the order's page. voice: None for the order's own. draft: a merchant's words that are not kept yet. Raises
    Unready; so does code.
    """
    locale = voice or shop.voice(order.locale)
    told = wording.of(shop, "tracking/link", locale, values.of(shop, order, there), draft)
    return _written(shop, order, "link", locale, told, link=there, days=links.days())


def code(shop: Shop, order: Order, digits: str, *, voice: str | None = None, draft: Parts | None = None) -> Mail:
    locale = voice or shop.voice(order.locale)
    known = values.of(shop, order, shop.storefront + shop.proxy_path) | {"code": digits}
    told = wording.of(shop, "tracking/code", locale, known, draft)
    return _written(shop, order, "code", locale, told, code=digits)


def _written(shop: Shop, order: Order, name: str, locale: str, told: Words, **about: Any) -> Mail:
    to = order.person["email"]
    return letters.write(f"tracking/mail/{name}", locale, to=to, subject=told.subject, shop=shop, words=told, **about)


def _shows_link(shop: Shop, order_id: int | None, voice: str, draft: Parts | None) -> Mail | None:
    """Its link leads to the look-up: a preview is no key."""
    whole = sample.shown(shop, order_id)
    return link(shop, whole.order, shop.storefront + shop.proxy_path, voice=voice, draft=draft) if whole else None


def _shows_code(shop: Shop, order_id: int | None, voice: str, draft: Parts | None) -> Mail | None:
    whole = sample.shown(shop, order_id)
    return code(shop, whole.order, MADE_UP, voice=voice, draft=draft) if whole else None


MADE_UP = "123456"
"""The code of every preview."""

declare(Template("tracking/link", ABOUT_ORDER, _link, _shows_link))
declare(
    Template(
        "tracking/code", (*ABOUT_ORDER, Variable("code", words("The code, of six digits"), MADE_UP)), _code, _shows_code
    )
)
