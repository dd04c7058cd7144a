"""Whether an address may be written to is looked up by the address; only a bounce is staff's to take back."""

import pytest
from sqlalchemy import select

from devstore.faults import SmtpFaults
from devstore.smtp import Mailbox
from shopify_app.db import db, rest, transaction
from shopify_app.mail import outbox, refusals
from shopify_app.mail.models import Lifted
from shopify_app.shopify.models import Shop
from tests import orders
from tests.buyers import Tell
from tests.buyers import tell as tell
from tests.conftest import Jobs
from tests.home.conftest import Merchant
from tests.home.test_order import placed_now, text

NORA = orders.order()["email"]


def refuse(shop: Shop, reason: str, email: str = NORA) -> None:
    with transaction():
        refusals.refuse(shop, refusals.mark(shop, email), refusals.TOPICS, reason)


def looks_up(merchant: Merchant, email: str = NORA) -> str:
    return text("<s-page>" + merchant.sends("/messages/refusals", {"q": email}).text)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (refusals.ASKED, "Offers and questions wants none"),
        (refusals.BOUNCED, "News of parcels the address takes no mail"),
        (refusals.COMPLAINED, "Offers and questions marked one as unwanted"),
    ],
)
def test_the_merchant_reads_since_when_and_why(merchant: Merchant, shop: Shop, reason: str, said: str) -> None:
    refuse(shop, reason)
    assert said in looks_up(merchant, f" {NORA.upper()} ")
    assert "Nothing stands against this address" in looks_up(merchant, "else@example.com")
    assert "Type the whole e-mail address" in looks_up(merchant, "Nora")


def test_a_bounce_is_taken_back_and_who_did_it_stays_written(merchant: Merchant, shop: Shop, tell: Tell) -> None:
    refuse(shop, refusals.BOUNCED)
    answer = merchant.sends("/messages/refusals/lifting", {"email": NORA})
    assert answer.json == {"toast": "This address is written to again.", "is_error": False}
    rest()
    assert not refusals.stands(shop, NORA, "marketing")
    found = looks_up(merchant)
    assert "taken back" in found
    assert "by staff member 7" in found
    tell("orders/create", orders.order(test=True, **placed_now()))
    page = text(merchant.opens(f"/messages/{outbox.recent(shop)[0].id}/person").text)
    assert "Written to again News of parcels: the address takes no mail" in page
    assert {one.lifted_by for one in db.session.scalars(select(Lifted))} == {"7"}
    assert merchant.sends("/messages/refusals/lifting", {"email": NORA}).status_code == 409


@pytest.mark.parametrize("reason", [refusals.ASKED, refusals.COMPLAINED])
def test_what_a_person_said_only_the_person_takes_back(merchant: Merchant, shop: Shop, reason: str) -> None:
    refuse(shop, reason)
    assert "takes mail again" not in looks_up(merchant)
    assert merchant.sends("/messages/refusals/lifting", {"email": NORA}).status_code == 409
    rest()
    assert refusals.why(shop, NORA, "marketing") == reason
    assert db.session.scalars(select(Lifted)).all() == []


def test_a_bounce_beside_a_wish_leaves_the_wish(merchant: Merchant, shop: Shop) -> None:
    with transaction():
        refusals.refuse(shop, refusals.mark(shop, NORA), ["marketing"], refusals.ASKED)
        refusals.refuse(shop, refusals.mark(shop, NORA), ["parcels"], refusals.BOUNCED)
    merchant.sends("/messages/refusals/lifting", {"email": NORA})
    rest()
    assert refusals.why(shop, NORA, "parcels") is None
    assert refusals.why(shop, NORA, "marketing") == refusals.ASKED


def test_another_shop_neither_sees_nor_changes_it(merchant: Merchant, neighbour: Merchant, shop: Shop) -> None:
    refuse(shop, refusals.BOUNCED)
    assert "Nothing stands" in looks_up(neighbour)
    assert neighbour.sends("/messages/refusals/lifting", {"email": NORA}).status_code == 409
    rest()
    assert refusals.stands(shop, NORA, "parcels")


def test_a_look_changes_nothing(merchant: Merchant, shop: Shop) -> None:
    refuse(shop, refusals.BOUNCED)
    merchant.opens("/messages/refusals")
    looks_up(merchant)
    rest()
    assert refusals.stands(shop, NORA, "parcels")


# Figures


def test_figures_count_the_rows_that_they_lead_to(
    merchant: Merchant, shop: Shop, tell: Tell, jobs: Jobs, post_office: tuple[Mailbox, SmtpFaults]
) -> None:
    for number in (1, 2, 3):
        tell("orders/create", orders.order(number, **placed_now()))
    tell("orders/create", orders.order(5, test=True, **placed_now()))
    with transaction():
        shop.email = "owner@example.com"
    merchant.sends("/messages/drive")
    jobs.run()
    page = text(merchant.opens("/messages/figures").text)
    assert "Sent 3 Handed" in page
    assert "Not sent 1 Decided" in page
    assert "3 × News of orders" in page
    assert "1 × It was a test order." in page
    rows = merchant.opens("/messages", outcome="sent", days="30").text
    assert rows.count("Order confirmation, plain") == 3
    assert "Test drive, to you" not in rows
    assert merchant.opens("/messages", days="99999999999").status_code == 200


def test_a_shop_without_messages_has_no_bars(merchant: Merchant) -> None:
    assert "None yet." in merchant.opens("/messages/figures").text
