"""A member of staff over the limit gives nothing away, whichever button it is.

Every deed of the returns' desk stands in one of two lists, so a new one cannot be forgotten. Other roles join
here: a list of the addresses that a role may not use, and a walk over it.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from shopify_app import roles
from shopify_app.db import db, rest, transaction
from shopify_app.returns import requests
from shopify_app.returns.models import Goodwill
from shopify_app.returns.policy.terms import Fee, ReasonRule, Terms
from shopify_app.returns.staff import goodwill
from shopify_app.shopify.models import Shop
from tests.home.conftest import Merchant, enlist
from tests.returns.staff import BOTH_LAMPS, Ask, ask, colleague, found, staff
from tests.returns.test_staff import received
from tests.routes import doors

__all__ = ("ask", "colleague", "staff")

STRICT = Terms(reasons=(ReasonRule(handle="nothing"),))
FEES = Terms(refund=Fee(restocking=Decimal(10), shipping=5_00), reasons=(ReasonRule(handle="nothing"),))

Prepare = Callable[[Merchant, Shop, Ask], int]


def late(_staff: Merchant, _shop: Shop, ask: Ask) -> int:
    """A return that comes two weeks after the last day."""
    return ask(terms=STRICT, delivered_days_ago=45)


def back(staff: Merchant, shop: Shop, ask: Ask) -> int:
    """One that is back in the shop, to be refunded less a fee."""
    number = ask(replace(BOTH_LAMPS, reason="unwanted"), terms=FEES)
    received(staff, shop, number)
    return number


GIVING: dict[str, list[tuple[Prepare, dict[str, str]]]] = {
    "returns_review.approve": [(late, {})],
    "returns_admin.approve": [(late, {"id": "{number}"})],
    "returns_review.refund": [(back, {"waived": "on"}), (back, {"amount": "214.90"})],
}
"""Deeds by which more can be given than the terms allow: how it comes to that, and what is typed."""

FREE = {
    "returns_admin.decline": "gives nothing",
    "returns_admin.search": "changes nothing",
    "returns_review.agree": "refused to whom it is not given, below",
    "returns_review.ask": "a question",
    "returns_review.assign": "who sees to it",
    "returns_review.cancel": "gives nothing",
    "returns_review.change": "within what Shopify lets come back, by the terms",
    "returns_review.decline": "gives nothing",
    "returns_review.inspect": "what came back; the sum follows from the terms",
    "returns_review.label": "a label; the fee for it follows from the terms",
    "returns_review.note": "a note",
    "returns_review.receive": "what came back; the sum follows from the terms",
    "returns_review.settle": "that somebody has looked",
    "returns_review.try_again": "what was decided before",
}
"""Deeds that have no limit, and why."""


def may_give_nothing(shop: Shop) -> None:
    enlist(shop, agent="7", manager="8")
    with transaction():
        goodwill.set_limits(shop, goodwill.Limits(0, 0))


def given(shop: Shop) -> list[Goodwill]:
    rest()
    return [one for one in goodwill.ledger(shop) if one.is_granted]


def test_every_deed_of_the_returns_desk_has_a_limit_or_a_reason_for_none(app: Flask) -> None:
    desk = {"returns_admin", "returns_review"}
    deeds = {door.endpoint for door in doors(app, "merchant") if door.method == "POST"}
    assert {one for one in deeds if one.partition(".")[0] in desk} == GIVING.keys() | FREE.keys()


@pytest.mark.parametrize("endpoint", GIVING)
def test_who_is_over_the_limit_is_refused_until_somebody_agrees(
    app: Flask, shop: Shop, staff: Merchant, ask: Ask, endpoint: str
) -> None:
    [door] = [one for one in doors(app, "merchant") if one.endpoint == endpoint]
    waiting = [(prepare(staff, shop, ask), form) for prepare, form in GIVING[endpoint]]
    may_give_nothing(shop)
    for number, form in waiting:
        before = (found(shop, number).state, len(requests.steps(shop, number)))
        typed = {name: value.format(number=number) for name, value in form.items()}
        answer = staff.sends(door.address({"request_id": number}), typed)
        assert answer.status_code in (202, 409), f"{door} {form}: {answer.status_code} {answer.text}"
        assert (found(shop, number).state, len(requests.steps(shop, number))) == before, f"{door} {form}"
    assert given(shop) == []
    asked = db.session.scalars(select(Goodwill.request_id)).all()
    assert set(asked) == {number for number, _ in waiting}


def test_only_a_manager_agrees_and_only_a_manager_changes_the_limits(
    shop: Shop, staff: Merchant, colleague: Merchant, ask: Ask
) -> None:
    number = late(staff, shop, ask)
    may_give_nothing(shop)
    staff.sends(f"/returns/{number}/approval")
    rest()
    [row] = goodwill.ledger(shop)
    yes = {"answer": "yes", "amount": str(row.amount)}
    assert staff.sends(f"/returns/{number}/goodwill/{row.id}", yes).status_code == 403
    more = {"case": "1000", "week": "1000", "role-7": "owner"}
    assert staff.sends("/settings/staff", more).status_code == 403
    assert given(shop) == []
    assert colleague.sends(f"/returns/{number}/goodwill/{row.id}", yes).status_code == 200


def test_who_somebody_is_says_the_token_and_nothing_that_is_typed(shop: Shop, staff: Merchant, ask: Ask) -> None:
    """A form or an address that names a manager makes nobody one."""
    number = late(staff, shop, ask)
    may_give_nothing(shop)
    claims = {"user": "8", "sub": "8", "user_id": "8", "staff": "8"}
    answer = staff.sends(f"/returns/{number}/approval", claims, query_string=staff.frame | claims)
    assert answer.status_code == 202
    rest()
    assert not roles.may(shop, roles.MONEY, "7")
    assert given(shop) == []
