"""A buyer withdraws from what was not sent yet: staff cancel it in Shopify, and the request follows, once."""

from datetime import timedelta

import pytest

from devstore import deeds, server
from devstore.records import Order, Product
from shopify_app.db import transaction
from shopify_app.returns import booked, requests
from shopify_app.returns.execution import overdue
from shopify_app.returns.models import WITHDRAWAL, Request
from shopify_app.returns.requests import Taken
from tests.conftest import LUMEN
from tests.returns.conftest import EMAIL, HOME, parcel_line, subjects, wish
from tests.returns.store import Counter


@pytest.fixture
def waiting(shopify: server.Running, counter: Counter, lamp: Product) -> Order:
    """Three lamps, one of them sent."""
    order = deeds.place_order(
        shopify.state, LUMEN, [(lamp.variants[0].id, 3)], email=EMAIL, shipping_address=HOME, customer_locale="en"
    )
    deeds.scan(shopify.state, deeds.fulfil(shopify.state, order, [(order.lines[0].id, 1)]), "delivered")
    counter.settle()
    shopify.mailbox.clear()
    return order


def withdraws(counter: Counter, order: Order, unsent: int = 2, sent: int = 0) -> Request:
    wishes = [wish(unsent, -order.lines[0].id, reason=None)]
    wishes += [wish(sent, parcel_line(order), reason=None)] if sent else []
    return counter.asks(order, *wishes, kind=WITHDRAWAL, email=EMAIL, content={"receipt": "I withdraw."})


def refunds(counter: Counter, shopify: server.Running, order: Order, units: int, **how: str) -> None:
    deeds.refund(shopify.state, order, [(order.lines[0].id, units)], restock=True, **how)  # type: ignore[arg-type]
    counter.settle()


def test_when_shopify_books_the_refund_the_withdrawal_is_refunded_and_its_buyer_told(
    counter: Counter, waiting: Order, shopify: server.Running
) -> None:
    request = withdraws(counter, waiting)
    assert (request.state, request.return_id, request.content["flags"]) == ("approved", None, ["not_sent"])
    assert overdue.legal_due_at(request) == request.asked_at + timedelta(days=14)
    refunds(counter, shopify, waiting, 2)
    request = counter.again(request)
    assert (request.state, request.refunded, request.is_flagged) == ("refunded", 17980, False)
    assert overdue.legal_due_at(request) is None
    assert counter.words(request) == ["asked", "approved", "refunded"]
    assert subjects(shopify)[-1] == f"Your refund for order {waiting.name}"
    assert "€179.80" in (shopify.mailbox.messages(to=EMAIL)[0].text or "")


def test_news_that_come_again_book_nothing_twice(counter: Counter, waiting: Order, shopify: server.Running) -> None:
    request = withdraws(counter, waiting)
    refunds(counter, shopify, waiting, 2)
    told = len(subjects(shopify))
    with transaction():
        booked(counter.shop, waiting.id)
    counter.settle()
    request = counter.again(request)
    assert (request.refunded, counter.words(request).count("refunded")) == (17980, 1)
    assert len(subjects(shopify)) == told


def test_a_refund_in_two_parts_ends_it_with_the_second(
    counter: Counter, waiting: Order, shopify: server.Running
) -> None:
    request = withdraws(counter, waiting)
    refunds(counter, shopify, waiting, 1)
    assert (counter.again(request).state, counter.again(request).refunded) == ("approved", 8990)
    refunds(counter, shopify, waiting, 1)
    request = counter.again(request)
    assert (request.state, request.refunded) == ("refunded", 17980)


def test_of_two_withdrawals_each_counts_its_own_units(
    counter: Counter, waiting: Order, shopify: server.Running
) -> None:
    first, second = withdraws(counter, waiting, 1), withdraws(counter, waiting, 1)
    refunds(counter, shopify, waiting, 1)
    assert [counter.again(one).state for one in (first, second)] == ["refunded", "approved"]
    refunds(counter, shopify, waiting, 1)
    assert [counter.again(one).refunded for one in (first, second)] == [8990, 8990]


def test_a_refund_of_both_withdrawals_at_once_is_shared(
    counter: Counter, waiting: Order, shopify: server.Running
) -> None:
    first, second = withdraws(counter, waiting, 1), withdraws(counter, waiting, 1)
    refunds(counter, shopify, waiting, 2)
    assert [(one.state, one.refunded) for one in map(counter.again, (first, second))] == [("refunded", 8990)] * 2


def test_the_units_that_are_refunded_are_counted_once_and_the_others_can_still_be_withdrawn_from(
    counter: Counter, waiting: Order, shopify: server.Running
) -> None:
    withdraws(counter, waiting, 1)
    refunds(counter, shopify, waiting, 1)
    second = withdraws(counter, waiting, 1)
    assert second.state == "approved"
    with pytest.raises(Taken):
        withdraws(counter, waiting, 1)
    third = counter.asks(waiting, wish(1, parcel_line(waiting), reason=None), kind=WITHDRAWAL)
    assert third.state == "approved"


def test_what_was_refunded_before_the_statement_is_none_of_it(
    counter: Counter, waiting: Order, shopify: server.Running
) -> None:
    refunds(counter, shopify, waiting, 1)
    request = withdraws(counter, waiting, 1)
    with transaction():
        booked(counter.shop, waiting.id)
    assert counter.again(request).state == "approved"


def test_an_order_that_is_cancelled_with_all_its_money_ends_it(
    counter: Counter, shopify: server.Running, lamp: Product
) -> None:
    order = deeds.place_order(shopify.state, LUMEN, [(lamp.variants[0].id, 2)], email=EMAIL, shipping_address=HOME)
    counter.settle()
    request = withdraws(counter, order)
    deeds.refund(shopify.state, order, [(order.lines[0].id, 2)], restock=True, shipping="4.90")
    deeds.cancel(shopify.state, order)
    counter.settle()
    request = counter.again(request)
    assert (request.state, request.refunded) == ("refunded", 17980 + 490)


def test_of_sent_and_unsent_the_unsent_part_is_booked_first_and_the_rest_waits_for_the_goods(
    counter: Counter, waiting: Order, shopify: server.Running
) -> None:
    request = withdraws(counter, waiting, 2, sent=1)
    assert (request.state, request.content["flags"], waiting.returns[0].status) == ("approved", ["not_sent"], "OPEN")
    refunds(counter, shopify, waiting, 2)
    request = counter.again(request)
    assert (request.state, request.refunded, request.is_flagged) == ("approved", 17980, False)
    unsent, lamp = counter.items(request)
    assert requests.receive(counter.shop, request.id, "7", {lamp.id: (1, None)})
    with pytest.raises(ValueError, match="nothing of the kind"):
        requests.receive(counter.shop, request.id, "7", {unsent.id: (2, None)})
    counter.inspects(counter.again(request))
    request = counter.refunds(counter.again(request))
    assert (request.state, request.refunded) == ("refunded", 17980 + 8990 + 490)
