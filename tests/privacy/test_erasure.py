"""A customer asks to be forgotten."""

import json

import pytest
from sqlalchemy import func, select

from shopify_app.db import db
from shopify_app.orders.models import Customer, Order
from shopify_app.privacy import certificate
from shopify_app.shopify.models import Shop
from shopify_app.webhooks.models import Webhook
from tests.conftest import Jobs, Sender
from tests.privacy import people
from tests.privacy.conftest import Erase, Plant, counts, last_request, places
from tests.privacy.people import ANN, GUEST, JOANN, Somebody


@pytest.mark.parametrize("person", [ANN, GUEST], ids=["customer", "guest"])
def test_nothing_is_found_of_somebody_who_asked_to_be_forgotten(
    shop: Shop, plant: Plant, erase: Erase, person: Somebody
) -> None:
    plant(shop, person)
    before = places(shop, person)
    tables = {table for table, _ in before}
    assert {"orders", "order_lines", "shipments", "parcel_events", "refunds", "returns", "syncs"} <= tables
    assert {"carts", "changes", "messages", "webhooks", "lookups"} <= tables
    assert person.customer is None or {"customers", "consents"} <= tables
    erase(shop, person)
    assert last_request().result == "erased"
    assert not places(shop, person)


def test_neighbours_and_other_shops_keep_all_they_had(shop: Shop, other_shop: Shop, plant: Plant, erase: Erase) -> None:
    plant(shop, JOANN, ANN, GUEST)
    plant(other_shop, ANN)
    before = [places(shop, JOANN), places(shop, GUEST), places(other_shop, ANN)]
    erase(shop, ANN)
    assert [places(shop, JOANN), places(shop, GUEST), places(other_shop, ANN)] == before
    assert not places(shop, ANN)


def test_the_certificate_counts_what_went_and_names_nobody(shop: Shop, plant: Plant, erase: Erase) -> None:
    plant(shop, JOANN, ANN)
    before = counts()
    erase(shop, ANN)
    after, proof = counts(), last_request().certificate
    assert proof is not None
    gone = {table: before[table] - after[table] for table in before if before[table] > after[table]}
    emptied = db.session.scalar(select(func.count()).where(Webhook.result == "erased"))
    assert proof["tables"] == gone | {"webhooks": emptied, "privacy_requests": 1}
    assert proof["shop"] == shop.domain
    assert proof["kind"] == "erase_customer"
    assert proof["asked_at"] <= proof["done_at"]
    assert certificate.holds(proof)
    assert not certificate.holds(proof | {"tables": {}})
    told = json.dumps(proof, ensure_ascii=False).casefold()
    assert not [needle for needle in ANN.needles if needle.casefold() in told]


def test_asking_twice_is_as_good_as_once(shop: Shop, plant: Plant, erase: Erase) -> None:
    plant(shop, ANN)
    erase(shop, ANN)
    erase(shop, ANN)
    proof = last_request().certificate
    assert proof is not None
    assert proof["tables"] == {"webhooks": 1, "privacy_requests": 1}
    assert not places(shop, ANN)


def test_orders_that_only_shopify_can_name_are_erased_too(shop: Shop, plant: Plant, erase: Erase) -> None:
    """A guest who changed the address since: no other word leads to the order."""
    plant(shop, GUEST)
    nobody = Somebody("", "", "new@example.org", "+15550000000", "", GUEST.order)
    erase(shop, nobody, orders_to_redact=[GUEST.order])
    assert db.session.get(Order, (shop.id, GUEST.order)) is None
    assert ("orders", "person") not in places(shop, GUEST)
    assert ("webhooks", "order_id") not in places(shop, GUEST)


def test_a_household_shares_a_telephone_but_not_an_erasure(
    shop: Shop, plant: Plant, erase: Erase, sends: Sender, jobs: Jobs
) -> None:
    partner = Somebody("Paul", "Peters", "paul@example.net", ANN.phone, "7 Quai d'Invention", 810_000_009, 910_000_009)
    plant(shop, partner, ANN)
    sends("checkouts/create", {"token": "phone-only", "phone": "06 12 34 56 78"})
    jobs.run()
    before = places(shop, partner)
    erase(shop, ANN)
    after = places(shop, partner)
    assert after[("orders", "person")] == before[("orders", "person")] - 2  # Ann's had this telephone and street
    assert db.session.get(Order, (shop.id, partner.order)) is not None
    assert db.session.get(Customer, (shop.id, partner.customer)) is not None
    assert counts()["carts"] == 1  # the partner's; the one that had nothing but the telephone is gone


def test_the_sample_of_shopifys_documentation_means_nobody(shop: Shop, sends: Sender, jobs: Jobs) -> None:
    sends("customers/redact", people.redaction(ANN, "{shop}.myshopify.com"), shop=shop.domain)
    sends("shop/redact", {"shop_id": 1, "shop_domain": "{shop}.myshopify.com"}, shop=shop.domain)
    jobs.run()
    assert counts()["privacy_requests"] == 0
    assert set(db.session.scalars(select(Webhook.result))) == {"done"}


def test_a_request_that_names_another_shop_erases_nothing_and_is_kept_as_failed(
    shop: Shop, other_shop: Shop, plant: Plant, sends: Sender, jobs: Jobs
) -> None:
    plant(shop, ANN)
    plant(other_shop, ANN)
    before = [places(shop, ANN), places(other_shop, ANN)]
    sends("customers/redact", people.redaction(ANN, other_shop.domain), shop=shop.domain)
    sends("shop/redact", {"shop_id": 1, "shop_domain": other_shop.domain}, shop=shop.domain)
    jobs.run()
    assert counts()["privacy_requests"] == 0
    refused = db.session.scalars(select(Webhook).where(Webhook.topic.like("%/redact"))).all()
    assert {webhook.result for webhook in refused} == {"failed"}
    after = [places(shop, ANN), places(other_shop, ANN)]
    assert after[1] == before[1]
    assert after[0] - before[0] == {("webhooks", "body"): 3}  # the refused request itself: id, e-mail, phone


def test_an_erasure_for_a_shop_that_we_never_knew_takes_what_came_before_its_install(
    app: object, sends: Sender, jobs: Jobs
) -> None:
    domain = "never-opened.myshopify.com"
    sends("orders/create", people.order(ANN), shop=domain)
    jobs.run()
    assert places(domain, ANN)
    sends("customers/redact", people.redaction(ANN, domain), shop=domain)
    jobs.run()
    assert not places(domain, ANN)
    assert last_request().result == "erased"
