"""What buyers get by mail: the link to the order's page, and news of its parcels."""

from shopify_app import clock
from shopify_app.language import speak
from shopify_app.mail import letters, outbox, refusals
from shopify_app.mail.models import Message
from shopify_app.mail.outbox import Mail, Skip
from shopify_app.orders import links, read
from shopify_app.shopify.models import Shop
from shopify_app.tracking import codes
from shopify_app.tracking import letters as parcel_letters
from shopify_app.tracking.state import progress
from shopify_app.tracking.watches import KINDS, STAGES


@outbox.renders("tracking/link")
def link(shop: Shop, message: Message) -> Mail | Skip:
    order = read.get(shop, message.order_id or 0)
    if order is None:
        return Skip("order_gone")
    if not order.person["email"]:
        return Skip("no_address")
    locale = shop.voice(order.locale)
    return letters.write(
        "tracking/mail/link",
        locale,
        to=order.person["email"],
        subject=speak(locale).t("Your link to order {name}", name=order.name),
        shop=shop,
        order=order,
        link=links.url(shop, order.id),
        days=links.days(),
    )


@outbox.renders("tracking/code")
def code(shop: Shop, message: Message) -> Mail | Skip:
    order = read.get(shop, message.order_id or 0)
    if order is None:
        return Skip("order_gone")
    if not order.person["email"]:
        return Skip("no_address")
    locale = shop.voice(order.locale)
    return letters.write(
        "tracking/mail/code",
        locale,
        to=order.person["email"],
        subject=speak(locale).t("Your code for order {name}", name=order.name),
        shop=shop,
        order=order,
        code=codes.current(shop, order.id),
    )


def parcel(shop: Shop, message: Message) -> Mail | Skip:
    """What is true at this moment: news that newer ones have overtaken are not sent any more."""
    whole = read.whole(shop, message.order_id or 0)
    if whole is None:
        return Skip("order_gone")
    if not whole.order.person["email"]:
        return Skip("no_address")
    if refusals.stands(shop, whole.order.person["email"], "parcels"):
        return Skip("refused")
    _, shipment_id, kind = message.key.split("/")
    found = progress(whole, shop, clock.now())
    told = next((one for one in found.parcels if one.shipment.id == int(shipment_id)), None)
    if told is None or STAGES.get(told.situation) != kind:
        return Skip("overtaken")
    return parcel_letters.write(shop, kind, found, told)


for kind in KINDS:
    outbox.renders(f"tracking/{kind}")(parcel)
