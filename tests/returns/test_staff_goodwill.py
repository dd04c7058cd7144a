"""What one person of the staff may give beyond the terms, who agrees to more, and who gave what."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask

from shopify_app import clock as app_clock
from shopify_app.db import db, rest, transaction
from shopify_app.persons import Person
from shopify_app.privacy import tables
from shopify_app.returns import requests
from shopify_app.returns.models import Goodwill
from shopify_app.returns.policy.terms import Fee, ReasonRule, Terms
from shopify_app.returns.staff import goodwill
from shopify_app.shopify import staff as people
from shopify_app.shopify.models import Shop
from tests.conftest import Clock
from tests.home.conftest import Merchant, enlist
from tests.returns.staff import A_CORD, BOTH_LAMPS, LAMP, Ask, found, place, words
from tests.returns.staff import ask as ask
from tests.returns.staff import colleague as colleague
from tests.returns.staff import staff as staff
from tests.returns.staff import stranger as stranger
from tests.returns.test_staff import received, steps, text

STRICT = Terms(reasons=(ReasonRule(handle="nothing"),))
FEES = Terms(refund=Fee(restocking=Decimal(10), shipping=5_00), reasons=(ReasonRule(handle="nothing"),))
LATE = {"terms": STRICT, "delivered_days_ago": 45}
"""Two weeks after the last day."""


@pytest.fixture(autouse=True)
def _two_agents_and_their_manager(shop: Shop, staff: Merchant) -> None:
    """Seven asks, eight agrees."""
    enlist(shop, agent="7", manager="8")


def limit(shop: Shop, case: int, week: int) -> None:
    """In cents."""
    with transaction():
        goodwill.set_limits(shop, goodwill.Limits(case, week))
    rest()


def given(shop: Shop) -> list[tuple[str, int, str, str | None, bool | None]]:
    """The ledger: what, how much, by whom, decided by whom, granted."""
    rest()
    rows = reversed(goodwill.ledger(shop))
    return [(row.kind, row.amount, row.asked_by, row.decided_by, row.is_granted) for row in rows]


def waiting(shop: Shop) -> Goodwill:
    rest()
    [row] = [row for row in goodwill.ledger(shop) if row.decided_at is None]
    return row


def answers(person: Merchant, row: Goodwill, answer: str = "yes", amount: int | None = None) -> int:
    form = {"answer": answer, "amount": str(row.amount if amount is None else amount)}
    return person.sends(f"/returns/{row.request_id}/goodwill/{row.id}", form).status_code


def test_what_lies_within_the_terms_is_no_goodwill(shop: Shop, staff: Merchant, ask: Ask) -> None:
    number = ask()
    received(staff, shop, number)
    staff.sends(f"/returns/{number}/refund")
    assert given(shop) == []


def test_below_the_limit_a_late_return_is_approved_and_written_down(shop: Shop, staff: Merchant, ask: Ask) -> None:
    number = ask(A_CORD, **LATE)
    assert staff.sends(f"/returns/{number}/approval").status_code == 200
    assert found(shop, number).state == "approved"
    assert given(shop) == [("outside", 20_00, "7", "7", True)]
    page = text(staff.opens(f"/returns/{number}").text)
    assert "€20.00 · Taken back against the terms" in page
    assert "You may still give €30.00 here, and €480.00 in these seven days" in page


def test_above_the_limit_another_person_agrees_first(
    shop: Shop, staff: Merchant, colleague: Merchant, ask: Ask
) -> None:
    number = ask(LAMP, **LATE)
    asked = staff.sends(f"/returns/{number}/approval")
    assert (asked.status_code, asked.json["is_error"]) == (202, False)
    assert found(shop, number).state == "asked"
    assert "Somebody has to agree: €95.00" in text(colleague.opens(f"/returns/{number}").text)
    assert answers(staff, waiting(shop)) == 403, "no agent agrees to anything"
    assert answers(colleague, waiting(shop)) == 200
    assert staff.sends(f"/returns/{number}/approval").status_code == 200
    assert found(shop, number).state == "approved"
    assert given(shop) == [("outside", 95_00, "7", "8", True)]
    assert goodwill.spent(shop, "7") == 0, "what others agreed to is not on one's own account"


def test_who_asks_twice_waits_once_and_a_no_is_a_no(shop: Shop, staff: Merchant, colleague: Merchant, ask: Ask) -> None:
    number = ask(LAMP, **LATE)
    for _ in range(2):
        assert staff.sends(f"/returns/{number}/approval").status_code == 202
    row = waiting(shop)
    assert answers(colleague, row, "no") == 200
    assert answers(colleague, row, "yes") == 409
    assert found(shop, number).state == "asked"
    assert "not agreed: you" in text(colleague.opens(f"/returns/{number}").text)


def test_nobody_agrees_to_another_sum_than_they_saw(shop: Shop, staff: Merchant, colleague: Merchant, ask: Ask) -> None:
    staff.sends(f"/returns/{ask(LAMP, **LATE)}/approval")
    assert answers(colleague, waiting(shop), amount=5_00) == 409
    assert waiting(shop).is_granted is None


def test_a_manager_has_no_limit_and_no_agent_agrees(shop: Shop, staff: Merchant, colleague: Merchant, ask: Ask) -> None:
    enlist(shop, agent="9")
    first, second = ask(LAMP, **LATE), ask(BOTH_LAMPS, **LATE)
    assert staff.sends(f"/returns/{first}/approval").status_code == 202
    assert colleague.sends(f"/returns/{second}/approval").status_code == 200
    third = Merchant(staff._client, staff.domain, user=9)
    assert answers(third, waiting(shop)) == 403
    assert answers(colleague, waiting(shop)) == 200
    assert "You may give without a limit." in text(colleague.opens(f"/returns/{first}").text)


def test_the_limit_of_a_week_adds_up_and_passes_with_it(shop: Shop, staff: Merchant, ask: Ask, clock: Clock) -> None:
    limit(shop, 5_000, 5_000)
    for _ in range(2):
        assert staff.sends(f"/returns/{ask(A_CORD, **LATE)}/approval").status_code == 200
    third = ask(A_CORD, **LATE)
    assert staff.sends(f"/returns/{third}/approval").status_code == 202
    clock.forward(days=7, minutes=1)
    assert staff.sends(f"/returns/{third}/approval").status_code == 200


def test_exactly_the_limit_passes_and_a_cent_more_asks(shop: Shop, staff: Merchant, ask: Ask) -> None:
    limit(shop, 2_000, 50_000)
    assert staff.sends(f"/returns/{ask(A_CORD, **LATE)}/approval").status_code == 200
    limit(shop, 1_999, 50_000)
    assert staff.sends(f"/returns/{ask(A_CORD, **LATE)}/approval").status_code == 202


def test_a_fee_that_is_not_kept_back_is_goodwill(shop: Shop, staff: Merchant, ask: Ask) -> None:
    number = ask(replace(BOTH_LAMPS, reason="unwanted"), terms=FEES)
    received(staff, shop, number)
    assert "Do not keep back the fee of €24.00" in text(staff.opens(f"/returns/{number}").text)
    assert staff.sends(f"/returns/{number}/refund", {"waived": "on"}).status_code == 200
    assert given(shop) == [("fee", 24_00, "7", "7", True)]
    [step] = [one for one in requests.steps(shop, number) if one.kind == "refund"]
    assert step.content["fee_waived"] is True


def test_more_than_was_worked_out_is_goodwill_and_less_is_none(
    shop: Shop, staff: Merchant, colleague: Merchant, ask: Ask
) -> None:
    less, more, most = (ask(A_CORD, terms=STRICT) for _ in range(3))
    for number in (less, more, most):
        received(staff, shop, number)
    assert staff.sends(f"/returns/{less}/refund", {"amount": "10.00"}).status_code == 200
    assert given(shop) == []
    assert staff.sends(f"/returns/{more}/refund", {"amount": "25.50"}).status_code == 200
    assert given(shop) == [("more", 5_50, "7", "7", True)]
    assert staff.sends(f"/returns/{most}/refund", {"amount": "70.01"}).status_code == 202
    assert "refund" not in steps(shop, most)
    assert answers(colleague, waiting(shop)) == 200
    assert staff.sends(f"/returns/{most}/refund", {"amount": "70.01"}).status_code == 200
    [step] = [one for one in requests.steps(shop, most) if one.kind == "refund"]
    assert step.content["amount"] == 70_01


def test_what_was_not_possible_any_more_was_not_given(
    shop: Shop, staff: Merchant, colleague: Merchant, ask: Ask
) -> None:
    number = ask(A_CORD, **LATE)
    colleague.sends(f"/returns/{number}/refusal", {"why": "return_period_ended", "message": ""})
    assert staff.sends(f"/returns/{number}/approval").status_code == 409
    assert given(shop) == []


def test_another_currency_always_asks(shop: Shop, staff: Merchant, ask: Ask) -> None:
    """Nobody here knows what a yen is worth today."""
    assert staff.sends(f"/returns/{ask(A_CORD, currency='JPY', **LATE)}/approval").status_code == 202


def test_many_at_once_pass_as_far_as_the_limit_goes(shop: Shop, staff: Merchant, ask: Ask) -> None:
    limit(shop, 5_000, 5_000)
    chosen = [str(ask(A_CORD, order=place(shop, f"#500{number}"), **LATE)) for number in range(3)]
    answer = staff.sends("/returns/approvals", {"id": chosen})
    said = "2 approved. Above your limit, so another person has to agree: #5002."
    assert answer.json["toast"] == said


def test_ten_clicks_at_the_same_moment_give_no_more_than_the_limit(
    app: Flask, shop: Shop, staff: Merchant, ask: Ask
) -> None:
    limit(shop, 5_000, 5_000)
    numbers = [ask(A_CORD, **LATE) for _ in range(10)]

    def approve(number: int) -> int:
        with app.app_context():
            return Merchant(app.test_client(), staff.domain).sends(f"/returns/{number}/approval").status_code

    with ThreadPoolExecutor(10) as pool:
        came = sorted(pool.map(approve, numbers))
    assert came == [200] * 2 + [202] * 8
    rest()
    assert goodwill.spent(shop, "7") == 40_00


# Afterwards


def test_the_ledger_names_who_gave_what(shop: Shop, staff: Merchant, stranger: Merchant, ask: Ask) -> None:
    staff.sends(f"/returns/{ask(A_CORD, order=place(shop, '#6001'), **LATE)}/approval")
    page = text(staff.opens("/returns/limits").text)
    assert "#6001" in page
    assert "Agents: €50.00 in one return, €500.00 in any seven days." in page
    assert "Taken back against the terms €20.00 you Within the limit" in page
    with transaction():
        people.rename(shop, {"7": "Ana Souza"})
    assert "€20.00 Ana Souza Within" in text(
        Merchant(staff._client, staff.domain, user=8).opens("/returns/limits").text
    )
    assert "Nothing was given beyond your terms so far." in text(stranger.opens("/returns/limits").text)


def test_erasing_a_buyer_leaves_what_staff_gave_without_saying_to_whom(shop: Shop, staff: Merchant, ask: Ask) -> None:
    order = place(shop)
    staff.sends(f"/returns/{ask(A_CORD, order=order, **LATE)}/approval")
    rest()
    with transaction():
        person = Person(shop.id, shop.domain, orders=frozenset({order[0]}))
        tables.erase_where(Goodwill, Goodwill.about(person))
    rest()
    [row] = db.session.query(Goodwill).all()
    assert (row.order_id, row.request_id, row.amount) == (None, None, 20_00)
    assert staff.opens("/returns/limits").status_code == 200
    assert goodwill.spent(shop, "7") == 20_00
    assert app_clock.now() >= row.asked_at


def test_agreeing_is_logged_with_the_return(shop: Shop, staff: Merchant, colleague: Merchant, ask: Ask) -> None:
    number = ask(LAMP, **LATE)
    staff.sends(f"/returns/{number}/approval")
    answers(colleague, waiting(shop))
    staff.sends(f"/returns/{number}/approval")
    assert words(shop, number)[-1] == ("7", "approved")
    assert "agreed: you" in text(colleague.opens(f"/returns/{number}").text)
