"""The steps from the install to a shop at work, each with what is really so. Nothing is ticked that nobody has seen.

Whether a block is placed Shopify tells no app without more permissions; that one is used is known here, because it
asked us.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import exists, func, select

from shopify_app import milestones, tracking
from shopify_app.carts import settings as carts
from shopify_app.confirmations.messages import SWITCH
from shopify_app.db import db
from shopify_app.feedback import rules as feedback
from shopify_app.language import words
from shopify_app.returns.models import Policy
from shopify_app.shopify.models import Shop
from shopify_app.tracking.models import Search

AWAY = "setup/away"
"""The milestone of a merchant who wants to see no more of the guide."""
DONE, OPEN, LATER = "done", "open", "later"
Reached = Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    why: str
    is_done: Callable[[Shop, Reached], bool]


@dataclass(frozen=True, slots=True)
class Standing:
    name: str
    step: Step
    state: str
    """DONE, OPEN, or LATER: it was put off, or is nothing for this shop."""


@dataclass(frozen=True, slots=True)
class Guide:
    steps: Sequence[Standing]
    is_away: bool

    @property
    def done(self) -> int:
        return sum(one.state == DONE for one in self.steps)

    @property
    def next(self) -> Standing | None:
        return next((one for one in self.steps if one.state == OPEN), None)

    @property
    def is_shown(self) -> bool:
        """On the start page: while there is something to do and nobody has put it away."""
        return self.next is not None and not self.is_away


def of(shop: Shop) -> Guide:
    reached = milestones.of(shop)
    return Guide([_stands(shop, name, step, reached) for name, step in STEPS.items()], AWAY in reached)


def mark(name: str) -> str:
    """The milestone by which a person says that a step is done."""
    return f"setup/{name}"


def put_off(name: str) -> str:
    return f"setup/{name}/later"


def last_search(shop: Shop) -> datetime | None:
    """When somebody last used the look-up page."""
    return db.session.scalar(select(func.max(Search.at)).where(Search.shop_id == shop.id))


def _stands(shop: Shop, name: str, step: Step, reached: Reached) -> Standing:
    if step.is_done(shop, reached):
        return Standing(name, step, DONE)
    return Standing(name, step, LATER if put_off(name) in reached else OPEN)


def _has(name: str, _shop: Shop, reached: Reached) -> bool:
    return name in reached


def _has_terms(shop: Shop, reached: Reached) -> bool:
    """Somebody of the shop has written them, or has said that those it came with are right."""
    written = exists().where(Policy.shop_id == shop.id, Policy.made_by.is_not(None))
    return mark("terms") in reached or bool(db.session.scalar(select(written)))


STEPS: Mapping[str, Step] = {
    "sender": Step(
        words("Your mails arrive"),
        words("Have every message sent to your own mailbox, and see that none lands in the spam folder."),
        partial(_has, mark("sender")),
    ),
    "terms": Step(
        words("Your terms of returns are right"),
        words("How long, what it costs, who decides: look at what buyers will read, and change what is different."),
        _has_terms,
    ),
    "theme": Step(
        words("Buyers find the look-up in your shop"),
        words("A link in the footer of your theme leads to the page where buyers ask where their order is."),
        lambda shop, _: last_search(shop) is not None,
    ),
    "order": Step(
        words("The thank-you page and the order status page tell how the order is"),
        words("One block shows it in a sentence, right after the purchase and whenever buyers come back."),
        partial(_has, "extension/order"),
    ),
    "account": Step(
        words("The customer account lists all orders"),
        words("A page of its own, with a sentence for each order and the way to returns."),
        partial(_has, "extension/account"),
    ),
    "confirmations": Step(
        words("Order confirmations of your own"),
        words("See in a dry run what would have gone out, then switch them on."),
        lambda shop, _: bool(shop.settings.get(SWITCH)),
    ),
    "parcels": Step(
        words("News of parcels"),
        words("Shipped, out for delivery, delivered, late: each kind can be on or off, after the same dry run."),
        lambda shop, _: bool(shop.settings.get(tracking.SWITCH)),
    ),
    "carts": Step(
        words("Reminders of carts"),
        words("See what they would have done with the carts of the last weeks, then switch them on."),
        lambda shop, _: carts.of(shop).since is not None,
    ),
    "feedback": Step(
        words("Questions how it was"),
        words("See which buyers would have been asked, then switch them on."),
        lambda shop, _: feedback.of(shop).since is not None,
    ),
}
"""In the order in which they are best done."""
