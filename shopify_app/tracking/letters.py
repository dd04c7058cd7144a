"""What a message about a parcel says."""

from collections.abc import Mapping

from shopify_app.addresses import picture, web
from shopify_app.language import speak, words
from shopify_app.mail import letters
from shopify_app.mail.outbox import Mail
from shopify_app.orders import links, sayings
from shopify_app.shopify.models import Shop
from shopify_app.tracking import sentence
from shopify_app.tracking.state import Parcel, Progress

SUBJECTS: Mapping[str, str] = {
    "shipped": words("A parcel of order {name} has been sent"),
    "out": words("A parcel of order {name} comes today"),
    "delivered": words("A parcel of order {name} has arrived"),
    "delayed": words("A parcel of order {name} is late"),
    "problem": words("A problem with a parcel of order {name}"),
}
READY = words("A parcel of order {name} is ready for you")
"""The subject where it waits at a pickup point."""
ADVICE: Mapping[str, str] = {
    "shipped": words("You can follow it at any time; you need not do anything."),
    "out": words("If nobody is at home, the carrier leaves you a note or tries again."),
    "delivered": words("Is something missing or not as it should be? Just answer this message. {returns}"),
    "delayed": words("We are sorry. You need not do anything: its page always shows the latest that we know."),
    "problem": words("Its page shows what the carrier told us. Just answer this message, and we will help."),
}
PICK_UP = words("Please take the message of the carrier and an identity card with you.")


def write(shop: Shop, kind: str, progress: Progress, parcel: Parcel, link: str | None = None) -> Mail:
    """`kind` is one of watches.KINDS. link: where its button leads; None: to the order's page."""
    order = progress.order
    locale = shop.voice(order.locale)
    language = speak(locale)
    is_ready = parcel.situation == "waiting"
    advice = language.t(PICK_UP if is_ready else ADVICE[kind])
    return letters.write(
        "tracking/mail/parcel",
        locale,
        to=order.person["email"],
        subject=language.t(READY if is_ready else SUBJECTS[kind], name=order.name),
        shop=shop,
        order=order,
        whole=progress.whole,
        parcel=parcel,
        told=sentence.of_parcel(parcel, progress, language),
        rest=sentence.headline(progress, language) if len(progress.parcels) > 1 or progress.unsent else None,
        advice=sayings.filled(advice, shop, order.placed_at, language),
        link=link or links.url(shop, order.id),
        choose=(link or links.url(shop, order.id)) + "/messages",
        picture=picture,
        web=web,
    )
