"""A customer asks the merchant what is known about them, and the merchant asks us."""

import json

from shopify_app import privacy
from shopify_app.db import db
from shopify_app.privacy.models import PrivacyRequest
from shopify_app.privacy.scan import Needle, scan
from shopify_app.shopify.models import Shop
from tests.conftest import Clock, Jobs, Sender
from tests.privacy import people
from tests.privacy.conftest import Erase, Plant, last_request, places
from tests.privacy.people import ANN, GUEST, JOANN


def ask(sends: Sender, jobs: Jobs, shop: Shop, person: people.Somebody) -> PrivacyRequest:
    sends("customers/data_request", people.data_request(person, shop.domain), shop=shop.domain)
    jobs.run()
    return last_request()


def test_all_that_is_found_of_a_person_is_handed_over(
    shop: Shop, other_shop: Shop, plant: Plant, sends: Sender, jobs: Jobs
) -> None:
    plant(shop, ANN, JOANN)
    plant(other_shop, GUEST)
    request = ask(sends, jobs, shop, ANN)
    assert request.result == "ready"
    export = privacy.export_of(shop, request.id)
    assert export is not None
    told = json.dumps(export, ensure_ascii=False).casefold()
    for needle in ANN.needles:
        assert Needle(needle).is_in(told), needle
    for needle in {*JOANN.needles, *GUEST.needles} - set(ANN.needles):
        assert not Needle(needle).is_in(told), needle
    tables = {place.table for place in scan(shop.domain, ANN.needles)} - {"privacy_requests"}
    assert {table.replace("_", " ") for table in tables} <= set(export)
    for table in tables - {"syncs"}:
        rows = {place.key for place in scan(shop.domain, ANN.needles) if place.table == table}
        assert len(export[table.replace("_", " ")]) >= len(rows) - (table == "webhooks"), table


def test_an_export_reads_as_a_person_reads(shop: Shop, plant: Plant, sends: Sender, jobs: Jobs) -> None:
    plant(shop, ANN)
    export = privacy.export_of(shop, ask(sends, jobs, shop, ANN).id)
    assert export is not None
    (order,) = export["orders"]
    assert order["total"] == {"amount": "95.00", "currency": "EUR"}
    assert order["name"] == ANN.number
    assert order["person"]["address"]["address1"] == ANN.street
    assert order["created at"].endswith("+00:00")
    assert "email index" not in order
    assert "shop id" not in order
    (line,) = export["order lines"]
    assert line["price"] == {"amount": "95.00", "currency": "EUR"}
    told = [news["body"]["email"] for news in export["webhooks"] if news["topic"] == "orders/create"]
    assert told == [ANN.email, ANN.email]
    assert export["about"]["customers"] == [ANN.customer]


def test_a_guest_is_found_by_the_address_alone(shop: Shop, plant: Plant, sends: Sender, jobs: Jobs) -> None:
    plant(shop, GUEST)
    sends("customers/data_request", people.redaction(GUEST, shop.domain))
    jobs.run()
    export = privacy.export_of(shop, last_request().id)
    assert export is not None
    assert [order["id"] for order in export["orders"]] == [GUEST.order]


def test_an_export_is_stored_so_that_only_the_app_can_read_it_and_forgotten_after_thirty_days(
    shop: Shop, other_shop: Shop, plant: Plant, sends: Sender, jobs: Jobs, clock: Clock
) -> None:
    plant(shop, ANN)
    request = ask(sends, jobs, shop, ANN)
    assert privacy.export_of(other_shop, request.id) is None
    raw = db.session.connection().exec_driver_sql("SELECT export, person FROM privacy_requests").one()
    assert all(ANN.email.encode() not in bytes(value) for value in raw)
    clock.forward(days=29)
    privacy.forget_old()
    assert privacy.export_of(shop, request.id) is not None
    clock.forward(days=2)
    privacy.forget_old()
    assert privacy.export_of(shop, request.id) is None
    assert ("privacy_requests", "person") not in places(shop, ANN)
    assert last_request().result == "forgotten"


def test_whoever_is_erased_is_erased_from_earlier_exports_too(
    shop: Shop, plant: Plant, sends: Sender, jobs: Jobs, erase: Erase
) -> None:
    plant(shop, ANN, JOANN)
    mine, hers = ask(sends, jobs, shop, ANN).id, ask(sends, jobs, shop, JOANN).id
    erase(shop, ANN)
    assert privacy.export_of(shop, mine) is None
    assert privacy.export_of(shop, hers) is not None
    assert not places(shop, ANN)
    proof = last_request().certificate
    assert proof is not None
    assert proof["tables"]["privacy_requests"] == 2


def test_a_request_that_waits_is_over_when_its_person_is_erased(
    shop: Shop, plant: Plant, sends: Sender, jobs: Jobs
) -> None:
    plant(shop, ANN)
    sends("customers/redact", people.redaction(ANN, shop.domain))
    sends("customers/data_request", people.data_request(ANN, shop.domain))
    jobs.run()
    assert not places(shop, ANN)


def test_a_shop_we_do_not_know_has_no_merchant_to_hand_anything_to(shop: Shop, sends: Sender, jobs: Jobs) -> None:
    stranger = "never-opened.myshopify.com"
    sends("customers/data_request", people.data_request(ANN, stranger), shop=stranger)
    jobs.run()
    assert privacy.requests_of(shop) == []


def test_a_merchant_sees_what_was_asked_the_newest_first(
    shop: Shop, other_shop: Shop, plant: Plant, sends: Sender, jobs: Jobs, erase: Erase
) -> None:
    plant(shop, ANN)
    ask(sends, jobs, shop, JOANN)
    erase(shop, ANN)
    ask(sends, jobs, other_shop, ANN)
    assert [(one.kind, one.result) for one in privacy.requests_of(shop)] == [
        ("erase_customer", "erased"),
        ("export", "ready"),
    ]
