"""What staff's buttons do at a real store: the whole way of a return, and other things than the buyer asked for."""

import pytest
from flask.testing import FlaskClient

from devstore import server
from devstore.records import Order, Product
from shopify_app.returns.models import Request
from shopify_app.returns.staff import goodwill
from tests.conftest import Clock
from tests.home.conftest import Merchant, enlist
from tests.returns.conftest import parcel_line, wish
from tests.returns.store import Counter
from tests.returns.test_staff import PDF, text, uploads


@pytest.fixture
def clerk(counter: Counter, client: FlaskClient) -> Merchant:
    return Merchant(client, counter.shop.domain)


@pytest.fixture
def one_lamp(counter: Counter, order: Order) -> Request:
    """Of two, asked for and filed with Shopify."""
    return counter.asks(order, wish(1, parcel_line(order)))


def chosen(order: Order, units: int, outcome: str) -> dict[str, str]:
    number = parcel_line(order)
    return {f"units-{number}": str(units), f"outcome-{number}": outcome, f"reason-{number}": ""}


def test_staff_leads_a_return_from_the_request_to_the_money(
    counter: Counter, clerk: Merchant, order: Order, one_lamp: Request
) -> None:
    here = f"/returns/{one_lamp.id}"
    assert clerk.sends(f"{here}/approval").status_code == 200
    counter.settle()
    assert order.returns[0].status == "OPEN"
    assert uploads(clerk, one_lamp.id, PDF).status_code == 200
    counter.settle()
    assert "Given" in text(clerk.opens(here).text)
    [item] = counter.items(one_lamp)
    assert clerk.sends(f"{here}/receipt", {f"units-{item.id}": "1"}).status_code == 200
    assert "Only what you accept is refunded or exchanged." in clerk.opens(here).text
    form = {f"waiting-{item.id}": "1", f"accepted-{item.id}": "1"}
    assert clerk.sends(f"{here}/inspection", form).status_code == 200
    assert "As the buyer was told: €89.90" in text(clerk.opens(here).text)
    assert clerk.sends(f"{here}/refund").status_code == 200
    waiting = text(clerk.opens(here).text)
    assert "Refund on its way" in waiting
    assert "Refund this return?" not in waiting
    counter.settle()
    assert [refund.amount for refund in order.refunds] == ["89.90"]
    done = text(clerk.opens(here).text)
    assert "Refunded €89.90" in done
    assert counter.words(one_lamp) == ["asked", "filed", "approved", "labelled", "received", "inspected", "refunded"]


def test_staff_adds_what_the_buyer_forgot_and_changes_what_for(
    counter: Counter, clerk: Merchant, order: Order, one_lamp: Request
) -> None:
    page = clerk.fetches(f"/returns/{one_lamp.id}/lines").text
    assert 'label="Pieces, up to 2" value="1"' in page
    assert clerk.sends(f"/returns/{one_lamp.id}/lines", chosen(order, 2, "credit")).status_code == 200
    counter.settle()
    [item] = counter.items(one_lamp)
    assert (item.quantity, item.outcome, item.reason) == (2, "credit", "too-large")
    assert counter.again(one_lamp).expected == 179_80
    assert counter.words(one_lamp)[2] == "changed"
    assert goodwill.ledger(counter.shop) == []


def test_staff_exchanges_for_another_variant_at_its_price(
    counter: Counter, clerk: Merchant, order: Order, lamp: Product, one_lamp: Request
) -> None:
    steel = lamp.variants[1].id
    assert f'value="exchange-{steel}"' in clerk.fetches(f"/returns/{one_lamp.id}/lines").text
    form = chosen(order, 1, f"exchange-{steel}")
    assert clerk.sends(f"/returns/{one_lamp.id}/lines", form).status_code == 200
    page = text(clerk.opens(f"/returns/{one_lamp.id}").text)
    assert "Wanted: exchange for Steel" in page
    assert "To be paid by the buyer €10.00" in page


@pytest.mark.parametrize(
    ("units", "outcome", "field"),
    [(3, "refund", "units"), (0, "refund", "units"), (1, "gold", "outcome"), (1, "exchange-1", "outcome")],
)
def test_what_there_is_not_is_not_taken(
    counter: Counter, clerk: Merchant, order: Order, one_lamp: Request, units: int, outcome: str, field: str
) -> None:
    answer = clerk.sends(f"/returns/{one_lamp.id}/lines", chosen(order, units, outcome))
    assert (answer.status_code, list(answer.json["errors"])) == (422, [f"{field}-{parcel_line(order)}"])
    assert counter.words(one_lamp) == ["asked", "filed"]


def test_a_late_item_added_to_an_approved_return_is_goodwill(
    counter: Counter, clerk: Merchant, order: Order, one_lamp: Request, clock: Clock
) -> None:
    """The first lamp was asked for in time; the second is late by now, and more than an agent may give."""
    enlist(counter.shop, agent="7")
    clerk.sends(f"/returns/{one_lamp.id}/approval")
    counter.settle()
    clock.forward(days=45)
    assert clerk.sends(f"/returns/{one_lamp.id}/lines", chosen(order, 2, "refund")).status_code == 202
    [row] = goodwill.ledger(counter.shop)
    assert (row.kind, row.amount, row.is_granted) == ("outside", 89_90, None)
    [item] = counter.items(one_lamp)
    assert item.quantity == 1


def test_while_shopify_is_away_nothing_can_be_changed_and_that_is_said(
    shopify: server.Running, clerk: Merchant, order: Order, one_lamp: Request
) -> None:
    shopify.faults.graphql.outage = True
    assert clerk.fetches(f"/returns/{one_lamp.id}/lines").status_code == 503
    assert clerk.opens(f"/returns/{one_lamp.id}").status_code == 200
