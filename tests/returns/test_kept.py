"""What is worth too little to be sent back: nobody waits for a parcel, and the money goes at once."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from devstore import deeds, server
from devstore.records import Order, Product
from shopify_app.returns import requests
from shopify_app.returns.models import Request
from shopify_app.returns.policy import policies
from shopify_app.returns.policy.terms import Approval, ReasonRule, Terms
from tests.conftest import LUMEN, Clock
from tests.returns.conftest import EMAIL, HOME, parcel_line, subjects, wish
from tests.returns.store import Counter

Bought = Callable[..., Order]
SMALL = Terms(keep_below=100_00, keeps_any=True)


@pytest.fixture
def bought(counter: Counter, clock: Clock, shopify: server.Running, lamp: Product) -> Bought:
    """bought(terms): one lamp of brass and one of steel, delivered, after the shop decided on its terms."""

    def buy(terms: Terms) -> Order:
        policies.write(counter.shop, terms, None)
        clock.forward(seconds=2)
        wanted = [(lamp.variants[0].id, 1), (lamp.variants[1].id, 1)]
        order = deeds.place_order(
            shopify.state, LUMEN, wanted, email=EMAIL, shipping_address=HOME, customer_locale="en"
        )
        deeds.scan(shopify.state, deeds.fulfil(shopify.state, order), "delivered")
        counter.settle()
        shopify.mailbox.clear()
        return order

    return buy


def conditions(counter: Counter, request: Request) -> list[tuple[int, str | None]]:
    return [(item.received, next(iter(item.conditions), None)) for item in counter.items(request)]


def disposed(order: Order) -> list[str]:
    return [
        one.type
        for back in order.returns
        for way in back.reverse_orders
        for line in way.lines
        for one in line.dispositions
    ]


def test_once_staff_approve_it_they_can_refund_it_at_once(
    counter: Counter, bought: Bought, shopify: server.Running
) -> None:
    order = bought(SMALL)
    request = counter.approves(counter.asks(order, wish(1, parcel_line(order))))
    assert request.state == "received"
    assert conditions(counter, request) == [(1, "not_restocked")]
    request = counter.refunds(request)
    assert (counter.errors(request)[-1], request.state, request.refunded) == (None, "refunded", 8990)
    assert order.returns[0].status == "CLOSED"
    assert counter.words(request) == ["asked", "filed", "approved", "kept", "refunded"]
    name = order.name
    assert subjects(shopify)[1:] == [f"Your return of order {name} is approved", f"Your refund for order {name}"]
    assert "You need not send anything back." in (shopify.mailbox.messages(to=EMAIL)[1].text or "")


def test_what_the_rule_approves_it_refunds_too(counter: Counter, bought: Bought, shopify: server.Running) -> None:
    order = bought(replace(SMALL, approval=Approval(outcomes=("refund",))))
    request = counter.asks(order, wish(1, parcel_line(order)))
    assert (request.state, request.refunded, request.decided_by) == ("refunded", 8990, "rule")
    assert [refund.amount for refund in order.refunds] == ["89.90"]
    assert counter.words(request).count("refunded") == 1
    assert len(subjects(shopify)) == 2


def test_where_something_has_to_come_the_kept_part_waits_for_it_and_counts_as_come(
    counter: Counter, bought: Bought, shopify: server.Running
) -> None:
    order = bought(Terms(keep_below=100_00, reasons=(ReasonRule(handle="defective", is_free=True),)))
    steel = order.fulfillments[0].lines[1].id
    broken = wish(1, parcel_line(order), reason="defective")
    request = counter.approves(counter.asks(order, broken, wish(1, steel, reason="too-large")))
    assert (request.state, conditions(counter, request)) == ("approved", [(0, None), (0, None)])
    _, large = counter.items(request)
    assert requests.receive(counter.shop, request.id, "7", {large.id: (1, None)})
    counter.inspects(counter.again(request))
    assert conditions(counter, request) == [(1, "not_restocked"), (1, "restocked")]
    request = counter.refunds(counter.again(request))
    assert (counter.errors(request)[-1], request.state, request.refunded) == (None, "refunded", 18980)
    assert sorted(disposed(order)) == ["NOT_RESTOCKED", "RESTOCKED"]


def test_a_withdrawal_from_it_is_refunded_at_once(counter: Counter, bought: Bought) -> None:
    order = bought(SMALL)
    request = counter.asks(order, wish(1, parcel_line(order), reason=None), kind="withdrawal")
    assert (request.state, request.refunded) == ("refunded", 8990)
