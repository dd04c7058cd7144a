"""What our extensions on Shopify's own pages are told, and to whom."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from devstore import signing
from shopify_app import clock
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront, Tell
from tests.conftest import KEY, SECRET
from tests.orders import order, parcel

CUSTOMER = 77
PAID = "?checkout_token=c0ffee"


class Extension:
    """Code of ours inside a page of Shopify's, acting for a customer or for nobody in particular."""

    def __init__(self, client: FlaskClient, domain: str, customer: int | None) -> None:
        self._client = client
        self._token = signing.extension_token(SECRET, KEY, domain, customer, clock.now())

    def ask(self, path: str) -> TestResponse:
        return self._client.get(f"/account/orders/{path}", headers={"Authorization": f"Bearer {self._token}"})


@pytest.fixture
def customer(client: FlaskClient, shop: Shop) -> Extension:
    return Extension(client, shop.domain, CUSTOMER)


@pytest.fixture
def nobody(client: FlaskClient, shop: Shop) -> Extension:
    return Extension(client, shop.domain, None)


def test_a_customer_who_is_logged_in_sees_how_an_order_of_theirs_is_doing(
    customer: Extension, storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    tell("orders/create", order(), "fulfillments/create", parcel(31, {1: 2, 2: 1}))
    answer = customer.ask("4711")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.get_json()
    url = told.pop("url")
    assert told == {"state": "moving", "headline": "Your parcel has been sent."}
    assert url.startswith(f"https://{shop.domain}/apps/aftercare/orders/")
    assert storefront.get(url.removeprefix(f"https://{shop.domain}")).status_code == 200


def test_a_buyer_who_has_just_paid_is_known_by_the_checkout(nobody: Extension, tell: Tell) -> None:
    tell("orders/create", order(customer=None))
    assert nobody.ask(f"4711{PAID}").get_json()["state"] == "paid"


def test_the_headline_speaks_the_language_of_the_page_or_else_of_the_order(customer: Extension, tell: Tell) -> None:
    tell("orders/create", order(customer_locale="de"))
    assert customer.ask("4711").get_json()["headline"] == "Ihre Bestellung ist bezahlt und wird vorbereitet."
    for locale in ("fr", "fr-CA", "FR"):
        told = customer.ask(f"4711?locale={locale}").get_json()["headline"]
        assert told == "Votre commande est payée et nous la préparons."
    assert customer.ask("4711?locale=xx").get_json()["headline"] == "Ihre Bestellung ist bezahlt und wird vorbereitet."


@pytest.mark.parametrize(
    "path",
    ["4712", "4711", "4711?checkout_token=", "4711?checkout_token=wrong", "4711?checkout_token=%00", "0", "-1", "x"],
)
@pytest.mark.parametrize("who", [None, 78])
def test_everybody_else_is_told_the_same_nothing(
    client: FlaskClient, shop: Shop, tell: Tell, path: str, who: int | None
) -> None:
    tell("orders/create", order(), "orders/create", order(4712, customer=None, checkout_token=None))
    refused = Extension(client, shop.domain, who).ask(path)
    unknown = Extension(client, shop.domain, who).ask("123456789")
    assert refused.status_code == 404
    assert (refused.data, refused.headers) == (unknown.data, unknown.headers)


@pytest.mark.parametrize("number", ["9" * 40, "٤٧١١", "4711.0", "4711%00", "%F0%9F%A6%8A"])
def test_what_is_no_number_of_an_order_is_not_found(customer: Extension, number: str) -> None:
    assert customer.ask(number).status_code == 404


def test_a_customer_of_another_shop_with_the_same_number_is_told_nothing(
    client: FlaskClient, shop: Shop, other_shop: Shop, tell: Tell
) -> None:
    tell("orders/create", order())
    assert Extension(client, other_shop.domain, CUSTOMER).ask(f"4711{PAID}").status_code == 404


def test_answers_may_be_read_by_a_page_of_any_origin_errors_too(
    client: FlaskClient, customer: Extension, tell: Tell
) -> None:
    tell("orders/create", order())
    asked = client.options("/account/orders/4711")
    assert asked.status_code == 204
    for answer in (asked, customer.ask("4711"), customer.ask("1"), client.get("/account/orders/4711")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    assert client.get("/account/orders/4711").status_code == 401


def test_a_token_of_the_admin_opens_no_order(client: FlaskClient, shop: Shop, tell: Tell) -> None:
    tell("orders/create", order())
    token = signing.id_token(SECRET, KEY, shop.domain, CUSTOMER, clock.now())
    answer = client.get(f"/account/orders/4711{PAID}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_the_checkout_s_token_is_kept_as_a_hash_only(shop: Shop, tell: Tell) -> None:
    from shopify_app.db import db

    tell("orders/create", order())
    [kept] = db.session.connection().exec_driver_sql("SELECT checkout_index FROM orders").scalars().all()
    assert kept and b"c0ffee" not in bytes(kept)
