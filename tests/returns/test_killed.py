"""The worker is killed in the middle of a return, and another one takes it up: filed, refunded and told once."""

import random
import signal
from collections import Counter as Tally

import pytest
from flask import Flask

from devstore import deeds, server
from devstore.records import Order, Product
from shopify_app.returns import requests
from shopify_app.returns.models import EXCHANGE, Request
from shopify_app.returns.requests import Verdict
from tests.changes.test_killed import work
from tests.conftest import Clock
from tests.returns.conftest import EMAIL, HOME, asks, parcel_line, wish
from tests.returns.store import Counter, sold

FILING = ("return_steps_claimed", "return_sending", "return_filed")
DECIDING = ("return_approved", "return_freed", "return_sending", "return_filed")
PAYING = ("return_intended", "return_processed", "return_recorded")
TIMES = 200


def revived(counter: Counter, clock: Clock) -> None:
    """Another worker comes when the dead one's lease is over."""
    for _ in range(2):
        clock.forward(minutes=2)
        counter.settle()


def killed(app: Flask, shopify: server.Running, point: str) -> bool:
    """Whether a worker died there; one that never came by there lived."""
    return work(app, shopify, point) == -signal.SIGKILL


@pytest.mark.faults
@pytest.mark.parametrize("point", FILING)
def test_a_return_whose_worker_was_killed_is_filed_once(
    app: Flask, counter: Counter, order: Order, shopify: server.Running, clock: Clock, point: str
) -> None:
    what = counter.reads(order)
    request = asks(counter.shop, what, wish(1, parcel_line(order)))
    assert killed(app, shopify, point)
    revived(counter, clock)
    assert counter.again(request).return_id == order.returns[0].id
    assert len(order.returns) == 1
    assert counter.words(request) == ["asked", "filed"]


@pytest.mark.faults
@pytest.mark.parametrize("point", DECIDING)
def test_an_exchange_whose_worker_was_killed_is_made_anew_once(
    app: Flask, counter: Counter, order: Order, lamp: Product, shopify: server.Running, clock: Clock, point: str
) -> None:
    other = {} if point == "return_approved" else {"outcome": EXCHANGE, "variant_id": lamp.variants[1].id}
    request = counter.asks(order, wish(1, parcel_line(order), **other))
    assert requests.approve(counter.shop, request.id, "7")
    assert killed(app, shopify, point)
    revived(counter, clock)
    request = counter.again(request)
    assert [one.status for one in order.returns] == (["DECLINED", "OPEN"] if other else ["OPEN"])
    assert (request.state, request.return_id) == ("approved", order.returns[-1].id)
    assert len(requests.of_order(counter.shop, order.id)) == 1


@pytest.mark.faults
@pytest.mark.parametrize("point", PAYING)
@pytest.mark.parametrize("heard", [True, False], ids=["news come", "news get lost"])
def test_a_refund_whose_worker_was_killed_is_made_and_told_once(
    app: Flask, counter: Counter, order: Order, shopify: server.Running, clock: Clock, point: str, heard: bool
) -> None:
    request = counter.receives(counter.approves(counter.asks(order, wish(1, parcel_line(order)))))
    shopify.mailbox.clear()
    shopify.faults.webhooks.dropped = 0 if heard else 100
    assert requests.refund(counter.shop, request.id, "7")
    assert killed(app, shopify, point)
    revived(counter, clock)
    request = counter.again(request)
    assert (request.state, request.refunded) == ("refunded", 8990)
    assert [refund.amount for refund in order.refunds] == ["89.90"]
    assert len(shopify.mailbox.messages(to=EMAIL)) == 1
    assert counter.words(request).count("refunded") == 1


@pytest.mark.faults
@pytest.mark.parametrize("heard", [True, False], ids=["news come", "news get lost"])
@pytest.mark.parametrize("rejected", [1, 2])
def test_what_was_rejected_is_taken_out_once_though_the_worker_was_killed(
    app: Flask, counter: Counter, order: Order, shopify: server.Running, clock: Clock, rejected: int, heard: bool
) -> None:
    request = counter.takes_in(counter.approves(counter.asks(order, wish(2, parcel_line(order)))))
    (item,) = counter.items(request)
    shopify.mailbox.clear()
    shopify.faults.webhooks.dropped = 0 if heard else 100
    verdict = Verdict(accepted=2 - rejected, rejected=rejected, why="It was worn.")
    assert requests.inspect(counter.shop, request.id, "7", {item.id: verdict})
    assert killed(app, shopify, "return_reduced")
    revived(counter, clock)
    (item,) = counter.items(request)
    assert (item.quantity, item.accepted, item.rejected) == (2, 2 - rejected, rejected)
    assert len(shopify.mailbox.messages(to=EMAIL)) == 1
    assert "changed" not in counter.words(request), "our own deed is no news"
    assert not any(counter.errors(request))
    request = counter.again(request)
    if rejected == 2:
        assert (request.state, order.returns[0].status) == ("closed", "CANCELED")
        return
    assert [line.quantity for line in order.returns[0].lines] == [1]
    request = counter.refunds(request)
    assert (request.state, request.refunded, order.returns[0].status) == ("refunded", 8990, "CLOSED")


@pytest.mark.faults
@pytest.mark.whole
@pytest.mark.slow
def test_killed_two_hundred_times_between_sending_and_writing_down_no_refund_is_lost_or_made_twice(
    app: Flask, counter: Counter, lamp: Product, shopify: server.Running, clock: Clock
) -> None:
    orders = [_sold(shopify, lamp) for _ in range(TIMES // 4)]
    counter.settle()
    died, refunds = 0, 0
    for _ in range(4):
        waiting = _back(counter, orders)
        assert all(requests.refund(counter.shop, one.id, "7") for one in waiting)
        while _is_open(counter, waiting):
            died += killed(app, shopify, "return_processed")
            clock.forward(minutes=2)
        counter.settle()
        refunds += len(waiting)
    booked = Tally(refund.return_id for order in orders for refund in order.refunds)
    print(f"{died} workers killed, {refunds} refunds owed, {len(booked)} made, {max(booked.values())} at most for one")
    assert died >= TIMES
    assert len(booked) == refunds == TIMES
    assert set(booked.values()) == {1}


def _sold(shopify: server.Running, lamp: Product) -> Order:
    finish = random.choice(lamp.variants)
    return sold(shopify, finish.id, 4, email=EMAIL, shipping_address=HOME, customer_locale="en")


def _asked(counter: Counter, what: object, line: int) -> Request:
    from tests.returns.conftest import asks

    return asks(counter.shop, what, wish(1, line))  # type: ignore[arg-type]


def _back(counter: Counter, orders: list[Order]) -> list[Request]:
    """One more unit of each order is there again; staff filed it in Shopify's admin."""
    state = counter.shopify.state
    filed = [deeds.request_return(state, order, [(order.lines[0].id, 1)]) for order in orders]
    for one in filed:
        deeds.approve_return(state, one)
    for _ in range(20):
        # So many readings at once are more than Shopify's bucket holds.
        counter.settle()
        found = [requests.of_return(counter.shop, one.id) for one in filed]
        known = [one for one in found if one is not None]
        if len(known) == len(orders):
            break
    assert len(known) == len(orders)
    for request in known:
        items = counter.items(request)
        assert requests.receive(counter.shop, request.id, "7", {item.id: (1, None) for item in items})
        good = Verdict(accepted=1, condition="not_restocked")
        assert requests.inspect(counter.shop, request.id, "7", {item.id: good for item in items})
    counter.settle()
    return [counter.again(request) for request in known]


def _is_open(counter: Counter, waiting: list[Request]) -> bool:
    return any(counter.again(one).state == "received" for one in waiting)
