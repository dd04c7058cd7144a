"""From what Shopify writes to what we keep: money to the last unit, times in UTC, contacts in whatever spelling."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from shopify_app.orders import facts
from tests import factories
from tests.factories import both

SEEN = datetime(2026, 11, 2, tzinfo=UTC)
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def kept(**keys: Any) -> dict[str, Any]:
    return facts.order(1, factories.order(**keys), SEEN)


# Money


def test_a_buyer_who_paid_in_yen_sees_yen(app: Flask) -> None:
    """The shop counts in euros; what the buyer saw and paid is in the presentment money."""
    row = kept(
        currency="EUR",
        presentment_currency="JPY",
        current_total_price="94.80",
        current_total_price_set=both("94.80", "EUR", "15168", "JPY"),
        current_subtotal_price_set=both("89.90", "EUR", "14384", "JPY"),
        total_shipping_price_set=both("4.90", "EUR", "784", "JPY"),
    )
    assert (row["currency"], row["total"], row["subtotal"], row["shipping"]) == ("JPY", 15168, 14384, 784)


def test_a_shop_in_kuwait_counts_in_thousandths(app: Flask) -> None:
    row = kept(currency="KWD", presentment_currency="KWD", current_total_price_set=both("31.250", "KWD"))
    assert (row["currency"], row["total"]) == ("KWD", 31250)


def test_after_a_refund_the_current_amount_counts(app: Flask) -> None:
    assert kept(total_price="94.80", current_total_price_set=both("4.90"))["total"] == 490


def test_an_order_of_an_older_version_has_no_sets(app: Flask) -> None:
    sets = ("current_total_price_set", "current_subtotal_price_set", "total_shipping_price_set")
    row = kept(**dict.fromkeys(sets), current_total_price=None, total_price="94.80", subtotal_price="89.90")
    assert (row["total"], row["subtotal"], row["shipping"]) == (9480, 8990, 0)


# Times


@pytest.mark.parametrize(
    "text",
    ["2026-11-01T10:00:00Z", "2026-11-01T11:00:00+01:00", "2026-11-01T05:00:00-05:00", "2026-11-01T10:00:00.000Z"],
)
def test_a_moment_is_the_same_in_whatever_zone_it_is_written(app: Flask, text: str) -> None:
    assert kept(created_at=text)["created_at"] == datetime(2026, 11, 1, 10, tzinfo=UTC)


def test_an_order_brought_in_from_elsewhere_was_placed_when_it_was_placed(app: Flask) -> None:
    row = kept(processed_at="2020-01-01T00:00:00Z")
    assert row["placed_at"].year == 2020
    assert row["created_at"].year == 2026


# Persons


def test_what_we_may_not_know_is_left_out(app: Flask) -> None:
    """Without level 2 approval Shopify sends no contacts, names and addresses."""
    hidden = ("email", "contact_email", "phone", "customer", "billing_address", "shipping_address", "order_status_url")
    row = kept(**dict.fromkeys(hidden))
    assert row["person"]["email"] is None
    assert row["person"]["address"] is None
    assert (row["email_index"], row["email_lookup"], row["phone_index"], row["country"]) == (None,) * 4


def test_a_body_without_any_of_it_is_an_order_still(app: Flask) -> None:
    row = facts.order(1, {"id": 1, "updated_at": "2026-11-01T10:00:00Z"}, SEEN)
    assert (row["name"], row["total"], row["currency"], row["locale"]) == ("#1", 0, "USD", "en")
    assert facts.lines(1, {"id": 1}) == []


@pytest.mark.parametrize(
    "typed", ["mira.sommer@example.com", " Mira.Sommer@Example.COM ", "ＭＩＲＡ.sommer@example.com"]
)
def test_an_address_is_found_in_whatever_case_it_is_typed(app: Flask, typed: str) -> None:
    assert facts.lookup(1, "#1001", facts.email_key(typed)) == kept()["email_lookup"]


@pytest.mark.parametrize("typed", ["#1001", "1001", " # 1001 ", "＃１００１"])
def test_an_order_is_found_by_its_number_however_it_is_typed(app: Flask, typed: str) -> None:
    assert facts.lookup(1, typed, "mira.sommer@example.com") == kept()["email_lookup"]


def test_the_same_number_and_address_in_another_shop_is_another_order(app: Flask) -> None:
    theirs = facts.order(2, factories.order(), SEEN)
    assert kept()["email_lookup"] != theirs["email_lookup"]
    assert kept()["name_index"] != theirs["name_index"]


@given(
    payload=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*factories.order(), "id", "src"]), inner, max_size=6)
        ),
        max_leaves=12,
    )
)
def test_no_body_makes_more_of_us_than_a_refusal(made_app: Flask, payload: Any) -> None:
    """Whatever stands in it: a row, or one of the errors that mark a delivery as failed."""
    if not isinstance(payload, dict):
        return
    body = {"id": 1, "updated_at": "2026-11-01T10:00:00Z"} | payload
    with made_app.app_context():
        for make in (facts.order, facts.shipment, facts.customer, facts.product):
            try:
                make(1, body, SEEN)
            except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError):
                continue
