"""The running store and, on a storefront, its shop: what a request of any of the store's Flask apps belongs to."""

from typing import TYPE_CHECKING, cast

from flask import abort, current_app, session

from devstore.records import Customer, Shop

if TYPE_CHECKING:
    from devstore.server import Running


def store() -> "Running":
    return cast("Running", current_app.extensions["devstore"])


def shop_domain() -> str:
    """Whose storefront this is; KeyError on the central app."""
    return str(current_app.config["SHOP"])


def buyer() -> Customer | None:
    """Who is logged in on this storefront; None for a guest.

    All storefronts share one host here, and with it their cookies: another shop's customer is nobody.
    """
    found = store().state.customers.get(session.get("customer_id", 0))
    return found if found and found.shop == shop_domain() else None


def shop_or_404(domain: str) -> Shop:
    shop = store().state.shops.get(domain)
    return shop if shop is not None else abort(404)
