"""Nothing is kept for ever, even if nobody asks."""

from jobs import schedule, webhooks
from shopify_app import privacy, work
from shopify_app.db import db
from shopify_app.orders.models import Order
from shopify_app.privacy.models import Mark, PrivacyRequest
from shopify_app.shopify import models as shops
from shopify_app.shopify.models import Shop
from tests.conftest import LUMEN, Clock, Jobs, Sender
from tests.privacy import people
from tests.privacy.conftest import Erase, Plant, counts, last_request, places
from tests.privacy.people import ANN, GUEST, JOANN


def test_what_had_no_news_for_two_years_is_forgotten_and_the_rest_is_not(
    shop: Shop, plant: Plant, sends: Sender, jobs: Jobs, clock: Clock
) -> None:
    plant(shop, ANN, GUEST)
    clock.forward(days=700)
    plant(shop, JOANN)
    before = places(shop, JOANN)
    assert privacy.forget_old() == 0
    clock.forward(days=31)
    assert privacy.forget_old() == 3  # two orders, and the customer of one of them
    for person in (ANN, GUEST):
        assert {table for table, _ in places(shop, person)} <= {"webhooks", "carts", "lookups"}
    assert places(shop, JOANN) == before
    assert privacy.forget_old() == 0


def test_the_daily_chores_forget_bodies_and_carts_long_before(
    app: object, shop: Shop, plant: Plant, clock: Clock
) -> None:
    plant(shop, ANN)
    chores = schedule.table(app.extensions["config"])  # type: ignore[attr-defined]
    clock.forward(days=91)
    for name in ("forget raw webhooks", "forget old carts", "forget old persons"):
        chores[name][1]()
    assert counts()["carts"] == 0
    assert {table for table, _ in places(shop, ANN)} & {"webhooks", "carts"} == {"webhooks"}
    assert db.session.get(Order, (shop.id, ANN.order)) is not None


def test_marks_of_persons_go_when_nothing_can_be_late_any_more_and_marks_of_orders_stay(
    shop: Shop, plant: Plant, erase: Erase, clock: Clock
) -> None:
    plant(shop, ANN)
    erase(shop, ANN)
    assert counts()["privacy_marks"] == 4  # order, customer, address, telephone
    clock.forward(days=91)
    privacy.forget_old()
    assert [mark.until for mark in db.session.query(Mark)] == [None]


def test_a_request_that_was_given_up_is_taken_up_again_every_day(
    shop: Shop, plant: Plant, sends: Sender, jobs: Jobs
) -> None:
    plant(shop, ANN)
    sends("customers/redact", people.redaction(ANN, shop.domain))
    webhooks.drain()
    (request,) = work.claim(PrivacyRequest)
    work.finish(request, work.DEAD, error="OperationalError")
    jobs.run()
    assert places(shop, ANN)
    assert privacy.take_up() == 1
    jobs.run()
    assert last_request().result == "erased"
    assert not places(shop, ANN)


def test_a_shop_that_left_and_of_which_shopify_never_spoke_again_is_erased_all_the_same(
    shop: Shop, other_shop: Shop, plant: Plant, sends: Sender, jobs: Jobs, clock: Clock
) -> None:
    plant(shop, ANN)
    sends("app/uninstalled", {"id": 1})
    jobs.run()
    clock.forward(days=29)
    privacy.forget_old()
    jobs.run()
    assert places(shop, ANN)
    clock.forward(days=2)
    for _ in range(2):
        privacy.forget_old()
    jobs.run()
    assert shops.find(LUMEN) is None
    assert not places(LUMEN, ANN)
    assert last_request().result == "erased"
    assert counts()["privacy_requests"] == 1
    assert shops.find(other_shop.domain) is not None
