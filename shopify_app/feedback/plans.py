"""When a person is asked how it was, or why not: the decision of the workers, about each of their orders."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shopify_app import clock
from shopify_app.feedback import decision, letters, reading, requests, rules
from shopify_app.feedback.decision import ASK, OVER, REMIND, Decision, Facts
from shopify_app.mail import coming
from shopify_app.mail.coming import Person, Plan
from shopify_app.orders import read
from shopify_app.orders.read import Whole
from shopify_app.shopify.models import Shop

RECENT = timedelta(days=90)
"""Orders placed before that are left to rest."""
PAST = ("asked", "has_answered", "not_sent")
"""Ends that stand among the messages already."""


@coming.tells
def plans(shop: Shop, person: Person) -> Iterator[Plan]:
    if rules.of(shop).since is None:
        return
    for order_id in person.order_ids:
        whole = read.whole(shop, order_id)
        if whole is not None and whole.order.placed_at > clock.now() - RECENT:
            yield from _of_order(shop, whole)


def _of_order(shop: Shop, whole: Whole) -> Iterator[Plan]:
    known = reading.facts(shop, whole, requests.of_order(shop, whole.order.id))
    found = decision.decide(known, clock.now())
    name = f"feedback/{'reminder' if known.asked_at or found.word == REMIND else 'request'}"
    if (found.word == OVER and found.reason in PAST) or found.reason == "asking":
        return
    if found.word == OVER:
        yield Plan(name, f"feedback_{found.reason}", is_coming=False, order_id=whole.order.id)
        return
    yield Plan(name, _why(found), _at(known, found), order_id=whole.order.id, reader=letters.reader(shop, whole.order))


def _why(found: Decision) -> str:
    if found.word in (ASK, REMIND) or found.reason in ("not_yet", "asked"):
        return "feedback_day"
    return f"feedback_{found.reason}"


def _at(known: Facts, found: Decision) -> datetime | None:
    """None while something holds it that has no time of its own."""
    if found.word in (ASK, REMIND):
        return clock.now()
    return found.at if found.reason in ("not_yet", "asked") else None
