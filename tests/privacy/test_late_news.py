"""What was erased stays away, whatever still arrives."""

import threading
from datetime import timedelta
from time import sleep

import pytest
from flask import Flask

from devstore import deeds
from devstore.server import Running
from jobs import webhooks
from shopify_app import clock as time
from shopify_app import privacy, work
from shopify_app.db import db, transaction
from shopify_app.orders import reconcile, record
from shopify_app.orders.models import Customer, Order, Shipment
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from shopify_app.webhooks import inbox, topics
from shopify_app.webhooks.models import Webhook
from tests.conftest import LUMEN, Clock, Jobs, Sender
from tests.privacy import people
from tests.privacy.conftest import Erase, Plant, counts, last_request, places
from tests.privacy.people import ANN, GUEST, JOANN, Somebody


@pytest.mark.parametrize("person", [ANN, GUEST], ids=["customer", "guest"])
def test_news_sent_before_the_request_and_delivered_after_it_brings_nothing_back(
    shop: Shop, plant: Plant, erase: Erase, sends: Sender, jobs: Jobs, person: Somebody
) -> None:
    plant(shop, person)
    erase(shop, person)
    before, earlier = counts(), time.now() - timedelta(hours=1)
    for topic, body in people.life(person):
        sends(topic, body, at=earlier)
    jobs.run()
    assert not places(shop, person)
    assert {table: rows for table, rows in counts().items() if rows != before[table]} == {
        "webhooks": before["webhooks"] + len(list(people.life(person)))
    }


def test_news_of_an_erased_order_comes_to_nothing_for_ever(
    shop: Shop, plant: Plant, erase: Erase, sends: Sender, jobs: Jobs, clock: Clock
) -> None:
    plant(shop, ANN)
    erase(shop, ANN)
    clock.forward(days=400)
    sends("orders/updated", people.order(ANN))
    sends("orders/updated", people.order(Somebody("", "", "", "", "", ANN.order)))
    sends("fulfillments/create", people.parcel(ANN))
    sends("fulfillment_events/create", people.scanned(ANN))
    jobs.run()
    assert not places(shop, ANN)
    assert db.session.get(Order, (shop.id, ANN.order)) is None
    assert db.session.get(Shipment, (shop.id, ANN.order + 1000)) is None


def test_whoever_comes_back_as_a_customer_is_served_again(
    shop: Shop, plant: Plant, erase: Erase, sends: Sender, jobs: Jobs, clock: Clock
) -> None:
    plant(shop, ANN)
    erase(shop, ANN)
    clock.forward(minutes=1)
    again = Somebody(ANN.first, ANN.last, ANN.email, ANN.phone, ANN.street, 820_000_001, 920_000_001)
    for topic, body in people.life(again):
        sends(topic, body)
    jobs.run()
    order = db.session.get(Order, (shop.id, again.order))
    assert order is not None
    assert order.person["email"] == ANN.email
    assert db.session.get(Customer, (shop.id, again.customer)) is not None


def test_neighbours_news_is_heard_while_others_are_held_off(
    shop: Shop, plant: Plant, erase: Erase, sends: Sender, jobs: Jobs
) -> None:
    plant(shop, ANN)
    erase(shop, ANN)
    for topic, body in people.life(JOANN):
        sends(topic, body, at=time.now() - timedelta(hours=1))
    jobs.run()
    assert db.session.get(Order, (shop.id, JOANN.order)) is not None
    assert db.session.get(Customer, (shop.id, JOANN.customer)) is not None


def test_what_is_released_after_an_install_does_not_bring_back_the_dead(
    shop: Shop, plant: Plant, erase: Erase, jobs: Jobs
) -> None:
    plant(shop, ANN)
    erase(shop, ANN)
    inbox.release(shop)
    jobs.run()
    assert not places(shop, ANN)


def test_our_own_reading_at_shopify_does_not_bring_an_erased_order_back(
    shopify: Running, installed: Shop, sends: Sender, jobs: Jobs, clock: Clock
) -> None:
    state = shopify.state
    lamp = deeds.add_product(state, LUMEN, "Desk lamp", [{"title": "Brass", "price": "89.90"}])
    mira = deeds.add_customer(state, LUMEN, "mira@example.com", first_name="Mira", last_name="Sommer")
    kept = deeds.add_customer(state, LUMEN, "kept@example.com", first_name="Kees", last_name="Blijver")
    order = deeds.place_order(state, LUMEN, [(lamp.variants[0].id, 1)], customer=mira)
    other = deeds.place_order(state, LUMEN, [(lamp.variants[0].id, 1)], customer=kept)
    for _ in range(3):
        jobs.run()
        clock.forward(seconds=10)
    assert db.session.get(Order, (installed.id, order.id)) is not None
    customer = {"id": mira.id, "email": "mira@example.com"}
    sends("customers/redact", {"shop_domain": LUMEN, "customer": customer, "orders_to_redact": [order.id]})
    jobs.run()
    reconcile.want(installed.id, "order", order.id)
    reconcile.begin(installed)
    for _ in range(3):
        jobs.run()
        clock.forward(minutes=6)
    assert db.session.get(Order, (installed.id, order.id)) is None
    assert db.session.get(Order, (installed.id, other.id)) is not None


def test_a_worker_that_has_news_in_hand_when_its_person_is_erased_loses_it(
    shop: Shop, plant: Plant, sends: Sender, erase: Erase
) -> None:
    plant(shop, ANN)
    sends("orders/updated", people.order(ANN))
    (in_hand,) = work.claim(Webhook)
    erase(shop, ANN)
    with pytest.raises(work.LostLease), transaction():
        topics.order_changed(topics.News(shop, shop.domain, people.order(ANN), in_hand.triggered_at))
        work.finish(in_hand, "done")
    assert not places(shop, ANN)


def test_an_erasure_waits_for_whoever_has_just_looked_whether_somebody_is_erased(
    app: Flask, shop: Shop, sends: Sender, jobs: Jobs
) -> None:
    has_looked = threading.Event()

    def read() -> None:
        """As a round does that has asked Shopify for an order."""
        with app.app_context(), transaction():
            lumen = shops.named(LUMEN)
            privacy.hold_off(lumen)
            assert not privacy.is_erased(lumen, "orders/updated", people.order(ANN), time.now())
            has_looked.set()
            sleep(1)
            record.order(lumen.id, people.order(ANN), time.now())

    sends("customers/redact", people.redaction(ANN, LUMEN))
    webhooks.drain()
    reader = threading.Thread(target=read)
    reader.start()
    assert has_looked.wait(30)
    jobs.run()
    reader.join()
    assert last_request().result == "erased"
    assert not places(shop, ANN)
