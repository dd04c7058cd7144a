"""The theme: real Liquid around every storefront page, and around what the app proxy brings."""

from pathlib import Path
from typing import Any

from flask import request, session
from liquid import CachingFileSystemLoader, Environment
from liquid.exceptions import LiquidError

from devstore.context import buyer, shop_domain, store

TEMPLATES = Path(__file__).parent / "templates"
LIQUID = Environment(loader=CachingFileSystemLoader(TEMPLATES, auto_reload=True))


def render_layout(content: str, page_title: str = "") -> str:
    """Put HTML into the theme's layout."""
    template = LIQUID.get_template("theme.liquid")
    return template.render(**_objects(), content_for_layout=content, content_for_header="", page_title=page_title)


def render_liquid(body: str) -> str:
    """Run an application/liquid body as Shopify does: every {{ }} in it is code. `{% layout none %}` alone wins.

    A body that is not valid Liquid shows Liquid's own error text, as in a theme.
    """
    bare, naked = _without_layout_tag(body)
    try:
        content = LIQUID.from_string(bare).render(**_objects())
    except LiquidError as error:
        content = f"Liquid error: {error}"
    return content if naked else render_layout(content)


def _without_layout_tag(body: str) -> tuple[str, bool]:
    for tag in ("{% layout none %}", "{%- layout none -%}"):
        if tag in body:
            return body.replace(tag, ""), True
    return body, False


def _objects() -> dict[str, Any]:
    running, domain = store(), shop_domain()
    shop, url = running.state.shops[domain], running.storefront_url(domain)
    return {
        "shop": {
            "id": shop.id,
            "name": shop.name,
            "email": shop.email,
            "url": url,
            "domain": url.partition("//")[2],
            "permanent_domain": shop.domain,
            "currency": shop.currency,
            "locale": shop.primary_locale,
        },
        "customer": _customer(),
        "request": {
            "path": request.path,
            "host": request.host,
            "locale": {"iso_code": session.get("locale") or shop.primary_locale},
        },
        "cart": {"item_count": sum(session.get("cart", {}).values())},
        "routes": {"root_url": "/", "cart_url": "/cart", "account_url": "/account"},
    }


def _customer() -> dict[str, Any] | None:
    found = buyer()
    if found is None:
        return None
    return {
        "id": found.id,
        "email": found.email,
        "first_name": found.first_name,
        "last_name": found.last_name,
        "name": found.name,
    }
