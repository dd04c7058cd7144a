"""What happens when Shopify says X: one plain function per topic, the dictionary of all of them at the end.

Each runs inside one transaction, may run twice and in any order, and answers what the news was about.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from shopify_app import carts, changes, confirmations, feedback, privacy, referrals, returns, tracking
from shopify_app.db import db
from shopify_app.orders import reconcile, record
from shopify_app.shopify import install
from shopify_app.shopify.models import Shop

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    shop_or_none: Shop | None
    """None only for the topics of ALWAYS."""
    domain: str
    payload: Payload
    at: datetime
    """When Shopify sent it; orders two pieces of news of the same second."""

    @property
    def shop(self) -> Shop:
        if self.shop_or_none is None:
            raise LookupError("no such shop")
        return self.shop_or_none


class Subject(NamedTuple):
    order: int | None = None
    customer: int | None = None


Handler = Callable[[News], Subject]


def order_read(shop: Shop, payload: Payload, at: datetime, *, imported: bool = False) -> bool:
    """An order that we read at Shopify by ourselves, in a round or the first import; one that was erased stays so."""
    privacy.hold_off(shop)
    if privacy.is_erased(shop, "orders/updated", payload, at):
        return False
    return _order(shop, payload, at, None, imported=imported)


def _order(shop: Shop, payload: Payload, at: datetime, heard_at: datetime | None, *, imported: bool = False) -> bool:
    """Whatever way it came. True when we had not heard of it; nothing is ever sent for imported history."""
    is_new = record.order(shop.id, payload, at)
    if is_new and not imported:
        confirmations.order_created(shop, int(payload["id"]), heard_at)
    carts.order_created(shop, int(payload["id"]), payload.get("checkout_token"))
    if payload.get("discount_codes") and not imported:
        referrals.order_news(shop, int(payload["id"]), [str(one["code"]) for one in payload["discount_codes"]])
    if payload.get("fulfillments"):
        tracking.parcel_news(shop, int(payload["id"]))
    if payload.get("fulfillments") or payload.get("cancelled_at"):
        changes.order_news(shop, int(payload["id"]))
    if payload.get("refunds"):
        returns.booked(shop, int(payload["id"]))
    if not imported:
        feedback.order_news(shop, int(payload["id"]))
    reconcile.want(shop.id, "product", *record.unknown_products(shop.id, payload))
    return is_new


def return_read(shop: Shop, node: Payload, at: datetime) -> None:
    """A return that we read at Shopify; one whose buyer was erased stays so."""
    privacy.hold_off(shop)
    if not privacy.is_erased(
        shop, "returns/update", {"order": {"id": record.gid_number({"admin_graphql_api_id": node["order"]["id"]})}}, at
    ):
        returns.news(shop, node)
        feedback.order_news(shop, record.gid_number({"admin_graphql_api_id": node["order"]["id"]}))


READ = reconcile.Tell(order_read, return_read)


def order_changed(news: News) -> Subject:
    _order(news.shop, news.payload, news.at, news.at)
    buyer = news.payload.get("customer") or {}
    return Subject(int(news.payload["id"]), buyer.get("id"))


def order_edited(news: News) -> Subject:
    """Tells only what was added and removed: the order is read again."""
    return _read_again(news.shop, int(news.payload["order_edit"]["order_id"]))


def order_link_requested(news: News) -> Subject:
    """The buyer's link to Shopify's own page ran out; Shopify sends the new one, and so may we."""
    order_id = int(news.payload["id"])
    confirmations.link_requested(news.shop, order_id, news.at)
    return Subject(order_id)


def order_deleted(news: News) -> Subject:
    order_id = int(news.payload["id"])
    record.delete_order(news.shop.id, order_id)
    return Subject(order_id)


def shipment_changed(news: News) -> Subject:
    record.shipment(news.shop.id, news.payload, news.at)
    return _parcel_news(news.shop, int(news.payload["order_id"]))


def parcel_scanned(news: News) -> Subject:
    record.parcel_event(news.shop.id, news.payload)
    order_id = int(news.payload["order_id"])
    if not record.knows_shipment(news.shop.id, int(news.payload["fulfillment_id"])):
        return _read_again(news.shop, order_id)
    return _parcel_news(news.shop, order_id)


def scan_deleted(news: News) -> Subject:
    record.delete_parcel_event(news.shop.id, news.payload)
    return _parcel_news(news.shop, int(news.payload["order_id"]))


def refund_created(news: News) -> Subject:
    """The order's own amounts change with it: it is read again by its own topic, or by the next round."""
    record.refund(news.shop.id, news.payload)
    returns.booked(news.shop, int(news.payload["order_id"]))
    feedback.order_news(news.shop, int(news.payload["order_id"]))
    if cause := news.payload.get("return"):
        # A processed return tells nothing by its own topic.
        reconcile.want(news.shop.id, "return", record.gid_number(cause))
    return _with_order(news.shop, int(news.payload["order_id"]))


def return_changed(news: News) -> Subject:
    """A hint: a return's states are few and its topics tell little, so it is read again. Some tell nothing at all."""
    if not news.payload:
        return Subject()
    order_id = record.returned(news.shop.id, news.payload, news.at)
    if order_id is not None:
        feedback.order_news(news.shop, order_id)
    reconcile.want(news.shop.id, "return", record.gid_number(news.payload))
    return Subject(order_id)


def checkout_changed(news: News) -> Subject:
    carts.record(news.shop, news.payload, news.at)
    return Subject(customer=(news.payload.get("customer") or {}).get("id"))


def checkout_deleted(news: News) -> Subject:
    carts.forget(news.shop, news.payload)
    return Subject()


def customer_changed(news: News) -> Subject:
    record.customer(news.shop.id, news.payload, news.at)
    return Subject(customer=int(news.payload["id"]))


def customer_deleted(news: News) -> Subject:
    customer_id = int(news.payload["id"])
    record.delete_customer(news.shop.id, customer_id)
    return Subject(customer=customer_id)


def email_consent_changed(news: News) -> Subject:
    return _consent(news, "email")


def sms_consent_changed(news: News) -> Subject:
    return _consent(news, "sms")


def product_changed(news: News) -> Subject:
    record.product(news.shop.id, news.payload, news.at)
    product_id = int(news.payload["id"])
    if record.is_outdated(news.shop.id, product_id):
        reconcile.want(news.shop.id, "product", product_id)
    return Subject()


def product_deleted(news: News) -> Subject:
    record.delete_product(news.shop.id, int(news.payload["id"]))
    return Subject()


def shop_changed(news: News) -> Subject:
    shop, payload = news.shop, news.payload
    shop.name = str(payload.get("name") or shop.name)
    shop.email = payload.get("email") or shop.email
    shop.locale = str(payload.get("primary_locale") or shop.locale)
    shop.timezone = str(payload.get("iana_timezone") or shop.timezone)
    shop.currency = str(payload.get("currency") or shop.currency)
    shop.country = payload.get("country_code") or shop.country
    db.session.add(shop)
    return Subject()


def app_uninstalled(news: News) -> Subject:
    """May come after a quick reinstall: then it is old news."""
    if news.shop_or_none is not None and install.uninstall(news.shop, news.at):
        reconcile.stop(news.shop.id)
    return Subject()


def scopes_changed(news: News) -> Subject:
    """A token may do what was allowed when it was made: the next call renews it."""
    news.shop.access_expires_at = None
    news.shop.scopes = ",".join(sorted(str(scope) for scope in news.payload.get("current") or []))
    db.session.add(news.shop)
    return Subject()


def bulk_operation_finished(news: News) -> Subject:
    """The import looks by itself every few seconds; this only spares the wait."""
    reconcile.hurry(news.shop.id)
    return Subject()


def data_requested(news: News) -> Subject:
    privacy.data_requested(news.shop_or_none, news.domain, news.payload, news.at)
    return Subject()


def erase_customer(news: News) -> Subject:
    privacy.customer_redacted(news.domain, news.payload, news.at)
    return Subject()


def erase_shop(news: News) -> Subject:
    privacy.shop_redacted(news.domain, news.payload, news.at)
    return Subject()


def _consent(news: News, channel: str) -> Subject:
    """The topic of text messages calls the customer plainly `id`."""
    customer_id = int(news.payload.get("customer_id") or news.payload["id"])
    told = news.payload.get(f"{channel}_marketing_consent") or {}
    record.consent(news.shop.id, customer_id, channel, told, news.at)
    return Subject(customer=customer_id)


def _parcel_news(shop: Shop, order_id: int) -> Subject:
    tracking.parcel_news(shop, order_id)
    changes.order_news(shop, order_id)
    feedback.order_news(shop, order_id)
    return _with_order(shop, order_id)


def _with_order(shop: Shop, order_id: int) -> Subject:
    """Part of an order that we may not know yet: then the order is fetched."""
    return Subject(order_id) if record.knows(shop.id, order_id) else _read_again(shop, order_id)


def _read_again(shop: Shop, order_id: int) -> Subject:
    reconcile.want(shop.id, "order", order_id)
    return Subject(order_id)


HANDLERS: dict[str, Handler] = {
    "orders/create": order_changed,
    "orders/updated": order_changed,
    "orders/paid": order_changed,
    "orders/fulfilled": order_changed,
    "orders/partially_fulfilled": order_changed,
    "orders/cancelled": order_changed,
    "orders/edited": order_edited,
    "orders/delete": order_deleted,
    "orders/link_requested": order_link_requested,
    "fulfillments/create": shipment_changed,
    "fulfillments/update": shipment_changed,
    "fulfillment_events/create": parcel_scanned,
    "fulfillment_events/delete": scan_deleted,
    "refunds/create": refund_created,
    "returns/request": return_changed,
    "returns/approve": return_changed,
    "returns/decline": return_changed,
    "returns/update": return_changed,
    "returns/process": return_changed,
    "returns/cancel": return_changed,
    "returns/close": return_changed,
    "returns/reopen": return_changed,
    "checkouts/create": checkout_changed,
    "checkouts/update": checkout_changed,
    "checkouts/delete": checkout_deleted,
    "customers/create": customer_changed,
    "customers/update": customer_changed,
    "customers/delete": customer_deleted,
    "customers_email_marketing_consent/update": email_consent_changed,
    "customers_marketing_consent/update": sms_consent_changed,
    "products/create": product_changed,
    "products/update": product_changed,
    "products/delete": product_deleted,
    "shop/update": shop_changed,
    "app/uninstalled": app_uninstalled,
    "app/scopes_update": scopes_changed,
    "bulk_operations/finish": bulk_operation_finished,
    "customers/data_request": data_requested,
    "customers/redact": erase_customer,
    "shop/redact": erase_shop,
}

ALWAYS = {app_uninstalled, data_requested, erase_customer, erase_shop}
"""Heard even from a shop that is not installed, or no longer."""
