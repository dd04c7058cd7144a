"""A return from the buyer's asking to the money, at a real store: every step there, told once, booked to the cent."""

from datetime import datetime, timedelta

from devstore import deeds, server
from devstore.records import Order, Product
from shopify_app import clock as app_clock
from shopify_app.returns import requests
from shopify_app.returns.execution import overdue
from shopify_app.returns.models import CREDIT, EXCHANGE, WITHDRAWAL
from tests.conftest import Clock
from tests.returns.conftest import OWNER, parcel_line, subjects, wish
from tests.returns.store import Counter


def test_a_lamp_goes_back_and_its_money_comes(counter: Counter, order: Order, shopify: server.Running) -> None:
    request = counter.asks(order, wish(1, parcel_line(order)))
    assert (request.state, request.name, request.expected) == ("waiting", order.returns[0].name, 8990)
    assert order.returns[0].status == "REQUESTED"
    request = counter.approves(request)
    assert (request.state, order.returns[0].status) == ("approved", "OPEN")
    request = counter.receives(request)
    assert request.state == "received"
    request = counter.refunds(request)
    assert counter.errors(request) == [None] * len(counter.errors(request))
    assert (request.state, request.refunded) == ("refunded", 8990)
    assert [refund.amount for refund in order.refunds] == ["89.90"]
    assert subjects(shopify) == [
        f"We have your return of order {order.name}",
        f"Your return of order {order.name} is approved",
        f"Your return of order {order.name} has arrived",
        f"Your refund for order {order.name}",
    ]
    assert subjects(shopify, OWNER) == [f"A return of order {order.name} waits for you"]
    assert order.returns[0].status == "CLOSED"
    assert counter.words(request) == ["asked", "filed", "approved", "received", "inspected", "refunded"]


def test_an_exchange_is_declined_and_made_anew_and_stays_one_request(
    counter: Counter, order: Order, lamp: Product, shopify: server.Running
) -> None:
    steel = lamp.variants[1]
    request = counter.asks(
        order, wish(1, parcel_line(order), outcome=EXCHANGE, variant_id=steel.id, variant_title="Steel")
    )
    assert (request.state, request.expected) == ("waiting", 0)
    request = counter.approves(request)
    assert [one.status for one in order.returns] == ["DECLINED", "OPEN"]
    assert (request.state, request.return_id) == ("approved", order.returns[1].id)
    assert request.content["replaced"] == [order.returns[0].id]
    request = counter.refunds(counter.receives(request))
    assert counter.errors(request) == [None] * len(counter.errors(request))
    assert (request.state, request.refunded) == ("refunded", 0)
    assert order.returns[1].exchange_lines[0].processed == 1
    assert subjects(shopify)[-1] == f"We are getting your exchange of order {order.name} ready"
    assert len(requests.of_order(counter.shop, order.id)) == 1


def test_store_credit_is_given_where_it_was_wished_for(counter: Counter, order: Order, shopify: server.Running) -> None:
    request = counter.asks(order, wish(1, parcel_line(order), outcome=CREDIT))
    request = counter.refunds(counter.receives(counter.approves(request)))
    assert (counter.errors(request)[-1], request.refunded) == (None, 8990)
    assert order.refunds[0].credit == "89.90"


def test_what_comes_in_two_parcels_is_refunded_in_two_parts(counter: Counter, order: Order) -> None:
    request = counter.approves(counter.asks(order, wish(2, parcel_line(order))))
    request = counter.refunds(counter.receives(request, 1))
    assert (request.state, request.refunded) == ("refunded", 8990)
    assert order.returns[0].status == "OPEN"
    request = counter.refunds(counter.receives(request, 2))
    assert (request.refunded, len(order.refunds), order.returns[0].status) == (17980, 2, "CLOSED")


def test_whoever_withdraws_from_all_gets_the_delivery_back_too(
    counter: Counter, order: Order, shopify: server.Running
) -> None:
    declared = {"receipt": "I withdraw from my purchase.", "proof": "9f2c"}
    request = counter.asks(
        order, wish(2, parcel_line(order), reason=None), kind=WITHDRAWAL, content=declared, email="m@example.com"
    )
    assert (request.state, order.returns[0].status, request.expected) == ("approved", "OPEN", 18470)
    receipt = shopify.mailbox.messages(to="m@example.com")[-1]
    assert receipt.subject == f"We have your withdrawal from order {order.name}"
    assert "I withdraw from my purchase." in receipt.text
    assert overdue.legal_due_at(request) == request.asked_at + timedelta(days=14)
    request = counter.refunds(counter.receives(request))
    assert (counter.errors(request)[-1], request.refunded) == (None, 18470)


def test_a_declined_return_is_declined_at_shopify_with_the_shops_words(
    counter: Counter, order: Order, shopify: server.Running
) -> None:
    request = counter.asks(order, wish(1, parcel_line(order)))
    assert requests.decline(counter.shop, request.id, "7", "final_sale", "It was a final sale.")
    counter.settle()
    there = order.returns[0]
    assert (there.status, there.decline_reason, there.decline_note) == (
        "DECLINED",
        "FINAL_SALE",
        "It was a final sale.",
    )
    assert "It was a final sale." in shopify.mailbox.messages(to="mira.sommer@example.com")[0].text


def test_a_return_that_is_called_off_is_called_off_at_shopify(counter: Counter, order: Order) -> None:
    for approved, status in ((False, "DECLINED"), (True, "CANCELED")):
        request = counter.asks(order, wish(1, parcel_line(order)))
        if approved:
            counter.approves(request)
        assert requests.cancel(counter.shop, request.id, "buyer")
        counter.settle()
        assert order.returns[-1].status == status
        assert counter.again(request).state == "cancelled"


def test_a_label_is_brought_to_shopify_and_mailed(counter: Counter, order: Order, shopify: server.Running) -> None:
    request = counter.approves(counter.asks(order, wish(1, parcel_line(order))))
    for _ in range(2):
        file = ("application/pdf", b"%PDF-1.4 a label")
        assert requests.label(counter.shop, request.id, "7", file, "00340434161094042557", None)
        counter.settle()
    request = counter.again(request)
    assert counter.errors(request) == [None] * len(counter.errors(request))
    assert request.content["label"]["url"].startswith("http")
    assert len(order.returns[0].reverse_orders[0].deliveries) == 1
    assert subjects(shopify)[-2:] == [f"The label for your return of order {order.name}"] * 2


def test_other_units_make_the_return_at_shopify_anew(counter: Counter, order: Order) -> None:
    request = counter.asks(order, wish(1, parcel_line(order)))
    what = counter.reads(order)
    from shopify_app.returns.policy import money, policies
    from tests.returns.conftest import allowed

    wishes = [wish(2, parcel_line(order))]
    told = money.preview(what, wishes, policies.of_order(counter.shop, what.placed_at)[1], {})
    assert requests.change(counter.shop, request.id, "7", what, wishes, decisions=allowed(wishes), preview=told)
    counter.settle()
    assert [one.status for one in order.returns] == ["DECLINED", "REQUESTED"]
    request = counter.again(request)
    assert (request.state, request.return_id, request.expected) == ("waiting", order.returns[1].id, 17980)


def test_a_sum_that_shopify_sees_differently_is_not_sent_before_staff_decide(counter: Counter, order: Order) -> None:
    request = counter.receives(counter.approves(counter.asks(order, wish(1, parcel_line(order)))))
    order.returns[0].lines[0].restocking = "10"
    request = counter.refunds(request)
    assert (request.state, request.is_flagged, request.content["flags"]) == ("received", True, ["differs"])
    assert not order.refunds
    request = counter.refunds(request, amount=8000)
    assert (request.state, request.refunded, request.is_flagged) == ("refunded", 8000, False)


def test_without_the_scope_it_waits_for_staff(counter: Counter, order: Order, shopify: server.Running) -> None:
    scopes = [scope for scope in shopify.app.scopes if scope != "write_returns"] + ["read_returns"]
    deeds.grant(shopify.state, counter.shop.domain, scopes)
    counter.settle()
    request = counter.asks(order, wish(1, parcel_line(order)))
    assert (request.state, counter.errors(request)) == ("asked", ["no_scope"])


def kept(counter: Counter, since: datetime) -> list[bool]:
    """Whether each refund that was due came within a day."""
    return [one.is_kept for one in overdue.refunds(counter.shop, since, app_clock.now())]


def test_staff_are_warned_before_the_day_is_over_and_the_breach_is_counted(
    counter: Counter, order: Order, shopify: server.Running, clock: Clock
) -> None:
    request = counter.receives(counter.approves(counter.asks(order, wish(1, parcel_line(order)))))
    since = request.asked_at
    clock.forward(hours=20)
    counter.settle()
    assert subjects(shopify, OWNER)[-1] == f"The refund for order {order.name} is due in four hours"
    assert kept(counter, since) == []
    clock.forward(hours=4)
    counter.settle()
    assert counter.words(request)[-2:] == ["warned", "late"]
    assert kept(counter, since) == [False]
    request = counter.refunds(request)
    assert kept(counter, since) == [False]
