"""What Shopify says about the shop itself."""

from typing import Any

from shopify_app.db import transaction
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.models import Shop


def read(shop: Shop) -> None:
    """Ask how the shop is called, where it is and what we may do there. Raises a ShopifyError."""
    data = AdminApi(shop).run("shopify/shop")
    told: dict[str, Any] = data["shop"]
    with transaction():
        shop.name, shop.email = told["name"], told["email"]
        shop.timezone, shop.currency = told["ianaTimezone"], told["currencyCode"]
        shop.storefront_url = told["primaryDomain"]["url"].rstrip("/")
        shop.country = told["shopAddress"]["countryCodeV2"]
        scopes = data["currentAppInstallation"]["accessScopes"]
        shop.scopes = ",".join(sorted(scope["handle"] for scope in scopes))
