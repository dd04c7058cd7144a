"""A member of staff over the limit gives nothing away, whichever button it is.

Every deed of the returns' desk stands in one of two lists, so a new one cannot be forgotten. Other roles join
here: a list of the addresses that a role may not use, and a walk over it.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from shopify_app import roles
from shopify_app.db import db, rest, transaction
from shopify_app.mail import versions
from shopify_app.returns import requests
from shopify_app.returns.models import Goodwill
from shopify_app.returns.policy.terms import Fee, ReasonRule, Terms
from shopify_app.returns.staff import goodwill
from shopify_app.shopify.models import Shop
from tests.home.conftest import Merchant, enlist
from tests.home.test_staff_page import DOORS
from tests.mail.test_brand import picture
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


EVERYBODYS = {
    "brand.preview": "changes nothing",
    "changes_admin.confirm": "the day's work",
    "changes_admin.decline": "the day's work",
    "changes_admin.try_again": "the day's work",
    "condition.mend": "tries again what was decided before",
    "condition.mend_all": "tries again what was decided before",
    "condition.retry": "tries again what was decided before",
    "condition.retry_all": "tries again what was decided before",
    "drive.start": "sends to the shop's own mailbox alone",
    "feedback_admin.find_cause": "the day's work",
    "feedback_admin.move": "the day's work",
    "feedback_admin.note": "the day's work",
    "home.replay": "tries again what was decided before",
    "home.search": "changes nothing",
    "home.start_import": "reads again",
    "home.tell_the_buyer": "the day's work",
    "letters.preview": "changes nothing",
    "letters.test": "sends to the shop's own mailbox alone",
    "messages.search": "changes nothing",
    "messages.send_again": "the day's work",
    "permissions.given": "reads what Shopify says was granted; granting is Shopify's own dialog",
    "plan.read": "reads again",
    "privacy.search": "changes nothing",
    "refusals.lift": "the day's work; a bounce alone can be taken back",
    "refusals.look_up": "changes nothing",
    "reviews_admin.hide": "the day's work, with a reason and a log",
    "reviews_admin.show_again": "the day's work, with a log",
    "rivals.look": "reads again",
    "setup.bring_back": "the guide",
    "setup.confirm": "the guide",
    "setup.put_away": "the guide",
    "setup.put_off": "the guide",
    "setup.take_up": "the guide",
}
"""Deeds outside the returns' desk that any role may do, and why."""
SHOWN_APART = {"brand.upload", "history.undo", "history.undo_terms", "letters.restore"}
"""Refused to agents in `tests/home/test_staff_page.py` and below by tests of their own: they need a file or a row."""


def test_every_deed_is_for_everybody_with_a_reason_or_refused_to_agents(app: Flask) -> None:
    """So that a new one cannot be forgotten: whatever is in none of these lists fails here."""
    with app.test_request_context():
        bound = app.url_map.bind("")
        refused = {bound.match(path, method="POST")[0] for path in DOORS}
    deeds = {door.endpoint for door in doors(app, "merchant") if door.method == "POST"}
    lists = (refused, set(GIVING), set(FREE), set(EVERYBODYS), SHOWN_APART)
    assert deeds == set().union(*lists)
    assert len(deeds) == sum(len(one) for one in lists), "in one list each"


def test_an_agent_neither_uploads_a_logo_nor_brings_back_an_older_text(shop: Shop, staff: Merchant) -> None:
    enlist(shop, agent="7", owner="8")
    logo: dict[str, Any] = {"file": (BytesIO(picture("PNG")), "logo.png")}
    assert staff.sends("/settings/brand/logo", logo).status_code == 403
    with transaction():
        versions.keep(shop, "confirmations/plain", "en", {"subject": "Hello"}, 0, "8")
    assert staff.sends("/settings/messages/confirmations/plain/versions/1", {"after": "1"}).status_code == 403


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
