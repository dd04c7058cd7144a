"""Routes that no guard keeps: each is known, with what keeps it instead."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.routes import OPEN, Values, doors, guard_of
from tests.security.conftest import NAMES, Rows

one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@one_database
def test_a_route_that_no_guard_keeps_has_a_reason(made_app: Flask) -> None:
    """A new one comes with its line in OPEN, or with a guard and then joins the walks of this folder by itself."""
    kept = {"merchant", "storefront", "buyer", "customer"}
    endpoints = {rule.endpoint for rule in made_app.url_map.iter_rules()}
    assert {one for one in endpoints if guard_of(made_app, one) not in kept} == OPEN.keys()


def test_open_routes_tell_a_stranger_nothing_and_change_nothing(
    app: Flask, client: FlaskClient, filled: Values, rows: Rows
) -> None:
    before = rows()
    for door in doors(app, "anyone"):
        answer = client.open(door.address({}), method=door.method, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code != 500, f"{door}"
        assert not any(name in answer.text for name in NAMES), f"{door}"
    assert rows() == before


def test_what_shopify_tells_is_heard_only_with_its_signature(client: FlaskClient, filled: Values, rows: Rows) -> None:
    """The one address in front of the URL map."""
    before = rows()
    for headers in ({}, {"X-Shopify-Hmac-Sha256": "bWFkZSB1cA=="}):
        told = {"X-Shopify-Topic": "shop/redact", "X-Shopify-Shop-Domain": "lumen-goods.myshopify.com"} | headers
        answer = client.post("/webhooks", data=b"{}", headers=told | {"X-Shopify-Webhook-Id": "w"})
        assert answer.status_code == 401
    assert client.get("/webhooks").status_code == 405
    assert rows() == before
