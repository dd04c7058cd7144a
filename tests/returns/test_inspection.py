"""Between the parcel's arrival and the money somebody looks at what came: accepted, in part, or rejected and why."""

import io
import threading
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from devstore import deeds, server
from devstore.records import Order, Product
from shopify_app.db import rest
from shopify_app.language import speak
from shopify_app.orders import read
from shopify_app.photos import UNFIT
from shopify_app.returns import photos, requests
from shopify_app.returns.buyer import timeline
from shopify_app.returns.models import EXCHANGE, Photo, Request
from shopify_app.returns.requests import Verdict, units
from tests.conftest import LUMEN
from tests.home.conftest import Merchant
from tests.returns.conftest import EMAIL, HOME, parcel_line, subjects, wish
from tests.returns.store import Counter, sold
from tests.returns.test_staff import text

SCRATCH = "There is a scratch on the shade."


@pytest.fixture
def clerk(counter: Counter, client: FlaskClient) -> Merchant:
    return Merchant(client, counter.shop.domain)


@pytest.fixture
def two_lamps(counter: Counter, order: Order) -> Request:
    """Both lamps are back, and nobody has looked at them."""
    return counter.takes_in(counter.approves(counter.asks(order, wish(2, parcel_line(order)))))


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


def says(clerk: Merchant, request: Request, item: int, **fields: Any) -> TestResponse:
    """Of two lamps one is scratched, or what the fields say instead."""
    form = {"waiting": "2", "accepted": "1", "condition": "restocked", "why": SCRATCH, "photo": picture()} | fields
    files = {name: (io.BytesIO(value), "a.png") for name, value in form.items() if isinstance(value, bytes)}
    named = {f"{name}-{item}": value for name, value in (form | files).items() if value is not None}
    return clerk.sends(f"/returns/{request.id}/inspection", named)


def fine(counter: Counter, request: Request) -> None:
    """Nothing that was to be done at Shopify failed."""
    assert counter.errors(request) == [None] * len(counter.errors(request))


def journey(counter: Counter, request: Request) -> Any:
    whole = read.whole(counter.shop, request.order_id)
    assert whole is not None
    return timeline.journey(counter.shop, whole, request, speak("en"))


def test_the_usual_case_is_one_tap(counter: Counter, clerk: Merchant, order: Order, two_lamps: Request) -> None:
    page = clerk.opens(f"/returns/{two_lamps.id}").text
    assert "All is as it should be" in page
    assert "To inspect" in page
    (item,) = counter.items(two_lamps)
    assert says(clerk, two_lamps, item.id, accepted="2", condition=None, why=None, photo=None).status_code == 200
    assert counter.words(two_lamps)[-1] == "inspected"
    request = counter.refunds(counter.again(two_lamps))
    assert (request.state, request.refunded, order.returns[0].status) == ("refunded", 17980, "CLOSED")
    fine(counter, request)


def test_nothing_is_refunded_that_nobody_has_looked_at(counter: Counter, clerk: Merchant, two_lamps: Request) -> None:
    assert not requests.refund(counter.shop, two_lamps.id, "7")
    answer = clerk.sends(f"/returns/{two_lamps.id}/refund")
    assert (answer.status_code, answer.json["toast"]) == (409, "Please inspect first what came back.")
    assert 'id="refund"' not in clerk.opens(f"/returns/{two_lamps.id}").text


def test_half_is_accepted_and_half_the_money_goes_back(
    counter: Counter, clerk: Merchant, order: Order, two_lamps: Request, shopify: server.Running
) -> None:
    shopify.mailbox.clear()
    (item,) = counter.items(two_lamps)
    assert says(clerk, two_lamps, item.id).status_code == 200
    counter.settle()
    request = counter.again(two_lamps)
    assert (request.state, request.expected) == ("received", 8990)
    assert [(line.quantity, line.processed) for line in order.returns[0].lines] == [(1, 0)]
    assert "For what you accepted: €89.90" in text(clerk.fetches(f"/returns/{request.id}").text)
    [mail] = shopify.mailbox.messages(to=EMAIL)
    assert mail.subject == f"We could not accept all of your return of order {order.name}"
    assert f"1 × Reading lamp: {SCRATCH}" in (mail.text or "")
    request = counter.refunds(request)
    fine(counter, request)
    assert (request.state, request.refunded) == ("refunded", 8990)
    assert [refund.amount for refund in order.refunds] == ["89.90"]
    assert order.returns[0].status == "CLOSED"
    assert counter.words(request) == ["asked", "filed", "approved", "received", "inspected", "refunded"]


def test_what_was_rejected_stays_claimed(counter: Counter, order: Order, two_lamps: Request) -> None:
    request = counter.refunds(counter.inspects(two_lamps, 1))
    (item,) = counter.items(request)
    assert (item.quantity, item.accepted, item.rejected, item.processed) == (2, 1, 1, 1)
    assert set(units.left(counter.shop, counter.reads(order)).values()) == {0}
    with pytest.raises(requests.Taken):
        counter.asks(order, wish(1, parcel_line(order)))


def test_the_buyer_reads_what_was_rejected_why_and_how_to_object(
    counter: Counter, clerk: Merchant, two_lamps: Request
) -> None:
    assert [stop.is_reached for stop in journey(counter, two_lamps).stops if stop.words == "Inspected"] == [False]
    (item,) = counter.items(two_lamps)
    says(clerk, two_lamps, item.id)
    counter.settle()
    told = journey(counter, counter.again(two_lamps))
    assert [stop.is_reached for stop in told.stops if stop.words == "Inspected"] == [True]
    assert f"Not accepted: 1 × Reading lamp. “{SCRATCH}”" in told.told
    assert f"If you see it differently, write to us: {counter.shop.email}" in told.told
    assert "To be paid back: €89.90" in told.told


def test_all_is_rejected_and_the_return_ends_without_money(
    counter: Counter, order: Order, two_lamps: Request, shopify: server.Running
) -> None:
    request = counter.inspects(two_lamps, 2)
    fine(counter, request)
    assert (request.state, request.expected, order.returns[0].status) == ("closed", 0, "CANCELED")
    assert counter.words(request)[-2:] == ["inspected", "rejected"]
    assert not requests.refund(counter.shop, request.id, "7")
    assert not order.refunds
    assert set(units.left(counter.shop, counter.reads(order)).values()) == {0}
    told = journey(counter, request)
    assert told.status == "We looked at it and could not accept it."
    assert "Refund issued" not in [stop.words for stop in told.stops]
    assert subjects(shopify)[-1] == f"We could not accept all of your return of order {order.name}"


def test_while_shopify_is_away_the_page_is_there_without_the_sum(
    counter: Counter, clerk: Merchant, two_lamps: Request, shopify: server.Running
) -> None:
    request = counter.inspects(two_lamps, 1)
    shopify.faults.graphql.outage = True
    page = text(clerk.opens(f"/returns/{request.id}").text)
    assert "The sum is worked out for what you accepted." in page


def test_what_comes_later_is_inspected_too(counter: Counter, order: Order) -> None:
    request = counter.approves(counter.asks(order, wish(2, parcel_line(order))))
    request = counter.refunds(counter.inspects(counter.takes_in(request, 1)))
    assert (request.state, request.refunded) == ("refunded", 8990)
    request = counter.takes_in(request, 2)
    assert (request.state, requests.refund(counter.shop, request.id, "7")) == ("received", False)
    request = counter.inspects(request, 1)
    fine(counter, request)
    assert (request.state, request.refunded, request.expected) == ("refunded", 8990, 8990)
    assert order.returns[0].status == "CLOSED"
    assert sum(line.quantity for line in order.returns[0].lines) == 1


def test_the_first_is_rejected_and_the_second_may_still_come(counter: Counter, order: Order) -> None:
    request = counter.approves(counter.asks(order, wish(2, parcel_line(order))))
    request = counter.inspects(counter.takes_in(request, 1), 1)
    assert (request.state, request.expected, order.returns[0].status) == ("approved", 8990, "OPEN")
    assert not requests.cancel(counter.shop, request.id, "buyer"), "part of it has been judged"
    request = counter.refunds(counter.inspects(counter.takes_in(request, 2)))
    fine(counter, request)
    assert (request.state, request.refunded, order.returns[0].status) == ("refunded", 8990, "CLOSED")


def test_units_go_where_their_own_condition_says(counter: Counter, order: Order) -> None:
    request = counter.approves(counter.asks(order, wish(2, parcel_line(order))))
    request = counter.inspects(counter.takes_in(request, 1), condition="not_restocked")
    request = counter.refunds(counter.inspects(counter.takes_in(request, 2), condition="restocked"))
    fine(counter, request)
    given = [one for line in order.returns[0].reverse_orders[0].lines for one in line.dispositions]
    assert sorted((one.type, one.quantity) for one in given) == [("NOT_RESTOCKED", 1), ("RESTOCKED", 1)]


def test_what_was_missing_from_the_parcel_needs_no_inspection(counter: Counter, order: Order) -> None:
    request = counter.approves(counter.asks(order, wish(1, parcel_line(order))))
    (item,) = counter.items(request)
    assert requests.receive(counter.shop, request.id, "7", {item.id: (1, "missing")})
    request = counter.refunds(counter.again(request))
    fine(counter, request)
    assert (request.state, request.refunded) == ("refunded", 8990)


def test_a_rejected_exchange_sends_nothing_instead(counter: Counter, order: Order, lamp: Product) -> None:
    steel = lamp.variants[1]
    wanted = wish(2, parcel_line(order), outcome=EXCHANGE, variant_id=steel.id, variant_title="Steel")
    request = counter.takes_in(counter.approves(counter.asks(order, wanted)))
    request = counter.refunds(counter.inspects(request, 1))
    fine(counter, request)
    [exchange] = order.returns[-1].exchange_lines
    assert (exchange.quantity, exchange.removed, exchange.processed) == (2, 1, 1)
    assert (request.state, order.returns[-1].status) == ("refunded", "CLOSED")


def test_units_that_staff_remove_in_the_admin_beside_are_free_again(counter: Counter, order: Order) -> None:
    request = counter.takes_in(counter.approves(counter.asks(order, wish(2, parcel_line(order)))), 1)
    request = counter.inspects(request, 1)
    line = order.returns[0].lines[0]
    deeds.remove_from_return(counter.shopify.state, order.returns[0], {line.id: 1})
    counter.settle()
    (item,) = counter.items(request)
    assert (item.quantity, item.rejected) == (1, 1)
    assert counter.asks(order, wish(1, parcel_line(order))).state == "waiting"


@pytest.mark.parametrize(("currency", "is_on_top"), [("JPY", False), ("EUR", True)], ids=["yen", "tax on top"])
def test_half_is_refunded_to_the_smallest_unit(
    counter: Counter, shopify: server.Running, currency: str, is_on_top: bool
) -> None:
    """Yen have no cents; where the tax stands on top, the buyer gets that of the half too."""
    shopify.state.shops[LUMEN].taxes_included = not is_on_top
    bowl = deeds.add_product(shopify.state, LUMEN, "Tea bowl", [{"title": "Default Title", "price": "19.99"}])
    who = {"email": EMAIL, "shipping_address": HOME, "customer_locale": "en", "presentment_currency": currency}
    order = sold(shopify, bowl.variants[0].id, 2, **who)
    counter.settle()
    request = counter.takes_in(counter.approves(counter.asks(order, wish(2, parcel_line(order)))))
    asked = request.expected
    request = counter.inspects(request, 1)
    told = request.expected
    request = counter.refunds(request)
    fine(counter, request)
    assert request.refunded == told
    assert asked is not None
    assert told is not None
    assert abs(2 * told - asked) <= 1
    assert request.currency == currency
    assert told > 1999 or not is_on_top


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"why": " "}, "why", "Please tell the buyer what is wrong with those that you do not accept."),
        ({"why": "a\x00b"}, "why", "Please tell the buyer what is wrong with those that you do not accept."),
        ({"photo": None}, "photo", "Please add a photo that shows the buyer what is wrong."),
        ({"photo": b"%PDF-1.4"}, "photo", UNFIT["format"]),
        ({"accepted": "3"}, "accepted", "Please say how many are as they should be."),
        ({"accepted": "-1"}, "accepted", "Please say how many are as they should be."),
        ({"waiting": "3"}, "accepted", "Please say how many are as they should be."),
        ({"condition": "eaten"}, "condition", "Please say in what condition they are."),
    ],
)
def test_what_cannot_be_judged_so_is_refused_and_said(
    counter: Counter, clerk: Merchant, two_lamps: Request, fields: dict[str, Any], field: str, said: str
) -> None:
    (item,) = counter.items(two_lamps)
    answer = says(clerk, two_lamps, item.id, **fields)
    assert (answer.status_code, answer.json["errors"]) == (422, {f"{field}-{item.id}": said})
    rest()
    (item,) = counter.items(two_lamps)
    assert (item.uninspected, counter.words(two_lamps)[-1]) == (2, "received")


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(accepted=3),
        Verdict(accepted=-1, rejected=1, why="Broken."),
        Verdict(),
        Verdict(rejected=1),
        Verdict(accepted=1, condition="missing"),
    ],
)
def test_a_verdict_that_cannot_be_changes_nothing(counter: Counter, two_lamps: Request, verdict: Verdict) -> None:
    (item,) = counter.items(two_lamps)
    with pytest.raises(ValueError, match="no such"):
        requests.inspect(counter.shop, two_lamps.id, "7", {item.id: verdict})
    with pytest.raises(ValueError, match="no such"):
        requests.inspect(counter.shop, two_lamps.id, "7", {item.id + 1: Verdict(accepted=1)})


def test_of_two_at_once_one_is_told_that_the_other_was_faster(app: Flask, counter: Counter, two_lamps: Request) -> None:
    (item,) = counter.items(two_lamps)
    number, shop, came = item.id, counter.shop.id, []
    rest()

    def inspect() -> None:
        from shopify_app.shopify import models as shops

        with app.app_context():
            verdict = Verdict(accepted=1, rejected=1, why=SCRATCH)
            came.append(requests.inspect(shops.get(shop), two_lamps_id, "7", {number: verdict}))

    two_lamps_id = counter.again(two_lamps).id
    rest()
    both = [threading.Thread(target=inspect) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(came) == [False, True]
    rest()
    (item,) = counter.items(counter.again(two_lamps))
    assert (item.accepted, item.rejected) == (1, 1)


def test_a_second_click_says_that_it_is_inspected(counter: Counter, clerk: Merchant, two_lamps: Request) -> None:
    (item,) = counter.items(two_lamps)
    assert says(clerk, two_lamps, item.id).status_code == 200
    answer = says(clerk, two_lamps, item.id)
    assert (answer.status_code, answer.json["toast"]) == (409, "Somebody was faster: it is inspected.")
    assert len(photos.of_request(counter.shop, two_lamps.id)) == 1, "the second one's photo was not kept"


def test_what_staff_took_is_kept_apart_from_what_the_buyer_took(
    counter: Counter, clerk: Merchant, two_lamps: Request
) -> None:
    (item,) = counter.items(two_lamps)
    says(clerk, two_lamps, item.id)
    [photo] = photos.of_request(counter.shop, two_lamps.id)
    assert (photo.by, photo.fulfillment_line_id, photo.width) == ("7", item.fulfillment_line_id, 40)
    assert isinstance(photo, Photo)
    assert photos.of_draft(counter.shop, two_lamps.order_id) == []
    page = clerk.opens(f"/returns/{two_lamps.id}").text
    assert page.index("Not accepted, as the buyer reads it") < page.index("/return-photos/")
