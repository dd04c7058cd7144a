"""Labels that buy themselves: from real HTTP to a stand-in for karrio, through Shopify, to the buyer."""

import signal
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from devstore import deeds, server
from devstore.places import TOWNS
from devstore.records import Address, Order
from shopify_app import clock as app_clock
from shopify_app.db import transaction
from shopify_app.returns import codes, requests
from shopify_app.returns.models import Request
from shopify_app.returns.policy import policies
from shopify_app.returns.policy.terms import Buying, Terms, packed
from shopify_app.returns.requests import labelling, lookup
from shopify_app.returns.staff import desk
from tests.buyers import Configure
from tests.changes.test_killed import work
from tests.conftest import LUMEN, Clock
from tests.home.conftest import Merchant
from tests.returns.carrier import PDF, Carriers
from tests.returns.carrier import carriers as carriers
from tests.returns.conftest import EMAIL, parcel_line, subjects, wish
from tests.returns.store import Counter
from tests.returns.test_staff import text
from tests.tracking.karrio import said

WAREHOUSE = TOWNS["Strasbourg"].address("", "", "12 quai des Belges", "+33388000000")
ADDRESS = {"recipient": {"postal_code": ["The postal code must have five digits."]}}
REFUSED = {"errors": [{"code": "validation", "details": ADDRESS}]}


@pytest.fixture(autouse=True)
def selling(counter: Counter, carriers: Carriers, shopify: server.Running) -> None:
    """The shop has a warehouse, and wants its labels bought."""
    shopify.state.shops[LUMEN].address = WAREHOUSE
    buys(counter)


def buys(counter: Counter, **how: Any) -> None:
    _, terms = policies.current(counter.shop)
    policies.write(counter.shop, replace(terms, buying=Buying(**({"is_on": True} | how))), "7")


def approved(counter: Counter, order: Order) -> Request:
    return counter.approves(counter.asks(order, wish(1, parcel_line(order))))


def bought(counter: Counter, request: Request) -> list[tuple[str | None, str | None]]:
    """How its purchases ended."""
    return [(one.result, one.error) for one in lookup.steps(counter.shop, request.id) if one.kind == "buy_label"]


def seen(counter: Counter, client: FlaskClient, request: Request) -> str:
    """By staff."""
    return text(Merchant(client, counter.shop.domain).opens(f"/returns/{request.id}").text)


def test_on_approval_a_label_is_bought_brought_to_shopify_and_mailed(
    counter: Counter, order: Order, carriers: Carriers, shopify: server.Running
) -> None:
    request = approved(counter, order)
    label = request.content["label"]
    [parcel] = carriers.bought
    assert parcel["selected_rate"]["service"] == "ups_standard"
    assert label["number"] == parcel["tracking_number"]
    assert label["carrier_url"] == f"https://parcels.example/{label['number']}"
    assert label["url"].startswith("http")
    [delivery] = order.returns[0].reverse_orders[0].deliveries
    assert delivery.tracking.number == label["number"]
    assert counter.words(request) == ["asked", "filed", "approved", "labelled"]
    assert subjects(shopify)[-1] == f"The label for your return of order {order.name}"
    assert not request.needs_label


def test_it_goes_from_the_buyer_s_door_to_where_the_goods_came_from(
    counter: Counter, order: Order, carriers: Carriers, shopify: server.Running
) -> None:
    order.lines[0].grams = 1250
    request = approved(counter, order)
    [parcel] = carriers.bought
    shop = shopify.state.shops[LUMEN].address
    home = {"person_name": "Mira Sommer", "address_line1": "Lindenweg 4", "city": "Leipzig", "postal_code": "04109"}
    assert parcel["shipper"].items() >= (home | {"country_code": "DE", "email": EMAIL}).items()
    there = {"address_line1": shop.address1, "city": shop.city, "country_code": shop.country_code}
    assert parcel["recipient"].items() >= there.items()
    assert parcel["parcels"] == [{"weight": 1.25, "weight_unit": "KG"}]
    assert parcel["reference"].startswith(codes.code(counter.shop, request.id))


def test_the_merchant_s_service_weight_and_days_are_kept_to(counter: Counter, order: Order, carriers: Carriers) -> None:
    buys(counter, service="dpd_classic", grams=640, days=28)
    order.lines[0].grams = 0
    request = approved(counter, order)
    [parcel] = carriers.bought
    assert parcel["selected_rate"]["service"] == "dpd_classic"
    assert parcel["parcels"] == [{"weight": 0.64, "weight_unit": "KG"}]
    assert (labelling.last_day(request) - labelling.today(counter.shop)).days == 28


@pytest.mark.parametrize("how", ["not wanted", "no carriers", "buyers pay"])
def test_nothing_is_bought_where_nobody_wants_or_sells_it(
    counter: Counter, order: Order, carriers: Carriers, configure: Configure, how: str
) -> None:
    if how == "no carriers":
        configure(karrio_url=None, karrio_key=None)
    terms = {"not wanted": Terms(), "buyers pay": Terms(label="buyer", buying=Buying(is_on=True))}
    with transaction():
        for row in policies.history(counter.shop) if how in terms else ():
            row.content = packed(terms[how])
    request = approved(counter, order)
    assert carriers.asked == []
    assert bought(counter, request) == []
    assert request.needs_label == (how != "buyers pay")


@pytest.mark.parametrize(
    ("where", "status", "answer", "sentence"),
    [
        ("shipments", 400, REFUSED, "recipient.postal_code: The postal code must have five digits."),
        ("purchase", 424, {"messages": [{"message": "The account is blocked."}]}, "The account is blocked."),
        ("purchase", 409, {}, ""),
    ],
)
def test_what_the_carrier_refuses_staff_read_in_its_words_and_the_buyer_waits(
    counter: Counter,
    order: Order,
    carriers: Carriers,
    client: FlaskClient,
    shopify: server.Running,
    where: str,
    status: int,
    answer: dict[str, Any],
    sentence: str,
) -> None:
    carriers.refusal = (where, status, answer)
    request = approved(counter, order)
    assert bought(counter, request) == [("refused", "said")]
    page = seen(counter, client, request)
    assert "The label could not be bought" in page
    assert sentence in page
    assert [row.request.id for row in desk.page(counter.shop, "labels", "7").rows] == [request.id]
    assert "please wait for it" in shopify.mailbox.messages(to=EMAIL)[0].text
    assert carriers.bought == []


def test_where_no_service_goes_staff_read_so_and_try_again(
    counter: Counter, order: Order, carriers: Carriers, client: FlaskClient
) -> None:
    sold, carriers.sells = carriers.sells, []
    request = approved(counter, order)
    assert "No service goes there." in seen(counter, client, request)
    carriers.sells = sold
    assert requests.try_again(counter.shop, request.id)
    counter.settle()
    assert bought(counter, request) == [("done", None)]
    assert len(carriers.bought) == 1
    assert "could not be bought" not in seen(counter, client, request)


def test_a_label_of_staff_s_own_takes_the_place_of_one_that_could_not_be_bought(
    counter: Counter, order: Order, carriers: Carriers, client: FlaskClient
) -> None:
    sold, carriers.sells = carriers.sells, []
    request = approved(counter, order)
    assert requests.label(counter.shop, request.id, "7", ("application/pdf", PDF), None, None)
    counter.settle()
    carriers.sells = sold
    request = counter.again(request)
    assert not request.is_flagged
    assert "could not be bought" not in seen(counter, client, request)
    requests.try_again(counter.shop, request.id)
    counter.settle()
    assert carriers.bought == []


@pytest.mark.parametrize("fault", ["500", "503", "hang up", "429"])
def test_an_outage_holds_up_nothing_else_and_is_waited_out(
    counter: Counter, order: Order, carriers: Carriers, client: FlaskClient, clock: Clock, fault: str
) -> None:
    carriers.fault = fault
    request = approved(counter, order)
    assert (request.state, bought(counter, request)[0][0]) == ("approved", None)
    page = seen(counter, client, request)
    assert "It is being bought from the carrier." in page
    assert ("The carriers’ server does not answer." in page) == (fault != "429")
    carriers.fault = None
    clock.forward(minutes=5)
    counter.settle()
    assert bought(counter, request)[0][0] == "done"
    assert len(carriers.bought) == 1


def test_while_it_is_away_staff_s_label_and_the_refund_go_on(
    counter: Counter, order: Order, carriers: Carriers, clock: Clock
) -> None:
    carriers.fault = "503"
    request = approved(counter, order)
    assert requests.label(counter.shop, request.id, "7", ("application/pdf", PDF), None, None)
    counter.settle()
    assert counter.again(request).content["label"]["url"]
    request = counter.refunds(counter.receives(request))
    assert (request.state, request.refunded) == ("refunded", 89_90)
    carriers.fault = None
    clock.forward(hours=2)
    counter.settle()
    assert bought(counter, request) == [("not_needed", None)]
    assert carriers.shipments == {}


def test_where_shopify_tells_no_address_of_the_shop_staff_read_so(
    counter: Counter, order: Order, carriers: Carriers, client: FlaskClient, shopify: server.Running
) -> None:
    shopify.state.shops[LUMEN].address = Address()
    request = approved(counter, order)
    assert bought(counter, request) == [("refused", "no_place")]
    assert "does not tell the address of the location" in seen(counter, client, request)
    assert carriers.shipments == {}


def test_a_key_that_opens_nothing_is_said_plainly(
    counter: Counter, order: Order, configure: Configure, client: FlaskClient
) -> None:
    configure(karrio_key="key_of_somebody_else")
    request = approved(counter, order)
    assert bought(counter, request) == [("refused", "no_key")]
    assert "does not accept the key of this app" in seen(counter, client, request)


def test_a_label_that_no_printer_would_take_is_never_given(counter: Counter, order: Order, carriers: Carriers) -> None:
    carriers.label = "PGh0bWw+bm88L2h0bWw+"
    request = approved(counter, order)
    assert bought(counter, request)[0] == (None, "karrio_away")
    assert request.content.get("label") is None


def test_a_purchase_whose_answer_got_lost_is_not_made_twice(
    counter: Counter, order: Order, carriers: Carriers, clock: Clock
) -> None:
    carriers.forgets_to_answer = "purchase"
    request = approved(counter, order)
    clock.forward(minutes=5)
    counter.settle()
    assert bought(counter, request)[0][0] == "done"
    assert [one["path"].rpartition("/")[2] for one in carriers.asked].count("purchase") == 1
    assert len(carriers.bought) == 1


def test_a_shipment_whose_reference_only_contains_ours_is_none_of_ours(
    counter: Counter, order: Order, carriers: Carriers
) -> None:
    carriers.sells, sold = [], carriers.sells
    request = approved(counter, order)
    [draft] = carriers.shipments.values()
    stranger = draft | {"id": "shp_ff", "reference": draft["reference"] + "1", "tracking_number": "X", "rates": []}
    carriers.shipments["shp_ff"] = stranger
    carriers.sells = sold
    requests.try_again(counter.shop, request.id)
    counter.settle()
    assert counter.again(request).content["label"]["number"] != "X"


def test_one_that_is_called_off_meanwhile_is_given_back(
    counter: Counter, order: Order, carriers: Carriers, app: Flask
) -> None:
    def calls_off() -> None:
        if carriers.asked[-1]["path"].endswith("/purchase"):
            with app.app_context():
                assert requests.cancel(counter.shop, request.id, "buyer")

    carriers.meanwhile = calls_off
    request = counter.asks(order, wish(1, parcel_line(order)))
    request = counter.approves(request)
    assert (request.state, bought(counter, request)) == ("cancelled", [("not_needed", None)])
    assert [one["status"] for one in carriers.shipments.values()] == ["cancelled"]
    assert request.content.get("label") is None


@pytest.mark.parametrize("who", ["the buyer", "staff in Shopify"])
def test_a_bought_label_that_nobody_used_is_given_back_when_the_return_is_called_off(
    counter: Counter, order: Order, carriers: Carriers, client: FlaskClient, who: str
) -> None:
    request = approved(counter, order)
    if who == "the buyer":
        assert requests.cancel(counter.shop, request.id, "buyer")
    else:
        deeds.cancel_return(counter.shopify.state, order.returns[0])
    counter.settle()
    assert carriers.bought == []
    assert "Bought label given back" in seen(counter, client, request)


def test_a_label_whose_parcel_is_under_way_is_not_given_back(
    counter: Counter, order: Order, carriers: Carriers, clock: Clock
) -> None:
    request = approved(counter, order)
    scan = said("in_transit", f"{app_clock.now():%Y-%m-%d %H:%M}", "LYON, FR")
    carriers.knows(request.content["label"]["number"], scan)
    clock.forward(hours=13)
    counter.settle()
    assert requests.cancel(counter.shop, request.id, "7")
    counter.settle()
    assert len(carriers.bought) == 1


def test_a_label_that_its_carrier_does_not_take_back_is_told_to_staff_in_its_words(
    counter: Counter, order: Order, carriers: Carriers, client: FlaskClient
) -> None:
    request = approved(counter, order)
    carriers.refusal = ("cancel", 424, {"messages": [{"message": "It was printed already."}]})
    assert requests.cancel(counter.shop, request.id, "buyer")
    counter.settle()
    page = seen(counter, client, request)
    assert "Give the bought label back: The carrier does not take it." in page
    assert "It was printed already." in page
    carriers.refusal = None
    assert requests.try_again(counter.shop, request.id)
    counter.settle()
    assert carriers.bought == []


def test_a_label_that_ran_out_is_bought_anew_when_the_buyer_asks(
    counter: Counter, order: Order, carriers: Carriers, clock: Clock
) -> None:
    buys(counter, days=5)
    request = approved(counter, order)
    first = request.content["label"]["number"]
    clock.forward(days=7)
    assert labelling.ask_again(counter.shop, request.id)
    counter.settle()
    request = counter.again(request)
    assert request.content["label"]["number"] != first
    assert not labelling.is_expired(counter.shop, request)
    assert len(carriers.bought) == 2


def test_on_the_free_policy_a_bought_label_costs_the_buyer_nothing(counter: Counter, order: Order) -> None:
    request = counter.refunds(counter.receives(approved(counter, order)))
    assert (request.expected, request.refunded) == (89_90, 89_90)


@pytest.mark.faults
@pytest.mark.parametrize("point", ["label_drafted", "label_bought"])
def test_a_label_whose_worker_was_killed_is_bought_and_told_once(
    app: Flask,
    counter: Counter,
    order: Order,
    carriers: Carriers,
    shopify: server.Running,
    clock: Clock,
    point: str,
) -> None:
    request = counter.asks(order, wish(1, parcel_line(order)))
    assert requests.approve(counter.shop, request.id, "7")
    for _ in range(3):
        if killed := work(app, shopify, point) == -signal.SIGKILL:
            break
        clock.forward(seconds=4)
    assert killed
    for _ in range(2):
        clock.forward(minutes=3)
        counter.settle()
    request = counter.again(request)
    [parcel] = carriers.bought
    assert request.content["label"]["number"] == parcel["tracking_number"]
    assert counter.words(request).count("labelled") == 1
    assert sum("The label for your return" in one for one in subjects(shopify)) == 1
