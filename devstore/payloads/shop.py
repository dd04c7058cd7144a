"""shop/update and app/uninstalled: the shop itself."""

from datetime import datetime
from zoneinfo import ZoneInfo

from devstore.payloads.view import Body, View

PLANS = {
    "basic": "Basic",
    "professional": "Grow",
    "unlimited": "Advanced",
    "enterprise": "Shopify Plus",
    "partner_test": "Development",
    "frozen": "Frozen",
    "cancelled": "Cancelled",
    "dormant": "Paused",
    "fraudulent": "Fraudulent",
}
"""`plan_name` and how it is shown."""


def shop(view: View) -> Body:
    """Every key of Shopify's shop resource."""
    return _identity(view) | _place(view) | _money(view) | _switches(view)


def _identity(view: View) -> Body:
    shop = view.shop
    return {
        "id": shop.id,
        "name": shop.name,
        "email": shop.email,
        "domain": view.storefront.removeprefix("http://").removeprefix("https://"),
        "source": None,
        "primary_locale": shop.primary_locale,
        "created_at": view.time(shop.created_at),
        "updated_at": view.time(shop.updated_at),
        "customer_email": shop.email,
        "shop_owner": f"{shop.staff.first_name} {shop.staff.last_name}",
        "plan_display_name": PLANS.get(shop.plan, shop.plan),
        "plan_name": shop.plan,
        "myshopify_domain": shop.domain,
        "google_apps_domain": None,
        "google_apps_login_enabled": None,
        "primary_location_id": shop.location_id,
    }


def _place(view: View) -> Body:
    shop, home = view.shop, view.shop.address
    offset = datetime.now(ZoneInfo(shop.iana_timezone)).strftime("%z")
    return {
        "address1": home.address1,
        "address2": home.address2,
        "city": home.city,
        "zip": home.zip,
        "province": home.province,
        "province_code": home.province_code,
        "country": home.country_code,
        "country_code": home.country_code,
        "country_name": home.country,
        "phone": home.phone,
        "latitude": home.latitude,
        "longitude": home.longitude,
        "timezone": f"(GMT{offset[:3]}:{offset[3:]}) {shop.iana_timezone}",
        "iana_timezone": shop.iana_timezone,
        "weight_unit": "kg",
    }


def _money(view: View) -> Body:
    shop = view.shop
    return {
        "currency": shop.currency,
        "enabled_presentment_currencies": shop.presentment_currencies,
        "money_format": "{{amount}}",
        "money_with_currency_format": "{{amount}} " + shop.currency,
        "money_in_emails_format": "{{amount}}",
        "money_with_currency_in_emails_format": "{{amount}} " + shop.currency,
        "taxes_included": shop.taxes_included,
        "auto_configure_tax_inclusivity": None,
        "tax_shipping": None,
        "county_taxes": True,
    }


def _switches(view: View) -> Body:
    return {
        "has_discounts": True,
        "has_gift_cards": True,
        "eligible_for_payments": True,
        "requires_extra_payments_agreement": False,
        "password_enabled": False,
        "has_storefront": True,
        "finances": True,
        "checkout_api_supported": True,
        "multi_location_enabled": True,
        "setup_required": False,
        "pre_launch_enabled": False,
        "marketing_sms_consent_enabled_at_checkout": False,
        "transactional_sms_disabled": False,
    }
