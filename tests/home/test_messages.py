"""What became of the messages to buyers, and sending them again by hand."""

import pytest

from devstore.faults import SmtpFaults
from devstore.smtp import Mailbox
from jobs import mail
from shopify_app import clock
from shopify_app.db import db, rest, transaction
from shopify_app.mail.models import Message
from tests import orders
from tests.buyers import Tell
from tests.home.conftest import Merchant
from tests.home.test_order import placed_now, text

PostOffice = tuple[Mailbox, SmtpFaults]


def message() -> Message:
    """The only one there is, as it is now."""
    rest()
    return db.session.scalars(db.select(Message)).one()


def test_no_messages_yet_is_no_riddle(merchant: Merchant) -> None:
    words = text(merchant.opens("/messages").text)
    assert "No messages yet" in words
    assert "Choose what is sent" in words


def test_every_message_stands_there_with_its_outcome(merchant: Merchant, tell: Tell, post_office: PostOffice) -> None:
    tell("orders/create", orders.order(**placed_now()), "orders/create", orders.order(5, test=True, **placed_now()))
    words = text(merchant.opens("/messages").text)
    assert "Order confirmation, plain #1001" in words
    assert "Not sent It was a test order." in words
    assert "Sent Handed to the mail server:" in words
    assert "Needs your attention" not in words
    assert "Nora Lindqvist" in words
    assert "@" not in words


def test_a_refused_message_goes_out_again_when_the_merchant_says_so(
    merchant: Merchant, tell: Tell, post_office: PostOffice
) -> None:
    mailbox, faults = post_office
    faults.permanent = 1
    tell("orders/create", orders.order(**placed_now()))
    assert message().result == "failed"
    assert "1 message that did not go out for sure" in merchant.opens().text
    words = text(merchant.opens("/messages").text)
    assert "Needs your attention" in words
    assert "Refused The mail server will not take it (SMTP 550)." in words

    answer = merchant.sends(f"/messages/{message().id}/sending")
    assert answer.json == {"toast": "It goes out in a moment.", "is_error": False}
    mail.drain()
    assert message().result == "sent"
    assert len(mailbox.messages()) == 1
    assert "did not go out for sure" not in merchant.opens().text


def test_a_doubtful_message_goes_out_again_only_by_hand(
    merchant: Merchant, tell: Tell, post_office: PostOffice
) -> None:
    mailbox, faults = post_office
    faults.drop_after_accept = 1
    tell("orders/create", orders.order(**placed_now()))
    mail.drain()
    assert message().result == "unknown"
    assert len(mailbox.messages()) == 1
    page = merchant.opens("/messages").text
    assert page.count("<s-modal") == 1
    assert "Perhaps sent" in page
    assert merchant.sends(f"/messages/{message().id}/sending").status_code == 200
    mail.drain()
    assert len(mailbox.messages()) == 2


@pytest.mark.parametrize("state", ["sent", "skipped", None])
def test_a_message_that_needs_nobody_is_not_sent_again(merchant: Merchant, tell: Tell, state: str | None) -> None:
    tell("orders/create", orders.order())
    with transaction():
        done_at = clock.now() if state else None
        db.session.execute(db.update(Message).values(result=state, done_at=done_at, due_at=clock.now()))
    answer = merchant.sends(f"/messages/{message().id}/sending")
    assert answer.status_code == 409
    assert answer.json == {"toast": "This message is not waiting for you any more.", "is_error": True}
    assert message().result == state


def test_the_second_of_two_clicks_does_nothing(merchant: Merchant, tell: Tell, post_office: PostOffice) -> None:
    mailbox, faults = post_office
    faults.permanent = 1
    tell("orders/create", orders.order(**placed_now()))
    number = message().id
    assert merchant.sends(f"/messages/{number}/sending").status_code == 200
    assert merchant.sends(f"/messages/{number}/sending").status_code == 409
    mail.drain()
    assert merchant.sends(f"/messages/{number}/sending").status_code == 409
    mail.drain()
    assert len(mailbox.messages()) == 1


def test_another_shop_neither_sees_nor_sends_it(
    merchant: Merchant, neighbour: Merchant, tell: Tell, post_office: PostOffice
) -> None:
    post_office[1].permanent = 1
    tell("orders/create", orders.order(**placed_now()))
    assert "No messages yet" in neighbour.opens("/messages").text
    assert neighbour.sends(f"/messages/{message().id}/sending").status_code == 404
    assert message().result == "failed"
    assert merchant.sends("/messages/999999/sending").status_code == 404


def test_nothing_is_sent_by_a_page_of_somebody_else(merchant: Merchant, tell: Tell, post_office: PostOffice) -> None:
    """A form on another site has no token, whatever it puts into the address."""
    post_office[1].permanent = 1
    tell("orders/create", orders.order(**placed_now()))
    query = merchant.frame | {"id_token": merchant.token}
    answer = merchant.asks("POST", f"/messages/{message().id}/sending", query_string=query)
    assert answer.status_code == 401
    assert message().result == "failed"
