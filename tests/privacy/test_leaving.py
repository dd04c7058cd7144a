"""A shop leaves, and two days later Shopify asks us to forget it."""

from flask import Flask
from sqlalchemy import select

from devstore.server import Running
from jobs import webhooks
from shopify_app import clock as time
from shopify_app.db import db, transaction
from shopify_app.privacy import certificate, fulfil, leaving
from shopify_app.privacy.models import PrivacyRequest
from shopify_app.privacy.scan import scan
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, Clock, Jobs, Sender
from tests.privacy import people
from tests.privacy.conftest import Erase, Plant, counts, last_request, places
from tests.privacy.people import ANN, GUEST, JOANN


def uninstall(sends: Sender, jobs: Jobs) -> None:
    sends("app/uninstalled", {"id": 1, "domain": LUMEN})
    jobs.run()


def ask(sends: Sender) -> None:
    sends("shop/redact", {"shop_id": 1, "shop_domain": LUMEN})


def come_back() -> None:
    with transaction():
        shop = shops.named(LUMEN)
        shop.installed_at, shop.access_token = time.now(), "shpat_new"


def test_nothing_but_certificates_is_left_of_a_shop_that_has_gone(
    shop: Shop, other_shop: Shop, plant: Plant, erase: Erase, sends: Sender, jobs: Jobs, clock: Clock
) -> None:
    plant(other_shop, ANN)
    alone = counts()
    before = places(other_shop, ANN)
    plant(shop, ANN, GUEST)
    sends("customers/data_request", people.data_request(GUEST, LUMEN))
    erase(shop, ANN)
    with transaction():
        shop.email, shop.access_token, shop.refresh_token = "owner@example.com", "shpat_1", "shprt_1"
    uninstall(sends, jobs)
    clock.forward(days=2)
    sends("app/uninstalled", {"id": 1})
    ask(sends)
    planted = counts()
    jobs.run()
    proof = last_request().certificate
    assert proof is not None
    assert certificate.holds(proof)
    assert proof["kind"] == "erase_shop"
    left = counts()
    assert left == alone | {"shops": 1, "privacy_requests": 3}
    gone = {table: planted[table] - left[table] for table in left if planted[table] > left[table]}
    assert proof["tables"] == gone | {"webhooks": gone["webhooks"], "privacy_requests": 1}
    assert not places(LUMEN, ANN) + places(LUMEN, GUEST)
    assert not list(scan(LUMEN, ["owner@example.com", "shpat_1", "shprt_1"]))
    assert places(other_shop, ANN) == before
    asked = db.session.scalars(select(PrivacyRequest).order_by(PrivacyRequest.id)).all()
    assert [(one.kind, one.result, one.certificate is None) for one in asked] == [
        ("export", "ready", True),
        ("erase_customer", "erased", False),
        ("erase_shop", "erased", False),
    ]


def test_a_shop_that_was_installed_again_before_the_request_is_spared(
    shop: Shop, plant: Plant, sends: Sender, jobs: Jobs, clock: Clock
) -> None:
    plant(shop, ANN)
    uninstall(sends, jobs)
    come_back()
    clock.forward(days=1, hours=23)
    before = places(shop, ANN)
    ask(sends)
    jobs.run()
    assert last_request().result == "spared"
    assert last_request().certificate is None
    assert places(shop, ANN) == before
    assert shops.named(LUMEN).access_token == "shpat_new"


def test_a_shop_that_is_installed_again_between_request_and_work_is_spared(
    shop: Shop, plant: Plant, sends: Sender, jobs: Jobs, clock: Clock
) -> None:
    plant(shop, ANN)
    uninstall(sends, jobs)
    clock.forward(days=2)
    ask(sends)
    webhooks.drain()
    assert last_request().result is None
    come_back()
    before = places(shop, ANN)
    jobs.run()
    assert last_request().result == "spared"
    assert places(shop, ANN) == before


def test_a_shop_that_is_installed_again_in_the_middle_of_its_erasure_keeps_the_rest(
    shop: Shop, plant: Plant, sends: Sender, jobs: Jobs
) -> None:
    plant(shop, ANN)
    lines = [people.line(number) for number in range(830_000_000, 830_000_000 + 2 * leaving.ROWS)]
    sends("orders/updated", people.order(JOANN, line_items=lines))
    jobs.run()
    uninstall(sends, jobs)
    ask(sends)
    webhooks.drain()
    before = counts()
    assert fulfil.run() == 1
    come_back()
    after = counts()
    assert sum(before.values()) - sum(after.values()) == leaving.ROWS
    assert fulfil.run() == 1
    assert last_request().result == "spared"
    assert counts() == after


def test_a_shop_without_a_row_has_nothing_to_lose_but_webhooks(app: Flask, sends: Sender, jobs: Jobs) -> None:
    sends("orders/create", people.order(ANN))
    jobs.run()
    ask(sends)
    jobs.run()
    proof = last_request().certificate
    assert proof is not None
    assert proof["tables"] == {"webhooks": 2}
    assert not places(LUMEN, ANN)


def test_a_shop_whose_farewell_never_reached_us_is_erased_when_shopify_takes_our_tokens_no_more(
    shopify: Running, installed: Shop, sends: Sender, jobs: Jobs, clock: Clock
) -> None:
    jobs.run()
    sends("orders/create", people.order(ANN))
    jobs.run()
    clock.forward(days=3)
    with transaction():
        installed.access_token = installed.refresh_token = "shprt_retired"
    ask(sends)
    jobs.run()
    assert last_request().result == "erased"
    assert shops.find(LUMEN) is None


def test_a_shop_that_shopify_still_serves_is_spared_whatever_we_were_told(
    shopify: Running, installed: Shop, sends: Sender, jobs: Jobs, clock: Clock
) -> None:
    jobs.run()
    clock.forward(days=3)
    ask(sends)
    jobs.run()
    assert last_request().result == "spared"
    assert shops.named(LUMEN).is_installed
