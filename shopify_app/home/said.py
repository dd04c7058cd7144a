"""Every setting in words, for the history: what it is called, where it is set, how its values read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from shopify_app import periods
from shopify_app.carts.settings import Settings
from shopify_app.codes.friends import Terms
from shopify_app.confirmations.kinds import Rules as Kinds
from shopify_app.feedback.rules import Rule as Feedback
from shopify_app.frame import language
from shopify_app.home.values import (
    case,
    decider,
    listed,
    methods,
    moment,
    money,
    number,
    own_words,
    percent,
    person,
    role,
    since,
    switch,
    text,
    tongues,
    week,
)
from shopify_app.language import words
from shopify_app.mail import rules as budget
from shopify_app.mail.brand import Brand
from shopify_app.tracking import fields

GROUPS: Mapping[str, str] = {
    "brand": words("Brand and sender"),
    "tracking": words("Tracking"),
    "returns": words("Returns and changes"),
    "carts": words("Carts"),
    "feedback": words("Feedback"),
    "confirmations": words("Confirmations"),
    "languages": words("Languages and words"),
    "privacy": words("Privacy and retention"),
    "staff": words("Staff and limits"),
}


class Line(NamedTuple):
    """One thing that changed, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Field:
    label: str
    show: Callable[[Any], str]
    usual: Any = None
    """What holds as long as nobody has set it."""


@dataclass(frozen=True, slots=True)
class Setting:
    group: str
    title: str
    path: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    name: Callable[[str], str] | None = None
    """Says the names of fields that are not known beforehand, such as people."""
    rest: Field = field(default_factory=lambda: Field("", text))
    """Of a setting without fields, and of fields that have only a name."""


def lines(key: str, before: Any, after: Any) -> Sequence[Line]:
    """Of a change as it is kept. Empty where it reads the same."""
    setting = SETTINGS[key]
    if not isinstance(before, dict) and not isinstance(after, dict):
        found = [_line(setting.rest, language().t(setting.title), before, after)]
    else:
        old, new = before or {}, after or {}
        found = [_field(setting, name, old, new) for name in dict.fromkeys([*setting.fields, *old, *new])]
    return [one for one in found if one.before != one.after]


def _field(setting: Setting, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Line:
    known = setting.fields.get(name)
    label = language().t(known.label) if known else setting.name(name) if setting.name else name
    told = known or setting.rest
    return _line(told, label, old.get(name, told.usual), new.get(name, told.usual))


def _line(told: Field, label: str, before: Any, after: Any) -> Line:
    return Line(label, *(told.show(told.usual if one is None else one) for one in (before, after)))


# What there is


def _choices(usual: Any, **told: tuple[str, Callable[[Any], str]]) -> dict[str, Field]:
    known = usual if isinstance(usual, dict) else asdict(usual)
    return {name: Field(label, show, known.get(name)) for name, (label, show) in told.items()}


PARCELS = {
    "shipped": (words("When a parcel has been sent"), since),
    "out": (words("When it is out for delivery or ready for pickup"), since),
    "delivered": (words("When it has arrived"), since),
    "delayed": (words("When it is late, silent or not collected"), since),
    "problem": (words("When the carrier has a problem with it"), since),
}
DISCOUNT = {"percent": (words("Discount"), percent), "days": (words("Days for which a code is good"), number)}
CODES = DISCOUNT | {"budget": (words("Codes in 30 days, at most"), number)}

SETTINGS: Mapping[str, Setting] = {
    "brand": Setting(
        "brand",
        words("Brand of your mails"),
        "/settings/brand",
        _choices(
            Brand(),
            logo=(words("Address of the logo"), text),
            logo_width=(words("Width of the logo in pixels"), number),
            button=(words("Colour of the button"), text),
            button_text=(words("Colour of its text"), text),
            link=(words("Colour of links"), text),
            font=(words("Font"), text),
            address=(words("Postal address"), text),
            signature=(words("Signature"), text),
        ),
    ),
    "budget": Setting(
        "carts",
        words("How often and when"),
        "/settings/budget",
        _choices(
            budget.write(budget.Rules()),
            gap=(words("Hours between two messages to one person"), number),
            most=(words("To one person in 30 days"), number),
            hourly=(words("Of each kind in an hour"), number),
            quiet=(words("Quiet hours"), lambda value: "–".join(value or ())),
            customers=(words("Countries where you told every buyer so"), listed),
            blocked=(words("Countries where nobody gets these messages"), listed),
        ),
    ),
    "carts": Setting(
        "carts",
        words("Reminders of carts"),
        "/carts/settings",
        _choices(
            Settings(),
            since=(words("Reminders of carts"), since),
            first=(words("Hours until the first message"), number),
            steps=(words("Messages for one cart"), number),
            cap=(words("At most in an hour"), number),
            holdout=(words("Persons held out"), percent),
            **CODES,
        ),
    ),
    "changes": Setting(
        "returns",
        words("Cancelling and correcting orders"),
        "/changes/settings",
        {
            "cancel": Field(words("Cancel an order"), decider),
            "address": Field(words("Correct a delivery address"), decider),
        },
    ),
    "confirmation_rules": Setting(
        "confirmations",
        words("Kinds of confirmation"),
        "/settings/confirmations",
        _choices(
            Kinds(),
            on=(words("Which are on"), listed),
            high_value=(words("High value, from"), money),
            long_lead=(words("Long delivery, from (days)"), number),
            community=(words("A page for new buyers (optional)"), text),
            **CODES,
        ),
    ),
    "confirmations": Setting(
        "confirmations", words("Our own order confirmation"), "/settings/switches", rest=Field("", switch)
    ),
    "delivery_days": Setting(
        "tracking",
        words("Delivery times"),
        "/settings/delivery",
        _choices(
            {},
            handling=(words("From order to dispatch"), number),
            domestic=(words("On the way, in your country"), number),
            abroad=(words("On the way, to other countries"), number),
            methods=(words("Delivery methods"), methods),
        ),
    ),
    "feedback": Setting(
        "feedback",
        words("Requests for feedback"),
        "/feedback/settings",
        _choices(
            Feedback(),
            since=(words("Requests for feedback"), since),
            days=(words("Days after the last item was delivered"), number),
            reminder=(words("Remind once who has not answered"), switch),
            reminder_days=(words("Days after the request"), number),
            cap=(words("Most requests of one day"), number),
        ),
    ),
    "goodwill": Setting(
        "staff",
        words("What an agent may give without asking"),
        "/settings/staff",
        {"case": Field(words("In one return"), case), "week": Field(words("In any seven days"), week)},
    ),
    "informal": Setting("languages", words("Buyers addressed as friends"), "/settings/page", rest=Field("", tongues)),
    "kept_days": Setting(
        "privacy",
        words("Days for which things are kept"),
        "/privacy/map",
        _choices(
            {name: period.most for name, period in periods.PERIODS.items()},
            orders=(words("Orders and all that goes with them"), number),
            carts=(words("Checkouts that were not finished"), number),
            news=(words("What Shopify sends"), number),
            sightings=(words("Who looked at whom"), number),
        ),
    ),
    "page_texts": Setting(
        "languages", words("Texts of the order page"), "/settings/page", name=moment, rest=Field("", own_words)
    ),
    "parcel_messages": Setting(
        "tracking", words("Messages about parcels"), "/settings/switches", _choices({}, **PARCELS)
    ),
    "product_fields": Setting(
        "tracking",
        words("Product pages"),
        "/settings/page",
        _choices(
            {"specs": fields.SPECS, "guide": fields.GUIDE},
            specs=(words("Specifications"), listed),
            guide=(words("User guide"), listed),
        ),
    ),
    "ratings": Setting("feedback", words("Ratings in Shopify’s fields"), "/feedback/reviews", rest=Field("", since)),
    "referrals": Setting(
        "confirmations",
        words("Codes for friends"),
        "/friends",
        _choices(
            Terms(),
            since=(words("Codes for friends"), since),
            percent=(words("What a friend saves"), percent),
            reward=(words("What the person saves who sent the friend"), percent),
            wait=(words("Days until a reward"), number),
            cap=(words("Rewards of one person in 30 days"), number),
            days=(words("Days for which a reward is good"), number),
        ),
    ),
    "roles": Setting("staff", words("Roles"), "/settings/staff", name=person, rest=Field("", role)),
    "staff": Setting(
        "staff",
        words("New people"),
        "/settings/staff",
        {"role": Field(words("Who opens Aftercare for the first time becomes"), role, "manager")},
    ),
}
"""By the key under which a change is told."""
