"""What the five confirmations say, in our words. Facts of the order stand below them in the template."""

from collections.abc import Callable, Mapping

from shopify_app.confirmations.kinds import PLAIN, REASSURANCE, SIMILAR, TEMPTING, WELCOME
from shopify_app.language import Language, words
from shopify_app.mail.wording import ABOUT_ORDER, ORDER, Parts, Variable, either

NAMED = "{{ first_name }}"

VARIABLES = (
    *ABOUT_ORDER,
    Variable("last_name", words("The buyer’s last name"), "Sample", may_be_missing=True),
    Variable("total", words("What the order costs"), "€118.00"),
    Variable("date", words("The day of the order"), "Thursday, June 4, 2026"),
    Variable("items", words("What was ordered, in one line"), "1 × Desk lamp, 2 × Cord set"),
    Variable("arrives", words("The day on which it should be there"), "Monday, June 8, 2026", may_be_missing=True),
)
MORE: Mapping[str, tuple[Variable, ...]] = {
    WELCOME: (
        Variable(
            "community", words("The page for new buyers"), "https://lumen-goods.example/club", may_be_missing=True
        ),
    ),
    TEMPTING: (
        Variable("code", words("The discount code"), "THANKS-7KQ2M-X4ZTA"),
        Variable("percent", words("What it takes off, in per cent"), "10"),
        Variable("until", words("The day on which it ends"), "June 4"),
        Variable("friends_code", words("The code for friends"), "FRIEND-3LPXA-Q6MVB", may_be_missing=True),
        Variable("friends_percent", words("What friends save, in per cent"), "10"),
        Variable(
            "friends_link",
            words("The address that fills in the code for friends"),
            "https://lumen-goods.example/discount/FRIEND-3LPXA-Q6MVB",
        ),
    ),
}


def _plain(language: Language) -> Parts:
    t = language.t
    return Parts(
        subject=t("Order {name} is confirmed", name=ORDER),
        heading=either("first_name", t("Thank you, {name}!", name=NAMED), t("Thank you!")),
        body=t("We have your order {name}.", name=ORDER) + " " + t("Its page shows you at any time where it is."),
        button=t("Follow my order"),
        footer=t("You get this message because you have ordered from us. It is about your order only."),
    )


def _welcome(language: Language) -> Parts:
    t = language.t
    club = t("You are welcome to join us here: {link}", link="[{{ community }}]({{ community }})")
    return _plain_but(
        language,
        heading=either("first_name", t("Welcome, {name}!", name=NAMED), t("Welcome!")),
        body=f"{t('This is your first order with us, and it is in good hands.')} {_plain(language).body}\n\n"
        + either("community", club),
    )


def _reassurance(language: Language) -> Parts:
    t = language.t
    return _plain_but(
        language,
        body=_plain(language).body
        + "\n\n"
        + t("Should anything go wrong, you see it there too. Does anything worry you? Just answer this message."),
    )


def _tempting(language: Language) -> Parts:
    t = language.t
    share = t(
        "For friends: with {code} their first order here costs {percent} % less, and you get a code as thanks: {link}",
        code="**{{ friends_code }}**",
        percent="{{ friends_percent }}",
        link="[{{ friends_link }}]({{ friends_link }})",
    )
    body = f"{_plain(language).body}\n\n" + either("friends_code", share)
    return _plain_but(language, body=body, footer=_offered(language))


def _similar(language: Language) -> Parts:
    return _plain_but(language, footer=_offered(language))


def _offered(language: Language) -> str:
    return language.t(
        "You get this message because you have ordered from us, and its offer because you agreed to news from us."
    )


def _plain_but(language: Language, **parts: str) -> Parts:
    return Parts(**({name: getattr(_plain(language), name) for name in Parts.__slots__} | parts))


OURS: Mapping[str, Callable[[Language], Parts]] = {
    PLAIN: _plain,
    WELCOME: _welcome,
    REASSURANCE: _reassurance,
    TEMPTING: _tempting,
    SIMILAR: _similar,
}
