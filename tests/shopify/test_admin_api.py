"""The Admin API: what it may answer, and what we make of it. Beside the store stands a Shopify that says anything."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, Response, request
from werkzeug.serving import make_server

from devstore import deeds, server
from shopify_app import clock
from shopify_app.db import transaction
from shopify_app.shopify import bulk, details, install
from shopify_app.shopify.admin_api import AdminApi
from shopify_app.shopify.errors import Paused, Refused, ShopifyError, Throttled, Unauthorized, Unavailable
from shopify_app.shopify.models import Shop, named
from tests.conftest import LUMEN
from tests.shopify.conftest import id_token

GOOD = {"data": {"order": None}}


class Strange:
    """Answers every call with what the test lays out, the last of it again and again."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.asked: list[dict[str, Any]] = []

    def says(self, body: object, status: int = 200, **headers: str) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers.append((status, {name.replace("_", "-"): text for name, text in headers.items()}, raw))

    def answer(self, path: str) -> Response:
        self.asked.append({"path": path, "headers": dict(request.headers), "json": request.get_json(silent=True)})
        status, headers, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return Response(body, status, headers)


@pytest.fixture
def strange(configure: Callable[..., None]) -> Iterator[Strange]:
    """Another Shopify, which keeps to no documentation."""
    found, front = Strange(), Flask("strange")
    front.add_url_rule("/<path:path>", "answer", found.answer, methods=["GET", "POST"])
    running = make_server("127.0.0.1", 0, front, threaded=True)
    thread = threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    configure(shop_url=f"http://127.0.0.1:{running.server_port}/{{shop}}")
    yield found
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture
def lumen(settled: Shop) -> Shop:
    """With an access token that has its whole hour."""
    with transaction():
        settled.access_token, settled.access_expires_at = "shpat_1", clock.now() + timedelta(hours=1)
    return settled


def ask(shop: Shop) -> dict[str, Any]:
    return AdminApi(shop).run("orders/order", id="gid://shopify/Order/1")


def test_a_call_says_who_asks_for_what(strange: Strange, lumen: Shop) -> None:
    strange.says(GOOD)
    assert ask(lumen) == {"order": None}
    (asked,) = strange.asked
    assert asked["path"] == f"{LUMEN}/admin/api/2026-10/graphql.json"
    assert asked["headers"]["X-Shopify-Access-Token"] == "shpat_1"
    assert asked["json"]["variables"] == {"id": "gid://shopify/Order/1"}


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (402, {"errors": "Unavailable Shop"}, Paused),
        (403, {"errors": "Forbidden"}, Paused),
        (404, {"errors": "Not Found"}, Paused),
        (423, {"errors": "Locked"}, Paused),
        (429, {"errors": "Too many"}, Throttled),
        (500, {"errors": "Internal Server Error"}, Unavailable),
        (502, b"<html>Bad gateway</html>", Unavailable),
        (301, b"", Unavailable),
        (200, b"<html>Maintenance</html>", Unavailable),
        (200, b"", Unavailable),
        (200, [], Unavailable),
        (200, "data", Unavailable),
        (200, {}, Unavailable),
        (200, {"data": None}, Unavailable),
        (200, {"errors": "bare words"}, Refused),
        (200, {"errors": [{"message": "no", "extensions": {"code": "ACCESS_DENIED"}}], "data": None}, Refused),
        (200, {"errors": [{"message": "no"}]}, Refused),
        (200, {"errors": [{"message": "no", "extensions": None}]}, Refused),
        (200, {"errors": [{"message": "", "extensions": {"code": "SHOP_INACTIVE"}}]}, Paused),
        (200, {"errors": [{"message": "", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]}, Unavailable),
        (200, {"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]}, Throttled),
        (200, {"data": {"x": {"userErrors": [{"code": "INVALID", "message": "no"}]}}}, Refused),
    ],
)
def test_whatever_shopify_answers_is_one_of_five_errors(
    strange: Strange, lumen: Shop, status: int, body: object, error: type[ShopifyError]
) -> None:
    strange.says(body, status)
    with pytest.raises(error):
        ask(lumen)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), ("2.5", 2.5), ("", 2), ("Wed, 21 Oct 2026", 2), ("-1", 2)])
def test_we_wait_as_long_as_shopify_asks(strange: Strange, lumen: Shop, header: str, seconds: float) -> None:
    strange.says({}, 429, Retry_After=header)
    with pytest.raises(Throttled) as raised:
        ask(lumen)
    assert raised.value.wait == seconds


def test_an_empty_bucket_says_when_it_holds_enough(strange: Strange, lumen: Shop) -> None:
    status = {"maximumAvailable": 2000, "currentlyAvailable": 100, "restoreRate": 100}
    cost = {"requestedQueryCost": 500, "actualQueryCost": None, "throttleStatus": status}
    throttled = [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]
    strange.says({"errors": throttled, "extensions": {"cost": cost}})
    with pytest.raises(Throttled) as raised:
        ask(lumen)
    assert raised.value.wait == 4


def test_a_refused_token_is_renewed_once_and_the_call_repeated(strange: Strange, lumen: Shop) -> None:
    pair = {"access_token": "shpat_2", "refresh_token": "shprt_2", "scope": "read_orders"}
    strange.says({"errors": "Invalid API key or access token"}, 401)
    strange.says(pair | {"expires_in": 3600, "refresh_token_expires_in": 7776000})
    strange.says(GOOD)
    assert ask(lumen) == {"order": None}
    tokens = [asked["headers"].get("X-Shopify-Access-Token") for asked in strange.asked]
    assert tokens == ["shpat_1", None, "shpat_2"]


def test_a_token_that_is_refused_though_fresh_is_given_up(strange: Strange, lumen: Shop) -> None:
    pair = {"access_token": "shpat_2", "refresh_token": "shprt_2", "scope": "read_orders"}
    strange.says({}, 401)
    strange.says(pair | {"expires_in": 3600, "refresh_token_expires_in": 7776000})
    strange.says({}, 401)
    with pytest.raises(Unauthorized):
        ask(lumen)
    assert len(strange.asked) == 3


@pytest.mark.parametrize("status", [400, 401])
@pytest.mark.parametrize("body", [{"error": "invalid_request"}, {"error": "invalid_grant"}, b"", [1]])
def test_either_refusal_of_a_refresh_is_final_for_its_token(
    strange: Strange, lumen: Shop, status: int, body: object
) -> None:
    strange.says({}, 401)
    strange.says(body, status)
    with pytest.raises(Unauthorized):
        ask(lumen)
    assert named(LUMEN).refresh_token is None


@pytest.mark.parametrize(
    ("status", "body"), [(429, {}), (500, {}), (503, b""), (200, b"<html>"), (200, []), (200, {"scope": "x"})]
)
def test_no_other_answer_costs_the_refresh_token(strange: Strange, lumen: Shop, status: int, body: object) -> None:
    strange.says({}, 401)
    strange.says(body, status)
    with pytest.raises(Unavailable):
        ask(lumen)
    assert named(LUMEN).refresh_token == "shprt_0"


@pytest.mark.parametrize("body", [b"<html>Maintenance</html>", [], {}, "access_token"])
def test_a_merchant_sees_a_calm_page_when_somebody_else_answers_for_shopify(
    app: Flask, strange: Strange, body: object
) -> None:
    strange.says(body)
    page = app.test_client().get(f"/?embedded=1&shop={LUMEN}&id_token={id_token()}")
    assert page.status_code == 503


def test_a_token_that_never_expires_is_not_taken(app: Flask, strange: Strange) -> None:
    strange.says({"access_token": "shpat_for_ever", "scope": "read_orders"})
    page = app.test_client().get(f"/?embedded=1&shop={LUMEN}&id_token={id_token()}")
    assert page.status_code == 302
    assert named(LUMEN).access_token is None


def test_a_shop_that_nobody_can_reach_is_unavailable(configure: Callable[..., None], lumen: Shop) -> None:
    configure(shop_url="http://127.0.0.1:9/{shop}")
    with pytest.raises(Unavailable):
        ask(lumen)


def test_a_bulk_result_is_read_line_by_line(strange: Strange, app: Flask) -> None:
    strange.says(b'{"id": "gid://shopify/Order/1"}\n{"id": "2", "__parentId": "gid://shopify/Order/1"}\n')
    address = app.extensions["config"].shop_url.format(shop="bulk")
    assert [line["id"] for line in bulk.lines(address)] == ["gid://shopify/Order/1", "2"]


@pytest.mark.parametrize(
    ("status", "body"), [(404, b""), (410, b"gone"), (200, b'{"id": 1}\n{"id":'), (200, b"<html>")]
)
def test_a_bulk_result_that_cannot_be_read_to_its_end_is_unavailable(
    strange: Strange, app: Flask, status: int, body: bytes
) -> None:
    strange.says(body, status)
    with pytest.raises(Unavailable):
        list(bulk.lines(app.extensions["config"].shop_url.format(shop="bulk")))


# The store on this machine


def test_the_shop_tells_what_it_is_called_and_what_we_may_do(shopify: server.Running, installed: Shop) -> None:
    details.read(installed)
    shop = named(LUMEN)
    assert (shop.name, shop.email, shop.country) == ("Lumen Goods", "owner@example.com", "DE")
    assert (shop.timezone, shop.currency) == ("Europe/Berlin", "EUR")
    assert "write_orders" in shop.scopes.split(",")


@pytest.mark.parametrize("standing", ["frozen", "forbidden", "closed", "locked"])
def test_a_shop_that_is_not_open_is_left_alone(shopify: server.Running, installed: Shop, standing: str) -> None:
    shopify.state.shops[LUMEN].standing = standing
    with pytest.raises(Paused):
        ask(installed)


def test_a_call_that_may_not_see_something_is_refused(shopify: server.Running, installed: Shop) -> None:
    deeds.grant(shopify.state, LUMEN, [])
    install.access_token(installed, rejected=installed.access_token)
    with pytest.raises(Refused):
        AdminApi(installed).run("orders/recent", query="", after=None)


def test_faults_of_the_store_are_told_apart(shopify: server.Running, installed: Shop) -> None:
    shopify.faults.graphql.throttled = 1
    with pytest.raises(Throttled):
        ask(installed)
    shopify.faults.graphql.error = 1
    with pytest.raises(Unavailable):
        ask(installed)
    shopify.faults.graphql.outage = True
    with pytest.raises(Unavailable):
        ask(installed)
