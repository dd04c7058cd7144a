"""What buyers ask at each moment of an order, and what happens next: good answers from the first minute.

What stands in braces another feature says: orders/sayings.py.
"""

from collections.abc import Sequence
from typing import NamedTuple

from shopify_app.language import words
from shopify_app.tracking.scans import State


class Question(NamedTuple):
    stages: Sequence[State]
    """When it is asked."""
    question: str
    answer: str


EARLY: Sequence[State] = ("paid", "packing")
UNDERWAY: Sequence[State] = ("packing", "moving", "problem")
ALWAYS: Sequence[State] = ("paid", "packing", "moving", "arrived", "problem")

WHO_SEES_IT = Question(
    ALWAYS,
    words("Who can see this page?"),
    words(
        "Only whoever has your link, which expires by itself. "
        "It shows address and payment to you alone, after a code or a login."
    ),
)
"""Of the page that a link opens; in the customer account nobody needs one."""

QUESTIONS = (
    Question(
        ("paid",),
        words("When will my order be sent?"),
        words("We pack orders in the order in which they come. As soon as yours is packed, this page says so."),
    ),
    Question(
        ("paid",),
        words("Has my payment arrived?"),
        words("If we were still waiting for it, the sentence at the top of this page would say so."),
    ),
    Question(
        EARLY,
        words("Can I still change the address?"),
        words(
            "As long as your order has not left us. If this page shows “Something to change?”, ask there; "
            "else write to us, with the order number."
        ),
    ),
    Question(
        EARLY,
        words("Can I still cancel?"),
        words(
            "As long as your order has not left us. If this page shows “Something to change?”, ask there; "
            "else write to us, with the order number."
        ),
    ),
    Question(
        ("moving", "problem"),
        words("Where is my parcel?"),
        words(
            "With each parcel you see every scan that the carrier told us, the newest first, "
            "with its place and local time. Between two scans a parcel may travel for a day or two."
        ),
    ),
    Question(
        ("paid", "packing", "moving", "problem"),
        words("When will it arrive?"),
        words(
            "If the carrier has promised a day, it stands with the parcel; before that our own estimate, where we have "
            "one. When the day changes, the new one stands there."
        ),
    ),
    Question(
        UNDERWAY,
        words("Why does the tracking number not work?"),
        words(
            "It works as soon as the carrier has scanned the parcel for the first time, as a rule within a working day."
        ),
    ),
    Question(
        UNDERWAY,
        words("Why has my parcel not moved for days?"),
        words(
            "Carriers rest at weekends and on public holidays. When a parcel is silent for longer than it should be, "
            "this page says so by itself."
        ),
    ),
    Question(
        ("moving",),
        words("What if nobody is at home?"),
        words(
            "The carrier leaves it with a neighbour or at a pickup point, or tries again. "
            "What was done then stands here."
        ),
    ),
    Question(
        ("packing", "moving", "arrived", "problem"),
        words("Why does my order come in several parcels?"),
        words("Items of different size or from different shelves travel separately. Each parcel shows what is in it."),
    ),
    Question(
        ("arrived", "problem"),
        words("It is said to have arrived, but I do not have it"),
        words(
            "Please look at what the last scan says and ask your neighbours. "
            "If it has not turned up after a day, write to us: we will look into it with the carrier."
        ),
    ),
    Question(
        ("arrived", "problem"),
        words("Something is missing or broken"),
        words("We are sorry. Write to us with the order number and, if you can, a photograph."),
    ),
    Question(
        ("moving", "arrived", "problem"),
        words("How do I send something back?"),
        words("{returns} Ask for it on this page, or write to us with the order number and the item."),
    ),
    Question(
        ("arrived", "problem"),
        words("When do I get my money back?"),
        words("{refunds} It stands on this page as soon as we have sent it."),
    ),
    WHO_SEES_IT,
    Question(
        ALWAYS,
        words("How do I change the password of my account?"),
        words(
            "There is none: to log in you type your e-mail address, and a code is mailed to you. "
            "Whoever can read your mail can log in, so keep your mailbox safe."
        ),
    ),
)

GUIDE: dict[State, Sequence[str]] = {
    "paid": (
        words("We pack your order."),
        words("The carrier collects it, and this page shows every scan."),
        words("It is handed over to you."),
    ),
    "packing": (
        words("The carrier collects the parcel, as a rule on the next working day."),
        words("This page shows every scan and the day on which it should come."),
        words("It is handed over to you."),
    ),
    "moving": (
        words("Look at the day on which it should come; this page keeps it up to date."),
        words("If you will not be at home, the carrier’s link often lets you choose another place or day."),
        words("When it arrives, check that everything is there and whole."),
    ),
    "arrived": (
        words("Check that everything is there and whole."),
        words("Keep the packaging for a few days, in case something has to travel back."),
        words("If something is wrong, write to us at once."),
    ),
    "problem": (
        words("Look at what the last scan says."),
        words("If the carrier needs something from you, its link tells you what."),
        words("If you are in doubt, write to us: we see the same facts as you do."),
    ),
}
"""What happens next, or what to do, step by step."""


def questions(state: State) -> Sequence[Question]:
    """Those of this moment, in the order of QUESTIONS."""
    return [question for question in QUESTIONS if state in question.stages]
