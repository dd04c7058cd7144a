"""What a confirmation says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shopify_app import postal
from shopify_app.addresses import picture
from shopify_app.codes import friends
from shopify_app.codes.models import Code
from shopify_app.confirmations.kinds import PLAIN
from shopify_app.confirmations.similar import Product
from shopify_app.language import Language, speak, zone
from shopify_app.mail import brand as brands
from shopify_app.mail import letters, wording
from shopify_app.mail.brand import Brand
from shopify_app.mail.outbox import Mail, Reader
from shopify_app.mail.wording import Parts
from shopify_app.orders import arrivals, homes
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop

UNPAID = {"pending", "unpaid", "partially_paid", "expired"}

Fact = tuple[str, Sequence[str]]
"""Its name, and its lines."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Which of the five, with what only that one holds."""

    name: str = PLAIN
    why: str = ""
    """By which rule, as a key."""
    community: str = ""
    code: Code | None = None
    friends: Code | None = None
    """What its reader may pass on."""
    similar: Sequence[Product] = ()
    leave: str = ""
    """Where its reader says no to offers; none: it makes none."""


def write(
    shop: Shop,
    whole: Whole,
    link: str,
    kind: Kind,
    *,
    voice: str | None = None,
    draft: Parts | None = None,
    brand: Brand | None = None,
) -> Mail:
    """voice: None for the order's own. draft and brand: a merchant's that are not kept yet. Raises Unready."""
    order = whole.order
    locale = voice or shop.voice(order.locale)
    language = speak(locale)
    values = _values(shop, whole, link, language) | {"community": kind.community} | _offered(shop, kind, language)
    told = wording.of(shop, f"confirmations/{kind.name}", locale, values, draft)
    mail = letters.write(
        "confirmations/mail/order",
        locale,
        to=order.person["email"],
        subject=told.subject,
        shop=shop,
        brand=brand or brands.of(shop),
        words=told,
        whole=whole,
        order=order,
        link=link,
        picture=picture,
        facts=_facts(shop, whole, language),
        offer=_offer(shop, kind.code, language),
        similar=kind.similar,
        leave=kind.leave,
    )
    facts = {"kind": kind.name} | ({"why": kind.why} if kind.why else {})
    # Who reads it is kept where it shows the way out: whoever takes that is found by it.
    reader = Reader(order.customer_id, order.country, homes.of(shop, order)) if kind.leave else None
    return replace(mail, facts=facts, reader=reader)


def _offer(shop: Shop, code: Code | None, language: Language) -> str | None:
    if code is None:
        return None
    return language.t(
        "With the code {code} you pay {percent} % less on your next order. It is yours alone and good until {day}.",
        code=code.code,
        percent=code.percent,
        day=_until(shop, code, language),
    )


def _until(shop: Shop, code: Code | None, language: Language) -> str | None:
    return language.day(code.ends_at, zone(shop.timezone)) if code and code.ends_at else None


def _offered(shop: Shop, kind: Kind, language: Language) -> dict[str, str | None]:
    """What words may say of the buyer's own code, and of that for friends, which calls up its sentence."""
    own, shared, terms = kind.code, kind.friends, friends.of(shop)
    return {
        "code": own.code if own else None,
        "percent": str(own.percent) if own else None,
        "until": _until(shop, own, language),
        "friends_code": shared.code if shared else None,
        "friends_percent": str(shared.percent if shared else terms.percent),
        "friends_link": friends.address(shop, shared.code) if shared else shop.storefront,
    }


def _values(shop: Shop, whole: Whole, link: str, language: Language) -> dict[str, str | None]:
    order = whole.order
    return {
        "order": order.name,
        "first_name": order.person["first_name"],
        "last_name": order.person["last_name"],
        "shop": shop.name or shop.domain,
        "total": language.money(order.total, order.currency),
        "date": language.date(order.placed_at, zone(shop.timezone)),
        "items": ", ".join(f"{line.quantity} × {line.title}" for line in whole.lines),
        "arrives": _arrives(shop, whole, language),
        "link": link,
    }


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
    facts: list[Fact] = [
        (t("Tracking number"), _tracking(whole) or [t("As soon as your parcel is sent")]),
        (t("Expected delivery"), [_arrives(shop, whole, language) or t("As soon as the carrier tells us")]),
    ]
    if whole.order.shipping_method:
        facts.append((t("Delivery method"), [whole.order.shipping_method]))
    if lines := postal.lines(whole.order.person["address"], language):
        facts.append((t("Delivery address"), lines))
    return facts


def _arrives(shop: Shop, whole: Whole, language: Language) -> str | None:
    """The carrier's day, else the shop's own estimate; None: nobody has said one."""
    arrival = arrivals.of(shop, whole)
    if arrival is None:
        return None
    day = language.date(arrival.at, zone(shop.timezone))
    return day if arrival.is_promised else language.t("{day} (our estimate)", day=day)


def _tracking(whole: Whole) -> list[str]:
    return [
        f"{tracking['number']} ({shipment.carrier})" if shipment.carrier else str(tracking["number"])
        for shipment in whole.shipments
        for tracking in shipment.tracking
        if tracking["number"]
    ]
