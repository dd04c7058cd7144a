"""A buyer asks, sees how things stand, and takes it back; nobody else can."""

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient

from devstore import deeds, server
from devstore.records import Order
from shopify_app.changes.models import Change
from shopify_app.db import db, rest, transaction
from shopify_app.language import speak
from shopify_app.orders import doors, links, proof, read
from shopify_app.shopify.models import Shop
from tests.buyers import Storefront, sign
from tests.changes.conftest import OWNER, TYPED, Buy, Buyer, Settle, change, subjects, text
from tests.conftest import SECOND, Clock, Jobs

BOTH = pytest.mark.parametrize(("path", "form"), [("cancellation", {}), ("address", TYPED)])


def notes(shop: Shop, order: Order) -> list[tuple[str, str | None, str | None]]:
    """What the order's page offers."""
    rest()
    whole = read.whole(shop, order.id)
    assert whole
    return [tuple(door) for door in doors.of(shop, whole, speak("en"))]


# Asking


@BOTH
def test_a_request_waits_and_is_told_to_both_sides_once(
    shopify: server.Running, buyer: Buyer, jobs: Jobs, path: str, form: dict[str, str]
) -> None:
    assert "We have your request." in text(buyer.sends(path, form))
    buyer.sends(path, form)
    jobs.run()
    assert change().is_undecided
    assert len(subjects(shopify)) == 1
    assert len(subjects(shopify, OWNER)) == 1
    page = text(buyer.visits(path))
    assert "answer soon" in page
    assert "Take my request back" in page


def test_the_new_address_is_kept_beside_the_old_one(buyer: Buyer) -> None:
    buyer.sends("address", TYPED)
    content = change().content
    assert content["address"]["address1"] == "Ahornweg 9"
    assert content["before"]["address1"] == "Lindenweg 4"
    assert content["address"]["country_code"] == "DE"
    assert "Ahornweg 9" in text(buyer.visits("address"))


def test_the_order_s_page_offers_both_and_then_says_how_things_stand(shop: Shop, order: Order, buyer: Buyer) -> None:
    assert notes(shop, order) == [
        ("Cancel the order", "cancellation", None),
        ("Correct the delivery address", "address", None),
    ]
    buyer.sends("cancellation")
    note = "We have your request to cancel and answer soon."
    assert notes(shop, order)[0] == ("See your request or take it back", "cancellation", note)


def test_two_clicks_at_the_same_moment_are_one_request(app: Flask, shop: Shop, order: Order) -> None:
    ready, answers = threading.Barrier(4), []
    token, word = links.token(shop, order.id), proof.word(shop, order.id)
    query = sign(shop.domain, {"proof": word})

    def click() -> None:
        ready.wait()
        answer = app.test_client().post(f"/proxy/orders/{token}/cancellation?{query}")
        answers.append(answer.status_code)

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert answers == [200] * 4
    assert change().is_undecided


def test_looking_changes_nothing(buyer: Buyer) -> None:
    for path in ("cancellation", "address"):
        assert buyer.visits(path).status_code == 200
        assert buyer.visits(f"{path}/withdrawal").status_code in (404, 405)
    assert db.session.query(Change).count() == 0


def test_a_reload_after_the_request_does_not_send_it_again(buyer: Buyer) -> None:
    answer = buyer.sends("cancellation")
    assert (
        f'<meta http-equiv="refresh" content="0; url=/apps/aftercare/orders/{buyer.token}/cancellation' in answer.text
    )


# Taking it back


@BOTH
def test_a_request_can_be_taken_back_while_it_waits(
    shopify: server.Running, buyer: Buyer, jobs: Jobs, path: str, form: dict[str, str]
) -> None:
    buyer.sends(path, form)
    assert "You have taken your request back." in text(buyer.sends(f"{path}/withdrawal"))
    jobs.run()
    assert change().result == "withdrawn"
    assert subjects(shopify) == subjects(shopify, OWNER) == [], "it was over before anybody was told"
    assert buyer.sends(f"{path}/withdrawal").status_code == 409
    assert buyer.visits(path).status_code == 200
    assert "<form" in buyer.visits(path).text, "and may be asked anew"


@pytest.mark.usefixtures("at_once")
def test_what_was_confirmed_cannot_be_taken_back(buyer: Buyer) -> None:
    buyer.sends("cancellation")
    assert buyer.sends("cancellation/withdrawal").status_code == 409
    assert "Your order is being cancelled." in text(buyer.visits("cancellation"))


# Who may


@BOTH
def test_a_link_alone_shows_nothing_and_changes_nothing(
    client: FlaskClient, shop: Shop, order: Order, path: str, form: dict[str, str]
) -> None:
    page = f"/orders/{links.token(shop, order.id)}/{path}"
    storefront = Storefront(client, shop.domain)
    for answer in (storefront.get(page), storefront.post(page, form), storefront.post(f"{page}/withdrawal")):
        assert answer.status_code == 403
        assert f'method="post" action="/apps/aftercare{page.removesuffix(path)}code?next={path}"' in answer.text
        assert "Lindenweg" not in answer.text
    assert db.session.query(Change).count() == 0


@pytest.mark.parametrize("word", ["forged", "another order's", "another shop's", "old"])
def test_a_proof_that_is_not_of_this_order_is_none(
    buyer: Buyer, buy: Buy, shop: Shop, order: Order, other_shop: Shop, clock: Clock, word: str
) -> None:
    words = {
        "forged": "WzEsMV0.x.y",
        "another order's": proof.word(shop, buy().id),
        "another shop's": proof.word(other_shop, order.id),
        "old": proof.word(shop, order.id),
    }
    if word == "old":
        clock.forward(minutes=31)
    buyer.proof = words[word]
    assert buyer.visits("address").status_code == 403
    assert buyer.sends("cancellation").status_code == 403
    assert db.session.query(Change).count() == 0


def test_another_shop_s_link_opens_nothing(client: FlaskClient, other_shop: Shop, shop: Shop, order: Order) -> None:
    token, word = links.token(shop, order.id), proof.word(shop, order.id)
    answer = Storefront(client, SECOND).post(f"/orders/{token}/cancellation", query={"proof": word})
    assert answer.status_code == 404
    assert db.session.query(Change).count() == 0


def test_who_is_logged_in_as_the_order_s_customer_needs_no_code(
    app: Flask, client: FlaskClient, shop: Shop, order: Order
) -> None:
    path = f"/proxy/orders/{links.token(shop, order.id)}/cancellation"
    for customer, status in ((order.customer_id, 200), ((order.customer_id or 0) + 1, 403)):
        query = sign(shop.domain, {}, customer=str(customer))
        assert client.get(f"{path}?{query}").status_code == status


def test_a_link_that_ran_out_says_so(buyer: Buyer, clock: Clock) -> None:
    clock.forward(days=61)
    assert buyer.visits("cancellation").status_code == 410


# When it is not possible


def test_what_is_sent_cannot_be_changed_any_more(
    shopify: server.Running, shop: Shop, order: Order, buyer: Buyer, settle: Settle
) -> None:
    deeds.fulfil(shopify.state, order)
    settle()
    assert notes(shop, order) == []
    for path, form, said in (("cancellation", {}, "cannot be cancelled"), ("address", TYPED, "cannot be changed")):
        assert buyer.sends(path, form).status_code == 409
        page = buyer.visits(path)
        assert said in text(page)
        assert "<form" not in page.text
        assert f'href="mailto:{OWNER}"' in page.text
    assert db.session.query(Change).count() == 0


def test_what_is_cancelled_cannot_be_changed_any_more(
    shopify: server.Running, shop: Shop, order: Order, buyer: Buyer, settle: Settle
) -> None:
    deeds.cancel(shopify.state, order)
    settle()
    assert notes(shop, order) == []
    assert "This order is cancelled." in text(buyer.visits("cancellation"))
    assert buyer.sends("address", TYPED).status_code == 409


def test_a_shop_may_offer_nothing_of_it(shop: Shop, order: Order, buyer: Buyer) -> None:
    with transaction():
        shop.settings = {"changes": {"cancel": {"how": "off", "minutes": 60}}}
    assert [door[1] for door in notes(shop, order)] == ["address"]
    assert "cannot be cancelled here" in text(buyer.visits("cancellation"))
    assert buyer.sends("cancellation").status_code == 409


def test_an_order_without_an_address_has_none_to_correct(shop: Shop, buy: Buy, client: FlaskClient) -> None:
    order = buy(shipping_address=None)
    assert [door[1] for door in notes(shop, order)] == ["cancellation"]
    buyer = Buyer(Storefront(client, shop.domain), shop, order)
    assert buyer.sends("address", TYPED).status_code == 409


# Rules


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(("minutes", "decided_by"), [(50, "rule"), (61, None)])
def test_the_rule_decides_in_the_first_hour_and_staff_afterwards(
    client: FlaskClient, shop: Shop, order: Order, clock: Clock, minutes: int, decided_by: str | None
) -> None:
    clock.forward(minutes=minutes)
    Buyer(Storefront(client, shop.domain), shop, order).sends("cancellation")
    assert change().decided_by == decided_by


# What is typed


def test_a_note_is_kept_whole_and_too_long_a_one_is_given_back(buyer: Buyer) -> None:
    answer = buyer.sends("cancellation", {"note": "x" * 501})
    assert answer.status_code == 422
    assert "x" * 501 in answer.text
    assert "This is too long." in text(answer)
    buyer.sends("cancellation", {"note": " {{ Zu } groß </textarea> "})
    assert change().content == {"note": "{{ Zu } groß </textarea>"}


def test_nothing_is_asked_of_an_order_that_is_deleted(
    shopify: server.Running, order: Order, buyer: Buyer, settle: Settle
) -> None:
    deeds.delete_order(shopify.state, order)
    settle()
    assert buyer.sends("cancellation").status_code == 404
