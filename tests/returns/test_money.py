"""What comes back, to the smallest unit: laws that hold for every order."""

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopify_app.returns.basket import Basket, Piece, Wish
from shopify_app.returns.policy import money
from shopify_app.returns.policy.money import Preview, preview, share
from shopify_app.returns.policy.terms import Fee, ReasonRule, Terms
from tests.returns.baskets import basket, piece, wish

OUTCOMES = ("refund", "exchange", "credit")
PRICES = {1: 0, 2: 999, 3: 250_000}
"""Variant → price of what may be wanted instead."""


@st.composite
def pieces(draw: st.DrawFn, number: int, is_taxed_inside: bool) -> Piece:
    quantity = draw(st.integers(1, 12))
    gone = draw(st.integers(0, quantity - 1))
    paid = draw(st.integers(0, 2_000_000))
    return piece(
        fulfillment_line_id=number,
        line_id=number,
        quantity=quantity,
        line_quantity=quantity,
        gone=gone,
        returnable=quantity - gone,
        paid=paid,
        tax=draw(st.integers(0, paid if is_taxed_inside else 500_000)),
        duties=draw(st.sampled_from([0, 1, 333, 12_345])),
    )


@st.composite
def baskets(draw: st.DrawFn) -> Basket:
    """An order in whatever money; what was paid may be less than its lines say, as after a gift card."""
    is_taxed_inside = draw(st.booleans())
    found = [draw(pieces(number, is_taxed_inside)) for number in range(1, draw(st.integers(1, 4)) + 1)]
    lines = sum(one.paid + one.duties + (0 if is_taxed_inside else one.tax) for one in found)
    shipping = draw(st.integers(0, 5000))
    currency, rate = draw(st.sampled_from([("EUR", "1"), ("JPY", "162.35"), ("KWD", "0.3341"), ("CHF", "0.9471")]))
    return basket(
        *found,
        currency=currency,
        shop_currency="EUR",
        rate=rate,
        taxes_included=is_taxed_inside,
        shipping=shipping,
        refunded_shipping=draw(st.integers(0, shipping)),
        paid=draw(st.one_of(st.just(lines + shipping), st.integers(0, lines + shipping))),
        refunded=draw(st.integers(0, 1000)),
        country=draw(st.sampled_from(["DE", "US"])),
    )


@st.composite
def wishes(draw: st.DrawFn, order: Basket) -> Sequence[Wish]:
    chosen = []
    for one in order.pieces:
        if quantity := draw(st.integers(0, one.returnable)):
            outcome, reason = draw(st.sampled_from(OUTCOMES)), draw(st.sampled_from(["defective", "too-tight", None]))
            variant = draw(st.sampled_from(list(PRICES)))
            chosen.append(wish(one, quantity=quantity, outcome=outcome, reason=reason, variant_id=variant))
    return chosen


fees = st.builds(Fee, restocking=st.decimals(0, 100, places=2), shipping=st.integers(0, 3000))
terms = st.builds(
    Terms,
    refund=fees,
    exchange=fees,
    credit=fees,
    keep_below=st.none() | st.integers(0, 100_000),
    keeps_any=st.booleans(),
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Basket, Sequence[Wish], Terms, bool]:
    order = draw(baskets())
    return order, draw(wishes(order)), draw(terms), draw(st.booleans())


@given(cases())
def test_nobody_gets_back_more_than_was_paid_nor_less_than_nothing(case: Any) -> None:
    order, wanted, how, is_withdrawal = case
    told = preview(order, wanted, how, PRICES, is_withdrawal=is_withdrawal)
    assert 0 <= told.credit <= told.total <= max(order.paid - order.refunded, 0)
    assert told.owed >= 0
    assert not (told.total and told.owed)


@given(cases())
def test_the_parts_add_up_to_the_total(case: Any) -> None:
    """Where nothing is cut off: by fees that take it all, or by what is left of the payment."""
    order, wanted, how, is_withdrawal = case
    told = preview(order, wanted, how, PRICES, is_withdrawal=is_withdrawal)
    back = sum(part.with_tax + part.duties - part.fee for part in told.parts) + told.shipping_back - told.shipping_fee
    if 0 <= back <= order.paid - order.refunded:
        assert told.total - told.owed == back - sum(part.price for part in told.parts)


@given(cases())
def test_what_was_kept_of_a_preview_is_the_same_preview(case: Any) -> None:
    order, wanted, how, is_withdrawal = case
    told = preview(order, wanted, how, PRICES, is_withdrawal=is_withdrawal)
    assert money.unpacked(json.loads(json.dumps(money.packed(told)))) == told


@given(st.integers(0, 10**12), st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_units_one_by_one_are_worth_as_much_as_all_at_once(paid: int, portions: list[int]) -> None:
    of = sum(portions)
    before = [0, *accumulate(portions)]
    assert sum(share(paid, of, start, end - start) for start, end in pairwise(before)) == paid
    assert all(share(paid, of, start, 1) in (paid // of, paid // of + 1) for start in range(of))


@given(baskets())
def test_an_order_that_comes_back_unit_by_unit_gives_what_it_gives_at_once(order: Basket) -> None:
    order = replace(order, paid=10**12)
    at_once = preview(order, [wish(one, quantity=one.returnable) for one in order.pieces], Terms(), {})
    sums = {"amount": 0, "tax": 0, "duties": 0, "total": 0}
    for one in order.pieces:
        for unit in range(one.returnable):
            left = replace(one, gone=one.gone + unit, returnable=one.returnable - unit)
            told = preview(replace(order, pieces=(left,)), [wish(left)], Terms(), {})
            for name in ("amount", "tax", "duties"):
                sums[name] += getattr(told.parts[0], name)
            sums["total"] += told.total
    assert sums["total"] == at_once.total
    for name in ("amount", "tax", "duties"):
        assert sums[name] == sum(getattr(part, name) for part in at_once.parts)


@given(cases())
def test_two_wishes_for_one_line_are_worth_what_one_is(case: Any) -> None:
    order, wanted, _, _ = case
    halves = [
        replace(one, quantity=units)
        for one in wanted
        for units in (one.quantity // 2, one.quantity - one.quantity // 2)
    ]
    whole = preview(order, wanted, Terms(), PRICES)
    assert preview(order, [one for one in halves if one.quantity], Terms(), PRICES).goods == whole.goods


# In numbers


def told(*wanted: Wish, order: Basket | None = None, how: Terms | None = None, **more: Any) -> Preview:
    return preview(order or basket(), wanted, how or Terms(), {52: 9990, 53: 5000}, **more)


def test_a_lamp_comes_back_and_so_does_its_price() -> None:
    back = told(wish())
    assert (back.total, back.parts[0].tax, back.fees, back.owed) == (8990, 1435, 0, 0)


def test_three_for_ten_are_worth_the_odd_cent_in_the_middle() -> None:
    assert [share(1000, 3, before, 1) for before in range(3)] == [333, 334, 333]


@pytest.mark.parametrize(
    ("currency", "paid", "units", "total"), [("EUR", 1000, 1, 333), ("JPY", 1000, 2, 667), ("KWD", 10_000, 1, 3333)]
)
def test_every_currency_has_its_own_smallest_unit(currency: str, paid: int, units: int, total: int) -> None:
    three = piece(quantity=3, returnable=3, line_quantity=3, paid=paid, tax=0)
    assert told(wish(quantity=units), order=basket(three, currency=currency)).total == total


def test_tax_that_stands_on_top_comes_back_too() -> None:
    assert told(wish(), order=basket(taxes_included=False)).total == 8990 + 1435


def test_duties_come_back_in_proportion() -> None:
    two = piece(quantity=2, returnable=2, line_quantity=2, duties=501)
    back = told(wish(), order=basket(two))
    assert (back.parts[0].duties, back.total) == (251, 4495 + 251)


def test_fees_are_taken_once_and_never_below_nothing() -> None:
    how = Terms(refund=Fee(restocking=Decimal("12.5"), shipping=490))
    back = told(wish(), how=how)
    assert (back.parts[0].fee, back.shipping_fee, back.total) == (1124, 490, 8990 - 1124 - 490)
    assert told(wish(), how=Terms(refund=Fee(shipping=9999))).total == 0


def test_a_fee_in_the_shop_s_money_is_taken_in_the_buyer_s() -> None:
    abroad = basket(currency="JPY", shop_currency="EUR", rate="162.35")
    assert told(wish(), order=abroad, how=Terms(refund=Fee(shipping=490))).shipping_fee == 796
    assert money.in_shops(796, abroad) == 490


@pytest.mark.parametrize("reason", ["defective", "wrong-item", "too-bright"])
def test_what_the_shop_is_to_answer_for_costs_nothing(reason: str) -> None:
    free = (ReasonRule(handle="too-bright", is_free=True),)
    assert (
        told(wish(reason=reason), how=Terms(refund=Fee(restocking=Decimal(50), shipping=490), reasons=free)).fees == 0
    )


def test_the_law_s_fourteen_days_know_no_restocking_fee() -> None:
    """A withdrawal would cost none: the buyer gets the better of both."""
    how = Terms(refund=Fee(restocking=Decimal(10)))
    assert told(wish(), order=basket(country="DE"), how=how).fees == 0
    assert told(wish(), order=basket(country="US"), how=how).fees == 899


def test_a_withdrawal_pays_no_fee_at_all() -> None:
    how = Terms(refund=Fee(restocking=Decimal(10), shipping=490))
    assert told(wish(), how=how, is_withdrawal=True).fees == 0


def test_who_withdraws_from_everything_gets_the_delivery_back() -> None:
    two = basket(piece(), piece(fulfillment_line_id=12, line_id=2), country="DE")
    assert told(wish(), is_withdrawal=True, order=two).shipping_back == 0
    assert told(wish(), wish(fulfillment_line_id=12), is_withdrawal=True, order=two).shipping_back == 490
    assert told(wish(), wish(fulfillment_line_id=12), order=two).shipping_back == 0


def test_what_was_never_sent_is_withdrawn_from_without_a_way_back() -> None:
    unsent = piece(fulfillment_line_id=-1, shipment_id=0)
    order = basket(country="DE", unsent=1, unsent_pieces=(unsent,))
    back = told(wish(unsent), is_withdrawal=True, order=order, how=Terms(refund=Fee(shipping=490)))
    assert (back.is_kept, back.fees, back.total) == (True, 0, 8990)
    assert told(wish(), wish(unsent), is_withdrawal=True, order=order).shipping_back == 490


def test_an_exchange_costs_or_gives_back_the_difference() -> None:
    dearer, cheaper = told(wish(outcome="exchange", variant_id=52)), told(wish(outcome="exchange", variant_id=53))
    assert (dearer.owed, dearer.total, dearer.parts[0].difference) == (1000, 0, 1000)
    assert (cheaper.owed, cheaper.total, cheaper.parts[0].difference) == (0, 3990, -3990)


def test_an_exchange_is_taxed_like_what_it_replaces() -> None:
    net = basket(piece(paid=10_000, tax=1900, tax_rate="0.19"), taxes_included=False)
    assert told(wish(outcome="exchange", variant_id=53), order=net).parts[0].price == 5950


def test_store_credit_is_told_apart_from_money() -> None:
    two = basket(piece(), piece(fulfillment_line_id=12, line_id=2, paid=1000))
    back = told(wish(), wish(fulfillment_line_id=12, outcome="credit"), order=two)
    assert (back.total, back.credit) == (9990, 1000)


def test_a_small_thing_that_broke_need_not_come_back_and_many_of_them_must() -> None:
    how = Terms(keep_below=1500, refund=Fee(shipping=490))
    small = [piece(fulfillment_line_id=number, line_id=number, paid=900, tax=0) for number in (1, 2)]
    broken = [wish(one, reason="defective") for one in small]
    order = basket(*small)
    assert told(broken[0], order=order, how=how).is_kept
    assert not told(*broken, order=order, how=how).is_kept
    assert not told(wish(small[0], reason="too-tight"), order=order, how=how).is_kept
    unwanted = told(wish(small[0], reason="too-tight"), order=order, how=replace(how, keeps_any=True))
    assert (unwanted.is_kept, unwanted.fees) == (True, 0)


def test_nobody_is_paid_for_what_is_not_of_the_order() -> None:
    with pytest.raises(LookupError):
        told(wish(fulfillment_line_id=99))
    with pytest.raises(LookupError):
        told(wish(outcome="exchange", variant_id=999))
