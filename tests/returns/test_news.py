"""What happens to returns in Shopify itself appears and moves here just the same, however its news come."""

import random
from decimal import Decimal

from devstore import deeds, server
from devstore.deeds.received import Money, Processing, process_return
from devstore.deeds.returns import Wanted
from devstore.records import Order, Tracking
from shopify_app.db import transaction
from shopify_app.returns import requests
from shopify_app.returns.models import Request
from shopify_app.returns.policy import policies, terms
from shopify_app.returns.policy.terms import Approval, Terms
from tests.conftest import LUMEN, Sender
from tests.returns.conftest import EMAIL, OWNER, parcel_line, subjects, wish
from tests.returns.store import Counter


def filed(counter: Counter, order: Order, pieces: int = 1) -> Request:
    """Natively by the buyer, or by another app."""
    there = deeds.request_return(counter.shopify.state, order, [(order.lines[0].id, pieces)])
    counter.settle()
    request = requests.of_return(counter.shop, there.id)
    assert request is not None
    return request


def test_a_return_that_was_filed_natively_appears_with_its_decision_and_its_worth(
    counter: Counter, order: Order, shopify: server.Running
) -> None:
    request = filed(counter, order)
    assert (request.state, request.door, request.name) == ("waiting", "shopify", order.returns[0].name)
    (item,) = counter.items(request)
    assert (item.amount, item.decision["rule"], item.content["title"]) == (8990, "in_time", "Reading lamp")
    assert subjects(shopify, OWNER) == [f"A return of order {order.name} waits for you"]
    assert subjects(shopify) == []


def test_its_units_are_taken(counter: Counter, order: Order) -> None:
    filed(counter, order, 2)
    what = counter.reads(order)
    assert what.pieces[0].returnable == 0


def test_it_is_approved_by_the_rule_where_the_terms_say_so(counter: Counter, order: Order) -> None:
    with transaction():
        policies.settle(counter.shop)
        row = policies.history(counter.shop)[0]

        row.content = terms.packed(Terms(approval=Approval(outcomes=("refund",))))
    request = filed(counter, order)
    request = counter.again(request)
    assert (request.state, request.decided_by, order.returns[0].status) == ("approved", "rule", "OPEN")


def test_what_staff_do_in_the_admin_moves_it(counter: Counter, order: Order, shopify: server.Running) -> None:
    request = counter.asks(order, wish(1, parcel_line(order)))
    shopify.mailbox.clear()
    deeds.approve_return(shopify.state, order.returns[0])
    counter.settle()
    assert counter.again(request).state == "approved"
    assert subjects(shopify) == [f"Your return of order {order.name} is approved"]
    deeds.cancel_return(shopify.state, order.returns[0])
    counter.settle()
    assert counter.again(request).state == "cancelled"


def test_a_decline_in_the_admin_is_told_with_its_words(counter: Counter, order: Order, shopify: server.Running) -> None:
    request = counter.asks(order, wish(1, parcel_line(order)))
    deeds.decline_return(shopify.state, order.returns[0], "OTHER", "Not this one.")
    counter.settle()
    assert counter.again(request).state == "declined"
    assert "Not this one." in shopify.mailbox.messages(to=EMAIL)[0].text


def test_what_was_processed_and_refunded_in_the_admin_is_booked_here(counter: Counter, order: Order) -> None:
    request = counter.approves(counter.asks(order, wish(1, parcel_line(order))))
    there = order.returns[0]
    given = Processing(lines={there.lines[0].id: 1}, money=Money(card=Decimal("89.90")))
    process_return(counter.shopify.state, there, given)
    counter.settle()
    request = counter.again(request)
    assert (request.state, request.refunded) == ("refunded", 8990)
    assert counter.items(request)[0].received == 1


def test_what_was_taken_in_in_the_admin_is_refunded_from_here(counter: Counter, order: Order, sends: Sender) -> None:
    request = counter.approves(counter.asks(order, wish(1, parcel_line(order))))
    deeds.take_in(counter.shopify.state, order, order.returns[0])
    sends("returns/update", {"admin_graphql_api_id": f"gid://shopify/Return/{request.return_id}"}, shop=LUMEN)
    counter.settle()
    request = counter.again(request)
    assert request.state == "received"
    request = counter.refunds(request)
    assert (counter.errors(request)[-1], request.state, request.refunded) == (None, "refunded", 8990)


def test_two_lines_about_the_same_lamps_from_the_admin_are_refunded_from_here(counter: Counter, order: Order) -> None:
    state, line = counter.shopify.state, parcel_line(order)
    wanted = [Wanted(line, 1, "DEFECTIVE"), Wanted(line, 1, "UNWANTED")]
    there = deeds.file_return(state, order, wanted, is_open=True)
    counter.settle()
    request = requests.of_return(counter.shop, there.id)
    assert request is not None
    request = counter.refunds(counter.receives(request))
    assert (counter.errors(request)[-1], request.state, request.refunded) == (None, "refunded", 17980)
    expected = [line for reverse in order.returns[0].reverse_orders for line in reverse.lines]
    assert [sum(one.quantity for one in line.dispositions) for line in expected] == [1, 1]


def test_units_taken_out_of_a_return_can_be_asked_for_again(counter: Counter, order: Order) -> None:
    request = filed(counter, order, 2)
    line = order.returns[0].lines[0]
    deeds.remove_from_return(counter.shopify.state, order.returns[0], {line.id: 1})
    counter.settle()
    assert counter.items(request)[0].quantity == 1
    assert counter.asks(order, wish(1, parcel_line(order))).state == "waiting"


def test_news_that_come_twice_late_and_shuffled_do_nothing_twice(
    counter: Counter, order: Order, sends: Sender, shopify: server.Running
) -> None:
    request = counter.refunds(counter.receives(counter.approves(counter.asks(order, wish(1, parcel_line(order))))))
    mails, words = len(shopify.mailbox.messages(to=EMAIL)), counter.words(request)
    about = {"id": request.return_id, "admin_graphql_api_id": f"gid://shopify/Return/{request.return_id}"}
    topics = ["request", "approve", "update", "process", "close", "reopen"] * 2
    random.Random(4).shuffle(topics)
    for topic in topics:
        status = {"request": "requested", "close": "closed"}.get(topic, "open")
        assert (
            sends(f"returns/{topic}", about | {"order_id": order.id, "status": status}, shop=LUMEN).status_code == 200
        )
        counter.settle()
    request = counter.again(request)
    assert (request.state, request.refunded, len(order.refunds)) == ("refunded", 8990, 1)
    assert counter.words(request) == words
    assert len(shopify.mailbox.messages(to=EMAIL)) == mails
    assert len(requests.of_order(counter.shop, order.id)) == 1


def test_a_label_that_was_given_in_the_admin_is_no_longer_missing(
    counter: Counter, order: Order, shopify: server.Running, sends: Sender
) -> None:
    request = counter.approves(counter.asks(order, wish(1, parcel_line(order))))
    assert request.needs_label
    there = order.returns[0]
    tracking, page = Tracking(company="DHL", number="00340434", url=None), "https://files.example/label.pdf"
    deeds.expect_delivery(shopify.state, order, there.reverse_orders[0], tracking=tracking, label=page)
    for _ in range(2):
        about = {"admin_graphql_api_id": f"gid://shopify/Return/{request.return_id}"}
        sends("returns/update", about, shop=LUMEN)
        counter.settle()
    request = counter.again(request)
    assert (request.content["label"]["url"], request.content["label"]["number"]) == (page, "00340434")
    assert not request.needs_label
    assert counter.words(request).count("labelled") == 1
