"""Where Shopify or another app sends the same, as far as an app can know it, and where the merchant has to look."""

import pytest
from flask.testing import FlaskClient

from devstore import deeds, server
from devstore.records import Checkout, Product
from shopify_app.db import rest
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, Clock
from tests.home.conftest import Merchant
from tests.home.test_order import text
from tests.mirror.conftest import Buy
from tests.mirror.conftest import buy as buy
from tests.mirror.conftest import lamp as lamp
from tests.mirror.conftest import mira as mira


@pytest.fixture
def owner(client: FlaskClient, installed: Shop) -> Merchant:
    return Merchant(client, installed.domain)


def left(shopify: server.Running, lamp: Product) -> Checkout:
    return deeds.begin_checkout(shopify.state, LUMEN, [(lamp.variants[0].id, 1)], email="left@example.com")


def looks(owner: Merchant) -> str:
    assert owner.sends("/messages/rivals").json == {"toast": "Looked.", "is_error": False}
    return text(owner.opens("/messages/rivals").text)


def test_nobody_has_looked_yet_and_a_look_at_the_page_asks_nobody(owner: Merchant, installed: Shop) -> None:
    seen = text(owner.opens("/messages/rivals").text)
    assert "Nobody has looked yet" in seen
    assert "Please check" in seen
    rest()
    assert "rivals" not in installed.settings


def test_what_shopify_sent_by_itself_is_counted_and_told_where_reminders_are_switched_on(
    owner: Merchant, shopify: server.Running, lamp: Product, clock: Clock
) -> None:
    deeds.remind(shopify.state, left(shopify, lamp), "sent")
    deeds.remind(shopify.state, left(shopify, lamp), "scheduled")
    left(shopify, lamp)
    clock.forward(hours=1)
    assert "In 30 days Shopify has sent 2 reminders of carts by itself" in looks(owner)
    warned = text(owner.opens("/carts").text)
    assert "Somebody else may send the same" in warned
    assert "its automation seems to be on" in warned
    assert "Somebody else may send the same" not in owner.opens("/settings/switches").text
    clock.forward(days=31)
    assert "has sent no reminder of a cart by itself" in looks(owner)
    assert "Somebody else may send the same" not in owner.opens("/carts").text


def test_apps_in_the_timelines_of_orders_are_named_with_what_they_can_send_and_no_more_is_claimed(
    owner: Merchant, shopify: server.Running, buy: Buy
) -> None:
    for order, app in ((buy(), "Klaviyo: Email Marketing & SMS"), (buy(), "Klaviyo: Email Marketing & SMS")):
        deeds.note_by_app(shopify.state, order, app)
    deeds.note_by_app(shopify.state, buy(), "Some Bookkeeping")
    deeds.note_by_app(shopify.state, buy(), "Aftercare")
    seen = looks(owner)
    assert "Klaviyo has written into the timelines of 2 of your newest 4 orders." in seen
    assert "It can send: Reminders of carts, Requests for feedback, Order confirmations, News of parcels." in seen
    assert "Some Bookkeeping has written into the timeline of 1 of your newest 4 orders." in seen
    assert "Aftercare has written" not in seen
    for path in ("/carts", "/settings/switches", "/feedback/settings"):
        assert "Klaviyo has written" in owner.opens(path).text
        assert "Some Bookkeeping" not in owner.opens(path).text


def test_what_no_app_can_see_has_a_way_to_look_at_it(owner: Merchant) -> None:
    page = owner.opens("/messages/rivals").text
    for there in ("settings/notifications/customer", "marketing/automations", "settings/apps"):
        assert f'href="shopify://admin/{there}"' in page


def test_a_shopify_that_does_not_answer_changes_nothing(
    owner: Merchant, shopify: server.Running, installed: Shop
) -> None:
    looks(owner)
    rest()
    before = dict(installed.settings)
    shopify.faults.graphql.outage = True
    assert owner.sends("/messages/rivals").status_code == 502
    rest()
    assert installed.settings == before
