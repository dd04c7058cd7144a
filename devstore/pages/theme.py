"""A storefront page: a template of ours inside the theme, in the buyer's language and money."""

from decimal import Decimal
from typing import Any

from babel import Locale, negotiate_locale
from flask import render_template, request, session

from devstore import rates
from devstore.context import buyer, shop_domain, store
from devstore.pages import phrases, wording
from devstore.proxy import render_layout
from devstore.records import Line, Product, Shop, Variant


def shop() -> Shop:
    return store().state.shops[shop_domain()]


def locale() -> str:
    """What the buyer chose, else what the browser prefers, else the shop's."""
    chosen = session.get("locale")
    if chosen not in phrases.LOCALES:
        wanted = [tag.replace("-", "_") for tag in request.accept_languages.values()]
        found = negotiate_locale(wanted, list(phrases.LOCALES))
        chosen = session["locale"] = found or shop().primary_locale
    return str(chosen)


def currency() -> str:
    """What the buyer pays in."""
    chosen = session.get("currency")
    return str(chosen) if chosen in shop().presentment_currencies else shop().currency


def exchange_rate() -> str:
    return rates.rate(shop().currency, currency())


def say(key: str, **values: str) -> str:
    return phrases.say(key, locale(), **values)


def price(amount: Decimal | str) -> str:
    """Shop money in the buyer's."""
    return wording.price(Decimal(amount) * Decimal(exchange_rate()), currency(), locale())


def country(code: str) -> str:
    """A country's name in the buyer's language."""
    return str(Locale.parse(locale()).territories.get(code, code))


def picture(product: Product, variant: Variant | None = None, width: int = 800) -> str:
    """The address of its picture."""
    own = variant.picture if variant and variant.picture else product.picture
    return f"{store().url}/cdn/{own}?width={width}"


def line_picture(line: Line, width: int = 160) -> str | None:
    """None when the product is gone."""
    found = store().state.variant(line.variant_id or 0)
    return picture(found[0], found[0].variants[found[1]], width) if found else None


def tracking_page() -> str:
    """Where the app answers buyers."""
    app = store().app
    return f"/{app.proxy_prefix}/{app.proxy_subpath}"


def page(template: str, title: str, **values: Any) -> str:
    """The template below templates/storefront/ with the theme around it."""
    said = {"say": say, "price": price, "picture": picture, "line_picture": line_picture, "country": country}
    body = render_template(
        f"storefront/{template}", **said, shop=shop(), buyer=buyer(), tracking_page=tracking_page(), **values
    )
    choice = render_template(
        "storefront/currencies.html", say=say, chosen=currency(), all=shop().presentment_currencies
    )
    return render_layout(body + choice, page_title=title)
