"""The link to the order's page, by mail."""

from shopify_app.language import speak
from shopify_app.mail import letters, outbox
from shopify_app.mail.models import Message
from shopify_app.mail.outbox import Mail, Skip
from shopify_app.orders import links, read
from shopify_app.shopify.models import Shop


@outbox.renders("tracking/link")
def link(shop: Shop, message: Message) -> Mail | Skip:
    order = read.get(shop, message.order_id or 0)
    if order is None:
        return Skip("order_gone")
    if not order.person["email"]:
        return Skip("no_address")
    return letters.write(
        "tracking/mail/link",
        order.locale,
        to=order.person["email"],
        subject=speak(order.locale).t("Your link to order {name}", name=order.name),
        shop=shop,
        order=order,
        link=links.url(shop, order.id),
        days=links.days(),
    )
