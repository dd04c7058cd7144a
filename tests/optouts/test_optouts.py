"""Whoever wants no marketing any more gets none, at once, and whoever only looked still does."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from shopify_app import secrets
from shopify_app.db import db, rest, transaction
from shopify_app.mail import links, outbox, refusals
from shopify_app.mail.models import Message, Refusal
from shopify_app.orders import links as order_links
from shopify_app.persons import Person
from shopify_app.privacy import tables
from shopify_app.shopify.models import Shop
from tests import orders
from tests.buyers import Storefront, Tell
from tests.buyers import storefront as storefront
from tests.buyers import tell as tell
from tests.conftest import Clock

ANNA = "anna.berg@example.com"
ONE_CLICK = {"data": b"List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"}


def token(shop: Shop, email: str = ANNA) -> str:
    return links.page(shop, email).rpartition("/")[2]


def refused(shop: Shop, email: str = ANNA) -> bool:
    rest()
    return refusals.stands(shop, email, "marketing")


def test_a_mail_program_takes_a_person_off_with_one_post_and_no_cookie(client: FlaskClient, shop: Shop) -> None:
    there = links.one_click(shop, ANNA).removeprefix("https://aftercare.example.com")
    answer = client.post(there, **ONE_CLICK)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert refused(shop)
    assert not refused(shop, "somebody.else@example.com")
    assert client.post(there, **ONE_CLICK).status_code == 200
    assert db.session.query(Refusal).count() == 1


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_scanner_that_opens_every_link_changes_nothing(
    client: FlaskClient, storefront: Storefront, shop: Shop, method: str
) -> None:
    assert client.open(f"/unsubscribe/{token(shop)}", method=method).status_code == 200
    assert client.open(f"/unsubscribe/{token(shop)}/return", method=method).status_code == 405
    assert storefront.get(f"/unsubscribe/{token(shop)}").status_code == 200
    assert not refused(shop)


def test_a_person_presses_a_button_in_the_shops_theme_and_may_press_it_back(storefront: Storefront, shop: Shop) -> None:
    page = storefront.get(f"/unsubscribe/{token(shop)}")
    assert page.mimetype == "application/liquid"
    assert "No more of these messages?" in page.text
    assert f'action="/apps/aftercare/unsubscribe/{token(shop)}"' in page.text
    assert "<script" not in page.text

    out = storefront.post(f"/unsubscribe/{token(shop)}")
    assert "You get no more of these messages" in out.text
    assert refused(shop)

    back = storefront.post(f"/unsubscribe/{token(shop)}/return")
    assert "All is as it was before." in back.text
    assert not refused(shop)


def test_the_same_page_stands_at_our_own_address(client: FlaskClient, shop: Shop) -> None:
    page = client.get(f"/unsubscribe/{token(shop)}", headers={"Accept-Language": "de"})
    assert '<html lang="de">' in page.text
    assert f'action="/unsubscribe/{token(shop)}"' in page.text
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    client.post(f"/unsubscribe/{token(shop)}")
    assert refused(shop)
    client.post(f"/unsubscribe/{token(shop)}/return")
    assert not refused(shop)


@pytest.mark.parametrize("language", ["en", "fr", "de", "es"])
def test_the_page_speaks_the_readers_language(storefront: Storefront, shop: Shop, language: str) -> None:
    page = storefront.get(f"/unsubscribe/{token(shop)}", query={"locale": language})
    assert f'lang="{language}"' in page.text
    assert ("No more of these messages?" in page.text) == (language == "en")


def test_a_link_tells_nothing_and_never_runs_out(client: FlaskClient, shop: Shop, clock: Clock) -> None:
    given = token(shop)
    assert "anna" not in given.lower()
    assert given == token(shop, f"  {ANNA.upper()} ")
    clock.forward(days=4000)
    assert client.get(f"/unsubscribe/{given}").status_code == 200
    assert given == token(shop)


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: "A" * len(t), lambda t: "x", lambda t: t + "A", lambda t: "%C3%A9"]
)
def test_a_link_that_we_did_not_sign_opens_nothing(
    client: FlaskClient, storefront: Storefront, shop: Shop, spoil: Callable[[str], str]
) -> None:
    bad = spoil(token(shop))
    assert client.get(f"/unsubscribe/{bad}").status_code == 404
    assert client.post(f"/unsubscribe/{bad}").status_code == 404
    assert storefront.post(f"/unsubscribe/{bad}").status_code == 404
    assert db.session.query(Refusal).count() == 0


def test_a_link_of_one_shop_does_nothing_in_another(storefront: Storefront, shop: Shop, other_shop: Shop) -> None:
    assert storefront.post(f"/unsubscribe/{token(other_shop)}").status_code == 404
    assert not refused(other_shop)
    assert not refused(shop)


def test_a_link_still_works_after_the_shop_has_left(client: FlaskClient, shop: Shop) -> None:
    with transaction():
        shop.installed_at = None
        db.session.add(shop)
    assert client.post(f"/unsubscribe/{token(shop)}").status_code == 200
    assert refused(shop)


@pytest.mark.parametrize("reason", [refusals.BOUNCED, refusals.COMPLAINED])
def test_what_the_mail_server_said_is_not_taken_back_by_a_button(client: FlaskClient, shop: Shop, reason: str) -> None:
    with transaction():
        refusals.refuse(shop, refusals.mark(shop, ANNA), refusals.TOPICS, reason)
    client.post(f"/unsubscribe/{token(shop)}")
    client.post(f"/unsubscribe/{token(shop)}/return")
    assert refusals.why(shop, ANNA, "marketing") == reason


def test_who_was_erased_is_still_not_written_to_and_the_old_link_still_works(client: FlaskClient, shop: Shop) -> None:
    client.post(f"/unsubscribe/{token(shop)}")
    with transaction():
        outbox.write(shop, "confirmations/order", "confirmation/1", to=ANNA, customer_id=7)
        tables.erase(Person(shop.id, shop.domain, customers={7}, emails={secrets.index(shop.id, "email", ANNA)}))
    assert db.session.query(Message).count() == 0
    assert refused(shop)
    assert "You get no more of these messages" in client.get(f"/unsubscribe/{token(shop)}").text


def test_choosing_news_of_parcels_leaves_marketing_as_it_was(
    client: FlaskClient, storefront: Storefront, tell: Tell, shop: Shop
) -> None:
    tell("orders/create", orders.order())
    email, there = orders.order()["email"], f"/orders/{order_links.token(shop, orders.order()['id'])}/messages"
    storefront.post(there, {})
    assert not refused(shop, email)
    client.post(f"/unsubscribe/{token(shop, email)}")
    storefront.post(there, {"topics": "parcels"})
    assert refused(shop, email)
    assert not refusals.stands(shop, email, "parcels")


def test_leaving_holds_for_marketing_alone(client: FlaskClient, shop: Shop) -> None:
    client.post(f"/unsubscribe/{token(shop)}")
    assert not refusals.stands(shop, ANNA, "parcels")
