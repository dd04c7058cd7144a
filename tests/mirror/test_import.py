"""The first import: the last 60 days, read in bulk when the shop installs, without a word to any buyer."""

from datetime import timedelta

from flask.testing import FlaskClient

from devstore import deeds, server
from devstore.records import Product
from jobs import sync
from shopify_app import clock as app_clock
from shopify_app import work
from shopify_app.db import db, transaction
from shopify_app.mail.models import Message
from shopify_app.orders import read, reconcile
from shopify_app.orders.models import Order, Shipment, Sync
from shopify_app.shopify.models import Shop, named
from shopify_app.webhooks import topics
from tests.conftest import LUMEN, SECOND, Clock, Jobs
from tests.mirror.conftest import Buy, Rounds


def install(shopify: server.Running, client: FlaskClient) -> Shop:
    assert client.get(shopify.open_app(LUMEN).removeprefix(shopify.app_url)).status_code == 200
    return named(LUMEN)


def ago(days: float) -> object:
    return app_clock.now() - timedelta(days=days)


def test_a_merchant_who_installs_finds_the_orders_of_the_last_sixty_days(
    shopify: server.Running, client: FlaskClient, buy: Buy, rounds: Rounds
) -> None:
    for days in (1, 30, 59, 61, 100):
        buy(at=ago(days))
    shop = install(shopify, client)
    done = rounds.until_done(shop)
    assert (done.result, done.count, done.total) == ("read", 3, 3)
    assert [order.name for order in read.page(shop)] == ["#1001", "#1002", "#1003"]


def test_history_is_read_with_its_lines_parcels_scans_and_pictures(
    shopify: server.Running, client: FlaskClient, buy: Buy, rounds: Rounds, lamp: Product
) -> None:
    order = buy(pieces=2, at=ago(5))
    parcel = deeds.fulfil(shopify.state, order, company="DHL", number="0034", url="https://carrier.example.com/0034")
    deeds.scan(shopify.state, parcel, "in_transit", city="Lyon", country="FR")
    deeds.scan(shopify.state, parcel, "delivered", city="Leipzig", country="DE")
    deeds.refund(shopify.state, order, [(order.lines[0].id, 1)])
    shop = install(shopify, client)
    rounds.until_done(shop)
    rounds.until_done(shop, "details")
    found = read.whole(shop, order.id)
    assert found is not None
    assert found.order.person["email"] == "mira.sommer@example.com"
    assert (found.order.fulfillment_status, found.order.locale) == ("fulfilled", "de")
    assert [(line.title, line.quantity, line.current_quantity) for line in found.lines] == [("Reading lamp", 2, 1)]
    assert found.shipments[0].tracking == [{"number": "0034", "url": "https://carrier.example.com/0034"}]
    assert found.shipments[0].lines == [{"id": order.lines[0].id, "quantity": 2}]
    assert [(scan.status, scan.place["city"]) for scan in found.events] == [
        ("in_transit", "Lyon"),
        ("delivered", "Leipzig"),
    ]
    assert [back.amount for back in found.refunds] == [8990]
    assert "lamp.svg" in (found.picture(found.lines[0]) or "")
    assert db.session.query(Shipment).filter_by(is_partial=True).count() == 0


def test_nobody_is_written_to_about_history(
    shopify: server.Running, client: FlaskClient, buy: Buy, rounds: Rounds, jobs: Jobs
) -> None:
    """Not at the import, and not when an old order changes afterwards."""
    order = buy(at=app_clock.now() - timedelta(hours=1))
    shop = install(shopify, client)
    with transaction():
        shop.settings = {"confirmations": True}
    rounds.until_done(shop)
    rounds.until_done(shop, "details")
    deeds.update_order(shopify.state, order, note="a note")
    deeds.fulfil(shopify.state, order)
    rounds.told()
    rounds.go_by(shop)
    assert db.session.query(Message).count() == 0
    assert shopify.mailbox.messages() == []


def test_a_shop_without_orders_is_done_at_once(shopify: server.Running, client: FlaskClient, rounds: Rounds) -> None:
    done = rounds.until_done(install(shopify, client))
    assert (done.result, done.count, done.total) == ("read", 0, 0)


def test_a_merchant_sees_how_far_the_import_is(
    shopify: server.Running, client: FlaskClient, buy: Buy, rounds: Rounds, jobs: Jobs
) -> None:
    for _ in range(3):
        buy(at=ago(3))
    shopify.faults.graphql.bulk_seconds = 0.5
    shop = install(shopify, client)

    def shown() -> tuple[str, bool]:
        token = {"Authorization": f"Bearer {shopify.id_token(LUMEN)}"}
        answer = client.get("/import", headers=token).json
        return answer["state"], answer["is_running"]

    assert shown() == ("waiting", True)
    jobs.run()
    assert shown() == ("gathering", True)
    rounds.until_done(shop)
    assert shown() == ("done", False)


def test_an_operation_that_fails_at_shopify_is_started_again(
    shopify: server.Running, client: FlaskClient, buy: Buy, rounds: Rounds
) -> None:
    buy(at=ago(3))
    shopify.faults.graphql.bulk_failed = 1
    shop = install(shopify, client)
    done = rounds.until_done(shop)
    assert (done.result, done.count) == ("read", 1)
    assert [operation.status for operation in shopify.state.bulk_operations.of(LUMEN)] == ["FAILED", "COMPLETED"]


def test_a_worker_that_dies_amid_the_import_is_followed_by_one_that_ends_it(
    shopify: server.Running, client: FlaskClient, buy: Buy, rounds: Rounds, clock: Clock, jobs: Jobs
) -> None:
    """Three pages; the first worker dies in the second one."""
    for _ in range(120):
        buy(at=ago(3))
    shop = install(shopify, client)
    told: list[int] = []

    def tell(*news: object, **how: object) -> bool:
        told.append(1)
        if len(told) == 70:
            raise KeyboardInterrupt
        return topics.order_read(*news, **how)  # type: ignore[arg-type]

    sync.drain()  # greets the shop and starts the operation
    for _ in range(40):
        clock.forward(seconds=4)
        try:
            reconcile.run(reconcile.Tell(tell, topics.return_read))
        except KeyboardInterrupt:
            break
    half = rounds.of(shop, "import")
    assert (half.count, half.total, half.done_at) == (50, 120, None)
    clock.forward(minutes=6)
    done = rounds.until_done(shop)
    assert (done.result, done.count, done.total) == ("read", 120, 120)
    assert db.session.query(Order).count() == 120


def test_an_import_that_was_given_up_may_be_started_again(
    shopify: server.Running, client: FlaskClient, buy: Buy, rounds: Rounds, clock: Clock, jobs: Jobs
) -> None:
    buy(at=ago(3))
    shopify.faults.graphql.bulk_failed = 100
    shop = install(shopify, client)
    for _ in range(40):
        jobs.run()
        if rounds.of(shop, "import").result == work.DEAD:
            break
        clock.forward(hours=13 if rounds.of(shop, "import").cursor is None else 0.01)
    assert rounds.of(shop, "import").error == "bulk operation FAILED INTERNAL_SERVER_ERROR"
    shopify.faults.graphql.bulk_failed = 0
    token = {"Authorization": f"Bearer {shopify.id_token(LUMEN)}"}
    assert client.post("/import", headers=token).status_code == 200
    assert rounds.until_done(shop).count == 1


def test_a_second_install_reads_again_what_happened_meanwhile(
    shopify: server.Running, lumen: Shop, buy: Buy, rounds: Rounds, client: FlaskClient, clock: Clock
) -> None:
    deeds.uninstall(shopify.state, LUMEN)
    rounds.told()
    assert rounds.of(lumen, "recent").result == "stopped"
    clock.forward(hours=5)
    missed = buy()
    clock.forward(hours=1)
    install(shopify, client)
    assert rounds.until_done(lumen).result == "read"
    assert read.get(lumen, missed.id) is not None
    assert db.session.query(Message).count() == 0


def test_the_end_of_the_operation_is_heard_of_at_once(
    shopify: server.Running, client: FlaskClient, buy: Buy, jobs: Jobs, rounds: Rounds
) -> None:
    """Shopify's bulk_operations/finish spares the wait for the next look."""
    buy(at=ago(3))
    shop = install(shopify, client)
    for _ in range(50):
        rounds.told()
        if rounds.of(shop, "import").done_at is not None:
            break
    assert rounds.of(shop, "import").count == 1


def test_two_shops_are_imported_side_by_side(
    shopify: server.Running, client: FlaskClient, buy: Buy, rounds: Rounds
) -> None:
    buy(at=ago(3))
    shop = install(shopify, client)
    assert client.get(shopify.open_app(SECOND).removeprefix(shopify.app_url)).status_code == 200
    assert rounds.until_done(shop).count == 1
    assert rounds.until_done(named(SECOND)).count == 0
    assert read.page(named(SECOND)) == []
    assert {row.shop_id for row in db.session.query(Sync)} == {shop.id, named(SECOND).id}
