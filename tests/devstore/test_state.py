"""A shop's facts hold together and outlive the process."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devstore import deeds, totals, words
from devstore.clock import AppClock
from devstore.keep import from_plain
from devstore.money import graphql_text, spread, text
from devstore.records import Address, Customer, Order, Product
from devstore.state import State

from .conftest import DOMAIN


def fill(state: State) -> Order:
    home = Address(city="Berlin", country="Germany", country_code="DE")
    deeds.add_shop(state, DOMAIN, "Lumen Goods", email="owner@example.com", address=home)
    lamp = deeds.add_product(state, DOMAIN, "Desk lamp", [{"title": "Brass", "price": "89.90"}])
    order = deeds.place_order(
        state, DOMAIN, [(lamp.variants[0].id, 2)], email="mira@example.com", shipping_address=home
    )
    parcel = deeds.fulfil(state, order, [(order.lines[0].id, 1)], company="DHL", number="0034")
    deeds.scan(state, parcel, "in_transit", city="Leipzig")
    deeds.refund(state, order, [(order.lines[0].id, 1)])
    deeds.install(state, DOMAIN, ["read_orders"])
    return order


def test_a_second_start_finds_everything_again(tmp_path: Path) -> None:
    first = State(tmp_path)
    order = fill(first)
    first.forward(timedelta(days=10))
    first.close()
    second = State(tmp_path)
    assert second.orders[order.id] == order
    assert second.shops == first.shops
    assert second.install(DOMAIN) == first.install(DOMAIN)
    assert second.order_of(order.fulfillments[0].id) == order
    assert second.clock.offset == timedelta(days=10)
    assert second.new_id() > order.id
    second.close()


def test_a_customer_who_was_deleted_stays_deleted(tmp_path: Path) -> None:
    first = State(tmp_path)
    fill(first)
    deeds.delete_customer(first, first.customers.of(DOMAIN)[0])
    first.close()
    second = State(tmp_path)
    assert second.customers.of(DOMAIN) == []
    second.close()


def test_ids_are_large_rising_and_never_given_twice(state: State) -> None:
    ids = [state.new_id() for _ in range(100)]
    assert ids == sorted(set(ids)) and ids[0] > 5_000_000_000_000


def test_a_deed_inside_another_is_told_with_it_once(state: State) -> None:
    told: list[list[str]] = []
    state.listeners.append(lambda change: told.append([news.topic for news in change.news]))
    fill(state)
    assert told[2] == ["customers/create", "orders/create", "orders/paid", "orders/updated"]


@pytest.mark.parametrize(
    ("paid", "refunds", "cancelled", "word"),
    [
        ("0", [], False, "pending"),
        ("50", [], False, "partially_paid"),
        (None, [], False, "paid"),
        (None, ["50"], False, "partially_refunded"),
        (None, [None], False, "refunded"),
        ("0", [], True, "voided"),
    ],
)
def test_the_financial_status_follows_the_money(
    state: State, lamp: Product, paid: str | None, refunds: list[str | None], cancelled: bool, word: str
) -> None:
    order = deeds.place_order(state, DOMAIN, [(lamp.variants[0].id, 1)], email="mira@example.com", paid=False)
    deeds.pay(state, order, paid)
    for amount in refunds:
        lines = [(order.lines[0].id, 1)] if amount is None else []
        deeds.refund(state, order, lines, shipping="4.90" if amount is None else "0", amount=amount)
    if cancelled:
        deeds.cancel(state, order)
    assert words.financial_status(order, "EUR") == word


def test_a_cancelled_parcel_can_be_packed_again(state: State, lamp: Product) -> None:
    order = deeds.place_order(state, DOMAIN, [(lamp.variants[0].id, 2)], email="mira@example.com")
    parcel = deeds.fulfil(state, order)
    assert words.fulfillment_status(order) == "fulfilled"
    deeds.cancel_fulfillment(state, parcel)
    assert words.fulfillment_status(order) is None
    assert deeds.fulfil(state, order).name == "#1001.2"


def test_only_what_was_shipped_can_come_back(state: State, lamp: Product) -> None:
    order = deeds.place_order(state, DOMAIN, [(lamp.variants[0].id, 2)], email="mira@example.com")
    with pytest.raises(ValueError, match="did not ship"):
        deeds.request_return(state, order, [(order.lines[0].id, 1)])
    deeds.fulfil(state, order)
    asked = deeds.request_return(state, order, [(order.lines[0].id, 1)], reason="COLOR")
    deeds.approve_return(state, asked)
    with pytest.raises(ValueError, match="OPEN"):
        deeds.approve_return(state, asked)
    deeds.close_return(state, asked)
    assert deeds.reopen_return(state, asked).status == "OPEN"


def test_a_buyer_is_known_again_by_their_address(state: State, lamp: Product, buyer: Customer) -> None:
    order = deeds.place_order(state, DOMAIN, [(lamp.variants[0].id, 1)], email="MIRA@example.com")
    assert order.customer_id == buyer.id
    counter = deeds.place_order(state, DOMAIN, [(lamp.variants[0].id, 1)], source_name="pos", shipping=None)
    assert (counter.customer_id, counter.email) == (None, None)


@given(
    st.decimals("0.00", "9999.99", places=2),
    st.lists(st.decimals("0.01", "999.99", places=2), min_size=1, max_size=8),
)
def test_shares_always_add_up(total: Decimal, weights: list[Decimal]) -> None:
    assert sum(spread(total, weights, "EUR")) == total


@pytest.mark.parametrize(
    ("amount", "currency", "webhook", "graphql"),
    [
        ("89.9", "EUR", "89.90", "89.9"),
        ("1200", "JPY", "1200", "1200.0"),
        ("4.5", "KWD", "4.500", "4.5"),
        ("0", "USD", "0.00", "0.0"),
        ("1000", "EUR", "1000.00", "1000.0"),
        ("0.005", "EUR", "0.01", "0.01"),
    ],
)
def test_money_is_written_as_its_currency_wants(amount: str, currency: str, webhook: str, graphql: str) -> None:
    assert (text(amount, currency), graphql_text(amount, currency)) == (webhook, graphql)


def test_taxes_come_on_top_where_the_shop_says_so(state: State, lamp: Product) -> None:
    deeds.update_shop(state, state.shops[DOMAIN], taxes_included=False, tax_rate="0.06")
    order = deeds.place_order(state, DOMAIN, [(lamp.variants[0].id, 1)], email="mira@example.com")
    sums = totals.of_order(order, "EUR")
    assert (sums.subtotal, sums.tax, sums.total) == (Decimal("89.90"), Decimal("5.69"), Decimal("100.49"))
    assert order.paid == "100.49"


def test_an_unknown_key_of_an_older_file_is_dropped() -> None:
    assert from_plain(Address, {"city": "Berlin", "planet": "Earth"}) == Address(city="Berlin")


def test_the_app_is_taken_along_in_time_by_a_file(tmp_path: Path) -> None:
    clock, alone = AppClock(tmp_path / "clock"), AppClock(None)
    clock.forward(timedelta(days=10))
    clock.forward(timedelta(hours=1))
    alone.forward(timedelta(days=10))
    assert float((tmp_path / "clock").read_text()) == 10 * 86400 + 3600
    assert (clock.now() - alone.now()).days == 10
