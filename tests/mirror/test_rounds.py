"""What no webhook told is found by the regular rounds, with the same effects as if it had been told."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from devstore import deeds, server
from devstore.records import FulfillmentEvent, Order, Product
from shopify_app import clock as app_clock
from shopify_app import work
from shopify_app.db import db, rest
from shopify_app.mail.models import Message
from shopify_app.orders import read, reconcile
from shopify_app.orders.models import Shipment, Sync
from shopify_app.shopify.errors import Paused, Refused, Throttled, Unavailable
from shopify_app.shopify.models import Shop
from shopify_app.webhooks import topics
from tests.conftest import LUMEN, Clock, Jobs
from tests.mirror.conftest import Buy, Rounds


def lose(shopify: server.Running, count: int = 1000) -> None:
    """From now on webhooks do not arrive."""
    shopify.faults.webhooks.dropped = count


def whole(shop: Shop, order: Order) -> read.Whole:
    found = read.whole(shop, order.id)
    assert found is not None
    return found


# Every few minutes


def test_an_order_that_no_webhook_told_is_found_and_confirmed_once(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds, jobs: Jobs
) -> None:
    lose(shopify)
    order = buy()
    lose(shopify, 0)
    round_ = rounds.go_by(lumen)
    assert round_.misses == 1
    assert whole(lumen, order).order.name == order.name
    assert [mail.to for mail in shopify.mailbox.messages()] == ["mira.sommer@example.com"]
    for delivery in shopify.log.rows():
        if delivery.topic in ("orders/create", "orders/paid"):
            shopify.log.replay(delivery.id)
    rounds.told()
    assert len(shopify.mailbox.messages()) == 1
    assert db.session.query(Message).count() == 1


def test_a_round_that_finds_nothing_missing_changes_nothing(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds
) -> None:
    buy()
    rounds.told()
    for _ in range(3):
        round_ = rounds.go_by(lumen)
    assert (round_.misses, round_.tries, round_.error) == (0, 0, None)
    assert len(shopify.mailbox.messages()) == 1


def test_whatever_happened_to_an_order_meanwhile_is_read_with_it(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds, clock: Clock
) -> None:
    order = buy()
    rounds.told()
    clock.forward(seconds=2)  # Shopify dates orders by the second
    lose(shopify)
    parcel = deeds.fulfil(shopify.state, order, company="DHL", number="0034")
    deeds.scan(shopify.state, parcel, "out_for_delivery", city="Leipzig")
    rounds.go_by(lumen)
    found = whole(lumen, order)
    assert found.order.fulfillment_status == "fulfilled"
    assert found.shipments[0].tracking[0]["number"] == "0034"
    assert [scan.status for scan in found.events] == ["out_for_delivery"]


def test_a_round_looks_back_to_the_one_before_and_a_little_further(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds, clock: Clock
) -> None:
    """The workers stood still for a day."""
    rounds.go_by(lumen)
    lose(shopify)
    order = buy()
    clock.forward(hours=24)
    rounds.go_by(lumen)
    assert whole(lumen, order).order.name == order.name


def test_what_was_placed_long_before_it_was_found_is_confirmed_no_more(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds, clock: Clock
) -> None:
    rounds.go_by(lumen)
    lose(shopify)
    buy()
    clock.forward(hours=49)
    rounds.go_by(lumen)
    assert [message.reason for message in db.session.query(Message)] == ["too_late"]


# Every night


def test_a_scan_that_touched_nothing_else_is_found_at_night(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds
) -> None:
    """Its order keeps its date, so no list of changed orders holds it."""
    order = buy()
    parcel = deeds.fulfil(shopify.state, order)
    rounds.told()
    now = shopify.state.now()
    with shopify.state.changing() as change:
        scan = FulfillmentEvent(id=1, status="delivered", happened_at=now, created_at=now, updated_at=now)
        parcel.events.append(scan)
        change.touch(order)
    rounds.go_by(lumen)
    assert whole(lumen, order).events == []
    rounds.go_by(lumen, "nightly")
    rounds.until_done(lumen, "details")
    assert [found.status for found in whole(lumen, order).events] == ["delivered"]


def test_a_parcel_that_arrived_is_left_alone_at_night(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds
) -> None:
    deeds.scan(shopify.state, deeds.fulfil(shopify.state, buy()), "delivered")
    deeds.fulfil(shopify.state, buy())
    rounds.told()
    before = rounds.of(lumen, "details").count
    rounds.go_by(lumen, "nightly")
    rounds.until_done(lumen, "details")
    assert rounds.of(lumen, "details").count == before + 1
    assert db.session.query(Shipment).filter_by(is_partial=True).count() == 0


# Single things


def test_an_order_is_fetched_for_the_parcel_that_came_first(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds
) -> None:
    lose(shopify)
    order = buy()
    lose(shopify, 0)
    deeds.fulfil(shopify.state, order)
    rounds.told()
    assert whole(lumen, order).shipments[0].lines == [{"id": order.lines[0].id, "quantity": 1}]
    assert len(shopify.mailbox.messages()) == 1


def test_an_edited_order_is_fetched_with_its_new_lines(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds, lamp: Product
) -> None:
    order = buy()
    rounds.told()
    deeds.edit_lines(shopify.state, order, add=[(lamp.variants[1].id, 2)], remove=[(order.lines[0].id, 1)])
    rounds.told()
    lines = {line.variant_title: line.current_quantity for line in whole(lumen, order).lines}
    assert lines == {"Brass": 0, "Steel": 2}


def test_the_picture_of_a_product_is_fetched(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds, lamp: Product
) -> None:
    order = buy()
    rounds.told()
    found = whole(lumen, order)
    assert (found.picture(found.lines[0]) or "").endswith("/pictures/lamp.svg")


def test_returns_end_in_the_state_they_have_at_shopify(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds
) -> None:
    """However the news of them is shuffled and repeated on the way."""
    order = buy(pieces=2)
    deeds.fulfil(shopify.state, order)
    rounds.told()
    shopify.faults.webhooks.shuffled, shopify.faults.webhooks.twice = 4, 2
    asked = deeds.request_return(shopify.state, order, [(order.lines[0].id, 1)])
    deeds.approve_return(shopify.state, asked)
    deeds.close_return(shopify.state, asked)
    deeds.reopen_return(shopify.state, asked)
    rounds.told()
    (found,) = whole(lumen, order).returns
    assert (found.status, found.name, found.pieces) == (asked.status.lower(), asked.name, 1)


def test_what_shopify_does_not_have_is_not_asked_for_again(lumen: Shop, jobs: Jobs) -> None:
    reconcile.want(lumen.id, "order", 404)
    reconcile.want(lumen.id, "product", 404)
    reconcile.want(lumen.id, "return", 404)
    jobs.run()
    missing = db.session.query(Sync).filter_by(subject=404)
    assert [row.result for row in missing] == ["not there"] * 3


def test_the_same_thing_is_wanted_once_and_may_be_wanted_again(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds, jobs: Jobs
) -> None:
    order = buy()
    rounds.told()
    for _ in range(3):
        reconcile.want(lumen.id, "order", order.id)
    assert db.session.query(Sync).filter_by(kind="order", subject=order.id).count() == 1
    jobs.run()
    deeds.update_order(shopify.state, order, note="x")
    reconcile.want(lumen.id, "order", order.id)
    assert db.session.query(Sync).filter_by(kind="order", done_at=None).count() == 1


# Large orders


def test_a_large_order_is_read_to_its_last_line_parcel_and_scan(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds, lamp: Product
) -> None:
    """130 lines: 50 in one parcel with 30 scans, eight more parcels, seven refunds."""
    lose(shopify)
    order = buy(lines=[(lamp.variants[0].id, 1)] * 130)
    lines = [line.id for line in order.lines]
    first = deeds.fulfil(shopify.state, order, [(line, 1) for line in lines[:50]])
    for _ in range(30):
        deeds.scan(shopify.state, first, "in_transit")
    for line in lines[50:58]:
        deeds.fulfil(shopify.state, order, [(line, 1)])
    for line in lines[100:106]:
        deeds.refund(shopify.state, order, [(line, 1)])
    deeds.refund(shopify.state, order, [(line, 1) for line in lines[106:120]])
    rounds.go_by(lumen)
    found = whole(lumen, order)
    assert [line.id for line in found.lines] == lines
    assert len(found.shipments) == 9
    assert len(next(parcel for parcel in found.shipments if parcel.id == first.id).lines) == 50
    assert len(found.events) == 30
    assert sorted(len(back.lines) for back in found.refunds) == [1] * 6 + [14]


def test_reading_a_large_parcel_again_loses_none_of_its_lines(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds, lamp: Product, jobs: Jobs
) -> None:
    order = buy(lines=[(lamp.variants[0].id, 1)] * 20)
    deeds.fulfil(shopify.state, order)
    rounds.told()
    assert len(whole(lumen, order).shipments[0].lines) == 20
    reconcile.want(lumen.id, "order", order.id)
    jobs.run()
    assert len(whole(lumen, order).shipments[0].lines) == 20


# Shopify has a bad day


def test_a_full_bucket_is_waited_for_and_is_no_failure(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds, clock: Clock, jobs: Jobs
) -> None:
    order = buy()
    rounds.told()
    reconcile.want(lumen.id, "order", order.id)
    shopify.faults.graphql.throttled = 1
    reconcile.run(topics.READ)
    waits = wanted(order)
    assert (waits.done_at, waits.tries, waits.error) == (None, 0, None)
    assert waits.due_at - app_clock.now() < timedelta(seconds=10)
    clock.forward(seconds=10)
    jobs.run()
    assert wanted(order).result == "read"


def test_an_outage_is_waited_out_longer_and_longer(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds, clock: Clock
) -> None:
    shopify.faults.graphql.outage = True
    for tries in (1, 2, 3):
        failed = rounds.go_by(lumen)
        assert (failed.tries, failed.error) == (tries, "Unavailable")
        pause = (failed.due_at - app_clock.now()).total_seconds()
        assert 0.7 * work.BACKOFF[tries - 1] < pause < 1.2 * work.BACKOFF[tries - 1]
    lose(shopify)
    order = buy()
    shopify.faults.graphql.outage = False
    back = rounds.go_by(lumen)
    assert (back.tries, back.error, back.misses) == (0, None, 1)
    assert whole(lumen, order).order.name == order.name


@pytest.mark.parametrize("standing", ["frozen", "closed", "locked"])
def test_a_shop_that_is_not_open_is_left_alone_for_a_while(
    shopify: server.Running, lumen: Shop, rounds: Rounds, standing: str
) -> None:
    shopify.state.shops[LUMEN].standing = standing
    for _ in range(10):
        paused = rounds.go_by(lumen)
    assert (paused.tries, paused.error, paused.done_at) == (0, "Paused", None)
    assert paused.due_at - app_clock.now() > timedelta(minutes=50)
    shopify.state.shops[LUMEN].standing = "open"
    assert rounds.go_by(lumen).error is None


def test_a_shop_whose_tokens_are_gone_waits_for_its_merchant(
    shopify: server.Running, lumen: Shop, rounds: Rounds, clock: Clock
) -> None:
    install = shopify.state.install(LUMEN)
    assert install is not None
    install.tokens.clear()
    waiting = rounds.go_by(lumen)
    assert (waiting.tries, waiting.error, waiting.done_at) == (0, "Unauthorized", None)


def test_a_shop_that_left_is_asked_nothing(shopify: server.Running, lumen: Shop, rounds: Rounds, jobs: Jobs) -> None:
    deeds.uninstall(shopify.state, LUMEN)
    reconcile.want(lumen.id, "order", 1)
    rounds.told()
    assert {row.result for row in db.session.query(Sync)} <= {"stopped", "read", "not there"}
    assert db.session.query(Sync).filter_by(done_at=None).count() == 0


def test_a_shop_that_shopify_cannot_greet_yet_is_greeted_later(
    shopify: server.Running, installed: Shop, jobs: Jobs, rounds: Rounds
) -> None:
    shopify.faults.graphql.outage = True
    jobs.run()
    assert reconcile.of(installed, "import") is None
    shopify.faults.graphql.outage = False
    jobs.run()
    assert rounds.until_done(installed).result == "read"


@pytest.mark.parametrize(
    "trouble", [None, Throttled(1), Unavailable("late"), Paused("late"), Refused("late"), KeyError()]
)
def test_a_reader_that_was_stopped_past_its_lease_changes_nothing(
    lumen: Shop, buy: Buy, rounds: Rounds, clock: Clock, jobs: Jobs, app: Flask, trouble: Exception | None
) -> None:
    """Another worker takes over and is done; then the first one wakes up, with an answer or with an error."""
    order = buy()
    rounds.told()
    reconcile.want(lumen.id, "order", order.id)
    stopped, woken = threading.Event(), threading.Event()
    failures: list[BaseException] = []

    def tell(*news: Any, **how: Any) -> bool:
        stopped.set()
        assert woken.wait(30)
        if trouble is not None:
            raise trouble
        return topics.order_read(*news, **how)

    def read_slowly() -> None:
        with app.app_context():
            try:
                reconcile.run(reconcile.Tell(tell, topics.return_read))
            except Exception as error:
                failures.append(error)

    slow = threading.Thread(target=read_slowly)
    slow.start()
    assert stopped.wait(30)
    clock.forward(minutes=2)
    jobs.run()
    before = wanted(order)
    assert (before.result, before.tries) == ("read", 1)
    done_at = before.done_at
    woken.set()
    slow.join()
    assert failures == []
    assert (wanted(order).done_at, wanted(order).error) == (done_at, None)


def wanted(order: Order) -> Sync:
    rest()
    return db.session.query(Sync).filter_by(kind="order", subject=order.id).one()
