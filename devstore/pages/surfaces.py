"""Where extensions are seen: which ones stand on a page, and what Shopify tells each about the buyer and the order."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import request

from devstore import extensions, totals
from devstore.context import buyer, store
from devstore.extensions import Extension
from devstore.money import rounded, text
from devstore.records import Address, Line, Order, Shop
from devstore.words import gid

THANK_YOU = "purchase.thank-you.block.render"
ORDER_STATUS = "customer-account.order-status.block.render"
ACCOUNT_PAGE = "customer-account.page.render"
ORDER_PAGE = "customer-account.order.page.render"
MENU_ITEM = "customer-account.order.action.menu-item.render"
ACTION = "customer-account.order.action.render"
ADMIN_ORDER = "admin.order-details.block.render"

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Knowledge:
    """What the global `shopify` of a target holds besides its functions: plain members, signals, groups of signals."""

    plain: Values
    signals: Values
    groups: Mapping[str, Values]


@dataclass(frozen=True)
class Frame:
    """One extension at one target. `about` is what its document is told; src None until the extension is built."""

    handle: str
    name: str
    src: str | None
    about: dict[str, Any]


def frames(shop: Shop, locale: str, target: str, known: Knowledge, path: str = "") -> list[Frame]:
    """Every extension that has the target, when the app is installed in the shop. path: below a page's own address."""
    return [_frame(shop, each, locale, target, known, path) for each in _installed(shop, target)]


def around_buyer(shop: Shop, order: Order | None = None) -> Values:
    """What the storefront's own script needs to do what its extensions ask. Login leads back to the page that asks."""
    pages = {found.handle: f"/account/pages/{found.handle}" for found in _installed(shop, ACCOUNT_PAGE)}
    if order is not None:
        pages |= {each.handle: order_page_path(order, each.handle) for each in _installed(shop, ORDER_PAGE)}
    login = f"/account/login?{urlencode({'next': request.path})}"
    return {"token": "/account/token", "login": login, "account": "/account", "places": pages}


def around_staff(shop: Shop) -> Values:
    base = f"/store/{shop.handle}"
    admin = {"base": base, "app": f"{base}/apps/{store().client_id}"}
    return {"token": f"{base}/app/id-token", "query": f"{base}/app/graphql", "admin": admin, "places": {}}


def order_page_path(order: Order, handle: str) -> str:
    return f"/account/orders/{order.id}/pages/{handle}"


def _installed(shop: Shop, target: str) -> list[Extension]:
    if store().state.install(shop.domain) is None:
        return []
    return extensions.at(store().config.extensions, target)


def _frame(shop: Shop, found: Extension, locale: str, target: str, known: Knowledge, path: str) -> Frame:
    cdn = f"{store().url}/cdn/extensions/{found.handle}"
    about = {
        "handle": found.handle,
        "target": target,
        "surface": target.partition(".")[0],
        "script": f"{cdn}/bundle.js",
        "appUrl": store().app_url,
        "locale": locale,
        "currency": shop.currency,
        "texts": found.texts(locale),
        "extension": {"apiVersion": found.api_version, "capabilities": found.capabilities},
        "path": path,
        "plain": known.plain,
        "signals": known.signals,
        "groups": known.groups,
    }
    return Frame(found.handle, found.name(locale), f"{cdn}/frame.html" if found.script.exists() else None, about)


def thank_you(shop: Shop, order: Order, locale: str) -> Knowledge:
    """Right after the payment. `number` is the confirmation number, as in reality."""
    theirs = [each for each in store().state.orders.of(shop.domain) if each.customer_id == order.customer_id]
    confirmation = {
        "order": {"id": gid("Order", order.id)},
        "number": order.confirmation_number,
        "isFirstOrder": len(theirs) == 1,
    }
    known = _of_order(shop, order, locale, is_theirs=True)
    return Knowledge(known.plain, {**known.signals, "orderConfirmation": confirmation}, known.groups)


def order_status(shop: Shop, order: Order, locale: str, is_theirs: bool) -> Knowledge:
    """is_theirs False: whoever holds the link, perhaps a forwarded one; Shopify tells such a page nothing personal."""
    known = _of_order(shop, order, locale, is_theirs)
    shown = {
        "id": gid("Order", order.id),
        "name": order.name,
        "confirmationNumber": order.confirmation_number,
        "processedAt": order.processed_at.isoformat(),
        "cancelledAt": order.cancelled_at.isoformat() if order.cancelled_at else None,
    }
    state = "fully_authenticated" if is_theirs else "pre_authenticated"
    return Knowledge(known.plain, {**known.signals, "order": shown, "authenticationState": state}, known.groups)


def order_action(shop: Shop, order: Order, locale: str) -> Knowledge:
    """Menu items and their modals know the order by its id alone."""
    known = account(shop, locale)
    return Knowledge({**known.plain, "orderId": gid("Order", order.id)}, known.signals, known.groups)


def account(shop: Shop, locale: str) -> Knowledge:
    """Every page of customer accounts."""
    customer = buyer()
    return Knowledge(
        plain={"shop": _shop(shop)},
        signals={"settings": {}, "customerPrivacy": {"allowedProcessing": {}, "visitorConsent": {}}},
        groups={
            "authenticatedAccount": {
                "customer": {"id": gid("Customer", customer.id)} if customer else None,
                "purchasingCompany": None,
            },
            "localization": {
                "language": {"isoCode": locale},
                "extensionLanguage": {"isoCode": locale},
                "country": {"isoCode": shop.address.country_code},
                "currency": {"isoCode": shop.currency},
                "timezone": shop.iana_timezone,
                "market": None,
            },
        },
    )


def admin_order(order: Order) -> Knowledge:
    return Knowledge({"data": {"selected": [{"id": gid("Order", order.id)}]}}, {}, {})


def _of_order(shop: Shop, order: Order, locale: str, is_theirs: bool) -> Knowledge:
    common, customer, sums = account(shop, locale), buyer(), totals.of_order(order, shop.currency)
    identity = {
        "customer": {"id": gid("Customer", customer.id), "email": customer.email} if is_theirs and customer else None,
        "email": order.email if is_theirs else None,
        "phone": order.phone if is_theirs else None,
        "purchasingCompany": None,
    }
    cost = {
        "totalAmount": _paid(order, sums.total),
        "subtotalAmount": _paid(order, sums.subtotal),
        "totalShippingAmount": _paid(order, sums.shipping),
        "totalTaxAmount": _paid(order, sums.tax),
    }
    signals = {
        "lines": [_line(order, line) for line in order.lines],
        "checkoutToken": order.checkout_token,
        "note": order.note,
        "attributes": [],
        "discountCodes": [{"code": each.code} for each in order.discounts],
        "appMetafields": [],
        "shippingAddress": _address(order.shipping_address) if is_theirs else None,
    }
    groups = {**common.groups, "buyerIdentity": identity, "cost": cost}
    groups["localization"] = {**groups["localization"], "currency": {"isoCode": order.presentment_currency}}
    return Knowledge(common.plain, {**common.signals, **signals}, groups)


def _shop(shop: Shop) -> Values:
    return {
        "id": gid("Shop", shop.id),
        "name": shop.name,
        "storefrontUrl": store().storefront_url(shop.domain),
        "myshopifyDomain": shop.domain,
    }


def _line(order: Order, line: Line) -> Values:
    found = store().state.variant(line.variant_id or 0)
    drawn = (found[0].variants[found[1]].picture or found[0].picture) if found else None
    return {
        "id": gid("CartLine", line.id),
        "quantity": line.quantity,
        "attributes": [{"key": key, "value": value} for key, value in line.properties.items()],
        "cost": {"totalAmount": _paid(order, Decimal(line.price) * line.quantity - Decimal(line.discount))},
        "merchandise": {
            "type": "variant",
            "id": gid("ProductVariant", line.variant_id or 0),
            "title": line.title,
            "subtitle": line.variant_title,
            "sku": line.sku,
            "image": {"url": f"{store().url}/cdn/{drawn}", "altText": line.title} if drawn else None,
            "product": {"id": gid("Product", line.product_id or 0), "vendor": line.vendor},
            "requiresShipping": line.requires_shipping,
        },
    }


def _paid(order: Order, amount: Decimal) -> Values:
    """Shop money in what the buyer pays with."""
    currency = order.presentment_currency
    paid = rounded(amount * Decimal(order.exchange_rate), currency)
    return {"amount": float(text(paid, currency)), "currencyCode": currency}


def _address(address: Address | None) -> Values | None:
    if address is None:
        return None
    return {
        "name": address.name,
        "firstName": address.first_name,
        "lastName": address.last_name,
        "address1": address.address1,
        "zip": address.zip,
        "city": address.city,
        "countryCode": address.country_code,
    }
