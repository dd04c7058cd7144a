"""What the request for feedback and its reminder say in our words, and what they look like."""

from collections.abc import Callable

from shopify_app.feedback import letters, rules
from shopify_app.feedback.letters import Ways
from shopify_app.language import Language, words
from shopify_app.mail.outbox import Mail
from shopify_app.mail.wording import ABOUT_ORDER, ORDER, Parts, Show, Template, declare
from shopify_app.orders import sample
from shopify_app.shopify.models import Shop

SAYS = {
    "request": (
        words("Is everything all right with order {name}?"),
        words("You get this message because you bought here."),
    ),
    "reminder": (
        words("One more time: is everything all right with order {name}?"),
        words("This is the only reminder: after it we do not ask again."),
    ),
}
"""The subject, and why its reader gets it."""


def _ours(stage: str) -> Callable[[Language], Parts]:
    subject, why = SAYS[stage]

    def told(language: Language) -> Parts:
        t = language.t
        return Parts(
            subject=t(subject, name=ORDER),
            heading=t(subject, name=ORDER),
            body=t("One tap is enough. If something is wrong, somebody looks into it at once."),
            button=t("All good"),
            footer=t(why),
        )

    return told


def _shows(stage: str) -> Show:
    """Its links lead to the look-up: a preview is no answer."""

    def show(shop: Shop, order_id: int | None, voice: str, draft: Parts | None) -> Mail | None:
        whole = sample.shown(shop, order_id)
        there = shop.storefront + shop.proxy_path
        return (
            letters.write(shop, whole, stage, Ways(there, there, there, there), voice=voice, draft=draft)
            if whole
            else None
        )

    return show


def _has(stage: str) -> Callable[[Shop], bool]:
    return lambda shop: stage == "request" or rules.of(shop).reminder


for _stage in SAYS:
    declare(Template(f"feedback/{_stage}", ABOUT_ORDER, _ours(_stage), _shows(_stage), is_sent=_has(_stage)))
