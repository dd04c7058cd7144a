"""What the messages about a request say in our words, and what they look like."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from shopify_app.changes import letters
from shopify_app.changes.letters import Values
from shopify_app.changes.models import ADDRESS, CANCEL, Change
from shopify_app.language import Language, words
from shopify_app.mail.outbox import Mail
from shopify_app.mail.wording import ABOUT_ORDER, ORDER, Parts, Show, Template, Variable, declare, either
from shopify_app.orders import sample
from shopify_app.shopify.models import Shop


class Says(NamedTuple):
    subject: str
    body: Callable[[Language], str]
    variables: tuple[Variable, ...] = ()


def _looking(language: Language) -> str:
    return language.t(
        "We look at it and write to you. If the order is sent before that, it stays as it was, and we tell you."
    )


def _given(language: Language) -> str:
    return f"{_looking(language)}\n\n{language.t('This is the address that you gave us:')}"


def _cancelled(language: Language) -> str:
    t = language.t
    back = t("What you have paid goes back the way you paid; your bank may take some days for it.")
    return f"{t('As you have asked for.')} {either('paid', back)}"


def _moved(language: Language) -> str:
    return language.t("This is where it goes to now:")


def _why_not(language: Language) -> str:
    t = language.t
    before = t("The order had been cancelled before.")
    late = t("It had been sent before we could do it. We are sorry.")
    other = t("We have looked at your request and could not do it. We are sorry.")
    return either("cancelled", before, either("sent", late, other))


WHY_NOT = (
    Variable("sent", words("“yes” where the order was sent before anybody answered"), "yes", may_be_missing=True),
    Variable("cancelled", words("“yes” where the order was cancelled before"), "yes", may_be_missing=True),
)
SAYS: Mapping[tuple[str, str], Says] = {
    (CANCEL, "asked"): Says(words("We have your request to cancel order {name}"), _looking),
    (CANCEL, "done"): Says(
        words("Order {name} is cancelled"),
        _cancelled,
        (Variable("paid", words("“yes” where something was paid"), "yes", may_be_missing=True),),
    ),
    (CANCEL, "declined"): Says(words("Order {name} could not be cancelled"), _why_not, WHY_NOT),
    (ADDRESS, "asked"): Says(words("We have your new address for order {name}"), _given),
    (ADDRESS, "done"): Says(words("Order {name} goes to your new address"), _moved),
    (ADDRESS, "declined"): Says(words("The address of order {name} could not be changed"), _why_not, WHY_NOT),
}


def _ours(says: Says) -> Callable[[Language], Parts]:
    def told(language: Language) -> Parts:
        t = language.t
        return Parts(
            subject=t(says.subject, name=ORDER),
            heading=t(says.subject, name=ORDER),
            body=says.body(language),
            button=t("Show my order"),
            footer=t("You get this message because somebody, probably you, asked for it at the page of your order."),
        )

    return told


def _shows(kind: str, stage: str) -> Show:
    """As for the order's own address, and as if it were paid."""

    def show(shop: Shop, order_id: int | None, voice: str, draft: Parts | None) -> Mail | None:
        whole = sample.shown(shop, order_id)
        if whole is None:
            return None
        address = {"address": whole.order.person["address"]} if kind == ADDRESS else {}
        change = Change(kind=kind, content=address)
        there = shop.storefront + shop.proxy_path
        known: Values = {"paid": "yes"} if stage == "done" else {}
        return letters.write(shop, change, whole.order, stage, there, known, voice=voice, draft=draft)

    return show


for (_kind, _stage), _says in SAYS.items():
    declare(
        Template(
            f"changes/{_kind}_{_stage}",
            (*ABOUT_ORDER, *_says.variables),
            _ours(_says),
            _shows(_kind, _stage),
            shared=f"changes/{_stage}",
        )
    )
