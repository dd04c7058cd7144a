"""No unit goes back twice, whoever asks at the same moment and whatever happened before."""

import threading
from collections import Counter

import pytest
from flask import Flask

from shopify_app import clock as app_clock
from shopify_app.db import db, rest, transaction
from shopify_app.orders import record
from shopify_app.returns import requests
from shopify_app.returns.basket import Basket
from shopify_app.returns.models import WITHDRAWAL, Item, Request
from shopify_app.returns.policy import money
from shopify_app.returns.policy.terms import Terms
from shopify_app.returns.requests import Taken
from shopify_app.shopify.models import Shop
from tests import factories
from tests.returns.conftest import LINE, ORDER, PARCEL_LINE, allowed, asks, basket, piece, wish

BUYERS = 50


def test_of_fifty_who_ask_for_the_last_unit_at_once_one_gets_it(app: Flask, shop: Shop, known_order: int) -> None:
    came: Counter[str] = Counter()
    lined_up = threading.Barrier(BUYERS)
    what, shop_id = basket(piece()), shop.id

    def click() -> None:
        with app.app_context():
            mine = db.session.get(Shop, shop_id)
            rest()
            lined_up.wait(30)
            try:
                asks(mine, what, wish())
                came["asked"] += 1
            except Taken as taken:
                assert taken.line_ids == [LINE]
                came["taken"] += 1
            finally:
                db.session.remove()

    crowd = [threading.Thread(target=click) for _ in range(BUYERS)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert came == {"asked": 1, "taken": BUYERS - 1}
    assert db.session.query(Request).count() == db.session.query(Item).count() == 1


def test_two_units_of_one_line_go_back_in_two_returns(shop: Shop, known_order: int) -> None:
    what = basket(piece(quantity=2))
    asks(shop, what, wish())
    asks(shop, what, wish())
    with pytest.raises(Taken):
        asks(shop, what, wish())


def test_two_wishes_for_the_same_piece_count_together(shop: Shop, known_order: int) -> None:
    with pytest.raises(Taken) as taken:
        asks(shop, basket(piece(quantity=2)), wish(1), wish(1), wish(1))
    assert taken.value.line_ids == [LINE]


def test_units_of_one_line_that_came_in_two_parcels_are_counted_apart(shop: Shop, known_order: int) -> None:
    what = basket(piece(line_quantity=2), piece(PARCEL_LINE + 1, line_quantity=2, shipment_id=5002))
    asks(shop, what, wish())
    with pytest.raises(Taken):
        asks(shop, what, wish())
    asks(shop, what, wish(number=PARCEL_LINE + 1))


@pytest.mark.parametrize("frees", ["decline", "cancel"])
def test_what_was_declined_or_called_off_can_be_asked_for_again(shop: Shop, known_order: int, frees: str) -> None:
    what = basket(piece())
    first = asks(shop, what, wish())
    if frees == "decline":
        assert requests.decline(shop, first.id, "7", "other", "Please ask again with a photo.")
    else:
        assert requests.cancel(shop, first.id, "buyer")
    assert asks(shop, what, wish()).id != first.id


def test_what_was_refunded_without_a_return_cannot_come_back(shop: Shop, known_order: int) -> None:
    _refund(shop, 8001, 1)
    with pytest.raises(Taken):
        asks(shop, basket(piece()), wish())


def test_what_was_refunded_before_it_was_sent_takes_nothing_from_what_came(shop: Shop, known_order: int) -> None:
    _refund(shop, 8001, 1)
    asks(shop, basket(piece(quantity=2, line_quantity=3)), wish(2))


def test_what_shopify_counts_as_taken_is_taken(shop: Shop, known_order: int) -> None:
    with pytest.raises(Taken):
        asks(shop, basket(piece(quantity=2, returnable=1)), wish(2))


def test_a_request_that_shopify_has_heard_of_does_not_count_twice(shop: Shop, known_order: int) -> None:
    first = asks(shop, basket(piece(quantity=2)), wish())
    with transaction():
        first.filed_at = app_clock.now()
        db.session.add(first)
    asks(shop, basket(piece(quantity=2, returnable=1)), wish())


def test_another_number_of_units_takes_the_place_of_the_first(shop: Shop, known_order: int) -> None:
    what = basket(piece(quantity=3))
    first = asks(shop, what, wish(2))
    _change(shop, first, what, 3)
    with pytest.raises(Taken):
        asks(shop, what, wish())
    _change(shop, first, what, 1)
    asks(shop, what, wish(2))


def test_one_can_withdraw_from_what_is_not_sent_yet_and_only_once(shop: Shop, known_order: int) -> None:
    waiting = piece(-LINE, quantity=1, line_quantity=3, shipment_id=0, delivered_at=None)
    what = basket(piece(quantity=2, line_quantity=3), unsent_pieces=(waiting,), unsent=1)
    asks(shop, what, wish(2), wish(1, -LINE), kind=WITHDRAWAL)
    for number in (PARCEL_LINE, -LINE):
        with pytest.raises(Taken):
            asks(shop, what, wish(1, number), kind=WITHDRAWAL)


def test_nothing_of_another_order_can_be_asked_for(shop: Shop, known_order: int) -> None:
    told = money.preview(basket(piece()), [wish()], Terms(), {})
    with pytest.raises(Taken):
        asks(shop, basket(piece()), wish(number=1), preview=told)


def _change(shop: Shop, request: Request, what: Basket, units: int) -> None:
    wishes = [wish(units)]
    preview = money.preview(what, wishes, Terms(), {})
    assert requests.change(shop, request.id, "7", what, wishes, decisions=allowed(wishes), preview=preview)


def _refund(shop: Shop, number: int, units: int, **how: object) -> None:
    lines = [{"id": number * 10, "line_item_id": LINE, "quantity": units, "subtotal": 1, "total_tax": 0}]
    with transaction():
        record.refund(shop.id, factories.refund(number, ORDER, refund_line_items=lines, **how))
