"""Everything that may happen in a shop can be ordered over JSON."""

from typing import Any

import pytest
import requests

from devstore.server import Running

from .conftest import DOMAIN, SmallApp


def order(store: Running, deed: str, expected: int = 200, **given: Any) -> Any:
    answer = requests.post(f"{store.url}/control/{deed}", json=given, timeout=10)
    assert answer.status_code == expected, answer.text
    return answer.json()


def test_an_order_goes_its_whole_way_over_json(store: Running, app: SmallApp, brass: int) -> None:
    placed = order(store, "order", shop=DOMAIN, lines=[[brass, 3]], email="mira@example.com", locale="de")
    line = placed["lines"][0]["id"]
    parcel = order(store, "fulfil", order_id=placed["id"], lines=[[line, 2]], company="DHL", number="0034")
    order(store, "scan", fulfillment_id=parcel["id"], status="delivered", city="Leipzig")
    order(store, "tracking", fulfillment_id=parcel["id"], company="DHL", number="0035", url=None)
    order(store, "refund", order_id=placed["id"], lines=[[line, 1]], note="too bright")
    back = order(store, "return", order_id=placed["id"], lines=[[line, 1]], reason="COLOR")
    order(store, "return_step", return_id=back["id"], step="approve")
    order(store, "update_order", order_id=placed["id"], note="call first")
    order(store, "edit_order", order_id=placed["id"], add=[[brass, 1]])
    order(store, "cancel", order_id=placed["id"], reason="customer")
    assert order(store, "settle")["settled"]
    assert {
        *("customers/create", "orders/create", "orders/paid", "orders/updated", "orders/partially_fulfilled"),
        *("fulfillments/create", "fulfillments/update", "fulfillment_events/create", "refunds/create"),
        *("returns/request", "returns/approve", "orders/edited", "orders/cancelled"),
    } == set(app.topics())


def test_a_checkout_is_begun_and_completed(store: Running, app: SmallApp, brass: int) -> None:
    begun = order(store, "checkout", lines=[[brass, 1]], email="mira@example.com")
    placed = order(store, "complete", token=begun["token"])
    again = order(store, "complete", token=begun["token"])
    assert placed["id"] == again["id"]
    order(store, "settle")
    assert app.topics().count("orders/create") == 1
    assert {"checkouts/create", "checkouts/update"} <= set(app.topics())


def test_a_buyer_may_change_their_mind_and_be_forgotten(store: Running, app: SmallApp, brass: int) -> None:
    buyer = order(store, "order", lines=[[brass, 1]], email="mira@example.com")["customer_id"]
    order(store, "consent", customer_id=buyer, state="subscribed")
    order(store, "consent", customer_id=buyer, state="unsubscribed")
    order(store, "data_request", customer_id=buyer)
    order(store, "redact", customer_id=buyer)
    order(store, "uninstall", shop=DOMAIN)
    order(store, "shop_redact", shop=DOMAIN)
    order(store, "settle")
    assert app.topics().count("customers_email_marketing_consent/update") == 2
    assert {"customers/data_request", "customers/redact", "app/uninstalled", "shop/redact"} <= set(app.topics())


def test_the_panel_sees_the_shop_its_deliveries_and_the_faults(store: Running, app: SmallApp, brass: int) -> None:
    order(store, "faults", webhooks={"twice": 1})
    order(store, "order", lines=[[brass, 1]])
    order(store, "settle")
    seen = requests.get(f"{store.url}/control/state", timeout=5).json()
    rows = requests.get(f"{store.url}/control/deliveries?shop={DOMAIN}", timeout=5).json()["deliveries"]
    assert (seen["installed"], seen["orders"][0]["name"]) == (True, "#1001")
    assert {row["state"] for row in rows} == {"delivered"} and max(row["tries"] for row in rows) == 2
    assert requests.get(f"{store.url}/control/faults", timeout=5).json()["webhooks"]["twice"] == 0
    again = order(store, "replay", delivery_id=rows[0]["id"])
    assert again["webhook_id"] == rows[0]["webhook_id"]


def test_time_goes_forward_by_order(store: Running) -> None:
    before = store.state.now()
    order(store, "forward", days=10, hours=1)
    assert (store.state.now() - before).days == 10


@pytest.mark.parametrize(
    ("deed", "given", "status"),
    [
        ("dance", {}, 404),
        ("pay", {"order_id": 1}, 404),
        ("scan", {"fulfillment_id": 1, "status": "delivered"}, 404),
        ("faults", {"webhooks": {"eaten": 1}}, 422),
        ("forward", {"days": -1}, 422),
    ],
)
def test_what_cannot_happen_is_said(store: Running, brass: int, deed: str, given: Any, status: int) -> None:
    assert order(store, deed, status, **given)["error"]


def test_an_order_cannot_ship_more_than_it_holds(store: Running, brass: int) -> None:
    placed = order(store, "order", lines=[[brass, 1]])
    order(store, "fulfil", order_id=placed["id"])
    assert "left to ship" in order(store, "fulfil", 422, order_id=placed["id"])["error"]
