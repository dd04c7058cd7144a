"""The parcel on its way back, as far as its carrier can be asked."""

import pytest
from flask.testing import FlaskClient

from devstore import server
from devstore.records import Order
from shopify_app import clock as app_clock
from shopify_app.returns import requests
from shopify_app.returns.models import Request
from shopify_app.returns.requests import labelling, lookup
from tests.conftest import Clock
from tests.home.conftest import Merchant
from tests.returns.carrier import Carriers
from tests.returns.carrier import carriers as carriers
from tests.returns.conftest import parcel_line, subjects, wish
from tests.returns.store import Counter
from tests.returns.test_staff import text
from tests.tracking.karrio import said


@pytest.fixture
def approved(counter: Counter, carriers: Carriers, order: Order) -> Request:
    return counter.approves(counter.asks(order, wish(1, parcel_line(order))))


def gives(counter: Counter, request: Request, number: str = "1Z0001", carrier: str | None = "UPS") -> Request:
    assert requests.label(counter.shop, request.id, "7", None, number, None, carrier=carrier)
    counter.settle()
    return counter.again(request)


def scan(status: str, place: str = "LYON, FR") -> dict[str, object]:
    return said(status, f"{app_clock.now():%Y-%m-%d %H:%M}", place)


def later(counter: Counter, clock: Clock, request: Request, hours: int = 13) -> Request:
    clock.forward(hours=hours)
    counter.settle()
    return counter.again(request)


def questions(carriers: Carriers) -> list[str]:
    """Numbers that were asked for."""
    return [one["tracking_number"] for one in carriers.asked if one["path"] == "/v1/proxy/tracking"]


def test_it_is_followed_from_the_first_scan_to_the_door_and_no_further(
    counter: Counter, carriers: Carriers, approved: Request, clock: Clock, client: FlaskClient
) -> None:
    request = gives(counter, approved)
    request = later(counter, clock, request)
    assert (request.content["way"], questions(carriers)) == (None, ["1Z0001"])
    carriers.knows("1Z0001", scan("in_transit"))
    request = later(counter, clock, request)
    assert (request.content["way"]["status"], request.content["way"]["city"]) == ("in_transit", "Lyon")
    carriers.knows("1Z0001", scan("out_for_delivery", "PARIS, FR"))
    request = later(counter, clock, request)
    carriers.knows("1Z0001", scan("delivered", "PARIS, FR"))
    request = later(counter, clock, request)
    assert counter.words(request)[-2:] == ["under_way", "back"]
    asked = len(questions(carriers))
    request = later(counter, clock, request, 72)
    assert (len(questions(carriers)), request.state) == (asked, "approved")
    page = text(Merchant(client, counter.shop.domain).opens("/returns", show="arrived").text)
    assert "Parcel arrived 1" in page
    counter.takes_in(request)
    page = text(Merchant(client, counter.shop.domain).opens("/returns", show="arrived").text)
    assert "Parcel arrived 1" not in page


def test_nobody_is_asked_without_a_carrier_that_can_be_asked(
    counter: Counter, carriers: Carriers, approved: Request, clock: Clock
) -> None:
    gives(counter, approved, "0002", carrier=None)
    gives(counter, approved, "0003", carrier="Snail Mail")
    later(counter, clock, approved, 48)
    assert questions(carriers) == []


def test_whose_a_number_is_shopify_finds_out_too(
    counter: Counter, carriers: Carriers, approved: Request, clock: Clock
) -> None:
    request = gives(counter, approved, carrier=None)
    assert request.content["label"]["carrier"] == "UPS"
    carriers.knows("1Z0001", scan("in_transit"))
    assert counter.words(later(counter, clock, request))[-1] == "under_way"


@pytest.mark.parametrize("fault", ["500", "401", "429", "hang up"])
def test_a_carrier_that_does_not_answer_is_asked_again_and_nobody_notices(
    counter: Counter, carriers: Carriers, approved: Request, clock: Clock, fault: str
) -> None:
    request = gives(counter, approved)
    carriers.knows("1Z0001", scan("in_transit"))
    carriers.fault = fault
    request = later(counter, clock, request)
    assert (request.content["way"], request.is_flagged) == (None, False)
    carriers.fault = None
    request = later(counter, clock, request)
    assert counter.words(request)[-1] == "under_way"


def test_another_label_means_another_parcel(
    counter: Counter, carriers: Carriers, approved: Request, clock: Clock
) -> None:
    request = gives(counter, approved)
    carriers.knows("1Z0001", scan("delivered"))
    request = gives(counter, request, "1Z0002")
    request = later(counter, clock, request)
    assert (questions(carriers), request.content["way"]) == (["1Z0002"], None)
    assert [one.result for one in lookup.steps(counter.shop, request.id) if one.kind == "follow"] == [
        "not_needed",
        None,
    ]


def test_a_label_in_use_does_not_run_out(
    counter: Counter, carriers: Carriers, approved: Request, clock: Clock, shopify: server.Running
) -> None:
    last = labelling.today(counter.shop).replace(day=1)
    last = (last.replace(year=last.year + 1)) if last <= labelling.today(counter.shop) else last
    assert requests.label(counter.shop, approved.id, "7", None, "1Z0001", None, last, "UPS")
    counter.settle()
    carriers.knows("1Z0001", scan("in_transit"))
    request = later(counter, clock, approved)
    request = later(counter, clock, request, 24 * 400)
    assert not any("runs out" in one for one in subjects(shopify))
    assert labelling.is_expired(counter.shop, request)
    assert not labelling.may_ask(counter.shop, request)


def test_a_return_that_is_over_is_followed_no_more(
    counter: Counter, carriers: Carriers, approved: Request, clock: Clock
) -> None:
    request = gives(counter, approved)
    assert requests.cancel(counter.shop, request.id, "buyer")
    later(counter, clock, request)
    assert questions(carriers) == []
