"""What a message about a parcel says."""

from collections.abc import Callable, Mapping

from shopify_app.addresses import picture, web
from shopify_app.language import Language, speak, words
from shopify_app.mail import letters, wording
from shopify_app.mail.outbox import Mail
from shopify_app.mail.wording import ABOUT_ORDER, ORDER, Parts, Variable, either
from shopify_app.orders import links, sayings
from shopify_app.orders import values as known
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

VARIABLES = (
    *ABOUT_ORDER,
    Variable("news", words("How the parcel is doing, in one sentence"), "It has been sent."),
    Variable("ready", words("“yes” while it waits at a pickup point"), "yes", may_be_missing=True),
    Variable("carrier", words("The carrier’s name"), "DHL", may_be_missing=True),
    Variable("number", words("The parcel’s number"), "00340434161094042557", may_be_missing=True),
    Variable("returns", words("The terms of returns, in one sentence"), "30 days.", may_be_missing=True),
)


def ours(kind: str) -> Callable[[Language], Parts]:
    """The parts in our words of one of watches.KINDS."""

    def told(language: Language) -> Parts:
        t = language.t
        subject, advice = t(SUBJECTS[kind], name=ORDER), t(ADVICE[kind])
        if kind == "out":
            subject = either("ready", t(READY, name=ORDER), subject)
            advice = either("ready", t(PICK_UP), advice)
        return Parts(
            subject=subject,
            heading="{{ news }}",
            body=advice.replace("{returns}", either("returns", "{{ returns }}")),
            button=t("Follow my order"),
            footer=t("You get this message because you have ordered from us. It is about your order only."),
        )

    return told


def write(
    shop: Shop,
    kind: str,
    progress: Progress,
    parcel: Parcel,
    link: str | None = None,
    *,
    voice: str | None = None,
    draft: Parts | None = None,
) -> Mail:
    """`kind` is one of watches.KINDS. link: where its button leads; None: to the order's page. voice: None for the
    order's own. draft: a merchant's words that are not kept yet. Raises Unready."""
    order = progress.order
    locale = voice or shop.voice(order.locale)
    language = speak(locale)
    there = link or links.url(shop, order.id)
    values = known.of(shop, order, there) | _values(shop, progress, parcel, language)
    told = wording.of(shop, f"tracking/{kind}", locale, values, draft)
    return letters.write(
        "tracking/mail/parcel",
        locale,
        to=order.person["email"],
        subject=told.subject,
        shop=shop,
        words=told,
        order=order,
        whole=progress.whole,
        parcel=parcel,
        rest=sentence.headline(progress, language) if len(progress.parcels) > 1 or progress.unsent else None,
        link=there,
        choose=f"{there}/messages",
        picture=picture,
        web=web,
    )


def _values(shop: Shop, progress: Progress, parcel: Parcel, language: Language) -> dict[str, str | None]:
    order, shipment = progress.order, parcel.shipment
    returns = sayings.filled("{returns}", shop, order.placed_at, language)
    numbers = [str(tracking["number"]) for tracking in shipment.tracking if tracking.get("number")]
    return {
        "news": sentence.of_parcel(parcel, progress, language),
        "ready": "yes" if parcel.situation == "waiting" else None,
        "carrier": shipment.carrier,
        "number": ", ".join(numbers),
        "returns": None if returns == "{returns}" else returns,
    }
