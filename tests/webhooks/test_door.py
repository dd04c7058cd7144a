"""The one address to which Shopify sends everything: who is let in, and what is kept before Shopify is answered."""

import io
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from devstore import server
from shopify_app.db import db, rest
from shopify_app.shopify.models import Shop
from shopify_app.webhooks.models import Webhook
from tests.conftest import LUMEN, SECOND, SECRET, Sender, signed_webhook
from tests.factories import order

HUSH = "n" * 32


def kept() -> list[Webhook]:
    rest()
    return list(db.session.query(Webhook).order_by(Webhook.id))


def test_what_shopify_sends_is_kept_as_it_came_before_it_is_answered(sends: Sender) -> None:
    raw = b'{"id": 1,  "note":"\xc3\xa9 \\u00e9", "z":1e2, "a":[ ]}\n'
    answer = sends("orders/create", raw, webhook_id="w-1", headers={"X-Shopify-Event-Id": "e-1"})
    assert (answer.status_code, answer.data) == (200, b"")
    (row,) = kept()
    assert (row.body, row.topic, row.shop_domain) == (raw, "orders/create", LUMEN)
    assert (row.webhook_id, row.event_id) == ("w-1", "e-1")
    assert (row.done_at, row.tries) == (None, 0)


def test_what_is_kept_cannot_be_read_in_the_database(sends: Sender) -> None:
    sends("orders/create", order())
    raw = db.session.execute(text("SELECT body FROM webhooks")).scalar_one()
    assert b"mira" not in bytes(raw)
    assert b"Lindenweg" not in bytes(raw)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bad",
        "YWJj",
        "ключ",
        "é" * 44,
        "\x7f",
        signed_webhook("x", b"{}", secret=HUSH)["headers"]["X-Shopify-Hmac-Sha256"],
    ],
)
def test_a_webhook_that_shopify_did_not_sign_is_refused(sends: Sender, header: str | None) -> None:
    raw = None if header is None else header.encode().decode("latin-1")
    assert sends("orders/create", b"{}", headers={"X-Shopify-Hmac-Sha256": raw}).status_code == 401
    assert kept() == []


def test_a_compliance_topic_with_a_wrong_signature_is_refused(sends: Sender) -> None:
    """What Shopify's own check before publication tries."""
    for topic in ("customers/data_request", "customers/redact", "shop/redact"):
        assert sends(topic, {"shop_domain": LUMEN}, secret=HUSH).status_code == 401
    assert kept() == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_a_post_is_a_webhook(client: FlaskClient, method: str) -> None:
    assert client.open("/webhooks", method=method, **signed_webhook("orders/create", {})).status_code == 405
    assert kept() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Shopify-Webhook-Id": None},
        {"X-Shopify-Webhook-Id": ""},
        {"X-Shopify-Webhook-Id": "w" * 201},
        {"X-Shopify-Webhook-Id": "wé"},
        {"X-Shopify-Topic": None},
        {"X-Shopify-Topic": ""},
        {"X-Shopify-Topic": "orders\x07create"},
        {"X-Shopify-Shop-Domain": None},
        {"X-Shopify-Shop-Domain": ""},
        {"X-Shopify-Shop-Domain": "evil.example"},
        {"X-Shopify-Shop-Domain": f"{LUMEN}.evil.example"},
        {"X-Shopify-Shop-Domain": "evilmyshopify.com"},
    ],
    ids=str,
)
def test_a_webhook_that_does_not_say_whose_and_which_it_is_cannot_be_kept(
    sends: Sender, headers: dict[str, str | None]
) -> None:
    assert sends("orders/create", {}, headers=headers).status_code == 400
    assert kept() == []


@pytest.mark.parametrize("moment", [None, "", "yesterday", "2026-13-01T00:00:00Z", "é"])
def test_a_webhook_without_a_time_was_sent_when_it_came(sends: Sender, moment: str | None) -> None:
    assert sends("orders/create", {}, headers={"X-Shopify-Triggered-At": moment}).status_code == 200
    (row,) = kept()
    assert row.triggered_at == row.received_at


def test_the_time_shopify_sent_it_is_kept_to_the_last_digit_it_writes(sends: Sender) -> None:
    sends("orders/create", {}, headers={"X-Shopify-Triggered-At": "2026-11-01T10:00:00.123456789Z"})
    sends("orders/create", {}, headers={"X-Shopify-Triggered-At": "2026-11-01T12:00:00.123456+02:00"})
    assert [str(row.triggered_at) for row in kept()] == ["2026-11-01 10:00:00.123456+00:00"] * 2


def test_a_shop_is_the_same_in_whatever_case_it_is_written(sends: Sender) -> None:
    sends("orders/create", {}, headers={"X-Shopify-Shop-Domain": LUMEN.upper()})
    assert kept()[0].shop_domain == LUMEN


def test_an_order_of_several_megabytes_is_taken(sends: Sender) -> None:
    big = order(note="x" * 5_000_000)
    assert sends("orders/create", big).status_code == 200
    (row,) = kept()
    assert row.body is not None
    assert len(row.body) > 5_000_000


def test_a_body_over_the_limit_is_refused(restarted: Callable[..., Flask], app: Flask) -> None:
    small = restarted(webhook_limit=1000).test_client()
    assert small.post("/webhooks", **signed_webhook("orders/create", b" " * 998 + b"{}")).status_code == 200
    assert small.post("/webhooks", **signed_webhook("orders/create", b" " * 999 + b"{}")).status_code == 413
    assert len(kept()) == 1


@pytest.mark.parametrize("length", [None, "", "x", "-1", "\xb3"])
def test_a_body_of_unknown_length_is_read_no_further_than_the_limit(
    restarted: Callable[..., Flask], length: str | None
) -> None:
    """As a server hands on a body in chunks; a length that is none is not believed."""
    small = restarted(webhook_limit=1000)
    assert post_raw(small, b" " * 998 + b"{}", length) == "200 OK"
    assert post_raw(small, b" " * 999 + b"{}", length) == "413 Content Too Large"


def test_a_body_is_read_no_further_than_its_announced_end(app: Flask) -> None:
    """What comes behind it on the same line is the next request."""
    assert post_raw(app, b"{}", "2", more=b"POST /webhooks HTTP/1.1") == "200 OK"
    assert post_raw(app, b"{}", "1") == "401 Unauthorized"
    assert post_raw(app, b"{}", "9" * 30) == "413 Content Too Large"


def post_raw(app: Flask, raw: bytes, length: str | None, more: bytes = b"") -> str:
    """Straight at the WSGI door, since no client sends such a length."""
    signed = signed_webhook("orders/create", raw)["headers"]
    environ: dict[str, Any] = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in signed.items()}
    environ |= {"REQUEST_METHOD": "POST", "PATH_INFO": "/webhooks", "wsgi.input": io.BytesIO(raw + more)}
    environ |= {} if length is None else {"CONTENT_LENGTH": length}
    answered: list[str] = []
    app.wsgi_app(environ, lambda status, headers: answered.append(status))
    return answered[0]


def test_the_same_delivery_is_kept_once_however_often_it_comes(sends: Sender) -> None:
    for _ in range(3):
        assert sends("orders/create", order(), webhook_id="w-1").status_code == 200
    assert len(kept()) == 1


def test_one_number_in_two_shops_is_two_deliveries(sends: Sender) -> None:
    sends("orders/create", order(), webhook_id="w-1")
    sends("orders/create", order(), webhook_id="w-1", shop=SECOND)
    assert [row.shop_domain for row in kept()] == [LUMEN, SECOND]


def test_two_topics_of_one_event_are_two_deliveries(sends: Sender) -> None:
    for topic in ("orders/create", "orders/paid"):
        sends(topic, order(), headers={"X-Shopify-Event-Id": "the same"})
    assert [row.topic for row in kept()] == ["orders/create", "orders/paid"]


def test_many_deliveries_at_once_are_each_kept_once(app: Flask) -> None:
    posts = [signed_webhook("orders/create", order(n), webhook_id=f"w-{n}") for n in range(20)] * 2
    answers: list[int] = []

    def send(mine: list[dict[str, Any]]) -> None:
        client = app.test_client()
        answers.extend(client.post("/webhooks", **post).status_code for post in mine)

    senders = [threading.Thread(target=send, args=(posts[place::4],)) for place in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert answers == [200] * 40
    assert sorted(row.webhook_id for row in kept()) == sorted(f"w-{n}" for n in range(20))


def test_while_the_secret_rotates_shopify_may_sign_with_either(restarted: Callable[..., Flask]) -> None:
    rotating = restarted(api_secret=HUSH, api_secret_old=SECRET).test_client()
    rotated = restarted(api_secret=HUSH).test_client()
    assert rotating.post("/webhooks", **signed_webhook("orders/create", {}, secret=SECRET)).status_code == 200
    assert rotating.post("/webhooks", **signed_webhook("orders/create", {}, secret=HUSH)).status_code == 200
    assert rotated.post("/webhooks", **signed_webhook("orders/create", {}, secret=SECRET)).status_code == 401


def test_nothing_else_of_the_app_takes_a_body_of_megabytes(client: FlaskClient, shop: Shop) -> None:
    assert client.post("/settings/switches", data={"confirmations": "x" * 2_000_000}).status_code in (401, 413)


def test_the_store_on_this_machine_is_answered_over_real_http(shopify: server.Running, shop: Shop) -> None:
    assert shopify.sends("orders/create", order(), webhook_id="w-1", copies=2).status_code == 200
    assert len(kept()) == 1
