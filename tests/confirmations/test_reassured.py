"""Whoever had trouble with an earlier order is reassured, whichever feature knows of it, and the merchant reads why."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from devstore import deeds, reasons
from devstore.records import Customer
from devstore.server import Running
from shopify_app import clock as app_clock
from shopify_app.feedback import links
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront
from tests.codes.conftest import Store, anna, store, thank
from tests.conftest import LUMEN
from tests.home.conftest import Merchant

__all__ = ("anna", "store")


@pytest.fixture(autouse=True)
def cares(store: Store) -> None:
    """Trouble comes before offers."""
    thank("reassurance", percent=10)


def why(store: Store, anna: Customer) -> tuple[object, object]:
    """Of the confirmation of the next order."""
    facts = store.confirmation(store.buys(anna)).facts or {}
    return facts.get("kind"), facts.get("why")


@pytest.mark.parametrize("state", ["open", "answered", "solved"])
def test_a_complaint_that_is_not_solved(
    store: Store, installed: Shop, client: FlaskClient, anna: Customer, state: str
) -> None:
    first = store.buys(anna)
    token = links.token(installed, first.id, "wrong")
    answer = Storefront(client, LUMEN).post(f"/feedback/{token}", {"verdict": "wrong", "cause": "damaged"})
    assert answer.status_code in (200, 303)
    if state != "open":
        merchant = Merchant(client, LUMEN)
        [case] = set(re.findall(r"/feedback/cases/(\d+)", merchant.opens("/feedback").text))
        assert merchant.sends(f"/feedback/cases/{case}/{state}").status_code == 200
    expected = ("plain", "had_code") if state == "solved" else ("reassurance", "earlier_complaint")
    assert why(store, anna) == expected


def test_something_that_came_broken(store: Store, anna: Customer) -> None:
    first = store.buys(anna)
    parcel = deeds.fulfil(store.state, first)
    deeds.scan(store.state, parcel, "delivered")
    store.settle()
    damaged = next(one for one in reasons.LIBRARY if one.handle == "damaged")
    deeds.request_return(store.state, first, [(first.lines[0].id, 1)], reason="DEFECTIVE", definition=damaged.handle)
    for _ in range(3):
        store.later(seconds=5)
    assert why(store, anna) == ("reassurance", "earlier_damage")


@pytest.mark.parametrize("days", [2, 4])
def test_an_order_that_came_after_the_day_that_was_promised(
    shopify: Running, store: Store, anna: Customer, days: int
) -> None:
    first = store.buys(anna)
    parcel = deeds.fulfil(store.state, first, company="DHL", number="00340434161094042557")
    promised = app_clock.now() + timedelta(days=3)
    deeds.scan(store.state, parcel, "in_transit", estimated_delivery_at=promised)
    store.settle()
    store.later(days=days)
    deeds.scan(store.state, parcel, "delivered")
    store.settle()
    store.later(days=1)
    assert why(store, anna) == (("reassurance", "earlier_late") if days > 3 else ("plain", "had_code"))


def test_the_merchant_reads_what_went_out_and_why(store: Store, client: FlaskClient, anna: Customer) -> None:
    order = store.buys(anna)
    merchant = Merchant(client, LUMEN)
    assert "The buyer agreed to marketing." in merchant.opens("/settings/confirmations").text
    for path in ("/messages", f"/orders/{order.id}"):
        text = merchant.opens(path).text
        assert "Order confirmation, with an offer" in text
