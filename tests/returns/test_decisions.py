"""What buyers and staff are told, and why."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from shopify_app.language import LANGUAGES, speak
from shopify_app.returns.basket import Basket, Piece, Wish
from shopify_app.returns.policy import decisions, money
from shopify_app.returns.policy.decisions import Decision, decide, explain
from shopify_app.returns.policy.terms import Approval, Fee, Holiday, ReasonRule, Rule, Terms, packed, unpacked
from tests.returns.baskets import BERLIN, BOUGHT, DELIVERED, basket, piece, wish

NEXT_DAY = DELIVERED + timedelta(days=1)
LATE = DELIVERED + timedelta(days=40)
SALE = Terms(rules=(Rule(about="product_tag", values=("Sale",), may="final_sale"),))
SWAP = Terms(rules=(Rule(about="product_tag", values=("Sale",), may="exchange_only"),))
ON_SALE = piece(tags=("sale",))

Case = tuple[Terms, Basket, Piece, Wish, Any, int, str, str]
CASES: dict[str, Case] = {
    "in time": (
        Terms(), basket(), piece(), wish(), NEXT_DAY, 0,
        "in_time", "Delivered on June 3, 2026, 30 days, so the last day is July 3, 2026.",
    ),
    "too late": (
        Terms(), basket(), piece(), wish(), LATE, 0,
        "too_late",
        "Delivered on June 3, 2026, 30 days, so the last day was July 3, 2026. Still possible: writing to the shop.",
    ),
    "one day": (
        Terms(start="purchase", days=1), basket(), piece(), wish(), BOUGHT, 0,
        "in_time", "Bought on May 30, 2026, 1 day, so the last day is May 31, 2026.",
    ),
    "never reported": (
        Terms(), basket(), piece(delivered_at=None), wish(), NEXT_DAY, 0,
        "in_time",
        "Sent on June 1, 2026 and never reported as delivered, so counted from June 8, 2026, 30 days, "
        "so the last day is July 8, 2026.",
    ),
    "a present": (
        Terms(holidays=(Holiday(first=BOUGHT.date(), last=BOUGHT.date(), until=LATE.date()),)),
        basket(), piece(), wish(), NEXT_DAY, 0,
        "in_time", "Bought on May 30, 2026, in the holiday season, so the last day is July 13, 2026.",
    ),
    "final sale": (
        SALE, basket(ON_SALE), ON_SALE, wish(), NEXT_DAY, 0,
        "final_sale",
        "Tagged “Sale”: this was a final sale, which cannot be sent back. Still possible: writing to the shop.",
    ),
    "exchange only": (
        SWAP, basket(ON_SALE), ON_SALE, wish(), NEXT_DAY, 0,
        "exchange_only",
        "Tagged “Sale”: this can be exchanged or credited, but no money is paid back. "
        "Still possible: an exchange, store credit, or writing to the shop.",
    ),
    "not offered": (
        Terms(outcomes=("refund", "exchange")), basket(), piece(), wish(outcome="credit"), NEXT_DAY, 0,
        "not_offered",
        "This shop does not offer store credit. Still possible: a refund, an exchange, or writing to the shop.",
    ),
    "limit": (
        Terms(limit=1), basket(), piece(), wish(), NEXT_DAY, 1,
        "limit",
        "An order can have 1 return, and this one has had it. Still possible: writing to the shop.",
    ),
    "all gone": (
        Terms(), basket(), piece(returnable=0), wish(), NEXT_DAY, 0,
        "nothing_left",
        "All of these were sent back already, or are about to be. Still possible: writing to the shop.",
    ),
    "more than there are": (
        Terms(), basket(), piece(returnable=2, quantity=3), wish(quantity=3), NEXT_DAY, 0,
        "nothing_left",
        "No more than 2 of these can still come back. Still possible: writing to the shop.",
    ),
    "gift card": (
        Terms(), basket(), piece(is_gift_card=True), wish(), NEXT_DAY, 0,
        "gift_card", "A gift card cannot be sent back. Still possible: writing to the shop.",
    ),
    "the law": (
        SALE, basket(ON_SALE, country="DE"), ON_SALE, wish(), NEXT_DAY, 0,
        "law", "The last item came on June 3, 2026: the law gives 14 days to withdraw, until June 17, 2026.",
    ),
    "the law, unreported": (
        SALE, basket(replace(ON_SALE, delivered_at=None), country="DE", last_delivered_at=None),
        replace(ON_SALE, delivered_at=None), wish(), NEXT_DAY, 0,
        "law",
        "No delivery was reported, so the law’s 14 days to withdraw are counted from June 8, 2026, "
        "until June 22, 2026.",
    ),
    "the law, waiting": (
        SALE, basket(ON_SALE, country="DE", last_delivered_at=None, unsent=2), ON_SALE, wish(), LATE, 0,
        "law", "Not all of this order has been sent, so the law’s 14 days to withdraw have not begun.",
    ),
    "the law gives money, no exchange": (
        SALE, basket(ON_SALE, country="DE"), ON_SALE, wish(outcome="exchange"), NEXT_DAY, 0,
        "final_sale",
        "Tagged “Sale”: this was a final sale, which cannot be sent back. "
        "Still possible: a refund, withdrawing from the contract, or writing to the shop.",
    ),
}  # fmt: skip
CASE = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def decided(case: Case) -> Decision:
    terms, order, one, wanted, now, earlier, _, _ = case
    return decide(terms, order, one, wanted, now, BERLIN, earlier=earlier)


@CASE
def test_a_decision_is_one_plain_sentence_with_its_evidence_and_what_else_is_possible(case: Case) -> None:
    decision = decided(case)
    assert (decision.rule, explain(decision, speak("en"))) == case[-2:]
    assert decision.is_allowed == (decision.rule in ("in_time", "law"))


@CASE
@pytest.mark.parametrize("language", LANGUAGES)
def test_years_later_the_kept_decision_says_the_same(case: Case, language: str) -> None:
    decision = decided(case)
    kept = json.loads(json.dumps(decisions.packed(decision)))
    assert decisions.unpacked(kept) == decision
    assert explain(decisions.unpacked(kept), speak(language)) == explain(decision, speak(language))


@CASE
def test_the_kept_version_of_the_terms_decides_the_same_again(case: Case) -> None:
    kept = unpacked(json.loads(json.dumps(packed(case[0]))))
    assert decided((kept, *case[1:])) == decided(case)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Livré le 3 juin 2026, 30 jours, le dernier jour était donc le 3 juillet 2026."),
        ("de", "Geliefert am 3. Juni 2026, 30 Tage, der letzte Tag war also der 3. Juli 2026."),
        ("es", "Entregado el 3 de junio de 2026, 30 días, así que el último día fue el 3 de julio de 2026."),
    ],
)
def test_it_is_said_in_the_reader_s_language(language: str, said: str) -> None:
    assert explain(decided(CASES["too late"]), speak(language)).startswith(said)


def test_a_customer_never_reads_how_the_shop_has_tagged_them() -> None:
    terms = Terms(rules=(Rule(about="customer_tag", values=("trouble",), may="final_sale"),))
    decision = decide(terms, basket(customer_tags=("trouble",)), piece(), wish(), NEXT_DAY, BERLIN)
    assert "trouble" not in explain(decision, speak("en"))


def test_the_buyer_gets_the_better_of_terms_and_law() -> None:
    """A longer window of the shop's holds where the law has ended, and the law where the shop's is shorter."""
    strict, generous = Terms(days=3), Terms(days=30)
    order = basket(country="DE")
    tenth, twentieth = DELIVERED + timedelta(days=10), DELIVERED + timedelta(days=20)
    assert decide(strict, order, piece(), wish(), tenth, BERLIN).rule == "law"
    assert decide(strict, order, piece(), wish(), twentieth, BERLIN).rule == "too_late"
    assert decide(generous, order, piece(), wish(), twentieth, BERLIN).rule == "in_time"


# What is asked of the buyer, and who decides


def test_what_is_broken_is_photographed_and_what_the_merchant_asks_is_asked() -> None:
    terms = Terms(reasons=(ReasonRule(handle="defective", needs_photo=True, question="Since when?"),))
    assert decisions.needs(terms, piece(), wish(reason="defective")) == (True, ("Since when?",))
    assert decisions.needs(terms, piece(), wish(reason="too-tight")) == (False, ())


@pytest.mark.parametrize(
    ("approval", "is_automatic"),
    [
        (Approval(), False),
        (Approval(outcomes=("exchange",)), False),
        (Approval(outcomes=("refund",)), True),
        (Approval(outcomes=("refund",), most=8990), True),
        (Approval(outcomes=("refund",), most=8989), False),
        (Approval(outcomes=("refund",), watched=("risk",)), False),
    ],
)
def test_a_rule_approves_what_the_merchant_leaves_to_it(approval: Approval, is_automatic: bool) -> None:
    terms, order = Terms(approval=approval), basket(customer_tags=("Risk",))
    preview = money.preview(order, [wish()], terms, {})
    assert decisions.is_automatic(terms, order, [wish()], preview) == is_automatic


def test_a_photo_wants_somebody_to_look_at_it() -> None:
    broken = wish(reason="defective")
    for with_photos in (False, True):
        terms = Terms(approval=Approval(outcomes=("refund",), with_photos=with_photos))
        preview = money.preview(basket(), [broken], terms, {})
        assert decisions.is_automatic(terms, basket(), [broken], preview) == with_photos


def test_what_the_shop_is_to_answer_for_never_costs_a_fee() -> None:
    terms = Terms(refund=Fee(restocking=Decimal(10), shipping=500), reasons=())
    assert terms.fee("refund", "wrong-item").is_free
    assert not terms.fee("refund", "too-tight").is_free
