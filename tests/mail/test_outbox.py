"""A buyer hears once, or the merchant is told why not."""

import threading
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from flask import Flask

from devstore.faults import SmtpFaults
from devstore.smtp import KEY, Mailbox
from jobs import webhooks
from shopify_app import clock as app_clock
from shopify_app import work
from shopify_app.db import db, rest, transaction
from shopify_app.mail import outbox
from shopify_app.mail.models import Message
from shopify_app.shopify.models import Shop
from tests.conftest import SECOND, Clock, Jobs, Sender
from tests.factories import later, new_order
from tests.mail.conftest import Orders, message

Configure = Callable[..., None]


def switch_off(shop: Shop) -> None:
    with transaction():
        shop.settings = {}


# Once


def test_a_buyer_gets_one_confirmation_however_often_and_in_whatever_way_we_hear_of_the_order(
    mailbox: Mailbox, shop: Shop, sends: Sender, jobs: Jobs
) -> None:
    body = new_order(app_clock.now())
    for topic in ("orders/create", "orders/create", "orders/paid", "orders/updated"):
        sends(topic, body)
        jobs.run()
    (mail,) = mailbox.messages()
    assert mail.rcpt_tos == ["mira.sommer@example.com"]
    assert "#1001" in mail.subject
    assert (message().result, message().tries) == ("sent", 0)


def test_the_order_may_be_heard_of_by_any_topic_first(mailbox: Mailbox, shop: Shop, orders: Orders) -> None:
    orders(topic="orders/paid")
    orders(topic="orders/create")
    assert len(mailbox.messages()) == 1


def test_a_confirmation_has_both_forms_and_a_link_that_opens(mailbox: Mailbox, shop: Shop, orders: Orders) -> None:
    orders()
    (mail,) = mailbox.messages()
    assert mail.text
    assert mail.html
    link = f"{shop.storefront}/apps/aftercare/orders/"
    assert link in mail.text
    assert link in mail.html


def test_two_orders_are_two_messages_and_two_shops_are_two(
    mailbox: Mailbox, shop: Shop, other_shop: Shop, sends: Sender, jobs: Jobs
) -> None:
    now = app_clock.now()
    sends("orders/create", new_order(now, 1))
    sends("orders/create", new_order(now, 2))
    sends("orders/create", new_order(now, 1), shop=SECOND)
    jobs.run()
    assert len(mailbox.messages()) == 3
    assert len({mail.header("Message-ID") for mail in mailbox.messages()}) == 3


def test_several_workers_send_each_message_once(mailbox: Mailbox, shop: Shop, sends: Sender, app: Flask) -> None:
    now = app_clock.now()
    for number in range(1, 13):
        sends("orders/create", new_order(now, number))
    webhooks.drain()

    def work_off() -> None:
        with app.app_context():
            while outbox.send(2):
                pass

    workers = [threading.Thread(target=work_off) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(mailbox.messages()) == 12
    assert {row.result for row in db.session.query(Message)} == {"sent"}


# Why not


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"test": True}, "test_order"),
        ({"email": None, "contact_email": None, "customer": None}, "no_address"),
        ({"email": "", "contact_email": "", "customer": {"id": 1, "email": ""}}, "no_address"),
        ({"processed_at": later(-24 * 30)}, "brought_in"),
    ],
)
def test_an_order_that_is_not_to_be_confirmed_says_why(
    mailbox: Mailbox, shop: Shop, orders: Orders, keys: dict[str, object], reason: str
) -> None:
    orders(**keys)
    assert (message().result, message().reason) == ("skipped", reason)
    assert mailbox.messages() == []


def test_nothing_is_sent_until_the_merchant_switches_it_on(mailbox: Mailbox, shop: Shop, orders: Orders) -> None:
    switch_off(shop)
    orders(1)
    assert message().reason == "switched_off"
    with transaction():
        shop.settings = {"confirmations": True}
    orders(1, topic="orders/updated")
    assert mailbox.messages() == []
    orders(2)
    assert len(mailbox.messages()) == 1


def test_what_was_decided_before_the_switch_went_off_is_sent(mailbox: Mailbox, shop: Shop, orders: Orders) -> None:
    orders()
    switch_off(shop)
    assert message().result == "sent"


def test_an_old_delivery_confirms_nothing(mailbox: Mailbox, shop: Shop, sends: Sender, jobs: Jobs) -> None:
    """Shopify's news may be late by a day; after two nobody wants to hear it."""
    now = app_clock.now()
    sends("orders/create", new_order(now, 1), at=now - timedelta(hours=47))
    sends("orders/create", new_order(now, 2), at=now - timedelta(hours=49))
    jobs.run()
    assert {row.order_id: row.reason or row.result for row in db.session.query(Message)} == {1: "sent", 2: "too_late"}


@pytest.mark.parametrize(
    ("topic", "keys", "reason"),
    [
        ("orders/cancelled", {"cancelled_at": later(1)}, "cancelled"),
        ("orders/delete", {}, "order_gone"),
        ("orders/updated", {"email": None, "contact_email": None, "customer": None}, "no_address"),
    ],
)
def test_the_last_look_before_sending_sees_what_happened_meanwhile(
    mailbox: Mailbox,
    shop: Shop,
    sends: Sender,
    jobs: Jobs,
    clock: Clock,
    topic: str,
    keys: dict[str, object],
    reason: str,
) -> None:
    sends("orders/create", new_order(app_clock.now()))
    webhooks.drain()
    clock.forward(seconds=5)
    sends(topic, new_order(app_clock.now(), **keys))
    webhooks.drain()
    jobs.run()
    assert (message().result, message().reason) == ("skipped", reason)
    assert mailbox.messages() == []


# The mail server has a bad day


def test_a_server_that_cannot_now_is_asked_again_later_and_later(
    mailbox: Mailbox, shop: Shop, orders: Orders, smtp: SmtpFaults, clock: Clock, jobs: Jobs
) -> None:
    smtp.temporary = 3
    orders()
    for tries in (1, 2, 3):
        assert (message().result, message().tries, message().error) == (None, tries, "SMTP 451")
        pause = (message().due_at - app_clock.now()).total_seconds()
        assert 0.7 * work.BACKOFF[tries - 1] < pause < 1.2 * work.BACKOFF[tries - 1]
        clock.forward(seconds=pause + 1)
        jobs.run()
    assert (message().result, len(mailbox.messages())) == ("sent", 1)


def test_a_message_that_nobody_takes_for_a_day_is_given_up_and_shown(
    mailbox: Mailbox, shop: Shop, orders: Orders, smtp: SmtpFaults, clock: Clock, jobs: Jobs
) -> None:
    smtp.temporary = 100
    began = app_clock.now()
    orders()
    while message().done_at is None:
        clock.forward(seconds=(message().due_at - app_clock.now()).total_seconds() + 1)
        jobs.run()
    assert (message().result, message().tries, message().error) == ("dead", 8, "SMTP 451")
    assert timedelta(hours=8) < app_clock.now() - began < timedelta(hours=40)
    assert [row.id for row in outbox.troubled(shop)] == [message().id]
    smtp.temporary = 0
    outbox.send_again(message())
    jobs.run()
    assert (message().result, len(mailbox.messages())) == ("sent", 1)


def test_a_server_that_is_not_there_is_waited_for(
    shop: Shop, orders: Orders, configure: Configure, clock: Clock
) -> None:
    configure(smtp_url="smtp://127.0.0.1:9")
    orders()
    assert (message().result, message().tries, message().error) == (None, 1, "ConnectionRefusedError")
    assert message().sending_at is None


def test_an_address_that_does_not_exist_is_given_up_at_once_and_shown(
    mailbox: Mailbox, shop: Shop, orders: Orders, smtp: SmtpFaults, clock: Clock, jobs: Jobs
) -> None:
    smtp.permanent = 1
    orders()
    assert (message().result, message().tries, message().error) == ("failed", 0, "SMTP 550")
    assert [row.id for row in outbox.troubled(shop)] == [message().id]
    clock.forward(days=2)
    jobs.run()
    assert mailbox.messages() == []


# One line for many messages


def three_orders(sends: Sender, jobs: Jobs) -> None:
    for number in (1001, 1002, 1003):
        sends("orders/create", new_order(app_clock.now(), number))
    jobs.run()


def test_messages_that_follow_each_other_share_one_line(
    mailbox: Mailbox, shop: Shop, sends: Sender, jobs: Jobs
) -> None:
    three_orders(sends, jobs)
    assert (len(mailbox.messages()), mailbox.greetings) == (3, 1)


def test_a_line_that_was_cut_meanwhile_costs_no_message(
    mailbox: Mailbox, shop: Shop, sends: Sender, smtp: SmtpFaults, jobs: Jobs
) -> None:
    smtp.drop_after_answer = 1
    three_orders(sends, jobs)
    assert (len(mailbox.messages()), mailbox.greetings) == (3, 2)
    assert [row.tries for row in outbox.recent(shop)] == [0, 0, 0]


# Nobody knows


@pytest.mark.parametrize("drop", ["drop_after_data", "drop_after_accept"])
def test_a_line_that_breaks_while_the_server_takes_the_message_leaves_it_unknown(
    mailbox: Mailbox, shop: Shop, orders: Orders, smtp: SmtpFaults, clock: Clock, jobs: Jobs, drop: str
) -> None:
    """It may have gone out: it is held and shown, and goes out again only by the merchant's own hand."""
    setattr(smtp, drop, 1)
    orders()
    assert message().result == "unknown"
    assert message().sending_at is not None
    clock.forward(days=2)
    jobs.run()
    before = len(mailbox.messages())
    assert before == (drop == "drop_after_accept")
    assert [row.id for row in outbox.troubled(shop)] == [message().id]
    outbox.send_again(message())
    jobs.run()
    assert (message().result, len(mailbox.messages())) == ("sent", before + 1)


@pytest.mark.parametrize("drop", ["drop_after_data", "drop_after_accept"])
def test_a_provider_that_knows_its_keys_gets_it_again_and_keeps_it_once(
    mailbox: Mailbox,
    shop: Shop,
    orders: Orders,
    smtp: SmtpFaults,
    clock: Clock,
    jobs: Jobs,
    configure: Configure,
    drop: str,
) -> None:
    configure(smtp_idempotency_header=KEY)
    smtp.idempotent = True
    setattr(smtp, drop, 1)
    orders()
    assert (message().result, message().tries) == (None, 1)
    clock.forward(seconds=15)
    jobs.run()
    assert (message().result, len(mailbox.messages())) == ("sent", 1)


def test_a_worker_that_died_while_sending_leaves_the_message_unknown(
    mailbox: Mailbox, shop: Shop, sends: Sender, clock: Clock, jobs: Jobs
) -> None:
    sends("orders/create", new_order(app_clock.now()))
    webhooks.drain()
    (mine,) = work.claim(Message)
    work.hold(mine, sending_at=app_clock.now())
    clock.forward(seconds=61)
    jobs.run()
    assert message().result == "unknown"
    assert mailbox.messages() == []


def test_a_worker_that_died_before_it_meant_to_send_is_followed_by_one_that_does(
    mailbox: Mailbox, shop: Shop, sends: Sender, clock: Clock, jobs: Jobs
) -> None:
    sends("orders/create", new_order(app_clock.now()))
    webhooks.drain()
    work.claim(Message)
    jobs.run()
    assert mailbox.messages() == []
    clock.forward(seconds=61)
    jobs.run()
    assert (message().result, len(mailbox.messages())) == ("sent", 1)


# What stands on the envelope


def test_a_repeated_message_has_the_same_id_and_tells_nothing_by_it(
    mailbox: Mailbox, shop: Shop, orders: Orders, smtp: SmtpFaults, jobs: Jobs
) -> None:
    smtp.drop_after_accept = 1
    orders()
    outbox.send_again(message())
    jobs.run()
    first, second = mailbox.messages()
    assert first.header("Message-ID") == second.header("Message-ID")
    assert "1001" not in str(first.header("Message-ID"))
    assert str(first.header("Message-ID")).endswith("@lumen-goods.example>")


def test_the_letter_says_who_sends_it_and_where_an_answer_goes(mailbox: Mailbox, shop: Shop, orders: Orders) -> None:
    with transaction():
        shop.email = "owner@example.com"
    orders()
    (mail,) = mailbox.messages()
    assert mail.mail_from == "orders@lumen-goods.example"
    assert mail.sender == "Lumen Goods <orders@lumen-goods.example>"
    assert mail.header("Reply-To") == "owner@example.com"
    assert mail.header("Auto-Submitted") == "auto-generated"
    assert mail.header(KEY) is None


@pytest.mark.parametrize(
    "name",
    ["#1001\r\nBcc: evil@example.com", "#1001\nX-Evil: 1", "#1001\rX-Evil: 1", "#1001\u2028Bcc: evil@example.com"],
)
def test_an_order_number_cannot_write_headers(mailbox: Mailbox, shop: Shop, orders: Orders, name: str) -> None:
    orders(name=name)
    for mail in mailbox.messages():
        assert mail.rcpt_tos == ["mira.sommer@example.com"]
        parsed = message_from_bytes(mail.raw, policy=default)
        assert (parsed["Bcc"], parsed["X-Evil"]) == (None, None)
    assert message().result in ("sent", "failed")


@pytest.mark.parametrize(
    "address",
    [
        "mira@example.com\r\nBcc: evil@example.com",
        "mira@example.com\nRCPT TO:<evil@example.com>",
        "mira@example.com>\r\nRCPT TO:<evil@example.com",
        "mira@example.com, evil@example.com",
        "evil@example.com <mira@example.com>",
        "no address at all",
        "@",
        "x" * 5000 + "@example.com",
    ],
)
def test_an_address_cannot_reach_anybody_else(mailbox: Mailbox, shop: Shop, orders: Orders, address: str) -> None:
    orders(email=address, contact_email=address)
    assert mailbox.messages() == []
    assert message().result == "failed"


@pytest.mark.parametrize(
    ("address", "envelope"),
    [
        ("o'neil+lamps@example.co.uk", "o'neil+lamps@example.co.uk"),
        ("mira..sommer.@example.ne.jp", "mira..sommer.@example.ne.jp"),
        ("mira@MÜNCHEN.example", "mira@xn--mnchen-3ya.example"),
        ("m@example.com", "m@example.com"),
    ],
)
def test_every_address_that_a_person_may_have_is_reached(
    mailbox: Mailbox, shop: Shop, orders: Orders, address: str, envelope: str
) -> None:
    orders(email=address, contact_email=address)
    (mail,) = mailbox.messages()
    assert mail.rcpt_tos == [envelope]


def test_names_in_every_script_arrive_as_they_are(mailbox: Mailbox, shop: Shop, orders: Orders) -> None:
    people = {"first_name": "Zoë 😀", "last_name": "Žižková-李小龍", "name": "Zoë 😀 Žižková-李小龍", "city": "Αθήνα"}
    orders(
        name="#Ünï-1001",
        shipping_address={"address1": "Straße 1", "country_code": "GR", "zip": "10431"} | people,
        customer={"id": 1, "email": "zoe@example.com"} | people,
    )
    (mail,) = mailbox.messages()
    assert "#Ünï-1001" in mail.subject
    assert "Žižková-李小龍" in (mail.text or "")
    assert "Αθήνα" in (mail.html or "")
    assert mail.raw.isascii()


def test_an_address_that_only_some_servers_can_write_is_given_up_and_shown(
    mailbox: Mailbox, shop: Shop, orders: Orders
) -> None:
    orders(email="žofie@example.com", contact_email="žofie@example.com")
    assert message().result == "failed"
    assert "žofie" not in (message().error or "")


def test_an_order_whose_texts_look_like_code_is_shown_as_it_is(mailbox: Mailbox, shop: Shop, orders: Orders) -> None:
    evil = "<script>alert(1)</script>{{ 7*7 }}{% raw %}"
    orders(line_items=[{"id": 1, "title": evil, "quantity": 1, "price": "1.00"}])
    (mail,) = mailbox.messages()
    assert "<script>" not in (mail.html or "")
    assert "&lt;script&gt;" in (mail.html or "")
    assert "{{ 7*7 }}" in (mail.text or "")


def test_a_message_of_a_feature_that_is_gone_fails_alone(
    mailbox: Mailbox, shop: Shop, orders: Orders, jobs: Jobs
) -> None:
    with transaction():
        outbox.write(shop, "gone/letter", "gone/1")
    orders()
    rest()
    assert {row.key: row.result for row in db.session.query(Message)} == {
        "gone/1": "failed",
        "confirmation/1001": "sent",
    }


def test_what_the_merchant_sees_of_the_outbox_is_the_shops_own(
    mailbox: Mailbox, shop: Shop, other_shop: Shop, orders: Orders, smtp: SmtpFaults
) -> None:
    smtp.permanent = 1
    orders()
    assert outbox.troubled(other_shop) == []
    assert outbox.recent(other_shop) == []
    assert outbox.about_order(other_shop, 1001) == []
    assert outbox.get(other_shop, message().id) is None
    assert outbox.get(shop, message().id) is not None
