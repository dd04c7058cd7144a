"""Orders of more lines than one answer of Shopify holds."""

from devstore import deeds, server
from tests.conftest import LUMEN, Clock
from tests.returns.conftest import EMAIL, HOME, wish
from tests.returns.store import Counter

LINES = 130


def test_a_return_of_130_lines_is_filed_received_and_refunded_whole(
    counter: Counter, shopify: server.Running, clock: Clock
) -> None:
    kinds = [{"title": f"Nr. {number}", "price": "1.00", "inventory_quantity": 5} for number in range(LINES)]
    bulbs = deeds.add_product(shopify.state, LUMEN, "Bulb", kinds)
    wanted = [(variant.id, 1) for variant in bulbs.variants]
    order = deeds.place_order(shopify.state, LUMEN, wanted, email=EMAIL, shipping_address=HOME)
    deeds.scan(shopify.state, deeds.fulfil(shopify.state, order), "delivered")
    counter.settle()
    request = counter.asks(order, *(wish(1, line.id) for line in order.fulfillments[0].lines))
    assert (len(order.returns), len(order.returns[0].lines)) == (1, LINES)
    items = counter.items(request)
    assert len({item.return_line_id for item in items} - {None}) == LINES
    shopify.buckets.give_back(LUMEN, 2000)
    for does in (counter.approves, counter.receives, counter.refunds):
        request = does(request)
        shopify.buckets.give_back(LUMEN, 2000)  # a quiet minute
        clock.forward(minutes=1)
        counter.settle()
    request = counter.again(request)
    assert counter.errors(request) == [None] * len(counter.errors(request))
    assert (request.state, request.refunded) == ("refunded", LINES * 100)
    disposed = [one.type for way in order.returns[0].reverse_orders for line in way.lines for one in line.dispositions]
    assert disposed == ["RESTOCKED"] * LINES
    assert order.returns[0].status == "CLOSED"
