"""What buyers asked for through Shopify, and what the merchant hands over."""

from typing import Any

from shopify_app.db import db, rest
from shopify_app.privacy.models import PrivacyRequest
from tests import orders
from tests.buyers import Tell
from tests.conftest import LUMEN
from tests.home.conftest import Merchant
from tests.home.test_order import text


def asked(**fields: Any) -> dict[str, Any]:
    """customers/data_request and customers/redact: of the buyer of order 4711."""
    customer = {"id": 77, "email": orders.BUYER["email"], "phone": orders.BUYER["phone"]}
    return {"shop_id": 1, "shop_domain": LUMEN, "customer": customer} | fields


def number() -> int:
    rest()
    return db.session.scalars(db.select(PrivacyRequest.id)).one()


def test_no_requests_yet(merchant: Merchant) -> None:
    assert "No requests yet" in merchant.opens("/privacy").text


def test_the_merchant_hands_over_what_a_customer_asked_for(merchant: Merchant, neighbour: Merchant, tell: Tell) -> None:
    request = asked(orders_requested=[4711], data_request={"id": 9999})
    tell("orders/create", orders.order(), "customers/data_request", request)
    words = text(merchant.opens("/privacy").text)
    assert "Customer asked for their data (9999)" in words
    assert "Yours to hand over" in words
    assert orders.BUYER["email"] not in words
    answer = merchant.fetches(f"/privacy/{number()}/export")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=data-request-{number()}.json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert orders.BUYER["email"] in answer.text
    assert neighbour.fetches(f"/privacy/{number()}/export").status_code == 404
    assert "No requests yet" in neighbour.opens("/privacy").text


def test_an_erasure_leaves_a_certificate_and_nothing_to_hand_over(
    merchant: Merchant, neighbour: Merchant, tell: Tell
) -> None:
    tell("orders/create", orders.order(), "customers/redact", asked(orders_to_redact=[4711]))
    words = text(merchant.opens("/privacy").text)
    assert "Customer’s data to be erased" in words
    assert "Erased" in words
    answer = merchant.fetches(f"/privacy/{number()}/certificate")
    assert answer.json["shop"] == LUMEN
    assert len(answer.json["hash"]) == 64
    assert merchant.fetches(f"/privacy/{number()}/export").status_code == 404
    assert neighbour.fetches(f"/privacy/{number()}/certificate").status_code == 404
    assert orders.BUYER["last_name"] not in merchant.opens().text
    page = merchant.opens("/orders/4711")
    assert page.status_code in (200, 404)
    assert orders.BUYER["last_name"] not in page.text
