"""The words of a message: ours, or a merchant's, made by the same means.

A message that a merchant may put into own words is declared with its parts in our words, for every language, and with
the values that these may hold. Around them stands its reviewed template, with what must never be missing: facts, links.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace

from markupsafe import Markup

from shopify_app.language import INFORMAL, Language, speak, words
from shopify_app.mail import marks, sandbox, versions
from shopify_app.mail.outbox import Mail, Unready
from shopify_app.mail.sandbox import Missing, Problem
from shopify_app.shopify.models import Shop


@dataclass(frozen=True, slots=True)
class Parts:
    """Liquid; in a merchant's version an empty part is ours."""

    subject: str = ""
    heading: str = ""
    body: str = ""
    """May be marked (`marks.py`); so may the footer."""
    button: str = ""
    footer: str = ""


NAMES = tuple(field.name for field in fields(Parts))
LINES = ("subject", "heading", "button")
"""Parts of one line."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A value that words may hold, by its name in Liquid."""

    name: str
    meaning: str
    """For the merchant, marked for the catalogues."""
    example: str
    may_be_missing: bool = False
    """Some buyers do not have it."""


ABOUT_ORDER = (
    Variable("order", words("The order’s number"), "#1001"),
    Variable("first_name", words("The buyer’s first name"), "Alex", may_be_missing=True),
    Variable("shop", words("The shop’s name"), "Lumen Goods"),
    Variable("link", words("The address of the order’s page"), "https://lumen-goods.example/apps/aftercare/orders/x"),
)
"""What any message about an order may say of it; `orders/values.py` has the values."""
ORDER = "{{ order }}"
"""As our own words name it."""


def either(name: str, there: str, missing: str = "") -> str:
    """Liquid that says one thing where the value is there, and another, or nothing, where it is not."""
    otherwise = f"{{% else %}}{missing}" if missing else ""
    return f"{{% if {name} %}}{there}{otherwise}{{% endif %}}"


@dataclass(frozen=True, slots=True)
class Words:
    """The parts of one message to one person."""

    subject: str
    heading: str
    button: str
    body: str
    footer: str
    body_html: Markup
    footer_html: Markup

    @property
    def ahead(self) -> str:
        """What a mailbox shows beside the subject."""
        return self.body.partition("\n")[0][:140]


Show = Callable[[Shop, int | None, str, Parts | None], Mail | None]
"""The message as it would be now, about an order (None: one that is made up) in a voice, with these parts instead of
those that are kept. None where there is no such order."""


@dataclass(frozen=True, slots=True)
class Template:
    """A message that may be put into own words."""

    name: str
    variables: Sequence[Variable]
    ours: Callable[[Language], Parts]
    """A part that is empty here is none of this message's."""
    show: Show
    stays: str = ""
    """What stands in the message whatever its words are, where that is more than facts and links; for the merchant,
    marked for the catalogues."""
    shared: str = ""
    """The template of its rows in the outbox, where it has it in common with other messages."""
    is_sent: Callable[[Shop], bool] = lambda _: True
    """Whether the shop sends it once its feature is on."""

    @property
    def row(self) -> str:
        return self.shared or self.name

    @property
    def parts(self) -> Sequence[str]:
        """Those that the message has, by their names."""
        ours = asdict(self.ours(speak("en")))
        return [name for name in NAMES if ours[name]]

    @property
    def examples(self) -> Mapping[str, str]:
        return {one.name: one.example for one in self.variables}

    @property
    def optional(self) -> Sequence[str]:
        return [one.name for one in self.variables if one.may_be_missing]


_templates: dict[str, Template] = {}


def declare(template: Template) -> None:
    _templates[template.name] = template


def known() -> Mapping[str, Template]:
    """All of them by their names, in the order of their declaration."""
    return _templates


def of(shop: Shop, name: str, voice: str, values: Mapping[str, str | None], draft: Parts | None = None) -> Words:
    """What the message says to this person. draft: in place of the parts that are kept. Raises Unready."""
    told = effective(shop, name, voice, draft)
    given = marks.hidden(values)
    try:
        filled = {part: sandbox.fill(text, given) for part, text in asdict(told).items()}
    except Missing as missing:
        raise Unready(missing.name) from missing
    return Words(
        **{part: marks.line(filled[part]) for part in LINES},
        **{part: marks.plain(filled[part]) for part in ("body", "footer")},
        body_html=marks.html(filled["body"]),
        footer_html=marks.html(filled["footer"]),
    )


def effective(shop: Shop, name: str, voice: str, draft: Parts | None = None) -> Parts:
    """Ours, with the merchant's in the place of those that they changed."""
    language = speak(voice)
    own = asdict(draft) if draft is not None else versions.current(shop, name, language.code)
    changed = {part: text for part, text in own.items() if part in _templates[name].parts and text}
    return replace(_templates[name].ours(language), **changed)


def check(template: Template, parts: Parts) -> Mapping[str, Sequence[Problem]]:
    """Part → what keeps it from being kept; parts without a problem are left out."""
    found = {
        part: sandbox.check(text, template.examples, template.optional) for part, text in asdict(parts).items() if text
    }
    return {part: problems for part, problems in found.items() if problems}


def changed(shop: Shop, template: Template, code: str, parts: Parts) -> Mapping[str, str]:
    """What of these parts is not as we say it anyway, in either way of address."""
    ours = [asdict(template.ours(speak(voice))) for voice in (code, code + INFORMAL)]
    return {part: text for part, text in asdict(parts).items() if text and all(text != told[part] for told in ours)}
