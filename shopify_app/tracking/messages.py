"""What buyers get by mail: the link to the order's page, and news of its parcels."""

from shopify_app import clock
from shopify_app.mail import outbox
from shopify_app.mail.models import Message
from shopify_app.mail.outbox import Mail, Skip
from shopify_app.orders import links, read
from shopify_app.orders.models import Order
from shopify_app.shopify.models import Shop
from shopify_app.tracking import codes, keys, letters
from shopify_app.tracking.state import progress
from shopify_app.tracking.watches import KINDS, STAGES, refused


@outbox.renders("tracking/link")
def link(shop: Shop, message: Message) -> Mail | Skip:
    order = _reachable(shop, message)
    return order if isinstance(order, Skip) else keys.link(shop, order, links.url(shop, order.id))


@outbox.renders("tracking/code")
def code(shop: Shop, message: Message) -> Mail | Skip:
    order = _reachable(shop, message)
    return order if isinstance(order, Skip) else keys.code(shop, order, codes.current(shop, order.id))


def _reachable(shop: Shop, message: Message) -> Order | Skip:
    """The order whose buyer somebody says to be: what they want is mailed to its address."""
    order = read.get(shop, message.order_id or 0)
    if order is None:
        return Skip("order_gone")
    return order if order.person["email"] else Skip("no_address")


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
    return letters.write(shop, kind, found, told)


for kind in KINDS:
    outbox.renders(f"tracking/{kind}", is_answer=False)(parcel)
