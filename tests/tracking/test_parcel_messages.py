"""The buyer hears of every parcel what matters, once; and when nobody tells us, we tell so."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from devstore.smtp import Mailbox
from shopify_app import clock as app_clock
from shopify_app import tracking
from shopify_app.db import db, rest, transaction
from shopify_app.mail.models import Message
from shopify_app.orders.models import Order
from shopify_app.shopify.models import Shop
from shopify_app.tracking.models import Watch
from tests.buyers import Tell
from tests.conftest import Clock, Jobs
from tests.factories import Body
from tests.orders import order, parcel, scan


@pytest.fixture(autouse=True)
def switched_on(shop: Shop) -> None:
    """Everything about parcels, since yesterday; the confirmation is another matter."""
    since = (app_clock.now() - timedelta(days=1)).isoformat()
    with transaction():
        shop.settings = {tracking.SWITCH: dict.fromkeys(tracking.KINDS, since)}
        shop.country = "FR"


def at(hours: float = 0) -> str:
    return (app_clock.now() + timedelta(hours=hours)).isoformat()


def bought(**keys: object) -> Body:
    return order(**{"created_at": at(-1), "processed_at": at(-1), "updated_at": at(-1)} | keys)


def sent(number: int = 31, hours: float = -1, **keys: object) -> Body:
    return parcel(number, {1: 2}, **{"created_at": at(hours), "updated_at": at(hours)} | keys)


def kinds(result: str = "sent") -> list[str]:
    rest()
    told = select(Message).where(Message.key.like("parcel/%"), Message.result == result).order_by(Message.id)
    return [message.template.removeprefix("tracking/") for message in db.session.scalars(told)]


def under_way(tell: Tell, clock: Clock, promise: float | None = None) -> None:
    """Scanned on a Tuesday, so that no weekend stands between a parcel and its deadline; promised in so many hours."""
    clock.forward(days=(1 - app_clock.now().weekday()) % 7)
    scanned = scan(1, 31, "in_transit", at(), estimated_delivery_at=None if promise is None else at(promise))
    tell("orders/create", bought(), "fulfillments/create", sent(), "fulfillment_events/create", scanned)


def test_a_parcel_is_told_from_the_door_of_the_shop_to_that_of_the_buyer(
    tell: Tell, shop: Shop, mailbox: Mailbox
) -> None:
    tell("orders/create", bought(), "fulfillments/create", sent())
    tell("fulfillment_events/create", scan(1, 31, "in_transit", at(-0.5)))
    tell("fulfillment_events/create", scan(2, 31, "out_for_delivery", at(-0.4)))
    tell("fulfillment_events/create", scan(3, 31, "delivered", at(-0.1)))
    assert [mail.subject for mail in mailbox.messages()[::-1]] == [
        "A parcel of order #1001 has been sent",
        "A parcel of order #1001 comes today",
        "A parcel of order #1001 has arrived",
    ]
    first = mailbox.messages()[-1]
    assert "The parcel with 2 × Desk lamp (Brass) has been sent." in first.text
    assert "CB00000031FR" in first.text and "CB00000031FR" in first.html
    assert "/apps/aftercare/orders/" in first.text
    assert "Your whole order #1001: Your parcel has been sent. Cord set is still with us." in first.text


def test_a_parcel_that_is_only_packed_is_not_told_as_sent(tell: Tell, mailbox: Mailbox) -> None:
    label = scan(1, 31, "label_printed", at(-0.9))
    tell("orders/create", bought(), "fulfillments/create", sent(), "fulfillment_events/create", label)
    assert mailbox.messages() == []
    tell("fulfillment_events/create", scan(2, 31, "in_transit", at(-0.1)))
    assert [mail.subject for mail in mailbox.messages()] == ["A parcel of order #1001 has been sent"]


def test_however_often_and_in_whatever_order_news_come_each_is_told_once(
    tell: Tell, shop: Shop, mailbox: Mailbox
) -> None:
    news = ("orders/create", bought(), "fulfillments/create", sent())
    scans = [scan(number, 31, "in_transit", at(-number / 10)) for number in (3, 1, 2)]
    for _ in range(3):
        tell(*news, *(one for body in scans for one in ("fulfillment_events/create", body)))
    assert kinds() == ["shipped"]


def test_each_parcel_of_an_order_is_told_for_itself(tell: Tell, mailbox: Mailbox) -> None:
    tell("orders/create", bought(), "fulfillments/create", sent(31), "fulfillments/create", sent(32))
    assert kinds() == ["shipped", "shipped"]


def test_news_that_others_have_overtaken_are_not_sent(tell: Tell, jobs: Jobs, mailbox: Mailbox) -> None:
    """The worker was away while the parcel travelled."""
    tell("orders/create", bought(), "fulfillments/create", sent())
    with transaction():
        db.session.query(Message).delete()
    tracking.parcel_news(db.session.query(Shop).one(), 4711)
    db.session.commit()
    tracking.look()
    later = scan(3, 31, "delivered", at(-0.1))
    tell("fulfillment_events/create", later)
    assert kinds("sent") == ["delivered"]
    rest()
    assert db.session.query(Message).filter_by(reason="overtaken").count() == 1


@pytest.mark.parametrize(("hours", "told"), [(-47, ["shipped"]), (-49, [])])
def test_nobody_hears_today_of_what_happened_three_days_ago(
    tell: Tell, shop: Shop, mailbox: Mailbox, hours: float, told: list[str]
) -> None:
    with transaction():
        shop.settings = {tracking.SWITCH: {"shipped": at(-24 * 9)}}
    tell("orders/create", bought(), "fulfillments/create", sent(hours=hours))
    assert kinds() == told
    assert kinds("skipped") == ["shipped"] * (not told)


def test_what_happened_before_the_merchant_switched_it_on_is_not_told(tell: Tell, shop: Shop, mailbox: Mailbox) -> None:
    with transaction():
        shop.settings = {tracking.SWITCH: tracking.switched({}, ["shipped"])}
    tell("orders/create", bought(), "fulfillments/create", sent(hours=-1))
    assert kinds() == [] == kinds("skipped")
    tell("fulfillments/create", sent(32, hours=0.01))
    assert kinds() == ["shipped"]


def test_what_is_switched_off_is_not_told(tell: Tell, shop: Shop, mailbox: Mailbox) -> None:
    with transaction():
        shop.settings = {tracking.SWITCH: {"delivered": at(-24)}}
    tell("orders/create", bought(), "fulfillments/create", sent())
    assert mailbox.messages() == []


@pytest.mark.parametrize(
    ("keys", "reason"), [({"test": True}, "test_order"), ({"email": None, "customer": None}, "no_address")]
)
def test_the_merchant_sees_why_a_parcel_was_not_told(tell: Tell, mailbox: Mailbox, keys: Body, reason: str) -> None:
    tell("orders/create", bought(**keys), "fulfillments/create", sent())
    assert mailbox.messages() == []
    rest()
    assert db.session.scalars(select(Message.reason).where(Message.template == "tracking/shipped")).all() == [reason]


def test_a_parcel_that_falls_silent_is_told_once_and_cleared_by_the_next_scan(
    tell: Tell, jobs: Jobs, clock: Clock, shop: Shop, mailbox: Mailbox
) -> None:
    under_way(tell, clock)
    clock.forward(days=2, hours=23)
    jobs.run()
    assert kinds() == ["shipped"]
    clock.forward(hours=2)
    jobs.run()
    assert kinds() == ["shipped", "delayed"]
    clock.forward(days=9)
    jobs.run()
    tell("fulfillment_events/create", scan(2, 31, "in_transit", at()))
    clock.forward(days=30)
    jobs.run()
    assert kinds() == ["shipped", "delayed"]
    told = mailbox.messages()[0]
    assert "was last scanned" in told.text


def test_a_broken_promise_is_told_the_moment_its_day_is_over(
    tell: Tell, jobs: Jobs, clock: Clock, mailbox: Mailbox
) -> None:
    under_way(tell, clock, promise=24)
    clock.forward(hours=24)
    jobs.run()
    assert kinds() == ["shipped"]
    clock.forward(days=1)
    jobs.run()
    assert kinds() == ["shipped", "delayed"]
    assert mailbox.messages()[0].subject == "A parcel of order #1001 is late"


def test_when_the_app_was_away_for_a_week_nobody_hears_of_old_delays(
    tell: Tell, jobs: Jobs, clock: Clock, mailbox: Mailbox
) -> None:
    under_way(tell, clock)
    clock.forward(days=10)
    jobs.run()
    assert kinds() == ["shipped"]
    assert kinds("skipped") == ["delayed"]


def test_a_parcel_that_is_there_is_watched_no_longer(tell: Tell) -> None:
    tell("orders/create", bought(), "fulfillments/create", sent())
    tell("fulfillment_events/create", scan(3, 31, "delivered", at(-0.1)))
    assert db.session.query(Watch).count() == 0


def test_an_order_that_was_deleted_is_watched_no_longer(tell: Tell) -> None:
    label = scan(1, 31, "label_printed", at(-0.1))
    tell("orders/create", bought(), "fulfillments/create", sent(), "fulfillment_events/create", label)
    assert db.session.query(Watch).count() == 1
    tell("orders/delete", {"id": 4711}, "fulfillments/update", sent())
    assert db.session.query(Watch).count() == 0


def test_what_one_shop_switches_on_is_on_in_no_other(tell: Tell, other_shop: Shop, mailbox: Mailbox) -> None:
    tell("orders/create", bought(), "fulfillments/create", sent(), domain=other_shop.domain)
    assert kinds() == []


@pytest.mark.parametrize(
    ("locale", "subject"),
    [
        ("fr", "Un colis de la commande #1001 a été expédié"),
        ("de-AT", "Ein Paket der Bestellung #1001 wurde abgeschickt"),
    ],
)
def test_a_message_speaks_the_language_of_the_order(tell: Tell, mailbox: Mailbox, locale: str, subject: str) -> None:
    tell("orders/create", bought(customer_locale=locale), "fulfillments/create", sent())
    assert mailbox.messages()[0].subject == subject


def test_a_switch_that_stays_on_keeps_its_time() -> None:
    earlier = datetime(2026, 1, 1, tzinfo=UTC).isoformat()
    switched = tracking.switched({"shipped": earlier, "out": earlier}, ["shipped", "delayed", "nonsense"])
    assert switched["shipped"] == earlier
    assert set(switched) == {"shipped", "delayed"}


@pytest.mark.parametrize("kind", tracking.KINDS)
def test_the_merchant_sees_each_message_before_it_is_switched_on(shop: Shop, kind: str) -> None:
    mail = tracking.preview(shop, kind)
    assert "Desk lamp" in mail.html and "Desk lamp" in mail.text
    assert db.session.query(Order).count() == 0
