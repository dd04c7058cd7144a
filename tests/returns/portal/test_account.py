"""What our extension asks on Shopify's pages: for the customer whom Shopify has logged in, and nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from devstore import deeds, server
from devstore.records import Customer, Order
from shopify_app.db import db, rest
from shopify_app.returns.models import Request
from tests.conftest import LUMEN, SECOND, Clock
from tests.returns.portal.conftest import Settle

Step = dict[str, Any]


class Extension:
    """The extension of a customer who looks at an order, as far as the app sees it."""

    def __init__(self, client: FlaskClient, shopify: server.Running, who: Customer | None, order: Order) -> None:
        self.client, self.shopify, self.who, self.order = client, shopify, who, order
        self.piece = order.fulfillments[0].lines[0].id if order.fulfillments else 0

    def asks(self, path: str = "", form: object = None, *, shop: str = LUMEN, number: object = None) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.shopify.customer_token(shop, self.who)}"}
        place = f"/account/returns/{self.order.id if number is None else number}{path}?locale=en"
        if form is None:
            return self.client.get(place, headers=headers)
        return self.client.post(place, headers=headers, json={"form": form})

    def step(self, path: str = "", form: object = None) -> Step:
        answer = self.asks(path, form)
        assert answer.status_code == 200, answer.text
        found: Step = answer.get_json()
        return found

    def chooses(self, units: str = "1") -> Step:
        return self.step("/what", {f"units-{self.piece}": units})

    def explains(self, **told: str) -> Step:
        form = {"reason": "changed-my-mind", "outcome": "refund", "note": ""} | told
        return self.step("/details", {f"{name}-{self.piece}": text for name, text in form.items()})

    def agrees(self) -> Step:
        self.chooses()
        return self.step("/check", {"seen": self.explains()["check"]["seen"]})


@pytest.fixture
def order(buy: Callable[..., Order]) -> Order:
    return buy()


@pytest.fixture
def hers(client: FlaskClient, shopify: server.Running, mira: Customer, order: Order) -> Extension:
    return Extension(client, shopify, mira, order)


@pytest.fixture
def strangers(client: FlaskClient, shopify: server.Running, order: Order) -> Extension:
    return Extension(client, shopify, deeds.add_customer(shopify.state, LUMEN, "ole@example.com"), order)


def asked() -> list[Request]:
    rest()
    return db.session.query(Request).all()


def test_a_buyer_reads_what_can_come_back_why_and_to_the_cent(hers: Extension) -> None:
    (item,) = hers.step()["items"]
    assert (item["title"], item["left"]) == ("Reading lamp", 2)
    assert "last day" in item["explained"]
    details = hers.chooses()
    assert details["step"] == "details"
    assert "changed-my-mind" in [reason["value"] for reason in details["items"][0]["reasons"]]
    check = hers.explains()
    assert check["step"] == "check"
    assert check["check"]["sums"][0] == {"words": "1 × Reading lamp", "amount": "€89.90"}
    assert check["check"]["total"]["words"] == "Comes back to you"
    assert asked() == []


def test_it_is_written_down_first_and_the_buyer_is_given_the_right_to_file_it_once(
    hers: Extension, order: Order
) -> None:
    sent = hers.agrees()
    assert (sent["step"], len(asked())) == ("sent", 1)
    assert "orderRequestReturn" in sent["filing"]["query"]
    (line,) = sent["filing"]["variables"]["lines"]
    assert (line["lineItemId"], line["quantity"]) == (f"gid://shopify/LineItem/{order.lines[0].id}", 1)
    assert line["returnReasonDefinitionId"].startswith("gid://shopify/ReturnReasonDefinition/")
    assert hers.step("/check", {"seen": "again"})["filing"] is None


def test_when_the_extension_dies_in_between_the_worker_files_it(
    hers: Extension, order: Order, settle: Settle, clock: Clock
) -> None:
    hers.agrees()
    settle()
    assert order.returns == []
    clock.forward(minutes=5)
    settle()
    assert [back.status for back in order.returns] == ["REQUESTED"]
    assert asked()[0].return_id == order.returns[0].id


def test_when_the_extension_files_it_after_all_nothing_is_filed_twice(
    hers: Extension, order: Order, shopify: server.Running, settle: Settle, clock: Clock
) -> None:
    line = hers.agrees()["filing"]["variables"]["lines"][0]
    deeds.request_return(shopify.state, order, [(order.lines[0].id, line["quantity"])])
    clock.forward(minutes=5)
    settle()
    assert len(order.returns) == len(asked()) == 1
    assert asked()[0].door == "account"


def test_what_is_wrong_stands_beside_its_field(hers: Extension) -> None:
    hers.chooses()
    wrong = hers.explains(reason="")
    assert (wrong["step"], list(wrong["errors"])) == ("details", [f"reason-{hers.piece}"])


# Attacks


def test_nobody_else_reads_or_returns_it(strangers: Extension) -> None:
    assert strangers.asks().status_code == 404
    for step in ("what", "details", "more", "check"):
        assert strangers.asks(f"/{step}", {"seen": "x", f"units-{strangers.piece}": "1"}).status_code == 404
    assert asked() == []


def test_who_is_not_logged_in_is_told_nothing(client: FlaskClient, shopify: server.Running, order: Order) -> None:
    assert Extension(client, shopify, None, order).asks().status_code == 403


def test_a_token_of_another_shop_or_an_old_one_opens_nothing(hers: Extension, clock: Clock) -> None:
    hers.shopify.approve(SECOND)
    assert hers.asks(shop=SECOND).status_code in (401, 403, 404)
    token = hers.shopify.customer_token(LUMEN, hers.who)
    clock.forward(minutes=6)
    place = f"/account/returns/{hers.order.id}"
    assert hers.client.get(place, headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert hers.client.get(place).status_code == 401


@pytest.mark.parametrize("number", ["1", "0", "-1", "9" * 40, "٣", "x", "1%20OR%201"])
def test_a_number_that_is_no_order_of_theirs_is_not_there(hers: Extension, number: str) -> None:
    assert hers.asks(number=number).status_code == 404


@pytest.mark.parametrize("units", ["3", "-1", "2.5", "1e3", "NaN", "9" * 30])
def test_an_altered_quantity_goes_no_further(hers: Extension, units: str) -> None:
    assert hers.chooses(units)["step"] == "what"
    assert hers.step("/check", {"seen": "x"})["step"] == "what"
    assert asked() == []


def test_an_altered_page_is_not_what_was_agreed_to(hers: Extension) -> None:
    hers.chooses("2")
    hers.explains()
    answer = hers.step("/check", {"seen": "0" * 32, "total": "1000000"})
    assert (answer["step"], bool(answer["notice"]), asked()) == ("check", True, [])


@pytest.mark.parametrize(
    "form",
    [[], "x", 1, {"a": 1}, {"a": None}, {"a": "x" * 30_000}, {str(n): "" for n in range(2_000)}],
    ids=lambda form: repr(form)[:20],
)
def test_what_no_form_sends_is_refused(hers: Extension, form: object) -> None:
    assert hers.asks("/what", form).status_code == 400


def test_an_extension_may_ask_from_a_worker_without_an_origin(hers: Extension) -> None:
    before = hers.client.options(f"/account/returns/{hers.order.id}/check")
    assert (before.status_code, before.headers["Access-Control-Allow-Origin"]) == (204, "*")
    assert hers.asks().headers["Cache-Control"] == "no-store"
