"""The running store and, on a storefront, its shop: what a request of any of the store's Flask apps belongs to."""

from typing import TYPE_CHECKING, cast

from flask import abort, current_app

from devstore.records import Shop

if TYPE_CHECKING:
    from devstore.server import Running


def store() -> "Running":
    return cast("Running", current_app.extensions["devstore"])


def shop_domain() -> str:
    """Whose storefront this is; KeyError on the central app."""
    return str(current_app.config["SHOP"])


def shop_or_404(domain: str) -> Shop:
    shop = store().state.shops.get(domain)
    return shop if shop is not None else abort(404)
