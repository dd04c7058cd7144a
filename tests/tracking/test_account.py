"""What our extensions on Shopify's own pages are told, and to whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from devstore import signing
from shopify_app import clock
from shopify_app.db import db, transaction
from shopify_app.orders import doors, record
from shopify_app.orders.doors import Door
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront, Tell
from tests.conftest import KEY, SECRET
from tests.orders import ADDRESS, BUYER, order, parcel, scan

CUSTOMER = 77
PAID = "?checkout_token=c0ffee"


class Extension:
    """Code of ours inside a page of Shopify's, acting for a customer or for nobody in particular."""

    def __init__(self, client: FlaskClient, domain: str, customer: int | None) -> None:
        self._client = client
        self._token = signing.extension_token(SECRET, KEY, domain, customer, clock.now())

    def ask(self, path: str) -> TestResponse:
        return self._get(f"/{path}")

    def list(self, **query: str) -> TestResponse:
        return self._get("", query_string=query)

    def _get(self, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self._token}"}
        return self._client.get(f"/account/orders{path}", headers=headers, **options)


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
    url = told["url"]
    assert (told["name"], told["state"], told["headline"]) == ("#1001", "moving", "Your parcel has been sent.")
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
    tell("orders/create", order())
    [kept] = db.session.connection().exec_driver_sql("SELECT checkout_index FROM orders").scalars().all()
    assert kept and b"c0ffee" not in bytes(kept)


# Everything about one order


def test_the_order_page_in_the_account_shows_what_the_page_on_the_storefront_shows(
    customer: Extension, storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    tell("orders/create", order(), "fulfillments/create", parcel(31, {1: 2}))
    tell("fulfillment_events/create", scan(1, 31, "in_transit", "2026-06-03T10:00:00Z", message="Sorted"))
    tell("fulfillment_events/create", scan(2, 31, "out_for_delivery", "2026-06-04T06:00:00Z"))
    told = customer.ask("4711").get_json()
    [sent] = told["parcels"]
    assert told["parts"] and sent["title"] == "Your parcel"
    assert [one["words"] for one in sent["scans"]] == ["Out for delivery", "On its way"]
    assert sent["scans"][1] | {"iso": ""} == {
        "words": "On its way",
        "message": "Sorted",
        "time": "Jun 3, 2026, 12:00\u202fPM (Paris time)",
        "iso": "",
        "place": "Lyon, France",
    }
    assert sent["numbers"] == [{"number": "CB00000031FR", "url": "https://carrier.example.com/track?code=CB00000031FR"}]
    assert sent["items"] == [{"title": "Desk lamp", "variant": "Brass", "quantity": 2}]
    page = storefront.get(told["url"].removeprefix(f"https://{shop.domain}")).text
    for text in (told["headline"], told["placed"], told["destination"], sent["status"], sent["scans"][1]["time"]):
        assert text in page
    for text in (*told["parts"], *told["guide"], *(one["answer"] for one in told["questions"])):
        assert text in page


def test_questions_about_the_link_are_left_out_where_nobody_needs_one(customer: Extension, tell: Tell) -> None:
    tell("orders/create", order())
    asked = [one["question"] for one in customer.ask("4711").get_json()["questions"]]
    assert "When will it arrive?" in asked
    assert "Who can see this page?" not in asked


@pytest.mark.parametrize("who", [CUSTOMER, None])
def test_an_answer_holds_no_more_of_the_buyer_than_the_town(
    client: FlaskClient, shop: Shop, tell: Tell, who: int | None
) -> None:
    tell("orders/create", order(), "fulfillments/create", parcel(31, {1: 2}))
    tell("fulfillment_events/create", scan(1, 31, "delivered", "2026-06-04T06:00:00Z", message="Signed: LINDQVIST"))
    answer = Extension(client, shop.domain, who).ask(f"4711{PAID}").text
    assert "Lyon" in answer
    for secret in (BUYER["last_name"], BUYER["email"], BUYER["phone"], ADDRESS["address1"], ADDRESS["zip"], "c0ffee"):
        assert str(secret).casefold() not in answer.casefold()


def test_an_address_that_no_browser_may_follow_is_not_told(customer: Extension, tell: Tell) -> None:
    tell("orders/create", order(), "fulfillments/create", parcel(31, {1: 2}, tracking_url="javascript:alert(1)"))
    [sent] = customer.ask("4711").get_json()["parcels"]
    assert sent["numbers"] == [{"number": "CB00000031FR", "url": None}]


@pytest.fixture
def cancellation() -> Iterator[None]:
    """A feature that offers one way in, and says of another thing how it stands."""

    def offer(*_: object) -> Door:
        return Door("Cancel this order", "cancellation", "Possible until it is packed")

    def tell(*_: object) -> Door:
        return Door("Your review", None, "We have your review. Thank you!")

    known = list(doors._offers)
    doors.offers(offer), doors.offers(tell)
    yield
    doors._offers[:] = known


@pytest.mark.usefixtures("cancellation")
def test_a_buyer_is_led_from_the_account_to_whatever_can_be_done_with_the_order(
    customer: Extension, tell: Tell
) -> None:
    tell("orders/create", order())
    told = customer.ask("4711").get_json()
    *_, cancel, review = told["doors"]
    path, _, token = cancel.pop("url").rpartition("/")
    assert path.startswith(told["url"].rpartition("/")[0]) and token == "cancellation"
    assert cancel == {"words": "Cancel this order", "note": "Possible until it is packed"}
    assert review == {"words": "Your review", "url": None, "note": "We have your review. Thank you!"}


# All orders of a customer


def plant(shop: Shop, count: int, customer: int = CUSTOMER) -> None:
    """Orders #1 to #count, one a minute, the last two of them in the same second."""
    start = datetime(2026, 6, 1, 8, tzinfo=UTC)
    with transaction():
        for number in range(1, count + 1):
            at = (start + timedelta(minutes=min(number, count - 1))).isoformat()
            of = {"name": f"#{number}", "customer": {"id": customer} | BUYER, "line_items": []}
            dates = {"created_at": at, "processed_at": at, "updated_at": at}
            record.order(shop.id, order(customer * 1000 + number, **of, **dates), clock.now())


def names(answer: TestResponse) -> list[str]:
    return [one["name"] for one in answer.get_json()["orders"]]


def test_a_customer_sees_all_of_their_orders_each_with_its_sentence(
    customer: Extension, storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    later = {"processed_at": "2026-06-02T10:00:00+02:00"}
    returned = {"id": 9, "name": "#1001-R1", "status": "OPEN", "order": {"id": 4711}, "total_return_line_items": 1}
    closed = returned | {"id": 10, "status": "CLOSED"}
    tell("orders/create", order(), "orders/create", order(4712, name="#1002", **later))
    tell("fulfillments/create", parcel(31, {1: 2}), "fulfillments/create", parcel(32, {2: 1}))
    tell("returns/approve", returned, "returns/close", closed)
    answer = customer.list()
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.get_json()["look_up"] == f"https://{shop.domain}/apps/aftercare"
    newer, older = answer.get_json()["orders"]
    assert (newer["name"], newer["parcels"], newer["returns"]) == ("#1002", 0, 0)
    url = older.pop("url")
    assert older == {
        "id": 4711,
        "name": "#1001",
        "placed": "Jun 1, 2026",
        "state": "moving",
        "headline": "Your 2 parcels are on their way.",
        "parcels": 2,
        "returns": 1,
    }
    assert storefront.get(url.removeprefix(f"https://{shop.domain}")).status_code == 200
    assert older["headline"] == customer.ask("4711").get_json()["headline"]


def test_the_list_speaks_the_language_of_the_page_or_else_each_orders_own(customer: Extension, tell: Tell) -> None:
    tell("orders/create", order(customer_locale="de"))
    for locale, told in {"fr-CA": "Votre commande est payée", "xx": "Ihre Bestellung ist bezahlt", "": "Ihre"}.items():
        [one] = customer.list(locale=locale).get_json()["orders"]
        assert one["headline"].startswith(told)


@pytest.mark.parametrize("count", [20, 21, 40, 45])
def test_older_orders_follow_page_by_page_each_once(customer: Extension, shop: Shop, count: int) -> None:
    plant(shop, count)
    seen, older = [], ""
    while older is not None:
        answer = customer.list(older=older)
        assert 0 < len(names(answer)) <= 20
        seen += names(answer)
        older = answer.get_json()["older"]
    assert seen == [f"#{number}" for number in range(count, 0, -1)]


@pytest.mark.parametrize("forged", ["x", "1", "-", "1-x", "9" * 17 + "-1", "-1-1", "٤-٤", "1" * 400 + "-1", "\x00-1"])
def test_a_made_up_place_shows_the_newest_orders(customer: Extension, shop: Shop, forged: str) -> None:
    plant(shop, 3)
    assert names(customer.list(older=forged)) == ["#3", "#2", "#1"]


def test_nobody_sees_orders_of_somebody_else_whatever_place_they_name(
    client: FlaskClient, customer: Extension, shop: Shop, other_shop: Shop
) -> None:
    plant(shop, 25)
    plant(shop, 2, customer=78)
    older = customer.list().get_json()["older"]
    assert names(Extension(client, shop.domain, 78).list()) == ["#2", "#1"]
    assert names(Extension(client, shop.domain, 78).list(older=older)) == ["#2", "#1"]
    for stranger in (Extension(client, shop.domain, 79), Extension(client, other_shop.domain, CUSTOMER)):
        assert (names(stranger.list()), stranger.list().get_json()["older"]) == ([], None)


def test_without_a_login_there_is_no_list(nobody: Extension, shop: Shop) -> None:
    plant(shop, 1)
    answer = nobody.list(checkout_token="c0ffee")
    look_up = f"https://{shop.domain}/apps/aftercare"
    assert (answer.status_code, answer.get_json()) == (403, {"error": "not_logged_in", "look_up": look_up})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_an_order_that_was_deleted_is_listed_no_more(customer: Extension, tell: Tell) -> None:
    tell("orders/create", order(), "orders/delete", {"id": 4711})
    assert names(customer.list()) == []


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_long_list_costs_the_database_no_more_questions_than_a_short_one(customer: Extension, shop: Shop) -> None:
    customer.list()  # the first of a day is written down
    plant(shop, 2)
    with statements() as few:
        assert len(names(customer.list())) == 2
    plant(shop, 20)
    with statements() as many:
        assert len(names(customer.list())) == 20
    assert len(many) == len(few) < 12


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_customers_orders_are_found_without_passing_over_those_of_others(customer: Extension, shop: Shop) -> None:
    """Left to choose, a database would walk back through the whole shop until it has met twenty of theirs."""
    with statements() as asked:
        customer.list(older="1780000000000000-1")
    [query] = [one for one in asked if "FROM orders" in one]
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", (0,) * query.count("?")).all()
    assert "USING INDEX orders_by_customer (shop_id=? AND customer_id=? AND placed_at<?)" in str(plan)
