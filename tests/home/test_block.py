"""The block on the admin's own page of an order: what staff see there without opening the app."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from devstore import signing
from shopify_app import clock
from shopify_app.shopify.guards import RETRY
from tests import orders
from tests.buyers import Tell
from tests.conftest import KEY, LUMEN, SECRET
from tests.home.conftest import Merchant
from tests.home.test_order import placed_now

PATH = "/orders/4711/block"


def asked_by(merchant: Merchant, path: str = PATH, **query: str) -> TestResponse:
    """As the block asks: with a token of its own, from another origin."""
    headers = {"Authorization": f"Bearer {merchant.token}", "Sec-Fetch-Mode": "cors"}
    return merchant.asks("GET", path, headers=headers, query_string=query)


def test_staff_read_the_buyers_sentence_in_their_own_language(merchant: Merchant, tell: Tell) -> None:
    tell("orders/create", orders.order(customer_locale="fr"))
    assert asked_by(merchant).get_json()["headline"] == "Your order is paid, and we are preparing it."
    assert asked_by(merchant, locale="de").get_json()["headline"] == "Ihre Bestellung ist bezahlt und wird vorbereitet."
    assert asked_by(merchant, locale="xx").get_json()["headline"] == "Your order is paid, and we are preparing it."


def test_staff_see_the_newest_parcel_events_and_of_which_parcel_they_are(merchant: Merchant, tell: Tell) -> None:
    tell("orders/create", orders.order(), "fulfillments/create", orders.parcel(5, {1: 2}))
    for number in range(1, 8):
        tell("fulfillment_events/create", orders.scan(number, 5, "in_transit", f"2026-06-03T1{number}:00:00Z"))
    events = asked_by(merchant).get_json()["events"]
    assert len(events) == 5
    assert events[0] == {
        "words": "On its way",
        "place": "Lyon, France",
        "time": "Jun 3, 2026, 7:00\u202fPM",
        "parcel": None,
    }
    assert events[-1]["time"] == "Jun 3, 2026, 3:00\u202fPM"
    tell("fulfillments/create", orders.parcel(6, {2: 1}))
    assert asked_by(merchant).get_json()["events"][0]["parcel"] == "#1001.5"


def test_staff_see_every_message_and_why_one_was_not_sent(merchant: Merchant, tell: Tell, post_office: object) -> None:
    tell("orders/create", orders.order(test=True, **placed_now()))
    [skipped] = asked_by(merchant).get_json()["messages"]
    assert skipped == {
        "name": "Order confirmation",
        "state": "skipped",
        "outcome": "Not sent",
        "why": "It was a test order.",
    }
    tell("orders/create", orders.order(2, **placed_now()))
    [sent] = asked_by(merchant, "/orders/2/block").get_json()["messages"]
    assert (sent["state"], sent["outcome"]) == ("sent", "Sent")
    [said] = asked_by(merchant, locale="fr").get_json()["messages"]
    assert said["why"] == "C’était une commande de test."


def test_a_message_that_waits_says_so(merchant: Merchant, tell: Tell) -> None:
    """The mail server of this test does not answer."""
    tell("orders/create", orders.order(**placed_now()))
    [waiting] = asked_by(merchant).get_json()["messages"]
    assert (waiting["state"], waiting["outcome"]) == ("retrying", "Will be tried again")
    assert "&#39;" not in waiting["why"] and "<" not in waiting["why"]


def test_the_block_leads_to_the_order_in_the_app(merchant: Merchant, tell: Tell) -> None:
    tell("orders/create", orders.order())
    url = asked_by(merchant).get_json()["url"]
    assert url == f"https://admin.shopify.com/store/lumen-goods/apps/{KEY}/orders/4711"


def test_an_order_of_another_shop_or_of_nobody_is_not_found(
    merchant: Merchant, neighbour: Merchant, tell: Tell
) -> None:
    tell("orders/create", orders.order())
    for answer in (asked_by(neighbour), asked_by(merchant, "/orders/4712/block")):
        assert answer.status_code == 404
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Nora" not in answer.text
    assert asked_by(merchant, f"/orders/{'9' * 30}/block").status_code == 404


@pytest.mark.parametrize("token", ["", "nonsense", "stale", "buyer"])
def test_without_a_good_token_the_block_is_told_to_take_a_new_one(
    client: FlaskClient, merchant: Merchant, tell: Tell, token: str
) -> None:
    """And is not sent to a page: a redirect would only lead a script astray."""
    tell("orders/create", orders.order())
    answer = client.get(PATH, headers={"Sec-Fetch-Mode": "cors"} | bearer(token))
    assert answer.status_code == 401
    assert answer.headers[RETRY] == "1"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Expose-Headers"] == RETRY


def bearer(token: str) -> dict[str, str]:
    made = {
        "stale": signing.id_token(SECRET, KEY, LUMEN, 7, clock.now().replace(year=2020)),
        "buyer": signing.extension_token(SECRET, KEY, LUMEN, 77, clock.now()),
    }
    return {"Authorization": f"Bearer {made.get(token, token)}"} if token else {}


def test_a_browser_may_ask_from_the_origin_of_extensions(client: FlaskClient, merchant: Merchant) -> None:
    """Asked before the question itself, without a token."""
    asked = client.options(PATH, headers={"Access-Control-Request-Headers": "authorization"})
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
