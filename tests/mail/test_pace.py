"""So many of a kind in an hour; the others wait, and nobody's receipt waits with them."""

from collections.abc import Callable

import pytest

from devstore.smtp import Mailbox
from shopify_app.db import db, rest, transaction
from shopify_app.mail import outbox, pace
from shopify_app.mail.models import Message, Purpose
from shopify_app.mail.outbox import Mail
from shopify_app.shopify.models import Shop
from tests.conftest import Clock, Jobs
from tests.mail.conftest import Orders

NEWS = "tests/paced"


@outbox.renders(NEWS, Purpose.REMINDER)
def news(shop: Shop, message: Message) -> Mail:
    return Mail(message.key.split("/")[1], "News", "News", "<p>News</p>")


@pytest.fixture
def limit(shop: Shop) -> Callable[[int], None]:
    def set_(hourly: int) -> None:
        with transaction():
            shop.settings = shop.settings | {"budget": {"hourly": hourly}}

    return set_


def write(shop: Shop, count: int) -> None:
    with transaction():
        for number in range(count):
            outbox.write(shop, NEWS, f"news/person-{number}@example.com")


def states() -> dict[str, int]:
    rest()
    rows = [one.reason or one.result or "due" for one in db.session.query(Message).filter(Message.template == NEWS)]
    return {state: rows.count(state) for state in rows}


def test_what_is_above_the_limit_waits_and_goes_out_in_the_next_hours(
    shop: Shop, limit: Callable[[int], None], jobs: Jobs, clock: Clock, mailbox: Mailbox
) -> None:
    limit(4)
    write(shop, 10)
    jobs.run()
    assert states() == {"sent": 4, "hour_full": 6}
    assert pace.hours(shop)["tests"] == pace.Hour(sent=4, waiting=6)
    clock.forward(minutes=59)
    jobs.run()
    assert len(mailbox.messages()) == 4
    for expected in (8, 10):
        clock.forward(minutes=61)
        jobs.run()
        assert len(mailbox.messages()) == expected
    assert states() == {"sent": 10}
    assert len({mail.rcpt_tos[0] for mail in mailbox.messages()}) == 10


def test_a_confirmation_waits_for_nobody(
    shop: Shop, limit: Callable[[int], None], orders: Orders, mailbox: Mailbox
) -> None:
    limit(1)
    write(shop, 3)
    for number in (1, 2, 3):
        orders(number)
    assert sum(mail.subject != "News" for mail in mailbox.messages()) == 3
    assert states() == {"sent": 1, "hour_full": 2}


def test_a_limit_is_the_shop_s_own(
    shop: Shop, other_shop: Shop, limit: Callable[[int], None], jobs: Jobs, mailbox: Mailbox
) -> None:
    limit(1)
    write(shop, 2)
    write(other_shop, 2)
    jobs.run()
    assert len(mailbox.messages()) == 3


def test_what_was_not_sent_after_all_takes_nobodys_place(
    shop: Shop, limit: Callable[[int], None], jobs: Jobs, mailbox: Mailbox
) -> None:
    limit(2)
    with transaction():
        for number in range(5):
            outbox.write(shop, NEWS, f"skipped/{number}", skip="over")
    write(shop, 2)
    jobs.run()
    assert len(mailbox.messages()) == 2
