"""What Shopify told us in vain, and what the app reads by itself."""

from datetime import timedelta

from shopify_app import clock
from shopify_app.db import db, rest, transaction
from shopify_app.orders import reconcile
from shopify_app.orders.models import Sync
from shopify_app.shopify.models import Shop
from shopify_app.webhooks.models import Webhook
from tests import orders
from tests.buyers import Tell
from tests.conftest import Jobs
from tests.home.conftest import Merchant
from tests.home.test_order import text


def webhook() -> Webhook:
    rest()
    return db.session.scalars(db.select(Webhook)).one()


def test_a_healthy_shop_is_told_so(merchant: Merchant, shop: Shop) -> None:
    reconcile.begin(shop)
    words = text(merchant.opens("/health/lights").text)
    assert "None. Everything Shopify told us has been worked through." in words
    assert "Every five minutes: what changed Next round:" in words


def test_a_notification_that_made_no_sense_can_be_tried_again(merchant: Merchant, tell: Tell, jobs: Jobs) -> None:
    tell("orders/create", {"id": 4711})
    words = text(merchant.opens("/health/lights").text)
    assert "Order placed" in words
    assert "Not understood ValueError" in words
    with transaction():
        body = b'{"id": 4711, "updated_at": "2026-06-01T10:00:00Z"}'
        db.session.execute(db.update(Webhook).values(body=body))
    answer = merchant.sends(f"/inbox/{webhook().id}/replay")
    assert answer.json == {"toast": "It is being worked through again.", "is_error": False}
    jobs.run()
    assert webhook().result == "done"
    assert merchant.opens("/orders/4711").status_code == 200
    assert merchant.sends(f"/inbox/{webhook().id}/replay").status_code == 409


def test_a_notification_whose_content_is_gone_says_so(merchant: Merchant, tell: Tell) -> None:
    tell("orders/create", {"id": 4711})
    with transaction():
        db.session.execute(db.update(Webhook).values(body=None))
    answer = merchant.sends(f"/inbox/{webhook().id}/replay")
    assert answer.status_code == 409
    assert answer.json is not None and "has been deleted" in answer.json["toast"]
    assert webhook().result == "failed"


def test_another_shop_neither_sees_nor_replays_it(merchant: Merchant, neighbour: Merchant, tell: Tell) -> None:
    tell("orders/create", {"id": 4711})
    assert "None." in neighbour.opens("/health/lights").text
    assert neighbour.sends(f"/inbox/{webhook().id}/replay").status_code == 404
    assert webhook().result == "failed"


def test_the_body_of_a_notification_is_never_shown(merchant: Merchant, tell: Tell) -> None:
    tell("orders/create", {"id": 4711, "email": orders.BUYER["email"]})
    assert orders.BUYER["email"] not in merchant.opens("/health/lights").text


def test_rounds_say_what_they_found_and_what_keeps_them(merchant: Merchant, shop: Shop) -> None:
    reconcile.begin(shop)
    states = [
        ({"error": None, "misses": 1}, "Found 1 order of which no notification had come."),
        ({"error": "Unauthorized"}, "Shopify did not let us in."),
        ({"error": "Paused"}, "Shopify has paused this shop."),
        ({"error": "Unavailable"}, "The last try failed (Unavailable). Next try:"),
        ({"error": "Unavailable", "result": "dead", "done_at": clock.now()}, "Given up (Unavailable)."),
    ]
    for columns, sentence in states:
        due = {"due_at": clock.now() + timedelta(hours=1)}
        with transaction():
            db.session.execute(db.update(Sync).where(Sync.kind == "recent").values(due | columns))
        assert sentence in text(merchant.opens("/health/lights").text)
