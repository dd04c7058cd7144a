"""What one person got, did not get, and will get: with the reason for each."""

from datetime import timedelta

import pytest

from shopify_app import clock
from shopify_app.db import transaction
from shopify_app.mail import outbox, refusals
from shopify_app.mail.models import Message
from shopify_app.shopify.models import Shop
from tests import orders
from tests.buyers import Tell
from tests.home.conftest import Merchant
from tests.home.test_messages import PostOffice
from tests.home.test_order import placed_now, text
from tests.mail.offers import OFFER

NORA = orders.order()["email"]


@pytest.fixture
def history(shop: Shop, tell: Tell, post_office: PostOffice) -> list[Message]:
    """Nora's confirmation went out, one offer did not, another waits; and somebody else got none either."""
    tell("orders/create", orders.order(**placed_now()))
    with transaction():
        outbox.write(shop, OFFER, "offer/1", to=NORA, skip="had_one", facts={"count": 16})
        outbox.write(shop, OFFER, "offer/2", to=NORA.upper(), due_at=clock.now() + timedelta(days=3))
        outbox.write(shop, OFFER, "offer/3", to="else@example.com", skip="unsubscribed")
    return list(outbox.recent(shop))


def keyed(history: list[Message], key: str) -> Message:
    return next(one for one in history if one.key.startswith(key))


def test_a_persons_page_shows_all_features_together_with_every_reason(
    merchant: Merchant, history: list[Message]
) -> None:
    words = text(merchant.opens(f"/messages/{keyed(history, 'offer/1').id}/person").text)
    assert "Nora Lindqvist" in words
    assert "The buyer had such a message less than 16 hours before." in words
    assert "Not before:" in words
    assert "Order confirmation, plain #1001" in words
    assert "The buyer wants no news by e-mail." not in words


def test_it_says_what_the_person_refused_and_since_when(merchant: Merchant, shop: Shop, history: list[Message]) -> None:
    with transaction():
        refusals.refuse(shop, refusals.mark(shop, NORA), ["marketing"])
        refusals.refuse(shop, refusals.mark(shop, NORA), ["parcels"], refusals.BOUNCED)
    words = text(merchant.opens(f"/messages/{history[0].id}/person").text)
    assert "Not to be written to" not in words
    words = text(merchant.opens(f"/messages/{keyed(history, 'offer/1').id}/person").text)
    assert "Offers and questions: wants none (" in words
    assert "News of parcels: the address takes no mail (" in words


def test_a_file_explains_every_decision(merchant: Merchant, shop: Shop, history: list[Message]) -> None:
    with transaction():
        sent = keyed(history, "confirmation/")
        sent.basis, sent.grounds = "consent", {"level": "SINGLE_OPT_IN", "since": clock.now().isoformat()}
    merchant.opens()
    found = merchant.asks(
        "GET",
        f"/messages/{keyed(history, 'offer/1').id}/person/file",
        query_string=merchant.frame,
        headers={"Authorization": f"Bearer {merchant.token}"},
    )
    told = {one["outcome"]: one for one in found.get_json()["messages"]}
    assert told["skipped"]["reason"] == "had_one"
    assert told["skipped"]["facts"] == {"count": 16}
    assert told["sent"]["grounds"]["level"] == "SINGLE_OPT_IN"
    assert set(told) == {"sent", "skipped", "waiting"}


def test_a_person_is_found_by_the_address_which_stands_in_no_url(merchant: Merchant, history: list[Message]) -> None:
    found = merchant.sends("/messages/search", {"q": f" {NORA} "}).text
    assert found.count("tests/offer") == 2
    assert "Nothing was written" in merchant.sends("/messages/search", {"q": "nobody@example.com"}).text
    assert "Type the whole e-mail address" in merchant.sends("/messages/search", {"q": "Nora"}).text


def test_the_list_is_narrowed_by_purpose_outcome_and_reason(merchant: Merchant, history: list[Message]) -> None:
    def rows(**query: str) -> str:
        page = merchant.opens("/messages", **query).text
        return page[page.index('id="found"') :]

    assert "Order confirmation" not in rows(purpose="marketing")
    assert rows(purpose="marketing").count("tests/offer") == 3
    assert rows(outcome="skipped").count("tests/offer") == 2
    assert rows(reason="unsubscribed").count("tests/offer") == 1
    assert "No such messages" in rows(reason="nonsense")
    assert rows(purpose="nonsense").count("tests/offer") == 3


def test_many_messages_come_page_by_page(merchant: Merchant, shop: Shop) -> None:
    with transaction():
        for number in range(120):
            outbox.write(shop, OFFER, f"offer/{number}", to="else@example.com", skip="quiet")
    page, seen = merchant.opens("/messages").text, 0
    for expected in (50, 50, 20):
        shown = page[page.index('id="found"') :].count("tests/offer")
        assert shown == expected
        seen += shown
        if "data-next=" not in page:
            break
        older = page.partition('data-next="')[2].partition('"')[0].partition("older=")[2].partition("&amp;")[0]
        page = merchant.opens("/messages", older=older).text
    assert seen == 120


def test_another_shop_sees_nobody(merchant: Merchant, neighbour: Merchant, history: list[Message]) -> None:
    number = history[0].id
    assert neighbour.sends("/messages/search", {"q": NORA}).text.count("tests/offer") == 0
    assert neighbour.opens(f"/messages/{number}/person").status_code == 404
    assert neighbour.opens(f"/messages/{number}/person/file").status_code == 404
    assert "tests/offer" not in neighbour.opens("/messages", older=str(number)).text
