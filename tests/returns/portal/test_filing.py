"""What a buyer sends from the portal is filed at Shopify in the buyer's own name: once, whatever dies on the way."""

import threading
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from devstore import deeds, server
from devstore.records import Customer, Order
from shopify_app.db import db, rest, transaction
from shopify_app.returns import codes, requests
from shopify_app.returns.buyer import by_buyer
from shopify_app.returns.models import Request
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, Clock, Jobs
from tests.returns.portal.conftest import HOME, Buyer, Settle


@pytest.fixture
def order(buy: Callable[..., Order], buyer: Buyer) -> Order:
    found = buy()
    buyer.logs_in()
    return found


def asked() -> list[Request]:
    rest()
    return db.session.query(Request).order_by(Request.id).all()


def test_a_buyer_returns_a_lamp_and_shopify_has_it_in_the_buyers_name(
    buyer: Buyer, order: Order, settle: Settle
) -> None:
    page = buyer.chooses(order)
    assert "89.90" in page.text
    sent = buyer.agrees(order, page)
    (request,), (back,) = asked(), order.returns
    assert urlsplit(sent.url).path.endswith(f"/return/requests/{request.id}")
    assert (back.status, back.lines[0].quantity) == ("REQUESTED", 1)
    assert (back.lines[0].definition, back.lines[0].customer_note) == ("changed-my-mind", "Too bright for me")
    settle()
    (request,) = asked()
    assert (request.return_id, request.door, request.state) == (back.id, "portal", "waiting")
    assert request.name == back.name


def test_the_news_of_it_and_the_workers_own_look_make_one_of_it(
    buyer: Buyer, order: Order, settle: Settle, clock: Clock
) -> None:
    buyer.agrees(order, buyer.chooses(order))
    clock.forward(minutes=5)
    settle()
    assert len(asked()) == len(order.returns) == 1


def test_when_the_buyers_login_is_over_at_shopify_the_worker_files_it_a_little_later(
    buyer: Buyer, order: Order, shopify: server.Running, mira: Customer, settle: Settle, clock: Clock
) -> None:
    page = buyer.chooses(order)
    shopify.grants.end(LUMEN, mira.id)
    assert buyer.agrees(order, page).ok
    assert order.returns == []
    clock.forward(minutes=5)
    settle()
    (request,), (back,) = asked(), order.returns
    assert (request.return_id, back.status) == (back.id, "REQUESTED")


def test_the_worker_waits_for_the_buyers_session(
    buyer: Buyer, order: Order, shopify: server.Running, mira: Customer, jobs: Jobs
) -> None:
    page = buyer.chooses(order)
    shopify.grants.end(LUMEN, mira.id)
    buyer.agrees(order, page)
    jobs.run()
    assert order.returns == []


def test_two_clicks_at_once_file_one_return(buyer: Buyer, order: Order) -> None:
    page = buyer.chooses(order)
    clicks = [threading.Thread(target=buyer.agrees, args=(order, page)) for _ in range(4)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert len(asked()) == len(order.returns) == 1


def test_nobody_files_in_the_buyers_name_twice_or_late(
    shop: Shop, buyer: Buyer, order: Order, shopify: server.Running, mira: Customer, clock: Clock
) -> None:
    page = buyer.chooses(order)
    buyer.agrees(order, page)
    (request,) = asked()
    assert by_buyer.claim(shop, request.id) is None
    with transaction():
        request.content = {name: value for name, value in request.content.items() if name != "by_buyer"}
    clock.forward(minutes=1)
    assert by_buyer.claim(shop, request.id) is None


def test_the_buyer_follows_the_return_in_the_portal_and_calls_it_off(
    buyer: Buyer, order: Order, settle: Settle
) -> None:
    buyer.agrees(order, buyer.chooses(order))
    settle()
    home = buyer.gets(f"{buyer.home}/orders")
    (request,) = asked()
    assert f"return/requests/{request.id}" in home.text
    buyer.posts(f"{buyer.home}/orders/{order.id}/return/requests/{request.id}/cancellation")
    settle()
    assert asked()[0].state == "cancelled"
    assert order.returns[0].status == "DECLINED"


def test_the_buyer_changes_an_open_return_in_the_portal(buyer: Buyer, order: Order, settle: Settle, shop: Shop) -> None:
    sent = buyer.agrees(order, buyer.chooses(order))
    settle()
    (request,) = asked()
    change = f"return/requests/{request.id}/change"
    assert change in buyer.gets(sent.url).text
    page = buyer.gets(f"{buyer.home}/orders/{order.id}/{change}")
    assert "You are changing your return" in page.text
    buyer.agrees(order, buyer.chooses(order, units=2, changed=request.id, outcome="credit"), changed=request.id)
    settle()
    (request,) = asked()
    held = [(item.quantity, item.outcome) for item in requests.items(shop, [request.id])[request.id]]
    assert (request.state, held) == ("waiting", [(2, "credit")])
    assert [one.status for one in order.returns] == ["DECLINED", "REQUESTED"]


# Attacks


@pytest.mark.parametrize("units", ["3", "0", "-1", "1e9", "9" * 30, "½", ""])
def test_an_altered_quantity_goes_no_further(buyer: Buyer, order: Order, units: str) -> None:
    here, piece = f"{buyer.home}/orders/{order.id}/return", order.fulfillments[0].lines[0].id
    assert buyer.posts(here, {f"units-{piece}": units}).status_code == 422
    assert buyer.posts(f"{here}/check", {"seen": "0" * 32}).status_code == 409
    assert asked() == order.returns == []


def test_an_altered_sum_is_not_what_was_agreed_to(buyer: Buyer, order: Order) -> None:
    """The page that is agreed to is named by a keyed hash: whoever sends another one is shown the right one."""
    buyer.chooses(order, units=2)
    answer = buyer.posts(f"{buyer.home}/orders/{order.id}/return/check", {"seen": "0" * 32, "total": "999999"})
    assert answer.status_code == 409
    assert asked() == order.returns == []


def test_a_line_of_somebody_elses_order_cannot_be_slipped_in(
    buyer: Buyer, order: Order, shopify: server.Running, buy: Callable[..., Order]
) -> None:
    his = buy(customer=deeds.add_customer(shopify.state, LUMEN, "ole@example.com"))
    piece = his.fulfillments[0].lines[0].id
    here = f"{buyer.home}/orders/{order.id}/return"
    assert buyer.posts(here, {f"units-{piece}": "1"}).status_code == 422
    assert asked() == his.returns == []


@pytest.fixture
def his(order: Order, shopify: server.Running, buy: Callable[..., Order]) -> Order:
    """Bought after `order` by somebody else, who has just asked for a return."""
    found = buy(customer=deeds.add_customer(shopify.state, LUMEN, "ole@example.com"))
    stranger = Buyer(shopify, email="ole@example.com")
    stranger.logs_in()
    stranger.agrees(found, stranger.chooses(found))
    return found


@pytest.mark.usefixtures("his")
def test_a_request_of_another_order_is_not_shown_or_called_off(buyer: Buyer, order: Order, shop: Shop) -> None:
    (request,) = asked()
    place = f"{buyer.home}/orders/{order.id}/return/requests/{request.id}"
    assert buyer.gets(place).status_code == 404
    assert buyer.posts(f"{place}/cancellation").status_code == 404
    assert requests.get(shop, request.id).state == "asked"  # type: ignore[union-attr]


def test_a_request_of_another_order_cannot_be_changed(buyer: Buyer, order: Order, his: Order, shop: Shop) -> None:
    (request,) = asked()
    for mine_or_his in (order, his):
        here = buyer.place(mine_or_his, request.id)
        assert buyer.gets(here).status_code == 404
        assert buyer.posts(f"{here}/check", {"seen": "0" * 32}).status_code == 404
    assert [item.quantity for item in requests.items(shop, [request.id])[request.id]] == [1]


def test_a_foreign_page_cannot_send_a_return_in_a_buyers_name(buyer: Buyer, order: Order) -> None:
    here, piece = f"{buyer.home}/orders/{order.id}/return", order.fulfillments[0].lines[0].id
    for header in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "null"}):
        assert buyer.posts(here, {f"units-{piece}": "1"}, headers=header).status_code == 403


def test_units_that_shopify_takes_from_another_parcel_are_one_return_all_the_same(
    buyer: Buyer, shopify: server.Running, mira: Customer, settle: Settle, clock: Clock, shop: Shop
) -> None:
    """Who files as a buyer names the line: of two parcels Shopify takes the first."""
    lamp = deeds.add_product(shopify.state, LUMEN, "Reading lamp", [{"title": "Brass", "price": "89.90"}])
    order = deeds.place_order(
        shopify.state, LUMEN, [(lamp.variants[0].id, 2)], customer=mira, email=mira.email, shipping_address=HOME
    )
    for _ in range(2):
        parcel = deeds.fulfil(shopify.state, order, [(order.lines[0].id, 1)])
        deeds.scan(shopify.state, parcel, "delivered")
    settle()
    buyer.logs_in()
    first, second = (parcel.lines[0].id for parcel in order.fulfillments)
    buyer.agrees(order, buyer.chooses(order, piece=second))
    clock.forward(minutes=5)
    settle()
    (request,), (back,) = asked(), order.returns
    (item,) = requests.items(shop, [request.id])[request.id]
    assert back.lines[0].fulfillment_line_id == first
    assert (request.return_id, item.fulfillment_line_id, item.return_line_id) == (back.id, first, back.lines[0].id)


def test_the_slip_for_the_parcel_is_in_the_portal_too(buyer: Buyer, order: Order, settle: Settle, shop: Shop) -> None:
    sent = buyer.agrees(order, buyer.chooses(order))
    settle()
    (request,) = asked()
    assert buyer.gets(f"{urlsplit(sent.url).path}/slip").status_code == 404
    assert requests.approve(shop, request.id, "7")
    settle()
    page = buyer.gets(f"{urlsplit(sent.url).path}/slip")
    assert codes.code(shop, request.id) in page.text
    assert "aftercare-qr" in page.text
