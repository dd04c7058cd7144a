"""The token endpoint gives, rotates and refuses as Shopify's does."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from devstore import deeds, signing
from devstore.server import Running

from .conftest import DOMAIN, SECRET, Client

SHOP_NAME = "{ shop { name } }"


def test_an_id_token_buys_an_expiring_pair(stranger: Client) -> None:
    pair = stranger.exchange().json()
    assert pair["access_token"].startswith("shpat_") and pair["refresh_token"].startswith("shprt_")
    assert (pair["expires_in"], pair["refresh_token_expires_in"]) == (3600, 7776000)
    assert "write_orders" in pair["scope"].split(",")
    assert stranger.graphql(SHOP_NAME, pair["access_token"]).json()["data"]["shop"]["name"] == "Lumen Goods"


def test_an_online_token_names_the_staff_user_and_cannot_be_refreshed(stranger: Client, store: Running) -> None:
    answer = stranger.exchange(requested_token_type="urn:shopify:params:oauth:token-type:online-access-token").json()
    assert answer["associated_user"]["id"] == store.state.shops[DOMAIN].staff.id
    assert answer["expires_in"] == 86399 and "refresh_token" not in answer


@pytest.mark.parametrize("lie", ["expired", "other secret", "other app", "other shop", "nonsense"])
def test_a_bad_id_token_buys_nothing(stranger: Client, store: Running, lie: str) -> None:
    now, old = datetime.now(UTC), datetime.now(UTC) - timedelta(minutes=5)
    lies = {
        "expired": signing.id_token(SECRET, store.client_id, DOMAIN, 1, old),
        "other secret": signing.id_token("x" * 32, store.client_id, DOMAIN, 1, now),
        "other app": signing.id_token(SECRET, "someone", DOMAIN, 1, now),
        "other shop": signing.id_token(SECRET, store.client_id, "other.myshopify.com", 1, now),
        "nonsense": "a.b.c",
    }
    answer = stranger.exchange(subject_token=lies[lie])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_subject_token")


def test_wrong_credentials_are_named(stranger: Client) -> None:
    answer = stranger.exchange(client_secret="wrong")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


def test_a_token_that_does_not_expire_is_not_served(stranger: Client) -> None:
    answer = stranger.exchange(expiring="0").json()
    assert "refresh_token" not in answer
    assert stranger.graphql(SHOP_NAME, answer["access_token"]).status_code == 403


def test_an_access_token_ends_after_an_hour_of_the_stores_time(client: Client, store: Running) -> None:
    assert client.graphql(SHOP_NAME).status_code == 200
    store.forward(timedelta(minutes=61))
    assert client.graphql(SHOP_NAME).status_code == 401


def test_a_refresh_may_be_repeated_until_its_pair_was_used(stranger: Client) -> None:
    first = stranger.exchange().json()
    lost = stranger.refresh(first["refresh_token"]).json()
    again = stranger.refresh(first["refresh_token"])
    assert again.status_code == 200 and again.json()["access_token"] != lost["access_token"]
    assert stranger.refresh(lost["refresh_token"]).status_code == 401
    assert stranger.graphql(SHOP_NAME, again.json()["access_token"]).status_code == 200
    refused = stranger.refresh(first["refresh_token"])
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_request")


def test_a_refresh_by_the_new_token_retires_the_old_one(stranger: Client) -> None:
    first = stranger.exchange().json()
    second = stranger.refresh(first["refresh_token"]).json()
    assert stranger.refresh(second["refresh_token"]).status_code == 200
    assert stranger.refresh(first["refresh_token"]).status_code == 401


def test_a_new_exchange_retires_the_refresh_token_at_once_but_not_the_access_token(stranger: Client) -> None:
    first = stranger.exchange().json()
    stranger.exchange()
    assert stranger.refresh(first["refresh_token"]).status_code == 401
    assert stranger.graphql(SHOP_NAME, first["access_token"]).status_code == 200


def test_a_refresh_token_is_dead_after_ninety_days(stranger: Client, store: Running) -> None:
    first = stranger.exchange().json()
    store.forward(timedelta(days=91))
    assert stranger.refresh(first["refresh_token"]).status_code == 401


def test_an_uninstalled_shop_gives_no_tokens_and_its_old_ones_are_dead(client: Client, store: Running) -> None:
    deeds.uninstall(store.state, DOMAIN)
    assert client.graphql(SHOP_NAME).status_code == 401
    assert client.exchange().json()["error"] == "invalid_client"


def test_both_secrets_work_during_a_rotation_and_tokens_of_the_old_one_die_with_it(
    client: Client, store: Running
) -> None:
    store.secrets.rotate("n" * 32, store.state.now())
    assert client.exchange().status_code == 200
    renewed = client.exchange(client_secret="n" * 32).json()
    assert client.graphql(SHOP_NAME).status_code == 200
    store.secrets.revoke_old()
    assert client.graphql(SHOP_NAME).status_code == 401
    assert client.graphql(SHOP_NAME, renewed["access_token"]).status_code == 200


def test_an_outage_of_the_token_endpoint_is_no_refusal(stranger: Client, store: Running) -> None:
    store.faults.order({"token": {"outage": True}})
    assert stranger.exchange().status_code == 503


def test_a_lost_answer_leaves_a_pair_that_nobody_knows(stranger: Client, store: Running) -> None:
    first = stranger.exchange().json()
    store.faults.order({"token": {"lost": 1}})
    assert stranger.refresh(first["refresh_token"]).status_code == 502
    assert stranger.refresh(first["refresh_token"]).status_code == 200


def test_the_code_grant_comes_back_signed_and_its_code_works_once(stranger: Client, store: Running) -> None:
    asked = {"client_id": store.client_id, "redirect_uri": f"{store.app_url}/auth/callback", "state": "nonce"}
    answer = requests.get(f"{store.shop_url(DOMAIN)}/admin/oauth/authorize", asked, allow_redirects=False, timeout=5)
    back = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
    assert back["hmac"] == signing.query(SECRET, back)
    assert (back["shop"], back["state"]) == (DOMAIN, "nonce")
    spend = {"client_id": store.client_id, "client_secret": SECRET, "code": back["code"], "expiring": "1"}
    assert stranger.access_token(spend).json()["access_token"].startswith("shpat_")
    assert stranger.access_token(spend).status_code == 400


def test_a_code_is_not_sent_to_a_stranger(store: Running, stranger: Client) -> None:
    asked = {"client_id": store.client_id, "redirect_uri": "http://evil.example.com/auth/callback"}
    answer = requests.get(f"{store.shop_url(DOMAIN)}/admin/oauth/authorize", asked, allow_redirects=False, timeout=5)
    assert answer.status_code == 400


def test_the_admin_opens_the_app_with_a_signed_query(store: Running, stranger: Client) -> None:
    query = dict(parse_qsl(urlsplit(store.open_app(DOMAIN)).query))
    assert query["hmac"] == signing.query(SECRET, query)
    assert (query["shop"], query["embedded"], query["host"]) == (DOMAIN, "1", signing.host("lumen-goods"))
    assert stranger.exchange(subject_token=query["id_token"]).status_code == 200
