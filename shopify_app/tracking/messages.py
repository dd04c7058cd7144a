"""What buyers get by mail: the link to the order's page, and news of its parcels."""

from shopify_app import clock
from shopify_app.language import speak, words
from shopify_app.mail import letters, outbox
from shopify_app.mail.models import Message
from shopify_app.mail.outbox import Mail, Skip
from shopify_app.orders import links, read
from shopify_app.shopify.models import Shop
from shopify_app.tracking import codes
from shopify_app.tracking import letters as parcel_letters
from shopify_app.tracking.state import progress
from shopify_app.tracking.watches import KINDS, STAGES, refused


@outbox.renders("tracking/link")
def link(shop: Shop, message: Message) -> Mail | Skip:
    address = links.url(shop, message.order_id or 0)
    return _asked_for(shop, message, "link", words("Your link to order {name}"), link=address, days=links.days())


@outbox.renders("tracking/code")
def code(shop: Shop, message: Message) -> Mail | Skip:
    current = codes.current(shop, message.order_id or 0)
    return _asked_for(shop, message, "code", words("Your code for order {name}"), code=current)


def _asked_for(shop: Shop, message: Message, name: str, subject: str, **context: object) -> Mail | Skip:
    """What somebody who says to be the buyer wants mailed to the order's address."""
    order = read.get(shop, message.order_id or 0)
    if order is None:
        return Skip("order_gone")
    if not order.person["email"]:
        return Skip("no_address")
    voice = shop.voice(order.locale)
    title = speak(voice).t(subject, name=order.name)
    to = order.person["email"]
    return letters.write(f"tracking/mail/{name}", voice, to=to, subject=title, shop=shop, order=order, **context)


def parcel(shop: Shop, message: Message) -> Mail | Skip:
    """What is true at this moment: news that newer ones have overtaken are not sent any more."""
    whole = read.whole(shop, message.order_id or 0)
    if whole is None:
        return Skip("order_gone")
    if not whole.order.person["email"]:
        return Skip("no_address")
    if against := refused(shop, whole.order):
        return Skip(against)
    _, shipment_id, kind = message.key.split("/")
    found = progress(whole, shop, clock.now())
    told = next((one for one in found.parcels if one.shipment.id == int(shipment_id)), None)
    if told is None or STAGES.get(told.situation) != kind:
        return Skip("overtaken")
    return parcel_letters.write(shop, kind, found, told)


for kind in KINDS:
    outbox.renders(f"tracking/{kind}", is_answer=False)(parcel)
