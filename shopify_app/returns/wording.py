"""What the messages about a return say in our words. Amounts, dates, codes, quotes and what the law wants said stand
in the template.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from shopify_app.language import Language, words
from shopify_app.mail.wording import ORDER, Parts, Variable, either

LABEL = Variable(
    "label", words("The address of the label, where it can be printed"), "https://cdn.shopify.com/label.pdf", True
)
DAY = words("The label’s last day")
CARRIED = "Jun 12, 2026"


class Says(NamedTuple):
    subject: str
    body: Callable[[Language], str]
    variables: tuple[Variable, ...] = ()
    button: Callable[[Language], str] = lambda language: language.t("Show my return")


def _paragraphs(*texts: str) -> Callable[[Language], str]:
    return lambda language: "\n\n".join(language.t(text) for text in texts)


def _approved(language: Language) -> str:
    t = language.t
    return either(
        "kept",
        t("You need not send anything back."),
        either(
            "label",
            t("The label for the way back is ready: print it and put it on the parcel."),
            either(
                "wait",
                t("The label for the way back comes by mail: please wait for it before you send anything."),
                t("How to send it back stands on the page of your order."),
            ),
        ),
    )


def _expiring(language: Language) -> str:
    t = language.t
    return "\n\n".join(
        [
            t("It can be used until {day}. Please hand the parcel to the carrier by then.", day="{{ day }}"),
            t("If you have sent it already, there is nothing left to do."),
            t("Should it run out, you can ask for a new one on the page of your return."),
        ]
    )


def _received(language: Language) -> str:
    t = language.t
    others = t("We look at it, and then send what you chose instead.")
    money = t("We look at it, and your money goes back within a day.")
    return f"{t('What you sent back is here.')}\n\n{either('exchange', others, money)}"


def _inspected(language: Language) -> str:
    t = language.t
    return "\n\n".join(
        [
            t("We looked at what you sent back. What is named here is not as it should be, so it is not refunded."),
            either("others", t("What else you sent back is refunded or exchanged as agreed.")),
            t("Our photos are on the page of your return. If you see it differently, just answer this message."),
        ]
    )


def _refunded(language: Language) -> str:
    t = language.t
    bank = t("It goes back the way you paid. Depending on your bank it is on your card by {day}.", day="{{ day }}")
    return either("day", bank, t("It is store credit now and can be spent at once."))


def _to_label(language: Language) -> str:
    return either("label", language.t("Open the label"), language.t("Show my return"))


SAYS: Mapping[str, Says] = {
    "asked": Says(
        words("We have your return of order {name}"),
        _paragraphs(words("The shop looks at it and answers soon. Please keep everything until then.")),
    ),
    "approved": Says(
        words("Your return of order {name} is approved"),
        _approved,
        (
            Variable("kept", words("“yes” where nothing has to be sent back"), "yes", True),
            LABEL,
            Variable("wait", words("“yes” where the label is still to come"), "yes", True),
        ),
        _to_label,
    ),
    "label": Says(
        words("The label for your return of order {name}"),
        _paragraphs(
            words("Print the label, put it on the parcel and hand it to the carrier."),
            words(
                "Put the packing slip into the parcel, or a note with the code: so we know at once that it is yours."
            ),
        ),
        (LABEL, Variable("code", words("The return’s code"), "K7MX-2PQ9"), Variable("day", DAY, CARRIED, True)),
        _to_label,
    ),
    "expiring": Says(
        words("The label for your return of order {name} runs out soon"),
        _expiring,
        (LABEL, Variable("day", DAY, CARRIED)),
        _to_label,
    ),
    "declined": Says(
        words("Your return of order {name} was declined"),
        _paragraphs(
            words("The shop does not take it back this time."),
            words("If you see it differently, or something is wrong with what you got, just answer this message."),
        ),
    ),
    "question": Says(
        words("A question about your return of order {name}"),
        _paragraphs(words("The shop needs to know something before it can go on.")),
        button=lambda language: language.t("Answer"),
    ),
    "received": Says(
        words("Your return of order {name} has arrived"),
        _received,
        (Variable("exchange", words("“yes” where everything is exchanged"), "yes", True),),
    ),
    "inspected": Says(
        words("We could not accept all of your return of order {name}"),
        _inspected,
        (Variable("others", words("“yes” where the rest was accepted"), "yes", True),),
    ),
    "refunded": Says(
        words("Your refund for order {name}"),
        _refunded,
        (
            Variable("amount", words("What goes back"), "€89.00"),
            Variable("day", words("By when it is there; not for store credit"), CARRIED, True),
        ),
    ),
    "exchanged": Says(
        words("We are getting your exchange of order {name} ready"),
        _paragraphs(words("What you chose instead is being packed. You get a message when it is sent.")),
        button=lambda language: language.t("Show my order"),
    ),
    "receipt": Says(
        words("We have your withdrawal from order {name}"),
        _paragraphs(words("Your withdrawal has reached us. What you declared, and when, stands below.")),
    ),
}


def ours(says: Says) -> Callable[[Language], Parts]:
    def told(language: Language) -> Parts:
        t = language.t
        return Parts(
            subject=t(says.subject, name=ORDER),
            heading=t(says.subject, name=ORDER),
            body=says.body(language),
            button=says.button(language),
            footer=t("You get this message because something of your order is to be sent back."),
        )

    return told
