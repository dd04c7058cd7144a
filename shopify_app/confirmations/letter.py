"""What a confirmation says."""

from collections.abc import Sequence

from shopify_app import postal
from shopify_app.addresses import picture
from shopify_app.language import Language, speak, zone
from shopify_app.mail import letters
from shopify_app.mail.outbox import Mail
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop

UNPAID = {"pending", "unpaid", "partially_paid", "expired"}

Fact = tuple[str, Sequence[str]]
"""Its name, and its lines."""


def write(shop: Shop, whole: Whole, link: str) -> Mail:
    order = whole.order
    locale = shop.voice(order.locale)
    language = speak(locale)
    return letters.write(
        "confirmations/mail/order",
        locale,
        to=order.person["email"],
        subject=language.t("Order {name} is confirmed", name=order.name),
        shop=shop,
        whole=whole,
        order=order,
        link=link,
        picture=picture,
        facts=_facts(shop, whole, language),
    )


def _facts(shop: Shop, whole: Whole, language: Language) -> list[Fact]:
    order, t = whole.order, language.t
    paid = t("Amount to pay") if order.financial_status in UNPAID else t("Amount paid")
    facts: list[Fact] = [
        (paid, [language.money(order.total, order.currency)]),
        (t("Order date"), [language.date(order.placed_at, zone(shop.timezone))]),
    ]
    if any(line.requires_shipping for line in whole.lines):
        facts += _delivery(shop, whole, language)
    return facts


def _delivery(shop: Shop, whole: Whole, language: Language) -> list[Fact]:
    t = language.t
    promises = [shipment.estimated_delivery_at for shipment in whole.shipments if shipment.estimated_delivery_at]
    expected = language.date(max(promises), zone(shop.timezone)) if promises else t("As soon as the carrier tells us")
    facts: list[Fact] = [
        (t("Tracking number"), _tracking(whole) or [t("As soon as your parcel is sent")]),
        (t("Expected delivery"), [expected]),
    ]
    if whole.order.shipping_method:
        facts.append((t("Delivery method"), [whole.order.shipping_method]))
    if lines := postal.lines(whole.order.person["address"], language):
        facts.append((t("Delivery address"), lines))
    return facts


def _tracking(whole: Whole) -> list[str]:
    return [
        f"{tracking['number']} ({shipment.carrier})" if shipment.carrier else str(tracking["number"])
        for shipment in whole.shipments
        for tracking in shipment.tracking
        if tracking["number"]
    ]
