"""The shops that everybody starts with."""

from datetime import timedelta
from random import Random

import pytest

from devstore import pictures, words
from devstore.carriers import CARRIERS, says, tracking
from devstore.seed import MAIN, SECOND, seed
from devstore.state import State


@pytest.fixture
def past(state: State) -> State:
    seed(state)
    return state


def test_a_second_start_changes_nothing(past: State) -> None:
    orders = len(past.orders)
    seed(past)
    assert len(past.orders) == orders


def test_both_shops_know_an_order_of_the_same_name_and_the_same_buyer(past: State) -> None:
    ours, theirs = past.order_by_name(MAIN, "#1001"), past.order_by_name(SECOND, "#1001")
    assert ours is not None
    assert theirs is not None
    assert ours.id != theirs.id
    assert ours.email == theirs.email


def test_nobody_has_installed_the_app(past: State) -> None:
    assert [past.install(shop) for shop in past.shops] == [None, None]


def test_every_state_of_an_order_is_there(past: State) -> None:
    shop, orders = past.shops[MAIN], past.orders.of(MAIN)
    parcels = [parcel for order in orders for parcel in order.fulfillments]
    paid = {words.financial_status(order, shop.currency) for order in orders}
    assert paid == {"pending", "paid", "partially_refunded", "refunded", "voided"}
    assert {words.fulfillment_status(order) for order in orders} == {None, "partial", "fulfilled"}
    assert {words.shipment_status(parcel) for parcel in parcels} == {
        None,
        "label_printed",
        "in_transit",
        "delayed",
        "out_for_delivery",
        "attempted_delivery",
        "ready_for_pickup",
        "delivered",
        "failure",
    }
    assert {order.presentment_currency for order in orders} == {"EUR", "USD", "GBP", "CHF", "SEK", "JPY"}
    assert {order.customer_locale for order in orders} == {"fr", "en", "de", "es"}
    assert sum(order.test for order in orders) == 1
    assert any(order.customer_id is None for order in orders)
    assert any(not line.requires_shipping for order in orders for line in order.lines)


def test_the_past_is_past_and_within_the_sixty_days_an_app_may_read(past: State) -> None:
    now = past.now()
    for shop in past.shops:
        for order in past.orders.of(shop):
            assert now - timedelta(days=60) < order.created_at < now
            for parcel in order.fulfillments:
                times = [order.created_at, parcel.created_at, *(event.happened_at for event in parcel.events), now]
                assert times == sorted(times)


def test_every_product_has_a_picture_of_its_own(past: State) -> None:
    products = past.products.of(MAIN)
    drawn = {
        pictures.draw((product.picture or "").removeprefix("pictures/").removesuffix(".png"), 64)
        for product in products
    }
    assert len(drawn) == len(products) >= 12
    with pytest.raises(KeyError):
        pictures.draw("dragon")


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_tracking_number_is_new_each_time_and_part_of_its_link(carrier: str) -> None:
    chance = Random(1)
    parcels = [tracking(carrier, chance) for _ in range(50)]
    assert len({parcel["number"] for parcel in parcels}) == 50
    assert all(parcel["number"] in parcel["url"] for parcel in parcels)
    assert says(carrier, "delivered")


def test_tracking_numbers_carry_their_check_digits() -> None:
    chance = Random(1)
    for _ in range(50):
        assert _postal_sum(tracking("La Poste Colissimo", chance)["number"])
        assert _gs1_sum(tracking("DHL", chance)["number"])


def _postal_sum(number: str) -> bool:
    """UPU S10: eight digits weighted, the ninth checks them."""
    weighted = sum(int(digit) * weight for digit, weight in zip(number[2:10], (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    return int(number[10]) == {10: 0, 11: 5}.get(11 - weighted % 11, 11 - weighted % 11)


def _gs1_sum(number: str) -> bool:
    """With its check digit at weight one, the sum of a GS1 number ends in zero."""
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(number))) % 10 == 0
