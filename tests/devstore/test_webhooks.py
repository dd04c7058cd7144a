"""Deliveries: signed, on time, repeated, and wrong on request."""

import json
from collections import Counter
from datetime import timedelta

import pytest
from flask import Response

from devstore import deeds, signing
from devstore.records import Shop
from devstore.server import Running

from .conftest import DOMAIN, SECRET, SmallApp


def place(store: Running, variant: int, **more: object) -> None:
    deeds.place_order(store.state, DOMAIN, [(variant, 1)], email="mira@example.com", **more)  # type: ignore[arg-type]


def test_an_order_is_told_with_every_header_and_a_good_signature(store: Running, app: SmallApp, brass: int) -> None:
    place(store, brass)
    assert store.log.settle()
    told = {each.topic: each for each in app.heard}
    assert {"orders/create", "orders/paid", "orders/updated", "customers/create"} == told.keys()
    heard = told["orders/create"]
    assert (heard.method, heard.path) == ("POST", "/webhooks")
    assert heard.headers["X-Shopify-Hmac-Sha256"] == signing.webhook(SECRET, heard.body)
    assert heard.headers["X-Shopify-Shop-Domain"] == DOMAIN
    assert heard.headers["X-Shopify-Api-Version"] == "2026-10"
    assert heard.headers["X-Shopify-Triggered-At"].endswith("Z")
    assert len({each.headers["X-Shopify-Webhook-Id"] for each in app.heard}) == 4
    assert len({each.headers["X-Shopify-Event-Id"] for each in app.heard}) == 1
    assert json.loads(heard.body)["name"] == "#1001"


def test_a_shop_that_did_not_install_the_app_tells_it_nothing(store: Running, app: SmallApp, brass: int) -> None:
    deeds.uninstall(store.state, DOMAIN)
    place(store, brass)
    assert store.log.settle()
    assert app.topics() == ["app/uninstalled"]


def test_a_topic_without_its_scope_is_not_told(store: Running, app: SmallApp, brass: int) -> None:
    deeds.grant(store.state, DOMAIN, ["read_orders"])
    place(store, brass)
    assert store.log.settle()
    assert "customers/create" not in app.topics()
    assert "orders/create" in app.topics()


def test_a_failing_app_is_asked_again_with_the_same_id_until_it_takes_it(
    store: Running, app: SmallApp, brass: int
) -> None:
    app.answer = lambda heard: Response("", 500 if len(app.heard) <= 3 else 200)
    deeds.request_shop_redact(store.state, DOMAIN)
    for _ in range(5):
        store.forward(timedelta(hours=1))
        assert store.log.settle()
    assert len(app.heard) == 4
    assert len({each.headers["X-Shopify-Webhook-Id"] for each in app.heard}) == 1
    assert store.log.rows()[0].state == "delivered"


def test_shopify_gives_up_after_eight_more_tries(store: Running, app: SmallApp, open_shop: Shop) -> None:
    app.answer = lambda heard: Response("", 500)
    deeds.request_shop_redact(store.state, DOMAIN)
    for _ in range(12):
        store.forward(timedelta(hours=1))
        assert store.log.settle()
    row = store.log.rows()[0]
    assert (row.state, row.tries, len(app.heard)) == ("failed", 9, 9)


def test_a_redirect_is_a_failure(store: Running, app: SmallApp, open_shop: Shop) -> None:
    app.answer = lambda heard: Response("", 302, {"Location": "/elsewhere"})
    deeds.request_shop_redact(store.state, DOMAIN)
    assert store.log.settle()
    assert (store.log.rows()[0].status, app.heard[0].path) == (302, "/webhooks")


@pytest.mark.parametrize(("fault", "times"), [("twice", 2), ("dropped", 0), ("late", 1), ("error_first", 1)])
def test_a_fault_hits_only_the_next_deliveries(
    store: Running, app: SmallApp, open_shop: Shop, fault: str, times: int
) -> None:
    store.faults.order({"webhooks": {fault: 1}})
    deeds.request_shop_redact(store.state, DOMAIN)
    store.forward(timedelta(minutes=2))
    assert store.log.settle()
    store.forward(timedelta(minutes=2))
    assert store.log.settle()
    whole = [each for each in app.heard if each.body]
    assert len(whole) == times
    deeds.request_shop_redact(store.state, DOMAIN)
    assert store.log.settle()
    assert len([each for each in app.heard if each.body]) == times + 1


def test_shuffled_deliveries_all_come_once(store: Running, app: SmallApp, open_shop: Shop) -> None:
    store.faults.order({"webhooks": {"shuffled": 6}})
    for _ in range(6):
        deeds.request_shop_redact(store.state, DOMAIN)
    assert store.log.settle()
    assert Counter(app.topics()) == {"shop/redact": 6}


def test_a_delivery_can_be_replayed_from_the_log(store: Running, app: SmallApp, open_shop: Shop) -> None:
    deeds.request_shop_redact(store.state, DOMAIN)
    assert store.log.settle()
    store.log.replay(store.log.rows()[0].id)
    assert store.log.settle()
    assert app.heard[0].body == app.heard[1].body
    assert app.heard[0].headers["X-Shopify-Webhook-Id"] == app.heard[1].headers["X-Shopify-Webhook-Id"]


def test_after_a_rotation_the_old_secret_signs_for_an_hour(store: Running, app: SmallApp, open_shop: Shop) -> None:
    store.secrets.rotate("n" * 32, store.state.now())
    deeds.request_shop_redact(store.state, DOMAIN)
    assert store.log.settle()
    store.forward(timedelta(minutes=61))
    deeds.request_shop_redact(store.state, DOMAIN)
    assert store.log.settle()
    signed = [each.headers["X-Shopify-Hmac-Sha256"] for each in app.heard]
    assert signed == [signing.webhook(secret, app.heard[0].body) for secret in (SECRET, "n" * 32)]


def test_a_test_may_send_any_body_itself(store: Running, app: SmallApp, open_shop: Shop) -> None:
    answer = store.sends("orders/create", {"id": 1}, webhook_id="w-1", copies=3)
    assert answer.status_code == 200
    assert [each.headers["X-Shopify-Webhook-Id"] for each in app.heard] == ["w-1"] * 3
